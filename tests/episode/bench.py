"""Episode orders on an empty data folder, with the real engine and database, and a fake writer and voice."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from time import monotonic
from typing import Any
from uuid import UUID

from audiobrew.account.listener_store import ListenerStore
from audiobrew.audio.pace_store import PaceStore
from audiobrew.db.engine import open_database
from audiobrew.db.stages import ENDED, Stage
from audiobrew.episode.brew_context import BrewContext
from audiobrew.episode.episode import Episode, Order
from audiobrew.episode.orders import EpisodeOrders
from audiobrew.episode.pronunciations import PronunciationStore
from audiobrew.episode.script_store import ScriptStore
from audiobrew.episode.store import EpisodeStore
from audiobrew.inbox.store import MailStore
from audiobrew.mail.newsletter import Newsletter
from audiobrew.media.deletion_queue import DeletionQueue
from audiobrew.media.folder import FolderMedia
from audiobrew.models.budget import BudgetedCalls
from audiobrew.models.charges import Charges
from audiobrew.models.prices import millionths, prices
from audiobrew.models.request_ids import RequestIds
from audiobrew.models.result_cache import ResultCache
from audiobrew.settings import Settings
from sqlalchemy.ext.asyncio import AsyncEngine

from tests.episode.fakes import ReadingWriter, ToneVoice, make_newsletter
from tests.settings_factory import make_migrated_settings

FAST = {"lease_beat_seconds": 0.2, "lease_dead_after_seconds": 1.0, "busy_seconds": 0.5}


@dataclass(frozen=True)
class Bench:
    settings: Settings
    listener: UUID
    listeners: ListenerStore
    mails: MailStore
    episodes: EpisodeStore
    scripts: ScriptStore
    media: FolderMedia
    writer: Any
    voice: Any
    orders: EpisodeOrders
    database: AsyncEngine

    async def add_mails(
        self, newsletters: Iterable[Newsletter] = (), listener: UUID | None = None
    ) -> tuple[UUID, ...]:
        """Put newsletters into the inbox; one if none are given. Returns their ids."""
        mails = await self.mails.add(
            listener or self.listener, [*newsletters] or [make_newsletter()]
        )
        return tuple(mail.id for mail in mails)

    async def order(self, minutes: int = 1, key: str | None = None, **more: Any) -> Episode:
        order = self.make_order(more.pop("mails", ()), minutes, **more)
        return await self.orders.start(self.listener, order, key)

    def make_order(self, mails: Iterable[UUID] = (), minutes: int = 1, **more: Any) -> Order:
        return Order(tuple(mails), minutes, date(2026, 11, 23), **more)

    async def wait_until_ended(self, episode: Episode, within: float = 120) -> Episode:
        async with asyncio.timeout(within):
            async for _ in self.orders.events(episode.id):
                pass
        return await self.episodes.get(self.listener, episode.id)

    async def brew(self, **order: Any) -> Episode:
        return await self.wait_until_ended(await self.order(**order))

    async def wait_for_stage(self, episode: Episode, stage: Stage, within: float = 60) -> None:
        """Wait until the brew has reached this stage."""
        async with asyncio.timeout(within):
            async for progress in self.orders.events(episode.id):
                if progress.stage is stage:
                    return
                assert progress.stage not in ENDED, progress
        raise AssertionError(f"never {stage}")

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)

    def clips(self) -> list[Path]:
        return list((self.settings.data / "media" / "clips").rglob("*.mp3"))


@asynccontextmanager
async def open_bench(
    data: Path,
    writer: Any = None,
    voice: Any = None,
    media: Any = None,
    *,
    ear: Any = None,
    alone: bool = True,
    brews: bool = True,
    **settings: Any,
) -> AsyncIterator[Bench]:
    """Run a bench within this block. `settings` are settings of the product; heartbeats are fast."""
    values = FAST | settings
    settings_of_bench = make_migrated_settings(data=data, **values)
    database = open_database(settings_of_bench)
    try:
        media = media or FolderMedia(data / "media")
        ports = (media, writer or ReadingWriter(), voice or ToneVoice())
        bench = await make_bench(settings_of_bench, database, *ports, ear)
        async with bench.orders.running(alone=alone, brews=brews):
            yield bench
    finally:
        await database.dispose()


async def make_bench(
    settings: Settings, database: Any, media: Any, writer: Any, voice: Any, ear: Any = None
) -> Bench:
    listeners, mails = ListenerStore(database), MailStore(database)
    episodes, scripts = EpisodeStore(database), ScriptStore(database)
    results = ResultCache(database, media, settings.lease_dead_after_seconds)
    context = BrewContext(
        episodes=episodes,
        scripts=scripts,
        pronunciations=PronunciationStore(database),
        request_ids=RequestIds(database),
        mails=mails,
        results=results,
        budgeted_calls=BudgetedCalls(
            results, Charges(database, millionths(settings.daily_cap_usd)), prices(settings.prices)
        ),
        paces=PaceStore(database),
        media=media,
        deletions=DeletionQueue(database, media.delete),
        writer=writer,
        voice=voice,
        sounds=settings.sounds,
        work=settings.data / "joining",
        at_once=settings.clips_at_once,
        ear=ear,
    )
    orders = EpisodeOrders(settings, context)
    listener = await listeners.local()
    return Bench(
        settings,
        listener,
        listeners,
        mails,
        episodes,
        scripts,
        media,
        writer,
        voice,
        orders,
        database,
    )


async def wait_until(condition: Callable[[], bool], within: float = 60) -> None:
    deadline = monotonic() + within
    while not condition():
        assert monotonic() < deadline, "the condition did not become true in time"
        await asyncio.sleep(0.02)
