"""`audiobrew brew`: mails saved as files become an MP3, with no server and no account."""

import argparse
import hashlib
import json
from contextlib import aclosing
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import anyio
import anyio.from_thread
import anyio.to_thread
from rich.console import Console

from audiobrew.cli.data_folder import lock_data_folder
from audiobrew.cli.options import data_option, log_trouble_only, minutes_option, settings_of
from audiobrew.cli.refusal import Refusal

if TYPE_CHECKING:
    from audiobrew.cli.episode_summary import EpisodeSummary
    from audiobrew.episode.episode import Order
    from audiobrew.mail.newsletter import Newsletter
    from audiobrew.settings import Settings
    from audiobrew.wiring import Ports


def options(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "files", nargs="+", type=Path, metavar="FILE", help="an .eml or .mbox file"
    )
    command.add_argument(
        "-o",
        "--output",
        type=Path,
        default=Path("episode.mp3"),
        help="where the MP3 goes (episode.mp3)",
    )
    minutes_option(command)
    command.add_argument("--title", help="what the episode is called")
    command.add_argument("--hosts", type=int, choices=(1, 2), default=2, help="how many voices (2)")
    command.add_argument(
        "--force", action="store_true", help="replace the output file if it exists"
    )
    command.add_argument("--json", action="store_true", help="print the facts as JSON")
    data_option(command)


def run(arguments: argparse.Namespace) -> int:
    settings = settings_of(arguments)
    log_trouble_only()
    console = Console(stderr=True)
    _check_output(arguments.output, force=arguments.force)
    newsletters = anyio.run(_read, settings, arguments.files, console)
    with lock_data_folder(settings.data / "terminal", "brewing") as alone:
        facts = anyio.run(_brew, settings, alone, newsletters, arguments, console)
    _tell(facts, console, as_json=arguments.json)
    return 0 if facts.finished else 1


def _check_output(output: Path, *, force: bool) -> None:
    """Before anything is made: would the file be welcome there?"""
    if output.is_dir():
        raise Refusal(
            f"{output} is a folder. Name a file with -o, for example {output / 'episode.mp3'}."
        )
    if not output.absolute().parent.is_dir():
        raise Refusal(
            f"The folder {output.parent} does not exist. Make it, or choose another with -o."
        )
    if output.exists() and not force:
        raise Refusal(f"{output} exists already. Choose another name with -o, or add --force.")


async def _read(settings: "Settings", files: list[Path], console: Console) -> "list[Newsletter]":
    """Every newsletter in the files; what cannot be read is named and left out."""
    from audiobrew.inbox.files import FileMailbox
    from audiobrew.mail.parsing.pool import ParserPool

    async with aclosing(ParserPool(settings)) as pool:

        def read(raw: bytes) -> "Newsletter":
            return anyio.from_thread.run(pool.parse, lambda: raw)

        mailbox = FileMailbox(files, settings, read)
        every = await anyio.to_thread.run_sync(list, mailbox.newsletters())
    found = [mail for mail in every if mail.bulk]
    for skipped in mailbox.skipped:
        console.print(f"Left out {skipped.name}: {skipped.reason}", style="yellow", soft_wrap=True)
    if not found:
        raise Refusal(
            "There is no newsletter in these files. AudioBrew reads mails saved as .eml or .mbox that were"
            " sent to a list; receipts and letters are left out."
        )
    return found


async def _brew(
    settings: "Settings",
    alone: bool,
    newsletters: "list[Newsletter]",
    arguments: argparse.Namespace,
    console: Console,
) -> "EpisodeSummary":
    from audiobrew.cli.brewing import brewed
    from audiobrew.episode.episode import Order
    from audiobrew.wiring import connect

    async with connect(settings, alone=alone) as ports:
        mails = await ports.mails.add(await ports.listeners.local(), newsletters)
        order = Order(
            mails=tuple(mail.id for mail in mails),
            minutes=arguments.minutes,
            day=datetime.now().astimezone().date(),  # this machine's day is its listener's
            title=arguments.title,
            hosts=arguments.hosts,
        )
        facts = await brewed(ports, order, _key(order), console)
        return await _handed_over(ports, facts, arguments.output) if facts.finished else facts


def _key(order: "Order") -> str:
    """The same mails asked for in the same way are the same brew, also after a Ctrl-C."""
    asked = [
        *sorted(map(str, order.mails)),
        order.minutes,
        order.hosts,
        order.title,
        str(order.day),
    ]
    return hashlib.sha256(json.dumps(asked).encode()).hexdigest()


async def _handed_over(ports: "Ports", facts: "EpisodeSummary", output: Path) -> "EpisodeSummary":
    """Put the MP3 where it was asked for: whole, or not at all."""
    unfinished = output.with_name(f".{output.name}.part")
    try:
        async with await anyio.open_file(unfinished, "wb") as file:
            async for piece in ports.media.read(facts.media, 0, facts.bytes):
                await file.write(piece)
        unfinished.replace(output)
    except OSError as error:
        unfinished.unlink(missing_ok=True)
        raise Refusal(
            f"{output} could not be written ({error.strerror}). The episode is kept; try again."
        ) from error
    return replace(facts, file=output)


def _tell(facts: "EpisodeSummary", console: Console, *, as_json: bool) -> None:
    from audiobrew.cli.episode_summary import show

    show(facts, console)
    if as_json:
        print(json.dumps(facts.as_json(), ensure_ascii=False, indent=2))
