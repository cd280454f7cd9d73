"""Ordering, following, cancelling, retrying and deleting episodes."""

import hashlib
import json
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from itertools import repeat
from types import MappingProxyType
from typing import TYPE_CHECKING, Any
from uuid import UUID

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
    NotInReview,
    NotRetriable,
    Order,
    Progress,
    TooManyBrews,
)
from audiobrew.episode.followers import LOOK_AGAIN_SECONDS, Follower, Followers, changes
from audiobrew.episode.quote import Quote, casts_of
from audiobrew.episode.script_store import StoredScript
from audiobrew.mail.mail import MailNotFound, MailSize
from audiobrew.media.deletion_queue import Kind
from audiobrew.models.prices import millionths
from audiobrew.ops.calls import retry
from audiobrew.ops.logging import current_request_id
from audiobrew.ops.task_locks import TaskLocks
from audiobrew.problems import EpisodeNotFound, type_of
from audiobrew.script.order_limits import OrderLimits
from audiobrew.script.writer import HostRoles
from audiobrew.settings import Settings

if TYPE_CHECKING:
    from audiobrew.episode.review import ReviewEstimate

NOTHING: Mapping[str, Any] = MappingProxyType({})
# An open episode whose row did not change for this time may be stalled.
UNCHANGED_FOR = timedelta(seconds=30)
TRIES = 5
# Mails that are looked through to find out whether the listener has any newsletter.
RECENT_MAILS = 50
log = structlog.get_logger()


