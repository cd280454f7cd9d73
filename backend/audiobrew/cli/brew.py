"""`audiobrew brew`: brews an MP3 from mails saved as files, without a server or an account."""

import argparse
import hashlib
import json
from collections.abc import Sequence
from contextlib import aclosing
from dataclasses import replace
from datetime import datetime
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import anyio
from rich.console import Console

from audiobrew.cli.data_folder import lock_data_folder
from audiobrew.cli.import_progress import ReadingBar
from audiobrew.cli.options import data_option, log_warnings, minutes_option, settings_of
from audiobrew.cli.refusal import Refusal
from audiobrew.cli.show_options import show_options

if TYPE_CHECKING:
    from audiobrew.cli.episode_summary import EpisodeSummary
    from audiobrew.episode.episode import Order
    from audiobrew.inbox.files import FileMailbox
    from audiobrew.mail.mail import StoredMail
    from audiobrew.mail.newsletter import Newsletter
    from audiobrew.settings import Settings
    from audiobrew.wiring import Ports

# Newsletters of one episode, unless more are asked for. A longer list would take memory for each.
NEWEST = 500


def options(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "paths",
        nargs="+",
        type=Path,
        metavar="PATH",
        help="An .eml, .emlx, .mbox or .zip file of any size, a Maildir, or a folder of these.",
    )
    command.add_argument(
        "--all",
        action="store_true",
        help="Include mails without any sign of a newsletter. A single mail is always included.",
    )
    command.add_argument(
        "--newest",
        type=positive,
        default=NEWEST,
        metavar="N",
        help=f"The largest number of newsletters; the newest are taken. The default is {NEWEST}.",
    )
    command.add_argument(
        "-o",
        "--output",
        type=Path,
        default=Path("episode.mp3"),
        help="The file to write the MP3 to. The default is episode.mp3.",
    )
    minutes_option(command)
    command.add_argument(
        "--title", help="The title of the episode. By default, it is chosen from the stories."
    )
    show_options(command)
    command.add_argument(
        "--force", action="store_true", help="Replace the output file if it exists."
    )
    command.add_argument(
        "--json", action="store_true", help="Print a summary of the episode as JSON."
    )
    data_option(command)


def run(arguments: argparse.Namespace) -> int:
    settings = settings_of(arguments)
    log_warnings()
    console = Console(stderr=True)
    check_output(arguments.output, force=arguments.force)
    check_host_names(arguments)
    newsletters = anyio.run(read_newsletters, settings, arguments, console)
    with lock_data_folder(settings.data / "terminal", "brewing") as alone:
        summary = anyio.run(brew, settings, alone, newsletters, arguments, console)

    from audiobrew.cli.episode_summary import show

    show(summary, console)
    if arguments.json:
        print(json.dumps(summary.as_json(), ensure_ascii=False, indent=2))
    return 0 if summary.finished else 1


def check_output(output: Path, *, force: bool) -> None:
    """Check the output path before the brew, which takes minutes. Raises Refusal."""
    if output.is_dir():
        raise Refusal(
            f"{output} is a folder. Name a file with -o, for example {output / 'episode.mp3'}."
        )
    if not output.absolute().parent.is_dir():
        raise Refusal(
            f"The folder {output.parent} does not exist. Create it, or choose another one with -o."
        )
    if output.exists() and not force:
        raise Refusal(
            f"{output} exists already. Choose another name with -o, or add --force to replace it."
        )


def check_host_names(arguments: argparse.Namespace) -> None:
    """Raises Refusal."""
    if len(arguments.host_names) > arguments.hosts:
        raise Refusal("There are more names than hosts. Give --host-name once for each of --hosts.")


def positive(value: str) -> int:
    """Read an option's value. Raises ArgumentTypeError."""
    if not value.isdecimal() or int(value) == 0:
        raise argparse.ArgumentTypeError(f"{value!r} is not a number from 1 on")
    return int(value)


async def read_newsletters(
    settings: "Settings", arguments: argparse.Namespace, console: Console
) -> "list[Newsletter]":
    """The newest newsletters in the files. Prints what is left out. Raises Refusal if there are none."""
    from audiobrew.inbox.files import FileMailbox
    from audiobrew.mail.parsing.pool import ParserPool

    mailbox = FileMailbox(arguments.paths, settings, arguments.newest)
    async with aclosing(ParserPool(settings)) as pool:
        with ReadingBar(console) as bar:
            await mailbox.read(pool, bar.update)
    for skipped in mailbox.skipped:
        print_notice(console, f"Left out {skipped.name}: {skipped.reason}")
    kinds = [mailbox.newsletters]
    single = mailbox.progress.mails == 1  # whoever names one mail wants to hear it
    if arguments.all or single:
        kinds.append(mailbox.others)
    elif mailbox.others.count and mailbox.newsletters.count:
        print_notice(console, f"Left out {describe_others(mailbox.others.count)}")
    newsletters = sorted(chain(*kinds), key=lambda newsletter: newsletter.received_at, reverse=True)
    total = sum(kind.count for kind in kinds)
    if len(newsletters[: arguments.newest]) < total:
        notice = f"Of {total:,} newsletters, the newest {arguments.newest:,} are taken; --newest takes more."
        print_notice(console, notice)
    if not newsletters:
        raise Refusal(describe_nothing(mailbox))
    return newsletters[: arguments.newest]


