"""`audiobrew worker`: a process that brews queued episodes, beside a running server."""

import argparse
import socket
from contextlib import nullcontext, suppress
from typing import TYPE_CHECKING

import anyio
import structlog

from audiobrew.cli.data_folder import share_data_folder
from audiobrew.cli.options import data_option, log_events, settings_of, worker_port_option
from audiobrew.cli.server import address, bind, serve_until_stopped
from audiobrew.cli.signals import STOP_EXCEPTIONS, cancel_on_sigterm
from audiobrew.cli.status_output import StatusOutput
from audiobrew.ops.gc_startup import pause_gc

if TYPE_CHECKING:
    from audiobrew.settings import Settings

log = structlog.get_logger()


def options(command: argparse.ArgumentParser) -> None:
    data_option(command)
    worker_port_option(command)


def run(arguments: argparse.Namespace) -> int:
    settings = settings_of(arguments)
    log_events()
    output = StatusOutput(settings)
    with share_data_folder(settings.data), bind_worker_port(settings) as listening:
        with suppress(*STOP_EXCEPTIONS):
            anyio.run(work, settings, listening, output)
        output.report("Stopped. Other processes continue the unfinished brews.", "worker.stopped")
    return 0


def bind_worker_port(settings: "Settings") -> socket.socket | nullcontext[None]:
    """A socket for health checks and metrics; none unless a port is configured."""
    if settings.worker_port is None:
        return nullcontext()
    return bind(settings.model_copy(update={"port": settings.worker_port}))


async def work(settings: "Settings", listening: socket.socket | None, output: StatusOutput) -> None:
    with pause_gc():
        from audiobrew.app import create_worker_app
        from audiobrew.wiring import connect

    cancel_on_sigterm()
    async with connect(settings) as ports:
        sentence = f"Brewing the episodes that are queued in {settings.data}. Press Ctrl-C to stop."

        async def report_start() -> None:
            at = address(listening) if listening else None
            output.report(sentence, "worker.started", at=at)

        if listening is None:
            await report_start()
            await anyio.sleep_forever()
        else:
            await serve_until_stopped(create_worker_app(settings, ports), listening, report_start)
