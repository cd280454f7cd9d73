"""A progress bar for a brew, which names the stage."""

from collections.abc import AsyncIterator

from rich.console import Console
from rich.progress import BarColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bar

from audiobrew.db.stages import Stage
from audiobrew.episode.episode import Progress

DESCRIPTIONS = {
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
    """Update the bar with every event until the brew has ended."""
    bar = Bar(
        TextColumn("{task.description:<42}"), BarColumn(), TextColumn("{task.percentage:>3.0f} %"),
        TextColumn("{task.fields[parts]:<9}"), TimeElapsedColumn(), console=console,
    )  # fmt: skip
    with bar:
        task = bar.add_task(DESCRIPTIONS[Stage.WAITING], total=100, parts="")
        async for progress in events:
            parts = f"{progress.done} of {progress.total}" if progress.total else ""
            description = DESCRIPTIONS[progress.stage]
            bar.update(task, description=description, completed=progress.percent, parts=parts)