def print_notice(console: Console, text: str) -> None:
    """Print a line. Names of files are not markup."""
    console.print(text, style="yellow", soft_wrap=True, markup=False, highlight=False)


def describe_others(count: int) -> str:
    mails = "1 mail that is" if count == 1 else f"{count:,} mails that are"
    return (
        f"{mails} no newsletter: no list headers and no link to unsubscribe."
        " Add --all to hear such mails too."
    )


def describe_nothing(mailbox: "FileMailbox") -> str:
    """Why there is no newsletter, and what to do."""
    place = str(mailbox.paths[0]) if len(mailbox.paths) == 1 else "these files"
    if mailbox.others.count:
        return f"There is no newsletter in {place}, only {describe_others(mailbox.others.count)}"
    if any(mailbox.skipped):
        return f"There is no newsletter in {place}: nothing there could be read."
    return (
        f"There is no newsletter in {place}. AudioBrew reads .eml, .emlx, .mbox and .zip files, Maildirs, and"
        " folders with them."
    )


async def brew(
    settings: "Settings",
    alone: bool,
    newsletters: "list[Newsletter]",
    arguments: argparse.Namespace,
    console: Console,
) -> "EpisodeSummary":
    from audiobrew.cli.brewing import brew_and_follow
    from audiobrew.episode.episode import Order
    from audiobrew.script.writer import HostRoles, ShowStyle
    from audiobrew.wiring import connect

    async with connect(settings, alone=alone) as ports:
        stored = await ports.mails.add(await ports.listeners.local(), newsletters)
        mails = without_older_copies(stored)
        if older := len(stored) - len(mails):
            noun = "copy" if older == 1 else "copies"
            print_notice(console, f"Left out {older:,} older {noun} of other newsletters.")
        order = Order(
            mails=tuple(mail.id for mail in mails),
            minutes=arguments.minutes,
            day=datetime.now().astimezone().date(),  # the listener is in this machine's time zone
            title=arguments.title,
            hosts=arguments.hosts,
            style=ShowStyle(arguments.style),
            language=arguments.language,
            interests=arguments.interests,
            host_names=tuple(arguments.host_names),
            host_roles=HostRoles(arguments.host_roles),
        )
        summary = await brew_and_follow(ports, order, idempotency_key(order), console)
        if summary.finished:
            return await write_output(ports, summary, arguments.output)
        return summary


def without_older_copies(mails: "Sequence[StoredMail]") -> "list[StoredMail]":
    """The mails without those of which a newer copy is among them."""
    ids = {mail.id for mail in mails}
    return [
        mail for mail in mails if not any(copy.is_newer and copy.id in ids for copy in mail.copies)
    ]


def idempotency_key(order: "Order") -> str:
    """The same order has the same key, so that the command can be repeated after Ctrl-C.

    Options that came later count only if they are given, so that a brew goes on after an update.
    """
    more = [order.style, order.language, order.interests, list(order.host_names)]
    fields = [
        *sorted(map(str, order.mails)),
        order.minutes,
        order.hosts,
        order.title,
        str(order.day),
        *(more if more != ["briefing", None, "", []] else []),
        *([order.host_roles] if order.host_roles != "shared" else []),
    ]
    return hashlib.sha256(json.dumps(fields).encode()).hexdigest()


async def write_output(ports: "Ports", summary: "EpisodeSummary", output: Path) -> "EpisodeSummary":
    """Write the MP3 to its path: completely, or not at all. Raises Refusal."""
    unfinished = output.with_name(f".{output.name}.part")
    try:
        async with await anyio.open_file(unfinished, "wb") as file:
            async for chunk in ports.media.read(summary.media, 0, summary.bytes):
                await file.write(chunk)
        unfinished.replace(output)
    except OSError as error:
        unfinished.unlink(missing_ok=True)
        raise Refusal(
            f"{output} could not be written ({error.strerror}). The episode is kept: make room or"
            " choose another file with -o, and run the same command again."
        ) from error
    return replace(summary, file=output)
