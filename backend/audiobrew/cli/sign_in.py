"""`audiobrew sign-in`: prints a new one-time link for the running server."""

import argparse
from typing import TYPE_CHECKING

import anyio

from audiobrew.cli.data_folder import address_of, share_data_folder
from audiobrew.cli.options import data_option, settings_of
from audiobrew.cli.refusal import Refusal

if TYPE_CHECKING:
    from audiobrew.settings import Settings


def options(command: argparse.ArgumentParser) -> None:
    data_option(command)


def run(arguments: argparse.Namespace) -> int:
    settings = settings_of(arguments)
    if settings.home:
        raise Refusal("On a server of your own, `audiobrew owner` prints a link for its owner.")
    origin = address_of(settings.data)
    with share_data_folder(settings.data):
        print(f"{origin}/dashboard#code={anyio.run(issue_code, settings)}")
    return 0


async def issue_code(settings: "Settings") -> str:
    from audiobrew.account.local import require_local
    from audiobrew.wiring import connect

    async with connect(settings, brews=False) as ports:
        return await require_local(ports.identity).issue_code(await ports.listeners.local())
