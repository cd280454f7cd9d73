"""`audiobrew serve`: runs the API, the app and the brews on this machine, until Ctrl-C."""

import argparse
import socket
from contextlib import nullcontext, suppress
from typing import TYPE_CHECKING

import anyio
from rich.console import Console

from audiobrew.cli.data_folder import lock_data_folder, write_address
from audiobrew.cli.options import (
    data_option,
    host_option,
    log_events,
    port_option,
    settings_of,
)
from audiobrew.cli.server import address, bind, bind_smtp, serve_until_stopped
from audiobrew.cli.signals import STOP_EXCEPTIONS, cancel_on_sigterm
from audiobrew.cli.status_output import StatusOutput
from audiobrew.ops.gc_startup import pause_gc

if TYPE_CHECKING:
    from audiobrew.settings import Settings
    from audiobrew.wiring import Ports


def options(command: argparse.ArgumentParser) -> None:
    data_option(command)
    host_option(command)
    port_option(command)


def run(arguments: argparse.Namespace) -> int:
    settings = settings_of(arguments)
    log_events()
    output = StatusOutput(settings)
    with (
        lock_data_folder(settings.data, "serving") as alone,
        bind(settings) as listening,
        bind_smtp(settings) or nullcontext() as smtp,
    ):
        with suppress(*STOP_EXCEPTIONS):
            anyio.run(serve, settings, listening, alone, output, smtp)
        output.report("Stopped. Unfinished brews continue at the next start.", "server.stopped")
    return 0


async def serve(
    settings: "Settings",
    listening: socket.socket,
    alone: bool,
    output: StatusOutput,
    smtp: socket.socket | None = None,
) -> None:
    with pause_gc():
        from audiobrew.app import create_app
        from audiobrew.sources.source_wiring import receiving_mail
        from audiobrew.wiring import connect

    cancel_on_sigterm()
    async with connect(settings, alone=alone, brews=settings.brews) as ports:

        async def report_start() -> None:
            origin = address(listening)
            if settings.production:
                output.report(origin, "server.started", at=origin)
            elif settings.home:
                await print_home_welcome(ports, origin, output)
            else:
                await print_welcome(ports, origin, output.console)

        if smtp is not None:
            at = "{}:{}".format(*smtp.getsockname())
            output.report(f"Emails arrive at {at}", "smtp.started", at=at)
        async with receiving_mail(settings, ports.arrivals, smtp):
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


async def print_home_welcome(ports: "Ports", origin: str, output: StatusOutput) -> None:
    """Print the server's address, and before it has an owner, the link that makes its reader the owner."""
    from audiobrew.account.home.identity import require_home
    from audiobrew.cli.owner import new_owner_link

    public_url = ports.settings.public_url
    write_address(ports.settings.data, origin)
    output.report(f"AudioBrew is ready at {public_url}", "server.started", at=origin)
    if not await require_home(ports.identity).accounts.has_owner():
        link = await new_owner_link(ports)
        output.console.print(
            "\n  Open this link to become the owner of this server. It works once, for a day:"
        )
        output.console.print(f"  {link}\n", soft_wrap=True)
