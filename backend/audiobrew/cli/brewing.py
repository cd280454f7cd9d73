"""One brew followed on the terminal: ordered, watched, and told in facts."""

from typing import TYPE_CHECKING
from uuid import UUID

from rich.console import Console

from audiobrew.cli.episode_summary import EpisodeSummary, summarize_episode
from audiobrew.cli.progress import follow

if TYPE_CHECKING:
    from audiobrew.episode.episode import Order
    from audiobrew.wiring import Ports


async def brewed(ports: "Ports", order: "Order", key: str, console: Console) -> EpisodeSummary:
    """Brew what was ordered, or go on with it when it was ordered before under the same key."""
    listener = await ports.listeners.local()
    episode = await ports.orders.start(listener, order, key)
    await _again_if_it_ended_badly(ports, listener, episode.id)
    await follow(ports.orders.events(episode.id), console)
    return await summarize_episode(ports, listener, episode.id)


async def _again_if_it_ended_badly(ports: "Ports", listener: UUID, episode: UUID) -> None:
    from audiobrew.db.stages import Stage

    if (await ports.episodes.get(listener, episode)).stage in (Stage.FAILED, Stage.CANCELLED):
        await ports.orders.retry(listener, episode)


async def already_brewed(ports: "Ports", listener: UUID, minutes: int) -> EpisodeSummary | None:
    """The newest finished episode of that length, if there is one."""
    from audiobrew.db.stages import Stage

    for episode in await ports.episodes.list(listener, 50, None):
        if episode.stage is Stage.READY and episode.minutes == minutes:
            return await summarize_episode(ports, listener, episode.id)
    return None
