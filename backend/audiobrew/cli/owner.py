"""`audiobrew owner`: prints a one-time link for the owner of a server of one's own.

Before there is an owner, who opens it becomes the owner; then it signs the owner in, who may have lost every
other way.
"""

import argparse
from typing import TYPE_CHECKING

import anyio

from audiobrew.cli.data_folder import share_data_folder
from audiobrew.cli.options import data_option, settings_of
from audiobrew.cli.refusal import Refusal

if TYPE_CHECKING:
    from audiobrew.settings import Settings
    from audiobrew.wiring import Ports

NOT_HOME = (
    "This is not a server of your own: set AUDIOBREW_PUBLIC_URL to its address, such as"
    " https://brew.example.org, and AUDIOBREW_DATA to its folder, as the server has them. On a"
    " single machine, `audiobrew sign-in` prints a link."
)
NO_SERVER = "No server has run with the folder {data}: set AUDIOBREW_DATA as the server has it."


def options(command: argparse.ArgumentParser) -> None:
    data_option(command)


def run(arguments: argparse.Namespace) -> int:
    from audiobrew.db.engine import database_file

    settings = settings_of(arguments)
    if not settings.home:
        raise Refusal(NOT_HOME)
    if not settings.database_url and not database_file(settings).exists():
        raise Refusal(NO_SERVER.format(data=settings.data))
    with share_data_folder(settings.data):
        print(anyio.run(print_link, settings))
    return 0


async def print_link(settings: "Settings") -> str:
    from audiobrew.wiring import connect

    async with connect(settings, brews=False) as ports:
        return await new_owner_link(ports)


async def new_owner_link(ports: "Ports") -> str:
    """A link that opens the owner's account, or makes its reader the owner if there is none."""
    from audiobrew.account.home.accounts import Role
    from audiobrew.account.home.identity import require_home
    from audiobrew.account.home.routes import join_link

    home, public_url = require_home(ports.identity), ports.settings.public_url
    owner = await home.accounts.owner()
    if owner is None:
        return join_link(public_url, await home.accounts.invite(Role.OWNER))
    return f"{public_url}/dashboard#code={await home.issue_code(owner.listener)}"
