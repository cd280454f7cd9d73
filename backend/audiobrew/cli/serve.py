"""`audiobrew serve`: runs the API, the app and the brews on this machine, until Ctrl-C."""

import argparse
import socket
from contextlib import suppress
from typing import TYPE_CHECKING

import anyio
from rich.console import Console

from audiobrew.cli.data_folder import lock_data_folder, write_address
from audiobrew.cli.options import data_option, log_events, port_option, settings_of
from audiobrew.cli.server import address, bind, serve_until_stopped
from audiobrew.cli.signals import STOP_EXCEPTIONS, cancel_on_sigterm
from audiobrew.cli.status_output import StatusOutput
from audiobrew.ops.gc_startup import pause_gc

if TYPE_CHECKING:
    from audiobrew.settings import Settings
    from audiobrew.wiring import Ports


def options(command: argparse.ArgumentParser) -> None:
    data_option(command)
    port_option(command)


def run(arguments: argparse.Namespace) -> int:
    settings = settings_of(arguments)
    log_events()
    output = StatusOutput(settings)
    with lock_data_folder(settings.data, "serving") as alone, bind(settings) as listening:
        with suppress(*STOP_EXCEPTIONS):
            anyio.run(serve, settings, listening, alone, output)
        output.report("Stopped. Unfinished brews continue at the next start.", "server.stopped")
    return 0


async def serve(
    settings: "Settings", listening: socket.socket, alone: bool, output: StatusOutput
) -> None:
    with pause_gc():
        from audiobrew.app import create_app
        from audiobrew.wiring import connect

    cancel_on_sigterm()
    async with connect(settings, alone=alone, brews=settings.brews) as ports:

        async def report_start() -> None:
            origin = address(listening)
            if settings.production:
                output.report(origin, "server.started", at=origin)
            else:
                await print_welcome(ports, origin, output.console)

        await serve_until_stopped(create_app(settings, ports), listening, report_start)


async def print_welcome(ports: "Ports", origin: str, console: Console) -> None:
    """Print the server's address, with a one-time link that signs the listener in."""
    from audiobrew.account.local import require_local

    write_address(ports.settings.data, origin)
    code = await require_local(ports.identity).issue_code(await ports.listeners.local())
    console.print("\n[bold]AudioBrew is ready.[/bold] Press Ctrl-C to stop.\n")
    console.print(f"  Listen    {origin}/dashboard#code={code}", soft_wrap=True)
    console.print("            (signs you in once; `audiobrew sign-in` prints another link)")
    console.print("  Feed      create one in the app under Podcast apps, for each device")
    console.print(f"  API       {origin}/docs\n", soft_wrap=True)
