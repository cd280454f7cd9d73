"""RFC 9457 problem details: one shape for everything that can go wrong on the wire, and problems that
several rooms raise."""

from collections.abc import Mapping
from http import HTTPStatus
from types import MappingProxyType
from typing import Any, ClassVar

from pydantic import BaseModel, Field

MEDIA_TYPE = "application/problem+json"
PHRASES = {413: "Content Too Large", 416: "Range Not Satisfiable", 422: "Unprocessable Content"}
"""As RFC 9110 names them; Python 3.11 still has older names."""


class Problem(Exception):
    """Something went wrong on our side."""

    # The last segment of the problem's URI, and part of the contract: a class may be renamed, this may not.
    type: ClassVar[str] = "problem"
    status: ClassVar[HTTPStatus] = HTTPStatus.INTERNAL_SERVER_ERROR
    headers: Mapping[str, str] = MappingProxyType({})  # sent with the answer
    units: Mapping[str, float] | None = None  # of a call that came to nothing: it is paid, too

    def __init__(self, detail: str = "") -> None:
        super().__init__(detail or (self.__doc__ or "").strip())


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

    pointer: str = Field(description="Where in the request.", examples=["/body/minutes"])
    detail: str = Field(examples=["Input should be greater than or equal to 1"])


class ProblemBody(BaseModel):
    """What went wrong, in words a listener may read (RFC 9457)."""

    type: str = Field(
        description="Which kind of problem.",
        examples=["/problems/episode-not-found"],
        json_schema_extra={"format": "uri-reference"},
    )
    title: str = Field(description="The kind, in short.", examples=["Not Found"])
    status: int = Field(description="The HTTP status.", ge=400, le=599, examples=[404])
    detail: str = Field(
        description="What happened and what to do.", examples=["There is no such episode."]
    )
    errors: list[FieldError] = Field(description="Only for 422: what does not match.")


REFERENCE = {"$ref": f"#/components/schemas/{ProblemBody.__name__}"}
"""By its name: from a model FastAPI would make a validator for each problem of each route."""


def described(
    status: int, type: str, detail: str, errors: list[FieldError] | None = None
) -> ProblemBody:
    """`type` is the kind of problem, such as `episode-not-found`."""
    return ProblemBody(
        type=f"/problems/{type}",
        title=title(status),
        status=status,
        detail=detail,
        errors=errors or [],
    )


def type_of(problem: "type[Problem]") -> str:
    """The value of `type` in an answer, such as `/problems/episode-not-found`."""
    return f"/problems/{problem.type}"


def title(status: int) -> str:
    return PHRASES.get(status) or HTTPStatus(status).phrase


def problems(*kinds: type[Problem]) -> dict[int | str, dict[str, Any]]:
    """Declare, on a route, the problems it may answer with."""
    told: dict[int, dict[str, str]] = {}
    for one in kinds:
        told.setdefault(int(one.status), {})[one.type] = " ".join((one.__doc__ or "").split())
    return {
        status: {
            "description": " ".join(sentences.values()),
            "content": {
                MEDIA_TYPE: {"schema": REFERENCE, "examples": _examples(status, sentences)}
            },
        }
        for status, sentences in told.items()
    }


def _examples(status: int, sentences: Mapping[str, str]) -> dict[str, object]:
    return {
        type: {"value": described(status, type, sentence).model_dump()}
        for type, sentence in sentences.items()
    }
