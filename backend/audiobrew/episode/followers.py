"""The event streams of this process. One loop asks the database for all of them.

Each follower holds the latest state of each episode until its stream sends it. A slow stream skips states in
between, but never the last one.
"""

import asyncio
import random
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
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
from audiobrew.episode.time_left import TimeLeft
from audiobrew.ops import metrics
from audiobrew.problems import Problem, SignInNeeded

# The web app opens one stream for each browser; other clients may open one for each brew.
STREAMS_PER_LISTENER = 40
STREAMS_PER_PROCESS = 4000
# How soon changes by other processes are found. Changes by this process are looked up at once.
LOOK_EVERY_SECONDS = 0.5
LOOK_AT_MOST_EVERY_SECONDS = 0.1
# The wait after the database did not answer.
LOOK_AGAIN_SECONDS = 1.0
# A change gets its time before it is committed, from a clock that may differ from ours.
OVERLAP = timedelta(seconds=5)
# Finds changes that were committed even later, by comparing all episodes that we believe to be open.
COMPARE_EVERY_SECONDS = 15.0
# How often a follower's sign-in is checked. A stream can outlive a sign-out elsewhere by this time.
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
    """One event stream. The function `changes` yields its changes, after a snapshot of the open brews."""

    def __init__(self, listener: UUID) -> None:
        self.listener = listener
        self.ended = False
        self.wants_snapshot = True
        self._snapshot: list[EpisodeChange] | None = None
        self._pending: dict[UUID, EpisodeChange] = {}
        self._wake = asyncio.Event()

    def begin(self, snapshot: Iterable[EpisodeChange]) -> None:
        """Start with this snapshot; pending changes are part of it."""
        self.wants_snapshot = False
        self._pending.clear()
        self._snapshot = list(snapshot)
        self._wake.set()

    def put(self, change: EpisodeChange) -> None:
        """Replace what is pending for this episode."""
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
        """A snapshot (a list) or a change. None after `seconds`, or if the stream is to end."""
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
        # By listener and episode: the last revision that was sent, and whether the brew is open.
        self._last_states: defaultdict[UUID, dict[UUID, tuple[int, bool]]] = defaultdict(dict)
        self._deleted: dict[UUID, float] = {}
        self._loop: asyncio.Task[None] | None = None
        self._compared_at = 0.0

    def __len__(self) -> int:
        return sum(map(len, self._following.values()))

    @contextmanager
    def join(self, listener: UUID) -> Iterator[Follower]:
        """Add a follower until the end of the block. Raises TooManyStreams."""
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
        """End all streams because the process stops. Their clients connect to another process."""
        for follower in [one for some in self._following.values() for one in some]:
            follower.end()

    async def close(self) -> None:
        """End all streams, and stop the loop."""
        self.end_all()
        if self._loop:
            self._loop.cancel()
            await asyncio.gather(self._loop, return_exceptions=True)

    def _leave(self, follower: Follower) -> None:
        followers = self._following[follower.listener]
        followers.discard(follower)
        if not followers:
            del self._following[follower.listener]
            self._last_states.pop(follower.listener, None)

    def _start(self) -> None:
        self._notifier.notify()
        if self._loop is None or self._loop.done():
            self._loop = asyncio.create_task(self._follow())

    async def _follow(self) -> None:
        """Run while there are followers."""
        while self._following:
            began = monotonic()
            try:
                await self._look()
            except Exception as error:  # whatever it was, the loop must go on
                if not isinstance(error, (Problem, OSError, *TRANSIENT_ERRORS)):
                    log.error("followers.missed", exc_info=error)
                await asyncio.sleep(LOOK_AGAIN_SECONDS)
                continue
            await self._notifier.wait(LOOK_EVERY_SECONDS)
            await asyncio.sleep(max(0.0, began + LOOK_AT_MOST_EVERY_SECONDS - monotonic()))

    async def _look(self) -> None:
        """Send the snapshots that are due, then the changes."""
        now = monotonic()
        await self._send_snapshots()
        for change in await self._changes.since(datetime.now(UTC) - OVERLAP):
            self._send(change, now)
        if now - self._compared_at >= COMPARE_EVERY_SECONDS:
            self._compared_at = now
            await self._compare(now)

    async def _send_snapshots(self) -> None:
        new = [one for some in self._following.values() for one in some if one.wants_snapshot]
        if not new:
            return
        brews = defaultdict(list)
        for change in await self._changes.open(list({one.listener for one in new})):
            brews[change.listener].append(change)
        for follower in new:
            for change in brews[follower.listener]:
                self._send(change, monotonic())
            follower.begin(brews[follower.listener])

    async def _compare(self, now: float) -> None:
        """Compare what we believe to be open with the database, and end the streams of deleted accounts."""
        for listener in await self._changes.listeners_in_deletion() & self._following.keys():
            for follower in self._following[listener]:
                follower.end()
        believed = {
            id: listener
            for listener, states in self._last_states.items()
            for id, (_, is_open) in states.items()
            if is_open
        }
        current = await self._changes.now(list(believed))
        for change in [*current, *await self._changes.open(list(self._following))]:
            self._send(change, now)
        for id in believed.keys() - {change.id for change in current}:
            self._send(EpisodeChange(believed[id], id, None), now)
        self._deleted = {id: at for id, at in self._deleted.items() if now - at < 60}

    def _send(self, change: EpisodeChange, now: float) -> None:
        """Send a change to the listener's followers, unless they have it already."""
        followers = self._following.get(change.listener)
        if not followers:
            return
        states = self._last_states[change.listener]
        if change.progress is None:
            if change.id in self._deleted:
                return
            self._deleted[change.id] = now
            states.pop(change.id, None)
        else:
            revision, _ = states.get(change.id, (0, False))
            if change.progress.revision <= revision:
                return
            states[change.id] = (change.progress.revision, change.progress.stage not in ENDED)
        for follower in followers:
            follower.put(change)


