"""Taking over, told on the terminal: what there is, what was done, and what it means."""

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from audiobrew.cli.refusal import Refusal

if TYPE_CHECKING:
    from audiobrew.legacy.importer import ImportResult
    from audiobrew.legacy.old_rows import Counts

EXPOSED = (
    "The application before asks nobody who they are: whoever knows a listener's id can list what is"
    " copied there, hear it until its address ends ({days} days), and delete it. Its scripts stay here."
)
CLOSING = (
    "Addresses of audio that the old application gave out end now, in its own pages as well; episodes"
    " in AudioBrew go on. `--open-bucket` undoes it."
)
OPENING = "Everybody who has an old address can hear what it leads to again."
WORDS = {
    "copied": "with their sound",
    "placeholder": "failed: speech had failed before",
    "missing": "failed: their sound was gone",
    "unreadable": "failed: their sound cannot be played",
    "elsewhere": "failed: their sound is not in its folder",
    "deleted": "deleted here since, and stay so",
    "forgotten": "deleted here since, and in the old application",
    "gone": "left: their listener deleted the account",
    "away": "not taken: something did not answer",
    "refused": "not taken: the database refused",
    "connected": "connected",
    "incomplete": "to connect again: no refresh token or address",
    "other_client": "to connect again: made for another Google client",
    "not_allowed": "to connect again: reading mail was not allowed",
    "kept": "connected here already",
}


@contextmanager
def bar(name: str, total: int | None, console: Console) -> Iterator[Callable[[int], None]]:
    shown = Progress(
        TextColumn("{task.description:<14}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(),
        console=console,
    )  # fmt: skip
    with shown:
        task = shown.add_task(name, total=total)
        yield lambda count: shown.advance(task, count)


def counts(podcasts: "Counts", connections: "Counts", *, title: str) -> Table:
    table = Table(title=title, title_justify="left", box=None, pad_edge=False)
    for name in ("", "old rows", "taken", "left", "copied back by us"):
        table.add_column(name, justify="left" if not name else "right")
    for name, one in (("episodes", podcasts), ("mailboxes", connections)):
        table.add_row(name, *(f"{number:,}" for number in (one.old, one.taken, one.left, one.ours)))
    return table


def what_was_done(done: "ImportResult") -> Table:
    return _tally("In this run", done.podcasts, done.connections)


def states(podcasts: Mapping[str, int], connections: Mapping[str, int]) -> Table:
    return _tally("Taken over in all", podcasts, connections)


def _tally(title: str, podcasts: Mapping[str, int], connections: Mapping[str, int]) -> Table:
    table = Table(title=title, title_justify="left", box=None, pad_edge=False, show_header=False)
    for name, found in (("episodes", podcasts), ("mailboxes", connections)):
        for word, count in sorted(found.items()):
            table.add_row(name, f"{count:,}", WORDS[word])
    return table


def verdict(missed: int, left: int) -> str:
    if missed:
        return f"{missed} rows were not taken. What was is kept; run the same command again."
    if left:
        return f"{left} rows came or changed meanwhile. Run the same command again."
    return "Counts are equal: everything is taken over. `audiobrew adopt --check` reads the audio."


def confirm(warning: str, word: str, sure: bool, console: Console) -> None:
    """Raises Refusal for whoever does not type the word."""
    console.print(warning, style="yellow", soft_wrap=True)
    if sure:
        return
    if not sys.stdin.isatty():
        raise Refusal("This asks for a confirmation. Add --yes to give it here.")
    if console.input(f"Type [bold]{word}[/bold] to go on: ").strip() != word:
        raise Refusal("Nothing was changed.")
