"""A brew's progress as a bar that names the stage."""

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from audiobrew.episode.episode import Stage

if TYPE_CHECKING:
    from audiobrew.episode.wire import BrewEvent

WORDS = {
    Stage.WAITING: "Waiting for its turn",
    Stage.GATHERING: "Reading the newsletters",
    Stage.PLANNING: "Choosing the stories",
    Stage.WRITING: "Writing the script",
    Stage.CHECKING: "Checking each sentence against its source",
    Stage.SPEAKING: "Recording",
    Stage.JOINING: "Joining the clips",
    Stage.READY: "Ready",
    Stage.FAILED: "Failed",
    Stage.CANCELLED: "Cancelled",
}


async def follow(
    events: "AsyncIterator[tuple[int, BrewEvent]]", console: Console
) -> "BrewEvent | None":
    """Draw every event until the end event, and give that one back."""
    last = None
    bar = Progress(
        TextColumn("{task.description:<42}"), BarColumn(), TextColumn("{task.percentage:>3.0f} %"),
        TextColumn("{task.fields[parts]:<9}"), TimeElapsedColumn(), console=console,
    )  # fmt: skip
    with bar:
        task = bar.add_task(WORDS[Stage.WAITING], total=100, parts="")
        async for _, event in events:
            last = event
            parts = (
                f"{event.done} of {event.total}"
                if event.event == "progress" and event.total
                else ""
            )
            bar.update(task, description=WORDS[event.stage], completed=event.percent, parts=parts)
    return last
