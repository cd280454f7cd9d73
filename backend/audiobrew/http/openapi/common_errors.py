"""What an operation may answer because of what it is, whether its route says so or not."""

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
WRONG = FieldError(pointer="/body/minutes", detail="Input should be greater than or equal to 1")


def add_usual_problems(path: str, operation: Json) -> None:
    """Beside those that it declares."""
    responses: Json = operation["responses"]
    if "HTTPValidationError" in str(responses.get("422")):  # FastAPI's own shape
        del responses["422"]
    for status, usual in problems(*_usual(path, operation)).items():
        _join(responses, str(status), usual)
    for response in responses.values():
        _say_what_is_wrong(response.get("content", {}).get(MEDIA_TYPE, {}))
    operation["responses"] = dict(sorted(responses.items()))


def _usual(path: str, operation: Json) -> Iterator[type[Problem]]:
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


def _say_what_is_wrong(problem: Json) -> None:
    if malformed := problem.get("examples", {}).get("malformed"):
        malformed["value"]["errors"] = [WRONG.model_dump()]


def _join(responses: Json, status: str, usual: Json) -> None:
    """One status, one response: with what the route says of it first."""
    known = responses.setdefault(status, usual)
    if known is usual or MEDIA_TYPE not in known["content"]:
        return
    examples = known["content"][MEDIA_TYPE]["examples"]
    added = usual["content"][MEDIA_TYPE]["examples"]
    new = [one["value"]["detail"] for kind, one in added.items() if kind not in examples]
    known["description"] = " ".join([known["description"], *new])
    # Anew, because routes share what they declare.
    told = known["content"][MEDIA_TYPE] | {"examples": examples | added}
    known["content"] = {MEDIA_TYPE: told}
