"""How every trouble is answered: problem+json, in words, with nothing of the request in it."""

from collections.abc import Mapping
from http import HTTPStatus

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.routing import iter_route_contexts
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse

from audiobrew.db.engine import DatabaseBusy, IntegrityError, PoolTimeout, is_foreign_key_violation
from audiobrew.problems import MEDIA_TYPE, FieldError, Problem, described, title

# So many of what does not match are told; who sends more has to read the contract anyway.
MOST_ERRORS = 20
LONGEST_POINTER = 200


class UnreadableBody(Problem):
    """The body could not be read. Send it in the form that the contract describes."""

    type = "unreadable-body"
    status = HTTPStatus.BAD_REQUEST


class ContentTooLarge(Problem):
    """This is larger than AudioBrew takes. Send it in smaller parts."""

    type = "content-too-large"
    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE


class Malformed(Problem):
    """The request does not match the contract. See `errors`."""

    type = "malformed"
    status = HTTPStatus.UNPROCESSABLE_ENTITY


class ProblemResponse(JSONResponse):
    media_type = MEDIA_TYPE


def add_error_handlers(app: FastAPI) -> None:
    """Let every trouble become its own HTTP answer."""

    @app.exception_handler(Problem)
    async def told(_: Request, problem: Problem) -> ProblemResponse:
        return problem_response(problem)

    @app.exception_handler(PoolTimeout)
    async def no_connection_is_free(_: Request, __: PoolTimeout) -> ProblemResponse:
        return problem_response(DatabaseBusy())

    app.exception_handler(IntegrityError)(_deleted_meanwhile)

    @app.exception_handler(HTTPException)
    async def refused(request: Request, error: HTTPException) -> ProblemResponse:
        if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
            return method_not_allowed(", ".join(sorted(allowed_methods(request))))
        if error.status_code == HTTPStatus.BAD_REQUEST:  # what the framework says of a body
            return problem_response(UnreadableBody())
        slug = _slug(error.status_code)
        return answer(error.status_code, slug, str(error.detail), None, error.headers)

    @app.exception_handler(RequestValidationError)
    async def malformed(request: Request, error: RequestValidationError) -> ProblemResponse:
        if request.method not in (allowed := allowed_methods(request)):
            return method_not_allowed(
                ", ".join(sorted(allowed))
            )  # `PATCH /api/podcast/list` is no change of an episode
        parts = error.errors()[:MOST_ERRORS]
        if any(part["type"] == "json_invalid" for part in parts):
            return problem_response(UnreadableBody())
        errors = [FieldError(pointer=_pointer(part["loc"]), detail=part["msg"]) for part in parts]
        return answer(Malformed.status, Malformed.type, str(Malformed()), errors)


async def _deleted_meanwhile(_: Request, error: IntegrityError) -> ProblemResponse:
    """What a request refers to was deleted while it was at work: the next try finds out what."""
    if not is_foreign_key_violation(error):
        raise error
    return problem_response(DatabaseBusy())


def problem_response(problem: Problem) -> ProblemResponse:
    headers = {"WWW-Authenticate": "Bearer"} if problem.status == HTTPStatus.UNAUTHORIZED else {}
    told = headers | dict(problem.headers)
    return answer(problem.status, problem.type, str(problem), None, told)


def answer(
    status: int,
    type: str,
    detail: str,
    errors: list[FieldError] | None = None,
    headers: Mapping[str, str] | None = None,
) -> ProblemResponse:
    body = described(status, type, detail, errors)
    return ProblemResponse(body.model_dump(), status, headers)


def method_not_allowed(allowed: str) -> ProblemResponse:
    status = HTTPStatus.METHOD_NOT_ALLOWED
    return answer(status, _slug(status), status.phrase, None, {"Allow": allowed})


def allowed_methods(request: Request) -> set[str]:
    """Of every route at this path (RFC 9110, 15.5.6); Starlette names the first one's only.

    A route that spells the path out hides those that it merely fits into.
    """
    path = request.scope["path"]
    fitting = [
        route
        for route in iter_route_contexts(request.app.routes)
        if (pattern := getattr(route, "path_regex", None)) and pattern.match(path)
    ]
    spelt = [route for route in fitting if route.path == path]
    return {method for route in spelt or fitting for method in route.methods or ()}


def _slug(status: int) -> str:
    return title(status).lower().replace(" ", "-")


def _pointer(place: tuple[int | str, ...]) -> str:
    """RFC 6901, cut off where a client made a name of its own up that nobody reads to its end."""
    pointer = "".join(f"/{str(step).replace('~', '~0').replace('/', '~1')}" for step in place)
    return pointer[:LONGEST_POINTER]
