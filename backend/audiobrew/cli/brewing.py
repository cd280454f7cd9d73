"""Starts a brew, and shows its progress on the terminal."""

from typing import TYPE_CHECKING
from uuid import UUID

from rich.console import Console

from audiobrew.cli.episode_summary import EpisodeSummary, summarize_episode
from audiobrew.cli.progress import follow

if TYPE_CHECKING:
    from audiobrew.episode.episode import Order
    from audiobrew.wiring import Ports


async def brew_and_follow(
    ports: "Ports", order: "Order", key: str, console: Console
) -> EpisodeSummary:
    """Start a brew, or continue the one that was started with the same idempotency key."""
    from audiobrew.db.stages import RETRIABLE

    listener = await ports.listeners.local()
    episode = await ports.orders.start(listener, order, key)
    if (await ports.episodes.get(listener, episode.id)).stage in RETRIABLE:
        await ports.orders.retry(listener, episode.id)
    await follow(ports.orders.events(episode.id), console)
    return await summarize_episode(ports, listener, episode.id)


async def find_finished(ports: "Ports", listener: UUID, minutes: int) -> EpisodeSummary | None:
    """The newest finished episode of this length, if there is one."""
    from audiobrew.db.stages import Stage

    for episode in await ports.episodes.list(listener, 50, None):
        if episode.stage is Stage.READY and episode.minutes == minutes:
            return await summarize_episode(ports, listener, episode.id)
    return None
