"""Problem details (RFC 9457): the one form of all error responses, and the problems that several rooms
raise."""

from collections.abc import Mapping
from http import HTTPStatus
from types import MappingProxyType
from typing import Any, ClassVar

from pydantic import BaseModel, Field

MEDIA_TYPE = "application/problem+json"
# The names in RFC 9110. Python 3.11 still has the older ones.
PHRASES = {413: "Content Too Large", 416: "Range Not Satisfiable", 422: "Unprocessable Content"}


class Problem(Exception):
    """Something went wrong on our side."""

    # The last segment of the problem's URI, and part of the contract: a class may be renamed, this may not.
    type: ClassVar[str] = "problem"
    status: ClassVar[HTTPStatus] = HTTPStatus.INTERNAL_SERVER_ERROR
    headers: Mapping[str, str] = MappingProxyType({})  # of the response
    # What a model call that failed has used, if it is charged all the same.
    units: Mapping[str, float] | None = None

    def __init__(self, detail: str = "") -> None:
        super().__init__(detail or default_detail(type(self)))


def default_detail(problem: type[Problem]) -> str:
    """The problem's docstring on one line."""
    return " ".join((problem.__doc__ or "").split())


class SignInNeeded(Problem):
    """Please sign in first."""

    type = "sign-in-needed"
    status = HTTPStatus.UNAUTHORIZED


class ForgedRequest(Problem):
    """This request does not come from the page that signed in. Reload the page, then try again."""

    type = "forged-request"
    status = HTTPStatus.FORBIDDEN


class EpisodeNotFound(Problem):
    """There is no such episode."""

    type = "episode-not-found"
    status = HTTPStatus.NOT_FOUND


class FieldError(BaseModel):
    """One part of a request that does not match the contract."""

    pointer: str = Field(
        description="A JSON pointer to the field in the request.", examples=["/body/minutes"]
    )
    detail: str = Field(examples=["Input should be greater than or equal to 1"])


class ProblemBody(BaseModel):
    """Problem details (RFC 9457). `detail` can be shown to the listener."""

    type: str = Field(
        description="The kind of problem. It stays the same within a major version.",
        examples=["/problems/episode-not-found"],
        json_schema_extra={"format": "uri-reference"},
    )
    title: str = Field(description="The name of the HTTP status.", examples=["Not Found"])
    status: int = Field(description="The HTTP status.", ge=400, le=599, examples=[404])
    detail: str = Field(
        description="What happened, and what to do about it.",
        examples=["There is no such episode."],
    )
    errors: list[FieldError] = Field(
        description="The invalid fields for status 422, otherwise empty."
    )


# A reference by name: for the model itself, FastAPI would build a validator for each problem of each route.
REFERENCE = {"$ref": f"#/components/schemas/{ProblemBody.__name__}"}


def problem_body(
    status: int, type: str, detail: str, errors: list[FieldError] | None = None
) -> ProblemBody:
    """`type` is the kind of problem, such as `episode-not-found`."""
    return ProblemBody(
        type=f"/problems/{type}",
        title=status_phrase(status),
        status=status,
        detail=detail,
        errors=errors or [],
    )


def type_of(problem: "type[Problem]") -> str:
    """The value of `type` in a response, such as `/problems/episode-not-found`."""
    return f"/problems/{problem.type}"


def status_phrase(status: int) -> str:
    return PHRASES.get(status) or HTTPStatus(status).phrase


def problems(*kinds: type[Problem]) -> dict[int | str, dict[str, Any]]:
    """For the `responses` of a route: the problems that it may respond with."""
    details: dict[int, dict[str, str]] = {}  # by status, then by type of problem
    for kind in kinds:
        details.setdefault(int(kind.status), {})[kind.type] = default_detail(kind)
    return {
        status: {
            "description": " ".join(by_type.values()),
            "content": {
                MEDIA_TYPE: {
                    "schema": REFERENCE,
                    "examples": {
                        type: {"value": problem_body(status, type, detail).model_dump()}
                        for type, detail in by_type.items()
                    },
                }
            },
        }
        for status, by_type in details.items()
    }
