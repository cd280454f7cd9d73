"""Errors that an operation may respond with because of its path, parameters or security."""

from collections.abc import Iterator
from typing import Any

from audiobrew.db.engine import DatabaseBusy
from audiobrew.http.body_limit import RequestTimeout
from audiobrew.http.crash_middleware import Crash
from audiobrew.http.error_handlers import ContentTooLarge, Malformed, UnreadableBody
from audiobrew.http.host_guard_middleware import ForeignHost, ForeignPage
from audiobrew.http.rate_limit import UNLIMITED_PATHS, TooManyRequests
from audiobrew.problems import (
    MEDIA_TYPE,
    FieldError,
    ForgedRequest,
    Problem,
    SignInNeeded,
    problems,
)

Json = dict[str, Any]
VALIDATION_ERROR = FieldError(
    pointer="/body/minutes", detail="Input should be greater than or equal to 1"
)


def add_common_errors(path: str, operation: Json) -> None:
    """Add them to the responses that the operation declares, sorted by status."""
    responses: Json = operation["responses"]
    if "HTTPValidationError" in str(responses.get("422")):  # FastAPI's own schema
        del responses["422"]
    for status, response in problems(*common_problems(path, operation)).items():
        merge_response(responses, str(status), response)
    for response in responses.values():
        examples = response.get("content", {}).get(MEDIA_TYPE, {}).get("examples", {})
        if malformed := examples.get("malformed"):
            malformed["value"]["errors"] = [VALIDATION_ERROR.model_dump()]
    operation["responses"] = dict(sorted(responses.items()))


def common_problems(path: str, operation: Json) -> Iterator[type[Problem]]:
    if operation.get("requestBody"):
        yield from (UnreadableBody, RequestTimeout, ContentTooLarge)
    if operation.get("parameters") or operation.get("requestBody"):
        yield Malformed
    if operation.get("security"):
        yield from (SignInNeeded, ForgedRequest)
    if path.startswith(("/api/", "/feed/")):
        yield DatabaseBusy
    if path not in UNLIMITED_PATHS:
        yield TooManyRequests
    yield from (ForeignHost, ForeignPage, Crash)


def merge_response(responses: Json, status: str, common: Json) -> None:
    """Add a response, or merge it into the one that the route declares for this status."""
    own = responses.setdefault(status, common)
    if own is common or MEDIA_TYPE not in own["content"]:
        return
    own_examples = own["content"][MEDIA_TYPE]["examples"]
    examples = common["content"][MEDIA_TYPE]["examples"]
    details = [
        example["value"]["detail"] for type, example in examples.items() if type not in own_examples
    ]
    own["description"] = " ".join([own["description"], *details])
    # A new dictionary, because routes share those that they declare.
    media = own["content"][MEDIA_TYPE] | {"examples": own_examples | examples}
    own["content"] = {MEDIA_TYPE: media}
