"""`audiobrew demo`: brews an episode of the sample newsletters, then serves it."""

import argparse
import socket
from datetime import datetime
from typing import TYPE_CHECKING

import anyio
from rich.console import Console

from audiobrew.cli.data_folder import lock_data_folder
from audiobrew.cli.options import (
    data_option,
    log_warnings,
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
    command.add_argument(
        "--once", action="store_true", help="Brew the episode, print a summary, and exit."
    )
    minutes_option(command)
    data_option(command)
    port_option(command)


def run(arguments: argparse.Namespace) -> int:
    console = Console()
    # Loading all modules takes seconds.
    console.print("Getting ready …")
    settings = settings_of(arguments)
    log_warnings()
    with lock_data_folder(settings.data, "serving") as alone:
        try:
            if arguments.once:
                return anyio.run(brew_once, settings, alone, arguments.minutes, console)
            with bind(settings) as listening:
                return anyio.run(serve, settings, alone, arguments.minutes, console, listening)
        except STOP_EXCEPTIONS:
            console.print("\nStopped. Nothing is lost: run the same command again to continue.")
            return 130


async def brew_once(settings: "Settings", alone: bool, minutes: int, console: Console) -> int:
    from audiobrew.cli.episode_summary import show
    from audiobrew.wiring import connect

    async with connect(settings, alone=alone) as ports:
        summary = await brew_first_episode(ports, minutes, console)
    show(summary, console)
    return 0 if summary.finished else 1


async def serve(
    settings: "Settings", alone: bool, minutes: int, console: Console, listening: socket.socket
) -> int:
    from audiobrew.app import create_app
    from audiobrew.cli.episode_summary import show
    from audiobrew.cli.serve import print_welcome
    from audiobrew.wiring import connect

    cancel_on_sigterm()
    async with connect(settings, alone=alone) as ports:

        async def brew_and_welcome() -> None:
            show(await brew_first_episode(ports, minutes, console), console)
            await print_welcome(ports, address(listening), console)

        app = create_app(settings, ports)
        await serve_until_stopped(app, listening, brew_and_welcome)
    return 0


async def brew_first_episode(ports: "Ports", minutes: int, console: Console) -> "EpisodeSummary":
    """Brew an episode, unless there is a finished one from an earlier start."""
    from audiobrew.cli.brewing import brew_and_follow, find_finished
    from audiobrew.episode.episode import Order
    from audiobrew.inbox.samples import SampleMailbox

    listener = await ports.listeners.local()
    if summary := await find_finished(ports, listener, minutes):
        return summary
    day = datetime.now().astimezone().date()
    samples = [mail for mail in SampleMailbox().newsletters() if mail.bulk]
    mails = await ports.mails.add(listener, samples)
    order = Order(mails=tuple(mail.id for mail in mails), minutes=minutes, day=day)
    return await brew_and_follow(ports, order, f"demo-{minutes}-{day}", console)
