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
    command.add_argument(
        "--dry-run", action="store_true", help="Report what would be deleted, and delete nothing."
    )
    command.add_argument(
        "--grace",
        type=float,
        default=GRACE_MINUTES,
        metavar="MINUTES",
        help="Keep files that are younger than this. The default is 60. Choose less only while no other"
        " AudioBrew process runs, because it may be about to use a younger file.",
    )
    description = (
        "Delete even if most files in storage belong to no episode. Add this only if you are sure that the"
        " database and the bucket belong together."
    )
    command.add_argument("--yes", action="store_true", help=description)


def run(arguments: argparse.Namespace) -> int:
    """Returns 1 if something could not be deleted yet."""
    settings = settings_of(arguments)
    log_warnings()
    with share_data_folder(settings.data):
        report = anyio.run(sweep, settings, arguments)
    print(f"{report.objects} objects in storage, {report.orphans} of them without a row.")
    print(f"{report.workflows} workflows of deleted episodes.")
    if arguments.dry_run:
        print(f"{report.pending} deletions are pending. Nothing was deleted.")
        return 0
    print(f"{report.files} temporary files of brews that have ended.")
    if report.pending:
        print(
            f"{report.pending} deletions are pending: uploads may be running, or storage refused."
            " The server tries again."
        )
        return 1
    print("All of these were deleted.")
    return 0


async def sweep(settings: "Settings", arguments: argparse.Namespace) -> "SweepReport":
    from audiobrew.wiring import connect

    grace = timedelta(minutes=max(arguments.grace, 0))
    async with connect(settings, brews=False) as ports:
        if arguments.dry_run:
            return await ports.sweep.find(grace)
        return await ports.sweep.run(grace, force=arguments.yes)
