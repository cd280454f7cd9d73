"""What becomes of a bug: one sentence for the listener, and for us where it happened."""

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from audiobrew.http.error_handlers import problem_response
from audiobrew.problems import Problem

log = structlog.get_logger()


class Crash(Problem):
    """Something went wrong on our side. Please try again."""

    type = "crash"


class CrashMiddleware:
    """The end of every exception that nobody expected. Any further out, and the server would hang up on
    the client's next request; any further in, and other pages' origins could not read the answer."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        begun = False

        async def watched(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self.app(scope, receive, watched)
        except Exception as error:  # logged, and answered
            log.error("request.crashed", exc_info=error)
            if not begun:
                await problem_response(Crash())(scope, receive, send)