class EpisodeOrders:
    """What a listener can do with episodes, and the repair of orders that nobody works on."""

    def __init__(self, settings: Settings, context: BrewContext) -> None:
        self._settings = settings
        self._context = context
        self._episodes = context.episodes
        self._mails = context.mails
        self._results = context.results
        self.followers = Followers(context.episodes.changes, context.episodes.notifier)
        # One order of a listener at a time. Each order locks the listener's row; if orders waited for it in
        # the database, they would hold all connections, and other listeners would get none.
        self._listener_locks = TaskLocks[UUID]()
        context.deletions.register(Kind.WORKFLOW, engine.forget)

    @asynccontextmanager
    async def running(self, *, alone: bool = False, brews: bool = True) -> AsyncIterator[None]:
        """Run the engine within this block; see `engine.engine`."""
        self._context.work.mkdir(mode=0o700, parents=True, exist_ok=True)
        async with engine.engine(self._settings, self._context, alone=alone, brews=brews):
            await self.recover_stalled(timedelta(0))
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
        """Take an order. `preferred` are preferences for the fields that the order leaves out.

        The same order under the same idempotency `key` returns the same episode, even if the listener's
        preferences have changed in between.

        Raises MinutesOutOfRange, CannotTranslate, NothingToBrew, MailNotFound, TooManyBrews,
        IdempotencyKeyReused.
        """
        request_hash, order = _hash_of(order), self._with_preferences(order, preferred)
        self.check_limits(order.minutes, order.language)
        if key and (earlier := await self._episodes.find_by_key(listener, request_hash, key)):
            return earlier
        async with self._listener_locks.get(listener):
            await self._check_open_brews(listener)
            episode = await self._insert(listener, order, request_hash, key)
        await self._enqueue(episode)
        return episode

    async def _insert(
        self, listener: UUID, order: Order, request_hash: str, key: str | None
    ) -> Episode:
        """Store the order. If a mail is deleted meanwhile, an order of everything new is tried again."""
        title, limit = f"{SHOW}, {order.day.isoformat()}", self._settings.brews_per_listener

        async def insert() -> Episode:
            complete = await self._complete(listener, order)
            return await self._episodes.order(listener, complete, title, request_hash, key, limit)

        return await retry(insert, [] if order.mails else [0] * (TRIES - 1), MailNotFound)

    async def quote(
        self, listener: UUID, order: Order, preferred: Mapping[str, Any] = NOTHING
    ) -> Quote:
        """What this order would cost and how long it could be. Orders nothing.

        Raises MinutesOutOfRange, CannotTranslate, NothingToBrew, MailNotFound.
        """
        order = self._with_preferences(order, preferred)
        self.check_limits(order.minutes, order.language)
        return await self._context.quote(order, await self._newsletters(listener, order.mails))

    async def missing_voices(self, episode: Episode) -> list[str]:
        """Better voices for this episode that the service lacks, and how to get them."""
        ids = await self._episodes.mails(episode.id)
        mails = await self._mails.get_sizes(episode.listener, ids)
        casts = casts_of(mails, episode.asked_language, self._context.voice)
        return list(dict.fromkeys(cast.note for cast in casts.values() if cast.note))

    async def cancel(self, listener: UUID, id: UUID) -> Episode:
        """Stop a brew. Raises EpisodeNotFound, AlreadyEnded."""
        episode = await self._episodes.get(listener, id)
        if not await self._episodes.end(id, Stage.CANCELLED):
            raise AlreadyEnded
        await engine.cancel(str(id), episode.attempt)
        return await self._episodes.get(listener, id)

    async def retry(self, listener: UUID, id: UUID) -> Episode:
        """Start another attempt, which uses the finished parts.

        Raises EpisodeNotFound, NotRetriable, TooManyBrews.
        """
        await self._episodes.get(listener, id)
        async with self._listener_locks.get(listener):
            await self._check_open_brews(listener)
            if not await self._episodes.reopen(listener, id, self._settings.brews_per_listener):
                raise NotRetriable
        episode = await self._episodes.get(listener, id)
        await self._enqueue(episode)
        return episode

    async def approve(self, listener: UUID, id: UUID) -> Episode:
        """Speak a script that the listener has read. Raises EpisodeNotFound, NotInReview, TooManyBrews."""
        await self._episodes.get(listener, id)
        async with self._listener_locks.get(listener):
            if not await self._episodes.approve(listener, id, self._settings.brews_per_listener):
                raise NotInReview
        episode = await self._episodes.get(listener, id)
        await self._enqueue(episode)
        return episode

    async def edit(
        self, listener: UUID, id: UUID, number: int, text: str | None, removed: bool | None
    ) -> None:
        """Change a sentence of a script in review; see `edit_sentence`."""
        from audiobrew.episode.review import edit_sentence  # loads the gate

        episode = await self._episodes.get(listener, id)
        await edit_sentence(self._context, episode, number, text, removed)

    async def estimate(self, episode: Episode, script: StoredScript) -> "ReviewEstimate | None":
        """The length and the cost of a script in review; None for others."""
        if episode.stage is not Stage.REVIEW:
            return None
        from audiobrew.episode.review import estimate_review  # loads the gate

        return await estimate_review(self._context, episode, script)

    async def delete(self, listener: UUID, id: UUID) -> None:
        """Delete an episode; if it is being brewed, stop that first. Raises EpisodeNotFound."""
        episode = await self._episodes.get(listener, id)
        if await self._episodes.end(id, Stage.CANCELLED):
            await engine.cancel(str(id), episode.attempt)
        for kind, keys in (await self._episodes.delete(listener, id)).items():
            await self._context.deletions.try_now(kind, keys)

    async def stop_all(self, listener: UUID) -> None:
        """Cancel every brew of this listener that has not ended."""
        for episode in await self._episodes.open(listener):
            await self._episodes.end(episode.id, Stage.CANCELLED)
            await engine.cancel(str(episode.id), episode.attempt)

    async def delete_old_results(self) -> None:
        """Delete results of model calls that are older than the operator allows."""
        await self._results.delete_older(timedelta(days=self._settings.paid_once_days))

    async def events(self, id: UUID, after: int = 0) -> AsyncIterator[Progress]:
        """`events_for` without a follower: for callers within this process."""
        try:
            listener = (await self._episodes.get_unscoped(id)).listener
        except EpisodeNotFound:
            yield Progress(after + 1, Stage.CANCELLED, 0, 0, 0, None)
            return
        with self.followers.join(listener) as follower:
            async for progress in self.events_for(follower, id, after):
                yield progress

    async def events_for(
        self, follower: Follower, id: UUID, after: int = 0, access: Authentication | None = None
    ) -> AsyncIterator[Progress]:
        """The states of a brew that are newer than revision `after`, until it has ended.

        States may be skipped, but never the last one. An episode that is deleted meanwhile ends as cancelled.
        """
        progress = await self._progress(id, after)
        if progress.revision > after or progress.stage in ENDED:
            after = progress.revision
            yield progress
        if progress.stage in ENDED:
            return
        check = (access.check, access.expires_at) if access else ()
        async for update in changes(follower, *check):
            for change in update if isinstance(update, list) else [update]:
                if change.id != id:
                    continue
                progress = change.progress or Progress(after + 1, Stage.CANCELLED, 0, 0, 0, None)
                if progress.revision > after:
                    after = progress.revision
                    yield progress
                if progress.stage in ENDED:
                    return

    async def _progress(self, id: UUID, after: int) -> Progress:
        """The present progress. Waits for a database that is away."""
        try:
            return await retry(
                lambda: self._episodes.progress(id), repeat(LOOK_AGAIN_SECONDS), *TRANSIENT_ERRORS
            )
        except EpisodeNotFound:
            return Progress(after + 1, Stage.CANCELLED, 0, 0, 0, None)

    async def recover_stalled(self, older_than: timedelta = UNCHANGED_FOR) -> None:
        """Repair open episodes that nobody works on.

        A process that crashes between the row and the queue leaves an episode that never starts: enqueue
        it. An engine that gave up leaves one that never ends: end it as failed. The row of a running brew
        changes, so only rows that did not change for `older_than` are looked at.
        """
        stalled = await self._episodes.open(unchanged_for=older_than)
        states = await engine.states([(str(one.id), one.attempt) for one in stalled])
        for episode in stalled:
            id, attempt = str(episode.id), episode.attempt
            if (workflow := engine.workflow_id(id, attempt)) not in states:
                log.info("brew.enqueued_again", attempt=attempt)
                await engine.enqueue(episode.listener, id, attempt)
            elif problem := states[workflow]:
                trouble_type = type_of(type(problem))
                await self._episodes.end(episode.id, Stage.FAILED, str(problem), trouble_type)

    async def _enqueue(self, episode: Episode) -> None:
        """Put the episode into the queue, and record the request that ordered it.

        The order is already stored. If the disk is full or the database fails now, `recover_stalled` enqueues
        it later.
        """
        requests: dict[str, str] = {}
        try:
            request_ids = self._context.request_ids
            await request_ids.record(episode.id, episode.attempt, current_request_id())
            requests = await request_ids.get(episode.id, episode.attempt)
        except STATEMENT_ERRORS as error:
            log.warning("brew.request_not_noted", exc_info=error, attempt=episode.attempt)
        log.info("brew.ordered", **{**requests, "attempt": episode.attempt})
        try:
            await engine.enqueue(episode.listener, str(episode.id), episode.attempt)
        except STATEMENT_ERRORS as error:
            log.warning("brew.not_enqueued", exc_info=error, attempt=episode.attempt)

    def possible_preferences(self, preferred: Mapping[str, Any]) -> dict[str, Any]:
        """The preferences, adjusted to what this service can do now. An order would be refused instead."""
        least, most = self._settings.minutes_min, self._settings.minutes_max
        possible = dict(preferred)
        if "minutes" in possible:
            possible["minutes"] = min(max(possible["minutes"], least), most)
        if possible.get("language") and not self._context.writer.translates:
            possible["language"] = None
        return possible

    def _with_preferences(self, order: Order, preferred: Mapping[str, Any]) -> Order:
        names = {
            "minutes",
            "hosts",
            "style",
            "language",
            "cap",
            "interests",
            "host_names",
            "host_roles",
            "sounds",
        }
        possible = self.possible_preferences(preferred)
        return replace(order, **{name: possible[name] for name in names & possible.keys()})

    def check_limits(self, minutes: int, language: str | None) -> None:
        """Check that such an episode can be made. Raises MinutesOutOfRange, CannotTranslate."""
        OrderLimits.of(self._settings, self._context.writer).check(minutes, language)

    async def _check_open_brews(self, listener: UUID) -> None:
        """Raises TooManyBrews."""
        if len(await self._episodes.open(listener)) >= self._settings.brews_per_listener:
            raise TooManyBrews

    def effective_cap(self, cap: int | None) -> int | None:
        """The listener's cap, else the operator's, in millionths of a dollar. None: no limit."""
        return cap if cap is not None else millionths(self._settings.cap_usd)

    async def _complete(self, listener: UUID, order: Order) -> Order:
        """The order with its mails, its cap, its sounds and its expected cost."""
        mails = await self._newsletters(listener, order.mails)
        quote = await self._context.quote(order, mails)
        ids = tuple(mail.id for mail in mails)
        return replace(
            order,
            mails=ids,
            mails_chosen=bool(order.mails),
            cap=self.effective_cap(order.cap),
            sounds=self._context.has_sounds(order.sounds),
            quoted=quote.amount,
        )

    async def _newsletters(self, listener: UUID, ids: Sequence[UUID]) -> Sequence[MailSize]:
        """These mails, newsletters or not; without ids, every newsletter that no episode has told.

        Raises MailNotFound, NothingToBrew.
        """
        if not ids:
            newsletters = await self._mails.list_new_sizes(listener)
        else:
            newsletters = await self._mails.get_sizes(listener, list(dict.fromkeys(ids)))
            if len(newsletters) < len(set(ids)):
                raise MailNotFound
        if not newsletters:
            recent = await self._mails.list(listener, RECENT_MAILS, None)
            raise NothingToBrew(ALL_TOLD if any(one.newsletter.bulk for one in recent) else "")
        return newsletters


def _hash_of(order: Order) -> str:
    """A hash of the order without its day, so that the same order has the same hash tomorrow.

    What was added later is part of the hash only if it is ordered: an order that was placed before has the
    same hash as today.
    """
    more = [order.interests, list(order.host_names)] if order.interests or order.host_names else []
    fields = [
        sorted(map(str, order.mails)),
        order.minutes,
        order.title,
        order.hosts,
        order.style,
        order.language,
        order.cap,
        *more,
        *(["review"] if order.review else []),
        *(["sounds", order.sounds] if order.sounds is not None else []),
        *([order.host_roles] if order.host_roles is not HostRoles.SHARED else []),
    ]
    return hashlib.sha256(json.dumps(fields).encode()).hexdigest()
