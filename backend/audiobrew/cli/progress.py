"""A brew's progress as a bar that names the stage."""

from collections.abc import AsyncIterator

from rich.console import Console
from rich.progress import BarColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bar

from audiobrew.db.stages import Stage
from audiobrew.episode.episode import Progress

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


async def follow(events: AsyncIterator[Progress], console: Console) -> None:
    """Draw every state until the brew has ended."""
    bar = Bar(
        TextColumn("{task.description:<42}"), BarColumn(), TextColumn("{task.percentage:>3.0f} %"),
        TextColumn("{task.fields[parts]:<9}"), TimeElapsedColumn(), console=console,
    )  # fmt: skip
    with bar:
        task = bar.add_task(WORDS[Stage.WAITING], total=100, parts="")
        async for now in events:
            parts = f"{now.done} of {now.total}" if now.total else ""
            bar.update(task, description=WORDS[now.stage], completed=now.percent, parts=parts)
