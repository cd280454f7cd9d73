"""`audiobrew adopt`: what the application before kept is taken over, while it goes on running."""

import argparse
from typing import TYPE_CHECKING

import anyio
from rich.console import Console

from audiobrew.cli import import_report as tell
from audiobrew.cli.data_folder import share_data_folder
from audiobrew.cli.options import data_option, log_trouble_only, settings_of
from audiobrew.cli.refusal import Refusal

if TYPE_CHECKING:
    from audiobrew.legacy.connection import LegacyServices
    from audiobrew.settings import Settings

MOST_AT_ONCE, MOST_DAYS = 8, 30


def options(command: argparse.ArgumentParser) -> None:
    what = command.add_mutually_exclusive_group()
    for name, told in {
        "--dry-run": "count what would be taken over, and change nothing",
        "--check": "read everything that was copied once more, and compare",
        "--back": "copy AudioBrew's episodes to the old application",
        "--undo-back": "take those away again",
        "--close-bucket": "make the old bucket private: old addresses of audio end",
        "--open-bucket": "make it public again",
    }.items():
        what.add_argument(
            name, dest="what", action="store_const", const=name.lstrip("-"), help=told
        )
    command.add_argument("--batch", type=int, default=100, help="rows asked for at a time (100)")
    command.add_argument("--at-once", type=int, default=8, help="files copied side by side (8)")
    command.add_argument(
        "--days", type=int, default=7, help="with --back: addresses live so long (7)"
    )
    command.add_argument("--yes", action="store_true", help="do not ask")
    data_option(command)


def run(arguments: argparse.Namespace) -> int:
    """0: counts are equal. 1: something was not taken; run it again. 2: a refusal in words."""
    settings = settings_of(arguments)
    log_trouble_only()
    with share_data_folder(settings.data):
        return anyio.run(adopt, settings, arguments, Console())


async def adopt(settings: "Settings", arguments: argparse.Namespace, console: Console) -> int:
    """What was typed, done and told."""
    from audiobrew.legacy.connection import open_legacy_services

    _check(arguments)
    async with open_legacy_services(settings, arguments.batch, arguments.at_once) as over:
        if arguments.what == "dry-run":
            return await _preview(over, console)
        async with over.old.alone():
            return await COMMANDS[arguments.what](over, arguments, console)


def _check(arguments: argparse.Namespace) -> None:
    if not 1 <= arguments.batch <= 10_000 or not 1 <= arguments.at_once <= MOST_AT_ONCE:
        raise Refusal(f"--batch is 1 to 10000, --at-once 1 to {MOST_AT_ONCE}.")
    if not 1 <= arguments.days <= MOST_DAYS:
        raise Refusal(f"--days is 1 to {MOST_DAYS}.")


async def _preview(over: "LegacyServices", console: Console) -> int:
    console.print(tell.counts(*await over.adoption.counts(), title="To be taken over"))
    console.print("Nothing was changed. Without --dry-run it is.")
    return 0


async def _adopt(over: "LegacyServices", arguments: argparse.Namespace, console: Console) -> int:
    await over.media.check()
    before = await over.adoption.counts()
    with tell.bar("Taking over", sum(one.left for one in before), console) as told:
        done = await over.adoption.run(told)
    after = await over.adoption.counts()
    console.print(tell.what_was_done(done))
    console.print(tell.counts(*after, title="Now"))
    console.print(tell.states(await over.adopted.states(), await over.adopted.outcomes()))
    left = sum(one.left for one in after) - done.podcasts["gone"] - done.connections["gone"]
    console.print(tell.verdict(done.missed, left))
    return 1 if left else 0


async def _check_audio(
    over: "LegacyServices", arguments: argparse.Namespace, console: Console
) -> int:
    from audiobrew.legacy.audio_check import check_audio
    from audiobrew.legacy.old_rows import AudioState

    podcasts, mailboxes = await over.adoption.counts()
    total = (await over.adopted.states()).get(AudioState.COPIED, 0)
    with tell.bar("Reading audio", total, console) as told:
        checked = await check_audio(over.adopted, over.media, told)
    console.print(tell.counts(podcasts, mailboxes, title="Now"))
    console.print(f"Audio: {checked.whole} whole, {len(checked.broken)} not.")
    for id in checked.broken:
        console.print(f"  not whole: {id}")
    return 1 if checked.broken or podcasts.left or mailboxes.left else 0


async def _back(over: "LegacyServices", arguments: argparse.Namespace, console: Console) -> int:
    await over.returned.check()
    tell.confirm(tell.EXPOSED.format(days=arguments.days), "copy back", arguments.yes, console)
    with tell.bar("Copying back", None, console) as told:
        done = await over.back.copy(arguments.days, told)
    console.print(
        f"Copied: {done.copied}. Not copied: {done.missed}."
        f" There in all: {await over.returned.count()}."
        " `audiobrew adopt --undo-back` takes them away."
    )
    return 1 if done.missed else 0


async def _undo_back(
    over: "LegacyServices", arguments: argparse.Namespace, console: Console
) -> int:
    console.print(f"Taken away from the old application: {await over.back.undo()}.")
    return 0


async def _close_bucket(
    over: "LegacyServices", arguments: argparse.Namespace, console: Console
) -> int:
    podcasts, _ = await over.adoption.counts()
    if podcasts.left:
        raise Refusal(
            f"{podcasts.left} old episodes are not taken over yet. Run `audiobrew adopt` first."
        )
    tell.confirm(tell.CLOSING, "close", arguments.yes, console)
    return await _bucket(over, console, public=False)


async def _open_bucket(
    over: "LegacyServices", arguments: argparse.Namespace, console: Console
) -> int:
    tell.confirm(tell.OPENING, "open", arguments.yes, console)
    return await _bucket(over, console, public=True)


async def _bucket(over: "LegacyServices", console: Console, *, public: bool) -> int:
    if await over.old_audio.public() is None:
        raise Refusal("There is no bucket named podcasts in this project.")
    await over.old_audio.make_public(public=public)
    console.print(f"The old bucket is {'public' if public else 'private'} now.")
    return 0


COMMANDS = {
    None: _adopt,
    "check": _check_audio,
    "back": _back,
    "undo-back": _undo_back,
    "close-bucket": _close_bucket,
    "open-bucket": _open_bucket,
}
