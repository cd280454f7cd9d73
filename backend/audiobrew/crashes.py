"""What becomes of a bug: one sentence for the listener, and for us where it happened."""

import logging
import sys
import traceback
from collections.abc import MutableMapping
from typing import Any

import structlog
from starlette.requests import Request

from audiobrew.answers import ProblemAnswer, told_as
from audiobrew.problem import Problem

CRASHED = "Something went wrong on our side. Please try again."
TWICE = "Exception in ASGI application\n"
"""How uvicorn begins its own report of a crash, which is in the log already, with the request's id."""
Event = MutableMapping[str, Any]
log = structlog.get_logger()


async def crashed(_: Request, error: Exception) -> ProblemAnswer:
    """The answer to a request that met a bug."""
    log.error("request.crashed", exc_info=error)
    return told_as(Problem(CRASHED))


def without_words(_: Any, __: str, event: Event) -> Event:
    """The kind of error and the way to it; its words are left out, for they may quote a mail."""
    if not (crash := _crash(event.pop("exc_info", None))):
        return event
    frames = traceback.extract_tb(crash.__traceback__)
    places = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
    event.update(error=type(crash).__name__, frames=places)
    return event


def is_new(record: logging.LogRecord) -> bool:
    return record.msg != TWICE


def _crash(told: Any) -> BaseException | None:
    """Loggers pass an exception, a triple or True."""
    if told is True:
        told = sys.exc_info()
    if isinstance(told, tuple):
        told = told[1]
    return told if isinstance(told, BaseException) else None
