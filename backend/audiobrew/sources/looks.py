"""Looks at every source that is due, in the background, in turns.

A lock of each source (see `models/key_locks.py`) keeps two processes from reading the same one. Mails are
stored together with the place after them, so a look that is killed loses one batch at most, and no mail
comes twice.
"""

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import Any
from uuid import UUID

import structlog
from anyio import CancelScope

from audiobrew.db.engine import DATABASE_ERRORS, TRANSIENT_ERRORS
from audiobrew.inbox.rules import ListenerRule, find_mark, list_rules
from audiobrew.inbox.store import MailStore, mail_id
from audiobrew.mail.mail import InboxFull
from audiobrew.mail.newsletter import Newsletter
from audiobrew.mail.parsing.parser import MailParser, ParseStopped
from audiobrew.mail.source_mail import MailTooLarge, UnreadableMail
from audiobrew.models.key_locks import KeyLock, KeyLockLost, KeyLocks
from audiobrew.ops import metrics
from audiobrew.ops.calls import gather_all
from audiobrew.ops.task_locks import TaskLocks
from audiobrew.problems import Problem, SignInNeeded
from audiobrew.sources.gmail.token_cipher import DecryptionFailed
from audiobrew.sources.source import (
    Cursor,
    LookStopped,
    MailSource,
    ServerUnreachable,
    SourceKind,
    SourceReader,
    SourceState,
    SourceTrouble,
)
from audiobrew.sources.source_mails import link_mails, list_linkable
from audiobrew.sources.store import SourceStore, save_progress

LOOK_SECONDS = 15.0  # between two searches for due sources
AT_ONCE = 4  # sources that one process reads at a time, of different listeners
TURN_SECONDS, RUN_SECONDS = 30.0, 600.0
# A turn that lasts longer hangs, and one look at all of a listener's sources before a scheduled brew.
MAX_TURN_SECONDS, ALL_SECONDS = 240.0, 60.0
# A source that fails is looked at again after this time, which doubles up to the longest.
RETRY_FIRST, RETRY_LONGEST = timedelta(minutes=5), timedelta(hours=6)
LOCK_WAIT_SECONDS = 0.2
# States in which a source is not read before a scheduled brew.
NOT_BEFORE_BREWS = (SourceState.STOPPED, SourceState.TROUBLE, SourceState.PAUSED)
log = structlog.get_logger()


class SourceLooks:
    """`readers`: how each kind is read."""

    def __init__(
        self,
        store: SourceStore,
        mails: MailStore,
        parser: MailParser,
        locks: KeyLocks,
        readers: Mapping[SourceKind, SourceReader],
    ) -> None:
        self._store = store
        self._mails = mails
        self._parser = parser
        self._locks = locks
        self._readers = readers
        # Of listeners who wait for the same source.
        self._task_locks = TaskLocks[UUID]()

    async def run(self) -> None:
        """Look at what is due, until nothing is left, or for `RUN_SECONDS`."""
        await gather_all(self._work() for _ in range(AT_ONCE))

    async def look_at_all(self, listener: UUID) -> None:
        """Look at all sources of a listener now, for scheduled brews. One in trouble is left out, and what
        does not answer in time: an episode does not wait for it."""
        with suppress(TimeoutError, Problem, *DATABASE_ERRORS):
            async with asyncio.timeout(ALL_SECONDS):
                for source in await self._store.list(listener):
                    is_readable = source.kind in self._readers
                    if is_readable and source.state not in NOT_BEFORE_BREWS:
                        await self._look(source)

    async def read(self, source: MailSource, reader: SourceReader) -> None:
        """Read a source to its end while its listener waits. Its state stays.

        Raises what the reader raises, and LookStopped if the source was removed or paused meanwhile.
        """
        async with self._task_locks.get(source.id):
            lock = await self._acquire(source)
            while lock is None:
                await asyncio.sleep(LOCK_WAIT_SECONDS)
                lock = await self._acquire(source)
            try:
                has_more = True
                while has_more:
                    current = await self._store.find(source.id)
                    if current is None:
                        raise LookStopped
                    delivery = self._delivery(current, lock)
                    has_more = await reader.look(current, self._secret(current, reader), delivery)
            finally:
                await self._release(lock)
                await self._store.record(source, position=0, total=0)

    async def _work(self) -> None:
        end = monotonic() + RUN_SECONDS
        while monotonic() < end and await self._look_at_one():
            pass

    async def _look_at_one(self) -> bool:
        """Returns False if nothing is due that no other process reads."""
        for source in await self._store.due(4 * AT_ONCE):
            if await self._look(source, is_due=True):
                return True
        return False

    async def _look(self, source: MailSource, *, is_due: bool = False) -> bool:
        """One turn, with `is_due` only if no other one came before. Returns False if another process reads
        this source."""
        lock = await self._acquire(source)
        if lock is None:
            return False
        try:
            # Another process may have looked, or the listener changed something, since it was listed.
            if current := await self._store.find(source.id, is_due=is_due):
                await self._take_turn(current, lock)
        finally:
            await self._release(lock)
        return True

    async def _acquire(self, source: MailSource) -> KeyLock | None:
        return await self._locks.acquire(source.listener, f"source-{source.id}")

    async def _release(self, lock: KeyLock) -> None:
        with CancelScope(shield=True), suppress(Problem, *DATABASE_ERRORS):
            await self._locks.release(lock)

    def _delivery(self, source: MailSource, lock: KeyLock) -> "SourceDelivery":
        return SourceDelivery(source, self._store, self._mails, self._parser, self._locks, lock)

    def _secret(self, source: MailSource, reader: SourceReader) -> str:
        """Raises SourceTrouble."""
        try:
            return self._store.password(source)
        except DecryptionFailed:
            raise reader.secret_lost from None

    async def _take_turn(self, source: MailSource, lock: KeyLock) -> None:
        reader = self._readers[source.kind]
        delivery = self._delivery(source, lock)
        begun = datetime.now(UTC)
        started: dict[str, Any] = {"state": SourceState.READING, "looked_at": begun}
        if source.state is not SourceState.READING:  # a new look, not the next turn of a long one
            started["new_mails"] = 0
        await self._store.record(source, **started)
        try:
            secret = self._secret(source, reader)
            async with asyncio.timeout(MAX_TURN_SECONDS):
                has_more = await reader.look(source, secret, delivery)
        except TimeoutError:
            await self._record_trouble(source, ServerUnreachable())
        except (LookStopped, KeyLockLost, SignInNeeded):
            return
        except (SourceTrouble, InboxFull) as problem:
            await self._record_trouble(source, problem)
        except (Problem, *TRANSIENT_ERRORS) as problem:
            log.warning("source.waits", kind=source.kind, error=type(problem).__name__)
            await self._store.record(
                source,
                state=SourceState.WAITING,
                next_at=datetime.now(UTC) + RETRY_FIRST,
            )
        except Exception as error:
            log.error("source.crashed", kind=source.kind, exc_info=error)
            metrics.SOURCE_LOOKS.labels(source.kind, "crashed").inc()
            await self._record_trouble(source, SourceTrouble(CRASHED))
        else:
            await self._record_success(source, has_more=has_more, every=reader.every)

    async def _record_success(
        self, source: MailSource, *, has_more: bool, every: timedelta
    ) -> None:
        now = datetime.now(UTC)
        if has_more:
            await self._store.record(source, next_at=now, failures=0)
            return
        metrics.SOURCE_LOOKS.labels(source.kind, "succeeded").inc()
        await self._store.record(
            source,
            state=SourceState.UP_TO_DATE,
            trouble=None,
            trouble_type=None,
            failures=0,
            next_at=now + every,
            succeeded_at=now,
            position=0,
            total=0,
        )

    async def _record_trouble(self, source: MailSource, problem: Problem) -> None:
        """A source that needs its listener stops; any other one is looked at again later and later."""
        metrics.SOURCE_LOOKS.labels(source.kind, "failed").inc()
        log.info("source.failed", kind=source.kind, error=type(problem).__name__)
        stops = isinstance(problem, InboxFull) or getattr(problem, "needs_listener", False)
        wait = min(RETRY_FIRST * 2 ** min(source.failures, 10), RETRY_LONGEST)
        wait = max(wait, getattr(problem, "retry_after", None) or wait)
        await self._store.record(
            source,
            state=SourceState.STOPPED if stops else SourceState.TROUBLE,
            trouble=str(problem),
            trouble_type=f"/problems/{problem.type}",
            failures=source.failures + 1,
            next_at=None if stops else datetime.now(UTC) + wait,
            position=0,
            total=0,
        )


