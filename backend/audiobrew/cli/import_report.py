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
    "The old application checks nobody's identity. Anyone who knows a listener's id can list the copied"
    " episodes, play them until their URLs expire (after {days} days), and delete them. Scripts are not"
    " copied."
)
CLOSE_WARNING = (
    "The audio URLs of the old application stop working now, also on its own pages. Episodes in AudioBrew"
    " keep working. `audiobrew adopt --open-bucket` undoes this."
)
OPEN_WARNING = "Everyone who has an audio URL of the old application can use it again."
# The outcomes of rows, see AudioState, ConnectionOutcome and the constants of `legacy.importer`.
DESCRIPTIONS = {
    "copied": "imported with audio",
    "placeholder": "imported as failed: the old application had made no audio",
    "missing": "imported as failed: the audio is missing",
    "unreadable": "imported as failed: the audio cannot be played",
    "elsewhere": "imported as failed: the audio is not in the listener's folder",
    "deleted": "deleted here since, so not imported again",
    "forgotten": "deleted here since, and then in the old application",
    "gone": "not imported: the listener deleted the account",
    "away": "not imported: a service did not answer",
    "refused": "not imported: the database refused the row",
    "connected": "connected",
    "incomplete": "must connect again: there is no refresh token or address",
    "other_client": "must connect again: the token is for another Google client",
    "not_allowed": "must connect again: reading mail was not allowed",
    "kept": "already connected here",
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
    for name in ("", "old rows", "imported", "remaining", "copied back by AudioBrew"):
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
        return f"Rows not imported: {failures}. The others are stored. Run the same command again."
    if remaining:
        return f"Rows added or changed during the import: {remaining}. Run the same command again."
    return "Counts are equal: everything is imported. `audiobrew adopt --check` checks the audio."


def confirm(warning: str, word: str, yes: bool, console: Console) -> None:
    """Ask the user to type the word, unless `yes`. Raises Refusal."""
    console.print(warning, style="yellow", soft_wrap=True)
    if yes:
        return
    if not sys.stdin.isatty():
        raise Refusal(
            "This needs a confirmation, and there is no terminal to ask on. Add --yes to confirm."
        )
    if console.input(f"Type [bold]{word}[/bold] to continue: ").strip() != word:
        raise Refusal("Nothing was changed, because the word was not typed.")
