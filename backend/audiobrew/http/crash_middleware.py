"""Unexpected exceptions: the client gets a response with status 500, the log gets the traceback."""

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from audiobrew.http.error_handlers import problem_response
from audiobrew.problems import Problem

log = structlog.get_logger()


class Crash(Problem):
    """Something went wrong on our side. Please try again."""

    type = "crash"


class CrashMiddleware:
    """Logs an unexpected exception and responds with a problem, if the response has not begun.

    It must be inside the CORS middleware, so that pages of allowed origins can read the response, and it must
    not let the exception through to the server, which would close the connection.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        has_begun = False

        async def send_and_note(message: Message) -> None:
            nonlocal has_begun
            has_begun = True
            await send(message)

        try:
            await self.app(scope, receive, send_and_note)
        except Exception as error:
            log.error("request.crashed", exc_info=error)
            if not has_begun:
                await problem_response(Crash())(scope, receive, send)
