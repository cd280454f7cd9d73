"""The stand-in on a free port of this machine, in a thread of this process."""

from collections.abc import Iterator
from contextlib import contextmanager

from tests.standins import local_server
from tests.standins.openai.server import OpenAI


@contextmanager
def serving(stand_in: OpenAI) -> Iterator[str]:
    """Its address, as OPENAI_BASE_URL takes it."""
    with local_server.serving(stand_in.app) as url:
        yield f"{url}/v1"
