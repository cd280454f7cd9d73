"""One HTTP server on one loopback port, with words for what can go wrong."""

import errno
import socket
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

import anyio

from audiobrew.cli.refusal import Refusal

if TYPE_CHECKING:
    import uvicorn
    from fastapi import FastAPI

    from audiobrew.settings import Settings

ENOUGH_FOR_A_STREAM_SECONDS = 3


def bind(settings: "Settings") -> socket.socket:
    """Take the port before anything else is started."""
    # Named as TCP, so that the event loop sends at once (TCP_NODELAY): else every answer waits 40 ms.
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((settings.host, settings.port))
    except OSError as error:
        listening.close()
        raise Refusal(_why_not(settings, error)) from error
    return listening


def address(listening: socket.socket) -> str:
    host, port = listening.getsockname()[:2]
    return f"http://{host}:{port}"


async def serve_until_stopped(
    app: "FastAPI", listening: socket.socket, meanwhile: Callable[[], Awaitable[None]]
) -> None:
    """Answer until a signal comes. `meanwhile` starts once we answer, and is dropped when we stop."""
    import uvicorn

    from audiobrew.http.server_protocol import LimitedProtocol

    config = uvicorn.Config(
        app,
        http=LimitedProtocol,
        ws="none",  # no route of ours speaks it: its library need not be loaded
        lifespan="off",  # what it opens is open; told to stop while it starts, it would not close it
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,  # uvicorn believes anybody on this machine: see `client_address`
        timeout_graceful_shutdown=ENOUGH_FOR_A_STREAM_SECONDS,
    )
    server = uvicorn.Server(config)
    async with anyio.create_task_group() as group:
        group.start_soon(_once_started, server, meanwhile)
        await server.serve(sockets=[listening])
        group.cancel_scope.cancel()


async def _once_started(server: "uvicorn.Server", meanwhile: Callable[[], Awaitable[None]]) -> None:
    while not server.started:  # noqa: ASYNC110 -- uvicorn tells it by this flag alone
        await anyio.sleep(0.02)
    await meanwhile()


def _why_not(settings: "Settings", error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return (
            f"Port {settings.port} is taken by another program. Choose another with"
            f" --port {settings.port + 1}, or any free one with --port 0."
        )
    if error.errno == errno.EACCES:
        return (
            f"Port {settings.port} needs more rights than yours. Choose one above 1023 with --port."
        )
    return f"AudioBrew cannot listen on {settings.host}:{settings.port} ({error.strerror})."
