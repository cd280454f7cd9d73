"""Which stand-in a request came to."""

from typing import TYPE_CHECKING, Any

from starlette.requests import HTTPConnection

if TYPE_CHECKING:
    from tests.standins.openai.server import OpenAI


class WriterMissing(Exception):
    """This stand-in was given no writer: OpenAI(writer=…) answers what a Responses call asks."""


def nobody(request: dict[str, Any]) -> str:
    raise WriterMissing(WriterMissing.__doc__)


def of(connection: HTTPConnection) -> "OpenAI":
    found: OpenAI = connection.app.state.openai
    return found
