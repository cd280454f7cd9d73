"""Where episodes are ordered, watched, stopped and tried again."""

import asyncio
import hashlib
import json
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from types import MappingProxyType
from typing import Any
from uuid import UUID
from weakref import WeakValueDictionary

import structlog

from audiobrew.account.current_listener import Authentication
from audiobrew.db.engine import STATEMENT_ERRORS, TRANSIENT_ERRORS
from audiobrew.db.stages import ENDED, Stage
from audiobrew.episode import engine
from audiobrew.episode.brew_context import SHOW, BrewContext
from audiobrew.episode.episode import (
    ALL_TOLD,
    AlreadyEnded,
    Episode,
    NothingToBrew,
    NotRetriable,
    Order,
    Progress,
    TooManyBrews,
)
from audiobrew.episode.followers import LOOK_AGAIN_SECONDS, Follower, Followers, changes
from audiobrew.episode.quote import Quote
from audiobrew.mail.mail import MailNotFound, MailSize
from audiobrew.media.deletion_queue import Kind
from audiobrew.models.prices import millionths
from audiobrew.ops.logging import current_request_id
from audiobrew.problems import EpisodeNotFound, type_of
from audiobrew.script.order_limits import OrderLimits
from audiobrew.settings import Settings

NOTHING: Mapping[str, Any] = MappingProxyType({})
UNCHANGED_FOR = timedelta(seconds=30)
TRIES = 5
LOOKED_AT = 50
"""Mails, to say whether there are newsletters at all."""
log = structlog.get_logger()


