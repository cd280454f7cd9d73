"""What becomes of a bug: one sentence for the listener, and for us where it happened."""

import sys
import traceback
from collections.abc import MutableMapping
from typing import Any

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from audiobrew.http.error_handlers import told_as
from audiobrew.problems import Problem

Event = MutableMapping[str, Any]
log = structlog.get_logger()


class Crash(Problem):
    """Something went wrong on our side. Please try again."""

    type = "crash"


class Crashes:
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
                await told_as(Crash())(scope, receive, send)


def without_words(_: Any, __: str, event: Event) -> Event:
    """The kind of error and the way to it; its words are left out, for they may quote a mail."""
    if not (crash := _crash(event.pop("exc_info", None))):
        return event
    frames = traceback.extract_tb(crash.__traceback__)
    places = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
    event.update(error=type(crash).__name__, frames=places)
    return event


def _crash(told: Any) -> BaseException | None:
    """Loggers pass an exception, a triple or True."""
    if told is True:
        told = sys.exc_info()
    if isinstance(told, tuple):
        told = told[1]
    return told if isinstance(told, BaseException) else None
