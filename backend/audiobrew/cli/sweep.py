"""`audiobrew sweep`: deletes files and workflows that no row refers to."""

import argparse
from datetime import timedelta
from typing import TYPE_CHECKING

import anyio

from audiobrew.cli.data_folder import share_data_folder
from audiobrew.cli.options import data_option, log_warnings, settings_of

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
    description = (
        "delete even if most objects belong to no row:"
        " the database and the bucket are the right ones"
    )
    command.add_argument("--yes", action="store_true", help=description)


def run(arguments: argparse.Namespace) -> int:
    """Returns 1 if something could not be deleted yet."""
    settings = settings_of(arguments)
    log_warnings()
    with share_data_folder(settings.data):
        report = anyio.run(sweep, settings, arguments)
    print(f"{report.objects} objects in storage, {report.orphans} of them without a row.")
    print(f"{report.workflows} attempts that the engine remembered of episodes that are gone.")
    if arguments.dry_run:
        print(f"{report.pending} deletions are pending. Nothing was deleted.")
        return 0
    print(f"{report.files} files that were left on their way.")
    if report.pending:
        print(
            f"{report.pending} deletions are pending: uploads may be under way, or storage refused."
        )
        return 1
    print("All of it is deleted.")
    return 0


async def sweep(settings: "Settings", arguments: argparse.Namespace) -> "SweepReport":
    from audiobrew.wiring import connect

    grace = timedelta(minutes=max(arguments.grace, 0))
    async with connect(settings, brews=False) as ports:
        if arguments.dry_run:
            return await ports.sweep.find(grace)
        return await ports.sweep.run(grace, force=arguments.yes)
