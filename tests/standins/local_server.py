"""Serves an ASGI application on a free port of this machine, in a thread of this process."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Literal

import uvicorn


@contextmanager
def serving(app: Any, lifespan: Literal["on", "off"] = "off", port: int = 0) -> Iterator[str]:
    """Yield the application's address, without a slash at the end. `port`: 0 for a free one."""
    quiet: dict[str, Any] = {"log_config": None, "access_log": False, "server_header": False}
    server = uvicorn.Server(uvicorn.Config(app, port=port, lifespan=lifespan, **quiet))
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        while not server.started:
            assert thread.is_alive(), "the application did not start"
            time.sleep(0.01)
        bound = server.servers[0].sockets[0].getsockname()[1]
        yield f"http://127.0.0.1:{bound}"
    finally:
        server.should_exit = True
        thread.join()
        state = getattr(server, "lifespan", None)  # one that is off cannot fail
        assert not getattr(state, "shutdown_failed", False), "the application did not stop"