CRASHED = "AudioBrew could not read this source. It tries again later."


class SourceDelivery:
    """Parses and stores the mails of one turn; see `source.Delivery`."""

    def __init__(
        self,
        source: MailSource,
        store: SourceStore,
        mails: MailStore,
        parser: MailParser,
        locks: KeyLocks,
        lock: KeyLock,
    ) -> None:
        self._source = source
        self._store = store
        self._mails = mails
        self._parser = parser
        self._locks = locks
        self._lock = lock
        self._end = monotonic() + TURN_SECONDS

    @property
    def is_over(self) -> bool:
        """See `Delivery.is_over`."""
        return monotonic() > self._end

    async def store(
        self, mails: Sequence[bytes], cursor: Cursor, position: int, total: int
    ) -> Sequence[UUID | None]:
        """See `Delivery.store`."""
        listener = self._source.listener
        parsed_mails = await gather_all(map(self._parse, mails))
        async with self._store.engine.connect() as database:
            rules = await list_rules(database, listener)
        newsletters = [
            newsletter if newsletter and self._is_wanted(newsletter, rules) else None
            for newsletter in parsed_mails
        ]
        prepared = await self._mails.prepare(listener, filter(None, newsletters))
        async with self._store.engine.begin() as database:
            ids = await list_linkable(database, [mail.id for mail in prepared])
            added = await self._mails.insert(database, listener, prepared)
            await link_mails(database, self._source.id, ids)
            await self._locks.renew_within(database, self._lock)
            if not await save_progress(database, self._source.id, cursor, added, position, total):
                raise LookStopped
        return [
            mail_id(listener, newsletter.digest) if newsletter else None
            for newsletter in newsletters
        ]

    def _is_wanted(self, newsletter: Newsletter, rules: Sequence[ListenerRule]) -> bool:
        """Whether a mail is a newsletter, by the listener's rules or else by its headers; or the source
        keeps all mails."""
        mark = find_mark(newsletter, rules)
        is_newsletter = newsletter.bulk if mark is None else mark
        return is_newsletter or bool(self._source.config.get("keeps_others"))

    async def _parse(self, raw: bytes) -> Newsletter | None:
        """None for a mail that cannot be read, also the second time if its parser was stopped. Raises
        ParserUnavailable."""
        with suppress(UnreadableMail, MailTooLarge):
            try:
                return await self._parser.parse(lambda: raw)
            except ParseStopped:
                return await self._parser.parse(lambda: raw)
        return None
