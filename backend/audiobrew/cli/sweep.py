"""`audiobrew sweep`: what is in storage, in the engine and on this disk and belongs to nobody is deleted."""

import argparse
from datetime import timedelta
from typing import TYPE_CHECKING

import anyio

from audiobrew.cli.data_folder import share_data_folder
from audiobrew.cli.options import data_option, log_trouble_only, settings_of

if TYPE_CHECKING:
    from audiobrew.episode.sweep import SweepReport
    from audiobrew.settings import Settings

GRACE_MINUTES = 60.0


def options(command: argparse.ArgumentParser) -> None:
    data_option(command)
    command.add_argument("--dry-run", action="store_true", help="say what is there, delete nothing")
    command.add_argument(
        "--grace",
        type=float,
        default=GRACE_MINUTES,
        metavar="MINUTES",
        help="what is younger stays; less than the default only while nothing else runs (default 60)",
    )
    told = "delete even if most objects belong to no row: the database and the bucket are the right ones"
    command.add_argument("--yes", action="store_true", help=told)


def run(arguments: argparse.Namespace) -> int:
    """1 when something could not be deleted yet."""
    settings = settings_of(arguments)
    log_trouble_only()
    with share_data_folder(settings.data):
        found = anyio.run(_sweep, settings, arguments)
    print(f"{found.objects} objects in storage, {found.orphans} of them without a row.")
    print(f"{found.workflows} attempts that the engine remembered of episodes that are gone.")
    if arguments.dry_run:
        print(f"{found.left} deletions are pending. Nothing was deleted.")
        return 0
    print(f"{found.files} files that were left on their way.")
    if found.left:
        print(f"{found.left} deletions are pending: uploads may be under way, or storage refused.")
        return 1
    print("All of it is deleted.")
    return 0


async def _sweep(settings: "Settings", arguments: argparse.Namespace) -> "SweepReport":
    from audiobrew.wiring import connect

    grace = timedelta(minutes=max(arguments.grace, 0))
    async with connect(settings, brews=False) as ports:
        if arguments.dry_run:
            return await ports.sweep.find(grace)
        return await ports.sweep.run(grace, force=arguments.yes)
