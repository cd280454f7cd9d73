"""Everybody in this process who follows episodes: one loop asks the database for all of them.

Each follower has a place for the latest state of each episode. One that reads slowly misses states in
between, and no state is the last one that it hears of.
"""

import asyncio
import random
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from time import monotonic
from types import MappingProxyType
from uuid import UUID

import structlog

from audiobrew.db.engine import TRANSIENT_ERRORS
from audiobrew.db.stages import ENDED
from audiobrew.episode.change_log import EpisodeChanges
from audiobrew.episode.episode import EpisodeChange
from audiobrew.episode.notifier import EpisodeNotifier
from audiobrew.ops import metrics
from audiobrew.problems import Problem, SignInNeeded

# An app in the field opens one for each brew: ten brews in four tabs.
STREAMS_PER_LISTENER = 40
STREAMS_PER_PROCESS = 4000
# For what other processes changed; what this one did is looked up at once.
LOOK_EVERY_SECONDS = 0.5
LOOK_AT_MOST_EVERY_SECONDS = 0.1
# After the database had no answer.
LOOK_AGAIN_SECONDS = 1.0
# A change is stamped before it is committed, by a clock that may differ from ours.
OVERLAP = timedelta(seconds=5)
# Whatever was committed later than that is found by comparing all that is believed to be open.
COMPARE_EVERY_SECONDS = 15.0
# Whether a follower is still signed in; so long after a sign-out elsewhere a stream may live.
CHECK_EVERY_SECONDS = 60.0
MOST_PENDING = 1000
Check = Callable[[], Awaitable[object]]
log = structlog.get_logger()


class TooManyStreams(Problem):
    """You follow your episodes in too many places at once. Close some tabs or apps, then try again."""

    type = "too-many-streams"
    status = HTTPStatus.TOO_MANY_REQUESTS
    headers = MappingProxyType({"Retry-After": "30"})


class Follower:
    """One event stream. `changes` yields what changed, a snapshot of all open brews first."""

    def __init__(self, listener: UUID) -> None:
        self.listener = listener
        self.ended = False
        self.wants_snapshot = True
        self._snapshot: list[EpisodeChange] | None = None
        self._pending: dict[UUID, EpisodeChange] = {}
        self._wake = asyncio.Event()

    def begin(self, snapshot: Iterable[EpisodeChange]) -> None:
        self.wants_snapshot = False
        self._pending.clear()
        self._snapshot = list(snapshot)
        self._wake.set()

    def put(self, change: EpisodeChange) -> None:
        """In place of what was to be said of this episode before."""
        self._pending.pop(change.id, None)
        self._pending[change.id] = change
        if len(self._pending) > MOST_PENDING:
            self._pending.clear()
            self.wants_snapshot = True
        self._wake.set()

    def end(self) -> None:
        self.ended = True
        self._wake.set()

    async def next(self, seconds: float) -> list[EpisodeChange] | EpisodeChange | None:
        """A snapshot (a list), a change, or None after so many seconds, or when the stream is to end."""
        if not self._pending and self._snapshot is None and not self.ended:
            self._wake.clear()
            try:
                async with asyncio.timeout(seconds):
                    await self._wake.wait()
            except TimeoutError:
                return None
        if self._snapshot is not None:
            snapshot, self._snapshot = self._snapshot, None
            return snapshot
        return self._pending.pop(next(iter(self._pending))) if self._pending else None


