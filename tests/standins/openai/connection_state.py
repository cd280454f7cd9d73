"""Finds the stand-in that received a request."""

from typing import TYPE_CHECKING, Any

from starlette.requests import HTTPConnection

if TYPE_CHECKING:
    from tests.standins.openai.server import OpenAI


class WriterMissing(Exception):
    """This stand-in has no writer. Pass one that answers Responses calls: OpenAI(writer=…)."""


def no_writer(request: dict[str, Any]) -> str:
    raise WriterMissing(WriterMissing.__doc__)


def of(connection: HTTPConnection) -> "OpenAI":
    stand_in: OpenAI = connection.app.state.openai
    return stand_in
