"""Tables, warnings and messages that `audiobrew adopt` prints."""

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from audiobrew.cli.refusal import Refusal

if TYPE_CHECKING:
    from audiobrew.legacy.old_rows import Counts

EXPOSURE_WARNING = (
    "The old application checks nobody's identity: whoever knows a listener's id can list what is"
    " copied there, hear it until its address ends ({days} days), and delete it. Its scripts stay here."
)
CLOSE_WARNING = (
    "Addresses of audio that the old application gave out end now, in its own pages as well; episodes"
    " in AudioBrew go on. `--open-bucket` undoes it."
)
OPEN_WARNING = "Everybody who has an old address can hear what it leads to again."
# The outcomes of rows, see AudioState, ConnectionOutcome and the constants of `legacy.importer`.
DESCRIPTIONS = {
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
def progress_bar(name: str, total: int | None, console: Console) -> Iterator[Callable[[int], None]]:
    """Yields a function that advances the bar."""
    bar = Progress(
        TextColumn("{task.description:<14}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(),
        console=console,
    )  # fmt: skip
    with bar:
        task = bar.add_task(name, total=total)
        yield lambda count: bar.advance(task, count)


def counts_table(podcasts: "Counts", connections: "Counts", *, title: str) -> Table:
    table = Table(title=title, title_justify="left", box=None, pad_edge=False)
    for name in ("", "old rows", "taken", "left", "copied back by us"):
        table.add_column(name, justify="left" if not name else "right")
    for name, counts in (("episodes", podcasts), ("mailboxes", connections)):
        numbers = (counts.total, counts.imported, counts.remaining, counts.exported)
        table.add_row(name, *(f"{number:,}" for number in numbers))
    return table


def outcomes_table(
    title: str, podcasts: Mapping[str, int], connections: Mapping[str, int]
) -> Table:
    """The number of rows for each outcome."""
    table = Table(title=title, title_justify="left", box=None, pad_edge=False, show_header=False)
    for name, outcomes in (("episodes", podcasts), ("mailboxes", connections)):
        for outcome, count in sorted(outcomes.items()):
            table.add_row(name, f"{count:,}", DESCRIPTIONS[outcome])
    return table


def conclusion(failures: int, remaining: int) -> str:
    """What the user should do next."""
    if failures:
        return f"Rows not imported: {failures}. The others are stored; run the same command again."
    if remaining:
        return f"Rows added or changed meanwhile: {remaining}. Run the same command again."
    return "Counts are equal: everything is imported. `audiobrew adopt --check` reads the audio."


def confirm(warning: str, word: str, yes: bool, console: Console) -> None:
    """Ask the user to type the word, unless `yes`. Raises Refusal."""
    console.print(warning, style="yellow", soft_wrap=True)
    if yes:
        return
    if not sys.stdin.isatty():
        raise Refusal("This asks for a confirmation. Add --yes to give it here.")
    if console.input(f"Type [bold]{word}[/bold] to go on: ").strip() != word:
        raise Refusal("Nothing was changed.")