async def changes(
    follower: Follower, check: Check | None = None, expires_at: datetime | None = None
) -> AsyncIterator[list[EpisodeChange] | EpisodeChange]:
    """The open brews as a list, then each change, with the time that is left.

    Ends with the follower's sign-in: at `expires_at`, or at most CHECK_EVERY_SECONDS after `check` would
    refuse it.
    """
    check_at = monotonic() + CHECK_EVERY_SECONDS * random.uniform(0.5, 1.0)  # noqa: S311 -- spreads the checks
    times_left: defaultdict[UUID, TimeLeft] = defaultdict(TimeLeft)
    while not follower.ended:
        seconds_left = (
            (expires_at - datetime.now(UTC)).total_seconds() if expires_at else CHECK_EVERY_SECONDS
        )
        if seconds_left <= 0:
            return
        if check and monotonic() >= check_at:
            if not await _is_signed_in(check):
                return
            check_at = monotonic() + CHECK_EVERY_SECONDS
        change = await follower.next(min(seconds_left, max(check_at - monotonic(), 0.0)))
        if isinstance(change, list):
            yield [_with_time_left(one, times_left) for one in change]
        elif change is not None:
            yield _with_time_left(change, times_left)


def _with_time_left(
    change: EpisodeChange, times_left: defaultdict[UUID, TimeLeft]
) -> EpisodeChange:
    progress = change.progress
    if progress is None or progress.stage in ENDED:
        times_left.pop(change.id, None)
        return change
    seconds = times_left[change.id].estimate(progress, monotonic())
    return replace(change, progress=replace(progress, seconds_left=seconds))


async def _is_signed_in(check: Check) -> bool:
    """If the check itself fails, the stream goes on until the next check."""
    try:
        await check()
    except SignInNeeded:
        return False
    except (Problem, OSError, *TRANSIENT_ERRORS):
        log.warning("followers.unchecked")
    return True
