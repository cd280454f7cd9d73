"""Handlers that turn exceptions into problem+json responses, which never repeat any part of the request."""

from collections.abc import Mapping
from http import HTTPStatus

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.routing import iter_route_contexts
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse

from audiobrew.db.engine import DatabaseBusy, IntegrityError, PoolTimeout, is_foreign_key_violation
from audiobrew.problems import MEDIA_TYPE, FieldError, Problem, problem_body, status_phrase

# A response lists at most this many validation errors.
MAX_ERRORS = 20
# A pointer may contain a name that the client made up, so its length is limited.
MAX_POINTER_CHARACTERS = 200


class UnreadableBody(Problem):
    """The request body could not be parsed. Send it in the format that the contract describes."""

    type = "unreadable-body"
    status = HTTPStatus.BAD_REQUEST


class ContentTooLarge(Problem):
    """This is larger than AudioBrew accepts. Send it in smaller parts."""

    type = "content-too-large"
    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE


class Malformed(Problem):
    """The request does not match the contract. See `errors`."""

    type = "malformed"
    status = HTTPStatus.UNPROCESSABLE_ENTITY


class ProblemResponse(JSONResponse):
    media_type = MEDIA_TYPE


async def handle_problem(_: Request, problem: Problem) -> ProblemResponse:
    return problem_response(problem)


async def handle_pool_timeout(_: Request, __: PoolTimeout) -> ProblemResponse:
    return problem_response(DatabaseBusy())


async def handle_integrity_error(_: Request, error: IntegrityError) -> ProblemResponse:
    """A row that the request refers to was deleted meanwhile. The response to a second try says which."""
    if not is_foreign_key_violation(error):
        raise error
    return problem_response(DatabaseBusy())


async def handle_http_exception(request: Request, error: HTTPException) -> ProblemResponse:
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        return method_not_allowed(", ".join(sorted(allowed_methods(request))))
    if error.status_code == HTTPStatus.BAD_REQUEST:  # FastAPI could not read the body
        return problem_response(UnreadableBody())
    slug = status_slug(error.status_code)
    return build_response(error.status_code, slug, str(error.detail), headers=error.headers)


async def handle_validation_error(
    request: Request, error: RequestValidationError
) -> ProblemResponse:
    # `PATCH /api/podcast/list` fits the route that changes an episode, but "list" is no id of one.
    if request.method not in (allowed := allowed_methods(request)):
        return method_not_allowed(", ".join(sorted(allowed)))
    mismatches = error.errors()[:MAX_ERRORS]
    if any(mismatch["type"] == "json_invalid" for mismatch in mismatches):
        return problem_response(UnreadableBody())
    errors = [
        FieldError(pointer=json_pointer(mismatch["loc"]), detail=mismatch["msg"])
        for mismatch in mismatches
    ]
    return build_response(Malformed.status, Malformed.type, str(Malformed()), errors)


def add_error_handlers(app: FastAPI) -> None:
    """Register a handler for each kind of exception that has a response."""
    app.exception_handler(Problem)(handle_problem)
    app.exception_handler(PoolTimeout)(handle_pool_timeout)
    app.exception_handler(IntegrityError)(handle_integrity_error)
    app.exception_handler(HTTPException)(handle_http_exception)
    app.exception_handler(RequestValidationError)(handle_validation_error)


def problem_response(problem: Problem) -> ProblemResponse:
    headers = {"WWW-Authenticate": "Bearer"} if problem.status == HTTPStatus.UNAUTHORIZED else {}
    headers |= problem.headers
    return build_response(problem.status, problem.type, str(problem), headers=headers)


def build_response(
    status: int,
    type: str,
    detail: str,
    errors: list[FieldError] | None = None,
    headers: Mapping[str, str] | None = None,
) -> ProblemResponse:
    body = problem_body(status, type, detail, errors)
    return ProblemResponse(body.model_dump(), status, headers)


def method_not_allowed(allowed: str) -> ProblemResponse:
    status = HTTPStatus.METHOD_NOT_ALLOWED
    return build_response(status, status_slug(status), status.phrase, headers={"Allow": allowed})


def allowed_methods(request: Request) -> set[str]:
    """The methods of all routes at this path (RFC 9110, 15.5.6). Starlette names those of the first route
    only.

    If a route has exactly this path, routes with a path parameter in its place are ignored.
    """
    path = request.scope["path"]
    matching = [
        route
        for route in iter_route_contexts(request.app.routes)
        if (pattern := getattr(route, "path_regex", None)) and pattern.match(path)
    ]
    exact = [route for route in matching if route.path == path]
    return {method for route in exact or matching for method in route.methods or ()}


def status_slug(status: int) -> str:
    """`not-found` for 404."""
    return status_phrase(status).lower().replace(" ", "-")


def json_pointer(location: tuple[int | str, ...]) -> str:
    """A JSON pointer (RFC 6901) to this location, cut off at `MAX_POINTER_CHARACTERS`."""
    pointer = "".join(f"/{str(step).replace('~', '~0').replace('/', '~1')}" for step in location)
    return pointer[:MAX_POINTER_CHARACTERS]
