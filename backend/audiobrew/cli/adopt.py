"""`audiobrew adopt`: imports the data of the old application, which keeps running meanwhile."""

import argparse
from typing import TYPE_CHECKING

import anyio
from rich.console import Console

from audiobrew.cli import import_report as report
from audiobrew.cli.data_folder import share_data_folder
from audiobrew.cli.options import data_option, log_warnings, settings_of
from audiobrew.cli.refusal import Refusal

if TYPE_CHECKING:
    from audiobrew.legacy.connection import LegacyServices
    from audiobrew.settings import Settings

MAX_AT_ONCE, MAX_DAYS = 8, 30


def options(command: argparse.ArgumentParser) -> None:
    group = command.add_mutually_exclusive_group()
    for name, description in {
        "--dry-run": "Count what would be imported, and change nothing.",
        "--check": "Read all imported audio again, and compare it with what was recorded at the import.",
        "--back": "Copy AudioBrew's episodes to the old application.",
        "--undo-back": "Delete these copies from the old application.",
        "--close-bucket": "Make the old bucket private. The audio URLs of the old application stop working.",
        "--open-bucket": "Make the old bucket public again.",
    }.items():
        group.add_argument(
            name, dest="what", action="store_const", const=name.lstrip("-"), help=description
        )
    command.add_argument(
        "--batch",
        type=int,
        default=100,
        help="The number of rows that are read at a time. The default is 100.",
    )
    command.add_argument(
        "--at-once",
        type=int,
        default=8,
        help="The number of files that are copied at once. The default is 8.",
    )
    command.add_argument(
        "--days",
        type=int,
        default=7,
        help="With --back: the number of days for which the copies' audio URLs work. The default is 7.",
    )
    command.add_argument("--yes", action="store_true", help="Do not ask for confirmation.")
    data_option(command)


def run(arguments: argparse.Namespace) -> int:
    """0: everything is imported. 1: some rows are not; run it again. 2: the command was refused."""
    settings = settings_of(arguments)
    log_warnings()
    with share_data_folder(settings.data):
        return anyio.run(adopt, settings, arguments, Console())


async def adopt(settings: "Settings", arguments: argparse.Namespace, console: Console) -> int:
    """Run the chosen action, and return the exit code."""
    from audiobrew.legacy.connection import open_legacy_services

    if not 1 <= arguments.batch <= 10_000 or not 1 <= arguments.at_once <= MAX_AT_ONCE:
        raise Refusal(f"Choose 1 to 10000 for --batch, and 1 to {MAX_AT_ONCE} for --at-once.")
    if not 1 <= arguments.days <= MAX_DAYS:
        raise Refusal(f"Choose 1 to {MAX_DAYS} for --days.")
    async with open_legacy_services(settings, arguments.batch, arguments.at_once) as services:
        if arguments.what == "dry-run":
            counts = await services.importer.counts()
            console.print(report.counts_table(*counts, title="To be imported"))
            console.print("Nothing was changed. Run the command without --dry-run to import this.")
            return 0
        async with services.old_tables.lock():
            return await ACTIONS[arguments.what](services, arguments, console)


async def import_all(
    services: "LegacyServices", arguments: argparse.Namespace, console: Console
) -> int:
    await services.media.check()
    before = await services.importer.counts()
    total = sum(counts.remaining for counts in before)
    with report.progress_bar("Importing", total, console) as progress:
        result = await services.importer.run(progress)
    after = await services.importer.counts()
    store = services.import_store
    states, outcomes = await store.count_audio_states(), await store.count_connection_outcomes()
    console.print(report.outcomes_table("In this run", result.podcasts, result.connections))
    console.print(report.counts_table(*after, title="Now"))
    console.print(report.outcomes_table("Imported in all", states, outcomes))
    remaining = sum(counts.remaining for counts in after)
    remaining -= result.podcasts["gone"] + result.connections["gone"]
    console.print(report.conclusion(result.failures, remaining))
    return 1 if remaining else 0


async def check_audio(
    services: "LegacyServices", arguments: argparse.Namespace, console: Console
) -> int:
    from audiobrew.legacy import audio_check
    from audiobrew.legacy.old_rows import AudioState

    podcasts, connections = await services.importer.counts()
    total = (await services.import_store.count_audio_states()).get(AudioState.COPIED, 0)
    with report.progress_bar("Reading audio", total, console) as progress:
        result = await audio_check.check_audio(services.import_store, services.media, progress)
    console.print(report.counts_table(podcasts, connections, title="Now"))
    console.print(f"Audio: {result.intact} intact, {len(result.damaged)} damaged.")
    for id in result.damaged:
        console.print(f"  damaged: {id}")
    return 1 if result.damaged or podcasts.remaining or connections.remaining else 0


async def export(
    services: "LegacyServices", arguments: argparse.Namespace, console: Console
) -> int:
    await services.export_store.check()
    warning = report.EXPOSURE_WARNING.format(days=arguments.days)
    report.confirm(warning, "copy back", arguments.yes, console)
    with report.progress_bar("Copying back", None, console) as progress:
        result = await services.exporter.run(arguments.days, progress)
    console.print(
        f"Copied: {result.exported}. Not copied: {result.skipped}."
        f" Copies in the old application: {await services.export_store.count()}."
        " `audiobrew adopt --undo-back` deletes them."
    )
    return 1 if result.skipped else 0


async def undo_export(
    services: "LegacyServices", arguments: argparse.Namespace, console: Console
) -> int:
    console.print(f"Deleted from the old application: {await services.exporter.undo()}.")
    return 0


async def close_bucket(
    services: "LegacyServices", arguments: argparse.Namespace, console: Console
) -> int:
    podcasts, _ = await services.importer.counts()
    if podcasts.remaining:
        raise Refusal(
            f"{podcasts.remaining} old episodes are not imported yet. Run `audiobrew adopt` first."
        )
    report.confirm(report.CLOSE_WARNING, "close", arguments.yes, console)
    return await set_public(services, console, public=False)


async def open_bucket(
    services: "LegacyServices", arguments: argparse.Namespace, console: Console
) -> int:
    report.confirm(report.OPEN_WARNING, "open", arguments.yes, console)
    return await set_public(services, console, public=True)


async def set_public(services: "LegacyServices", console: Console, *, public: bool) -> int:
    if await services.old_audio.is_public() is None:
        raise Refusal("This Supabase project has no bucket named podcasts. Check SUPABASE_URL.")
    await services.old_audio.set_public(public=public)
    console.print(f"The old bucket is {'public' if public else 'private'} now.")
    return 0


ACTIONS = {
    None: import_all,
    "check": check_audio,
    "back": export,
    "undo-back": undo_export,
    "close-bucket": close_bucket,
    "open-bucket": open_bucket,
}
