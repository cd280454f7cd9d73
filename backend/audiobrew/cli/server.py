"""Runs the HTTP server on a port of this machine."""

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

# How long open responses, such as event streams, may take to end after a stop.
GRACEFUL_SHUTDOWN_SECONDS = 3


def bind(settings: "Settings") -> socket.socket:
    """Bind the port, before anything else is started. Raises Refusal."""
    # With TCP as the explicit protocol, the event loop sets TCP_NODELAY. Without it, every response takes
    # 40 ms longer.
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((settings.host, settings.port))
    except OSError as error:
        listening.close()
        raise Refusal(describe_bind_error(settings, error)) from error
    return listening


def bind_smtp(settings: "Settings") -> socket.socket | None:
    """Bind the port of the SMTP receiver, if it is set. Raises Refusal."""
    if settings.smtp_address is None:
        return None
    host, port = settings.smtp_address
    try:
        return socket.create_server(
            (host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET
        )
    except OSError as error:
        raise Refusal(
            f"AudioBrew cannot receive emails on {settings.smtp_listen} ({error.strerror}). Check"
            " AUDIOBREW_SMTP_LISTEN."
        ) from error


def address(listening: socket.socket) -> str:
    host, port = listening.getsockname()[:2]
    return f"http://{host}:{port}"


async def serve_until_stopped(
    app: "FastAPI", listening: socket.socket, on_started: Callable[[], Awaitable[None]]
) -> None:
    """Serve until a signal arrives. `on_started` is called when the server accepts requests, and cancelled
    when it stops."""
    import uvicorn

    from audiobrew.http.server_protocol import LimitedProtocol

    config = uvicorn.Config(
        app,
        http=LimitedProtocol,
        ws="none",  # no route uses WebSockets, so their library is not loaded
        lifespan="off",  # the caller opens and closes the ports, also if a stop arrives during the start
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,  # uvicorn would trust every local client; see `client_address`
        timeout_graceful_shutdown=GRACEFUL_SHUTDOWN_SECONDS,
    )
    server = uvicorn.Server(config)
    async with anyio.create_task_group() as group:
        group.start_soon(call_when_started, server, on_started)
        await server.serve(sockets=[listening])
        group.cancel_scope.cancel()


async def call_when_started(
    server: "uvicorn.Server", on_started: Callable[[], Awaitable[None]]
) -> None:
    while not server.started:  # noqa: ASYNC110 -- uvicorn has only this flag
        await anyio.sleep(0.02)
    await on_started()


def describe_bind_error(settings: "Settings", error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return (
            f"Port {settings.port} is in use by another program. Choose another with"
            f" --port {settings.port + 1}, or any free one with --port 0."
        )
    if error.errno == errno.EACCES:
        return f"You have no permission to use port {settings.port}. Choose one above 1023 with --port."
    return (
        f"AudioBrew cannot listen on {settings.host}:{settings.port} ({error.strerror}). Check AUDIOBREW_HOST"
        " and --port."
    )
