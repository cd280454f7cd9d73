"""How every trouble is answered: problem+json, in words, with nothing of the request in it."""

from http import HTTPStatus

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.routing import iter_route_contexts
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse

from audiobrew.problem import MEDIA_TYPE, FieldError, Problem, ProblemBody

log = structlog.get_logger()
MALFORMED = "The request does not match the contract. See `errors`."


class ProblemAnswer(JSONResponse):
    media_type = MEDIA_TYPE


def answer_problems(app: FastAPI) -> None:
    """Let every trouble become its own HTTP answer."""

    @app.exception_handler(Problem)
    async def told(_: Request, problem: Problem) -> ProblemAnswer:
        return told_as(problem)

    @app.exception_handler(HTTPException)
    async def refused(request: Request, error: HTTPException) -> ProblemAnswer:
        headers = dict(error.headers or {})
        if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
            headers["Allow"] = ", ".join(sorted(allowed_methods(request)))
        return answer(error.status_code, "http", str(error.detail), headers=headers)

    @app.exception_handler(RequestValidationError)
    async def malformed(_: Request, error: RequestValidationError) -> ProblemAnswer:
        errors = [
            FieldError(pointer="/" + "/".join(map(str, part["loc"])), detail=part["msg"])
            for part in error.errors()
        ]
        return answer(HTTPStatus.UNPROCESSABLE_ENTITY, "malformed", MALFORMED, errors)

    @app.exception_handler(Exception)
    async def unexpected(_: Request, error: Exception) -> ProblemAnswer:
        log.error("request.crashed", error=type(error).__name__, exc_info=True)
        return told_as(Problem("Something went wrong on our side. Please try again."))


def told_as(problem: Problem) -> ProblemAnswer:
    headers = {"WWW-Authenticate": "Bearer"} if problem.status == HTTPStatus.UNAUTHORIZED else {}
    return answer(
        problem.status, kind(type(problem)), str(problem), headers=headers | dict(problem.headers)
    )


def answer(
    status: int,
    type: str,
    detail: str,
    errors: list[FieldError] | None = None,
    headers: dict[str, str] | None = None,
) -> ProblemAnswer:
    body = ProblemBody(
        type=f"/problems/{type}",
        title=HTTPStatus(status).phrase,
        status=status,
        detail=detail,
        errors=errors or [],
    )
    return ProblemAnswer(body.model_dump(), status, headers)


def kind(problem: type[Problem]) -> str:
    """EpisodeNotFound is `episode-not-found`."""
    name = problem.__name__
    return "".join(f"-{letter.lower()}" if letter.isupper() else letter for letter in name)[1:]


def allowed_methods(request: Request) -> set[str]:
    """Of every route at this path (RFC 9110, 15.5.6); Starlette names the first one's only."""
    path = request.scope["path"]
    return {
        method
        for route in iter_route_contexts(request.app.routes)
        if (pattern := getattr(route, "path_regex", None)) and pattern.match(path)
        for method in route.methods or ()
    }
