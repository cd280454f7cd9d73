"""`audiobrew demo`: from nothing to a playing episode of the sample newsletters."""

import argparse
import socket
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

import anyio
from rich.console import Console

from audiobrew.cli.data_folder import lock_data_folder
from audiobrew.cli.options import (
    data_option,
    log_trouble_only,
    minutes_option,
    port_option,
    settings_of,
)
from audiobrew.cli.server import address, bind, serve_until_stopped
from audiobrew.cli.signals import STOP_EXCEPTIONS, cancel_on_sigterm

if TYPE_CHECKING:
    from audiobrew.cli.episode_summary import EpisodeSummary
    from audiobrew.settings import Settings
    from audiobrew.wiring import Ports


def options(command: argparse.ArgumentParser) -> None:
    command.add_argument("--once", action="store_true", help="brew, print the facts, and end")
    minutes_option(command)
    data_option(command)
    port_option(command)


def run(arguments: argparse.Namespace) -> int:
    settings = settings_of(arguments)
    log_trouble_only()
    console = Console()
    with lock_data_folder(settings.data, "serving") as alone:
        try:
            return _run(settings, alone, arguments, console)
        except STOP_EXCEPTIONS:
            console.print("\nStopped. Nothing is lost: the same command goes on from here.")
            return 130


def _run(settings: "Settings", alone: bool, arguments: argparse.Namespace, console: Console) -> int:
    if arguments.once:
        return anyio.run(_once, settings, alone, arguments.minutes, console)
    with bind(settings) as listening:
        return anyio.run(_served, settings, alone, arguments.minutes, console, listening)


async def _once(settings: "Settings", alone: bool, minutes: int, console: Console) -> int:
    from audiobrew.cli.episode_summary import show
    from audiobrew.wiring import connect

    async with connect(settings, alone=alone) as ports:
        facts = await _first_brew(ports, minutes, console)
    show(facts, console)
    return 0 if facts.finished else 1


async def _served(
    settings: "Settings", alone: bool, minutes: int, console: Console, listening: socket.socket
) -> int:
    from audiobrew.app import create_app
    from audiobrew.cli.episode_summary import show
    from audiobrew.cli.serve import welcome
    from audiobrew.wiring import connect

    cancel_on_sigterm()
    async with connect(settings, alone=alone) as ports:

        async def first_brew_then_welcome() -> None:
            show(await _first_brew(ports, minutes, console), console)
            await welcome(ports, address(listening), console)

        app = create_app(settings, ports)
        await serve_until_stopped(app, listening, first_brew_then_welcome)
    return 0


async def _first_brew(ports: "Ports", minutes: int, console: Console) -> "EpisodeSummary":
    """Brew once: a later start shows what is there already."""
    from audiobrew.cli.brewing import already_brewed, brewed
    from audiobrew.episode.episode import Order

    listener = await ports.listeners.local()
    if facts := await already_brewed(ports, listener, minutes):
        return facts
    day = datetime.now().astimezone().date()
    order = Order(mails=await _sample_mails(ports, listener), minutes=minutes, day=day)
    return await brewed(ports, order, f"demo-{minutes}-{day}", console)


async def _sample_mails(ports: "Ports", listener: UUID) -> tuple[UUID, ...]:
    from audiobrew.inbox.samples import SampleMailbox

    mails = await ports.mails.add(listener, list(SampleMailbox().newsletters()))
    return tuple(mail.id for mail in mails)
