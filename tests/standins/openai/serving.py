"""The stand-in on a free port of this machine, in a thread of this process."""

from collections.abc import Iterator
from contextlib import contextmanager

from tests.standins import loopback
from tests.standins.openai.server import OpenAI


@contextmanager
def serving(stand_in: OpenAI) -> Iterator[str]:
    """Its address, as OPENAI_BASE_URL takes it."""
    with loopback.serving(stand_in.app) as url:
        yield f"{url}/v1"
