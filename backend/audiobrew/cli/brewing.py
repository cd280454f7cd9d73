"""Starts a brew, and shows its progress on the terminal."""

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING
from uuid import UUID

from rich.console import Console
from rich.progress import BarColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as ProgressBar

from audiobrew.cli.episode_summary import EpisodeSummary, summarize_episode
from audiobrew.db.stages import RETRIABLE, Stage

if TYPE_CHECKING:
    from audiobrew.episode.episode import Order, Progress
    from audiobrew.wiring import Ports

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


async def brew_and_follow(
    ports: "Ports", order: "Order", key: str, console: Console
) -> EpisodeSummary:
    """Start a brew, or continue the one that was started with the same idempotency key."""
    listener = await ports.listeners.local()
    episode = await ports.orders.start(listener, order, key)
    if (await ports.episodes.get(listener, episode.id)).stage in RETRIABLE:
        await ports.orders.retry(listener, episode.id)
    await follow(ports.orders.events(episode.id), console)
    return await summarize_episode(ports, listener, episode.id)


async def find_finished(ports: "Ports", listener: UUID, minutes: int) -> EpisodeSummary | None:
    """The newest finished episode of this length, if there is one."""
    for episode in await ports.episodes.list(listener, 50, None):
        if episode.stage is Stage.READY and episode.minutes == minutes:
            return await summarize_episode(ports, listener, episode.id)
    return None


async def follow(events: "AsyncIterator[Progress]", console: Console) -> None:
    """Update the bar with every event until the brew has ended."""
    bar = ProgressBar(
        TextColumn("{task.description:<42}"), BarColumn(), TextColumn("{task.percentage:>3.0f} %"),
        TextColumn("{task.fields[parts]:<9}"), TimeElapsedColumn(), TextColumn("{task.fields[left]}"),
        console=console,
    )  # fmt: skip
    with bar:
        task = bar.add_task(DESCRIPTIONS[Stage.WAITING], total=100, parts="", left="")
        async for progress in events:
            parts = f"{progress.done} of {progress.total}" if progress.total else ""
            description = DESCRIPTIONS[progress.stage]
            time_left = describe_time_left(progress.seconds_left)
            bar.update(
                task,
                description=description,
                completed=progress.percent,
                parts=parts,
                left=time_left,
            )


def describe_time_left(seconds: int | None) -> str:
    """`about 2 minutes left`; nothing if it is unknown."""
    if seconds is None:
        return ""
    if seconds < 10:
        return "a few seconds left"
    if seconds < 60:
        return f"about {round(seconds, -1)} seconds left"
    minutes = round(seconds / 60)
    return f"about {minutes} {'minute' if minutes == 1 else 'minutes'} left"
