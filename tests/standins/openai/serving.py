"""The stand-in on a free port of this machine, in a thread of this process."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn

from tests.standins.openai.server import OpenAI


@contextmanager
def serving(stand_in: OpenAI) -> Iterator[str]:
    """Its address, as OPENAI_BASE_URL takes it."""
    config = uvicorn.Config(stand_in.app, port=0, log_config=None, access_log=False)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        while not server.started:
            assert thread.is_alive(), "the stand-in did not start"
            time.sleep(0.01)
        port = server.servers[0].sockets[0].getsockname()[1]
        yield f"http://127.0.0.1:{port}/v1"
    finally:
        server.should_exit = True
        thread.join()