class EpisodeOrders:
    def __init__(self, settings: Settings, context: BrewContext) -> None:
        self._settings = settings
        self._context = context
        self._episodes = context.episodes
        self._mails = context.mails
        self._results = context.results
        self.followers = Followers(context.episodes.changes, context.episodes.notifier)
        self._turns: WeakValueDictionary[UUID, asyncio.Lock] = WeakValueDictionary()
        context.deletions.register(Kind.WORKFLOW, engine.forget)

    @asynccontextmanager
    async def running(self, *, alone: bool = False, brews: bool = True) -> AsyncIterator[None]:
        """With the engine started; see `engine.engine`."""
        self._context.work.mkdir(mode=0o700, parents=True, exist_ok=True)
        async with engine.engine(self._settings, self._context, alone=alone, brews=brews):
            await self.look_after(timedelta(0))
            try:
                yield
            finally:
                await self.followers.close()

    async def start(
        self,
        listener: UUID,
        order: Order,
        key: str | None = None,
        preferred: Mapping[str, Any] = NOTHING,
    ) -> Episode:
        """Take an order on; the same order under the same key is the same episode, whatever its listener
        prefers by then. `preferred` stands in for what the order leaves out.

        Raises MinutesOutOfRange, NothingToBrew, MailNotFound, TooManyBrews, IdempotencyKeyReused.
        """
        asked, order = _asked(order), self._with(order, preferred)
        self.check(order.minutes, order.language)
        if key and (before := await self._episodes.ordered(listener, asked, key)):
            return before
        async with self._turn(listener):
            await self._check_room(listener)
            episode = await self._ordered(listener, order, asked, key)
        await self._begin(episode)
        return episode

    def _turn(self, listener: UUID) -> asyncio.Lock:
        """A listener's orders are taken one after the other: each locks the listener's row, and those that
        waited for it in the database would hold every connection, so that others got none."""
        return self._turns.setdefault(listener, asyncio.Lock())

    async def _ordered(self, listener: UUID, order: Order, asked: str, key: str | None) -> Episode:
        """Of everything new: of what is left, when some of it is deleted just then."""
        title, limit = f"{SHOW}, {order.day.isoformat()}", self._settings.brews_per_listener
        for last in [False] * (TRIES - 1) + [True]:
            complete = await self._completed(listener, order)
            try:
                return await self._episodes.order(listener, complete, title, asked, key, limit)
            except MailNotFound:
                if order.mails or last:
                    raise
        raise AssertionError("every try returns or raises")

    async def quote(
        self, listener: UUID, order: Order, preferred: Mapping[str, Any] = NOTHING
    ) -> Quote:
        """What this order would cost and be. Raises what `start` raises, and orders nothing."""
        order = self._with(order, preferred)
        self.check(order.minutes, order.language)
        return await self._context.quote(order, await self._newsletters(listener, order.mails))

    async def cancel(self, listener: UUID, id: UUID) -> Episode:
        """Raises EpisodeNotFound, AlreadyEnded."""
        episode = await self._episodes.get(listener, id)
        if not await self._episodes.end(id, Stage.CANCELLED):
            raise AlreadyEnded
        await engine.cancel(str(id), episode.attempt)
        return await self._episodes.get(listener, id)

    async def retry(self, listener: UUID, id: UUID) -> Episode:
        """Another attempt, which uses every part that is finished. Raises EpisodeNotFound, NotRetriable."""
        await self._episodes.get(listener, id)
        async with self._turn(listener):
            await self._check_room(listener)
            if not await self._episodes.reopen(listener, id, self._settings.brews_per_listener):
                raise NotRetriable
        episode = await self._episodes.get(listener, id)
        await self._begin(episode)
        return episode

    async def delete(self, listener: UUID, id: UUID) -> None:
        """Stops it if it is still brewing. Raises EpisodeNotFound."""
        episode = await self._episodes.get(listener, id)
        if await self._episodes.end(id, Stage.CANCELLED):
            await engine.cancel(str(id), episode.attempt)
        for kind, keys in (await self._episodes.delete(listener, id)).items():
            await self._context.deletions.try_now(kind, keys)

    async def stop_all(self, listener: UUID) -> None:
        """Cancel every brew of this listener's that has not ended."""
        for episode in await self._episodes.open(listener):
            await self._episodes.end(episode.id, Stage.CANCELLED)
            await engine.cancel(str(episode.id), episode.attempt)

    async def forget_old_answers(self) -> None:
        """What was made once is used again for so many days, and not longer."""
        await self._results.forget(timedelta(days=self._settings.paid_once_days))

    async def events(self, id: UUID, after: int = 0) -> AsyncIterator[Progress]:
        """See `events_for`, for whoever is not a stream."""
        try:
            listener = (await self._episodes.get_unscoped(id)).listener
        except EpisodeNotFound:
            yield Progress(after + 1, Stage.CANCELLED, 0, 0, 0, None)
            return
        with self.followers.joined(listener) as follower:
            async for progress in self.events_for(follower, id, after):
                yield progress

    async def events_for(
        self, follower: Follower, id: UUID, after: int = 0, access: Authentication | None = None
    ) -> AsyncIterator[Progress]:
        """Every state of a brew that is newer than revision `after`, until it has ended.

        States, not history: who comes back late is told where the brew is now. An episode that is
        deleted meanwhile ends as cancelled.
        """
        progress = await self._progress(id, after)
        if progress.revision > after or progress.stage in ENDED:
            after = progress.revision
            yield progress
        if progress.stage in ENDED:
            return
        check = (access.check, access.expires_at) if access else ()
        async for change in changes(follower, *check):
            for one in change if isinstance(change, list) else [change]:
                if one.id != id:
                    continue
                progress = one.progress or Progress(after + 1, Stage.CANCELLED, 0, 0, 0, None)
                if progress.revision > after:
                    after = progress.revision
                    yield progress
                if progress.stage in ENDED:
                    return

    async def _progress(self, id: UUID, after: int) -> Progress:
        """As it is now; who follows waits for a database that is away."""
        while True:
            try:
                return await self._episodes.progress(id)
            except EpisodeNotFound:
                return Progress(after + 1, Stage.CANCELLED, 0, 0, 0, None)
            except TRANSIENT_ERRORS:
                await asyncio.sleep(LOOK_AGAIN_SECONDS)

    async def look_after(self, older_than: timedelta = UNCHANGED_FOR) -> None:
        """No order is left that nobody works on.

        A crash between the row and the queue leaves one that was never begun; an engine that gave up
        leaves one that will never end. Brews that go on change their rows, and are not looked at.
        """
        open = await self._episodes.open(unchanged_for=older_than)
        states = await engine.states([(str(one.id), one.attempt) for one in open])
        for episode in open:
            id, attempt = str(episode.id), episode.attempt
            if (workflow := engine.workflow_id(id, attempt)) not in states:
                log.info("brew.enqueued_again", attempt=attempt)
                await engine.enqueue(episode.listener, id, attempt)
            elif why := states[workflow]:
                await self._episodes.end(episode.id, Stage.FAILED, str(why), type_of(type(why)))

    async def _begin(self, episode: Episode) -> None:
        """Into the queue, with word of the request that asked for it.

        The order is taken: a disk that is full or a database that fails now delays it, and `look_after`
        puts it into the queue later.
        """
        requests: dict[str, str] = {}
        try:
            requests = await self._noted(episode)
        except STATEMENT_ERRORS as error:
            log.warning("brew.request_not_noted", exc_info=error, attempt=episode.attempt)
        log.info("brew.ordered", **{**requests, "attempt": episode.attempt})
        try:
            await engine.enqueue(episode.listener, str(episode.id), episode.attempt)
        except STATEMENT_ERRORS as error:
            log.warning("brew.not_enqueued", exc_info=error, attempt=episode.attempt)

    async def _noted(self, episode: Episode) -> dict[str, str]:
        origins = self._context.request_ids
        await origins.record(episode.id, episode.attempt, current_request_id())
        return await origins.get(episode.id, episode.attempt)

    def possible(self, preferred: Mapping[str, Any]) -> dict[str, Any]:
        """What was preferred, as far as this service still can: a preference is no order."""
        least, most = self._settings.minutes_min, self._settings.minutes_max
        able = dict(preferred)
        if "minutes" in able:
            able["minutes"] = min(max(able["minutes"], least), most)
        if able.get("language") and not self._context.writer.translates:
            able["language"] = None
        return able

    def _with(self, order: Order, preferred: Mapping[str, Any]) -> Order:
        names = {"minutes", "hosts", "style", "language", "cap"}
        able = self.possible(preferred)
        return replace(order, **{name: able[name] for name in names & able.keys()})

    def check(self, minutes: int, language: str | None) -> None:
        """Whether such an episode can be made. Raises MinutesOutOfRange, CannotTranslate."""
        OrderLimits.of(self._settings, self._context.writer).check(minutes, language)

    async def _check_room(self, listener: UUID) -> None:
        if len(await self._episodes.open(listener)) >= self._settings.brews_per_listener:
            raise TooManyBrews

    def cap(self, wanted: int | None) -> int | None:
        """What an episode may cost at most: as the listener says, else as the operator does."""
        return wanted if wanted is not None else millionths(self._settings.cap_usd)

    async def _completed(self, listener: UUID, order: Order) -> Order:
        """With its mails, its cap and what it is expected to cost."""
        mails = await self._newsletters(listener, order.mails)
        quote = await self._context.quote(order, mails)
        ids = tuple(mail.id for mail in mails)
        return replace(order, mails=ids, cap=self.cap(order.cap), quoted=quote.amount)

    async def _newsletters(self, listener: UUID, ids: Sequence[UUID]) -> Sequence[MailSize]:
        """Raises MailNotFound, NothingToBrew."""
        if not ids:
            chosen = await self._mails.list_new_sizes(listener)
        else:
            mails = await self._mails.get_sizes(listener, list(dict.fromkeys(ids)))
            if len(mails) < len(set(ids)):
                raise MailNotFound
            chosen = [mail for mail in mails if mail.bulk]
        if not chosen:
            here = () if ids else await self._mails.list(listener, LOOKED_AT, None)
            raise NothingToBrew(ALL_TOLD if any(one.newsletter.bulk for one in here) else "")
        return chosen


def _asked(order: Order) -> str:
    """A hash of the order without its day: the same order is the same one tomorrow."""
    told = [
        sorted(map(str, order.mails)),
        order.minutes,
        order.title,
        order.hosts,
        order.style,
        order.language,
        order.cap,
    ]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()
