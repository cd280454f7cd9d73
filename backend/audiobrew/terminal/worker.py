"""`audiobrew worker`: one more process that brews, beside a running server."""

import argparse
from contextlib import suppress
from typing import TYPE_CHECKING

import anyio
from rich.console import Console

from audiobrew.terminal.data_folder import present
from audiobrew.terminal.options import data_option, log_events, settings_of
from audiobrew.terminal.stopping import STOPPED, let_hosts_stop_us

if TYPE_CHECKING:
    from audiobrew.settings import Settings


def options(command: argparse.ArgumentParser) -> None:
    data_option(command)


def run(typed: argparse.Namespace) -> int:
    settings = settings_of(typed)
    log_events()
    console = Console(stderr=True)
    with present(settings.data):
        with suppress(*STOPPED):
            anyio.run(_work, settings, console)
        console.print("Stopped. What was being brewed goes on elsewhere.")
    return 0


async def _work(settings: "Settings", console: Console) -> None:
    from audiobrew.wiring import connect

    let_hosts_stop_us()
    async with connect(settings):
        console.print(f"Brewing what is waiting in {settings.data}. Press Ctrl-C to stop.")
        await anyio.sleep_forever()
