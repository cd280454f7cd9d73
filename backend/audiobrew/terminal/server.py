"""One HTTP server on one loopback port, with words for what can go wrong."""

import errno
import socket
from typing import TYPE_CHECKING

from audiobrew.terminal.refusal import Refusal

if TYPE_CHECKING:
    import uvicorn
    from fastapi import FastAPI

    from audiobrew.settings import Settings


def bind(settings: "Settings") -> socket.socket:
    """Take the port before anything else is started."""
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
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


def server(app: "FastAPI") -> "uvicorn.Server":
    """Logs are ours; open streams are given a few seconds when it stops."""
    import uvicorn

    return uvicorn.Server(
        uvicorn.Config(
            app, log_config=None, access_log=False, server_header=False, timeout_graceful_shutdown=5
        )
    )


def _why_not(settings: "Settings", error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return (
            f"Port {settings.port} is taken by another program. Choose another with"
            f" --port {settings.port + 1}, or any free one with --port 0."
        )
    if error.errno == errno.EACCES:
        return f"Port {settings.port} needs more rights than yours. Choose one above 1023 with --port."
    return f"AudioBrew cannot listen on {settings.host}:{settings.port} ({error.strerror})."
