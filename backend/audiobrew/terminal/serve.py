"""`audiobrew serve`: the product on this machine, until Ctrl-C."""

import argparse
from typing import TYPE_CHECKING

import anyio
from rich.console import Console

from audiobrew.terminal.data_folder import held
from audiobrew.terminal.options import data_option, port_option, settings_of
from audiobrew.terminal.server import address, bind, served

if TYPE_CHECKING:
    from audiobrew.settings import Settings


def options(command: argparse.ArgumentParser) -> None:
    data_option(command)
    port_option(command)


def run(typed: argparse.Namespace) -> int:
    settings = settings_of(typed)
    with held(settings.data, "serving") as alone:
        anyio.run(_serve, settings, alone)
    return 0


async def _serve(settings: "Settings", alone: bool) -> None:
    listening = bind(settings)
    async with served(settings, listening, alone=alone) as ports:
        await welcome(Console(), ports, address(listening))
        await anyio.sleep_forever()