class Followers:
    """The followers of one process, on one event loop."""

    def __init__(self, changes: EpisodeChanges, notifier: EpisodeNotifier) -> None:
        self._changes, self._notifier = changes, notifier
        self._following: defaultdict[UUID, set[Follower]] = defaultdict(set)
        self._known: defaultdict[UUID, dict[UUID, tuple[int, bool]]] = defaultdict(dict)
        """By listener and episode: the last revision that was told, and whether the brew is open."""
        self._deleted: dict[UUID, float] = {}
        self._loop: asyncio.Task[None] | None = None
        self._compared_at = 0.0

    def __len__(self) -> int:
        return sum(map(len, self._following.values()))

    @contextmanager
    def joined(self, listener: UUID) -> Iterator[Follower]:
        """One more follower, until the end of the block. Raises TooManyStreams."""
        if len(self._following.get(listener, ())) >= STREAMS_PER_LISTENER:
            raise TooManyStreams
        if len(self) >= STREAMS_PER_PROCESS:
            raise TooManyStreams(
                "Too many people follow episodes right now. Try again in a moment."
            )
        follower = Follower(listener)
        self._following[listener].add(follower)
        metrics.STREAMS.inc()
        self._start()
        try:
            yield follower
        finally:
            metrics.STREAMS.dec()
            self._leave(follower)

    def end_all(self) -> None:
        """The process stops: every stream ends now, and its client asks the next process."""
        for follower in [one for some in self._following.values() for one in some]:
            follower.end()

    async def close(self) -> None:
        """Nobody is told anything any more."""
        self.end_all()
        if self._loop:
            self._loop.cancel()
            await asyncio.gather(self._loop, return_exceptions=True)

    def _leave(self, follower: Follower) -> None:
        followers = self._following[follower.listener]
        followers.discard(follower)
        if not followers:
            del self._following[follower.listener]
            self._known.pop(follower.listener, None)

    def _start(self) -> None:
        self._notifier.notify()
        if self._loop is None or self._loop.done():
            self._loop = asyncio.create_task(self._follow())

    async def _follow(self) -> None:
        """While anybody follows."""
        while self._following:
            began = monotonic()
            try:
                await self._look()
            except Exception as error:  # the next look may do better, and must come
                if not isinstance(error, (Problem, OSError, *TRANSIENT_ERRORS)):
                    log.error("followers.missed", exc_info=error)
                await asyncio.sleep(LOOK_AGAIN_SECONDS)
                continue
            await self._notifier.wait(LOOK_EVERY_SECONDS)
            await asyncio.sleep(max(0.0, began + LOOK_AT_MOST_EVERY_SECONDS - monotonic()))

    async def _look(self) -> None:
        """The snapshots that are wanted, then what changed."""
        now = monotonic()
        await self._begin_new_ones()
        for change in await self._changes.since(datetime.now(UTC) - OVERLAP):
            self._tell(change, now)
        if now - self._compared_at >= COMPARE_EVERY_SECONDS:
            self._compared_at = now
            await self._compare(now)

    async def _begin_new_ones(self) -> None:
        new = [one for some in self._following.values() for one in some if one.wants_snapshot]
        if not new:
            return
        brews = defaultdict(list)
        for change in await self._changes.open(list({one.listener for one in new})):
            brews[change.listener].append(change)
        for follower in new:
            for change in brews[follower.listener]:
                self._tell(change, monotonic())
            follower.begin(brews[follower.listener])

    async def _compare(self, now: float) -> None:
        """What is believed to be open with what is; and who is leaving with who follows."""
        for listener in await self._changes.leaving() & self._following.keys():
            for follower in self._following[listener]:
                follower.end()
        believed = {
            id: listener
            for listener, known in self._known.items()
            for id, (_, is_open) in known.items()
            if is_open
        }
        found = await self._changes.now(list(believed))
        for change in [*found, *await self._changes.open(list(self._following))]:
            self._tell(change, now)
        for id in believed.keys() - {change.id for change in found}:
            self._tell(EpisodeChange(believed[id], id, None), now)
        self._deleted = {id: at for id, at in self._deleted.items() if now - at < 60}

    def _tell(self, change: EpisodeChange, now: float) -> None:
        """To the listener's followers, if it is news."""
        followers = self._following.get(change.listener)
        if not followers:
            return
        known = self._known[change.listener]
        if change.progress is None:
            if change.id in self._deleted:
                return
            self._deleted[change.id] = now
            known.pop(change.id, None)
        else:
            revision, _ = known.get(change.id, (0, False))
            if change.progress.revision <= revision:
                return
            known[change.id] = (change.progress.revision, change.progress.stage not in ENDED)
        for follower in followers:
            follower.put(change)


async def changes(
    follower: Follower, check: Check | None = None, expires_at: datetime | None = None
) -> AsyncIterator[list[EpisodeChange] | EpisodeChange]:
    """What is told to a follower: the open brews as a list, then each change.

    Ends when the follower's sign-in does: at `expires_at`, or at most CHECK_EVERY_SECONDS after `check`
    would refuse it.
    """
    check_at = monotonic() + CHECK_EVERY_SECONDS * random.uniform(0.5, 1.0)  # noqa: S311 -- spreads them
    while not follower.ended:
        left = (
            (expires_at - datetime.now(UTC)).total_seconds() if expires_at else CHECK_EVERY_SECONDS
        )
        if left <= 0:
            return
        if check and monotonic() >= check_at:
            if not await _is_signed_in(check):
                return
            check_at = monotonic() + CHECK_EVERY_SECONDS
        change = await follower.next(min(left, max(check_at - monotonic(), 0.0)))
        if change is not None:
            yield change


async def _is_signed_in(check: Check) -> bool:
    """While nobody can tell, the stream goes on until the next check."""
    try:
        await check()
    except SignInNeeded:
        return False
    except (Problem, OSError, *TRANSIENT_ERRORS):
        log.warning("followers.unchecked")
    return True
