"""Kills one of two workers 20 times, at every step: `python -m tests.drills.workers [--postgres]`.

No finished call may be paid twice, every episode must become ready, and the other worker must continue within
ten seconds of the lease's end. Then one worker is paused and woken, and one episode kills its worker
repeatedly.

`--orders 50` instead orders the same newsletters fifty times at once from two workers. `--pauses 10` pauses a
worker ten times for longer than its lease. No answer may be paid twice, except those whose calls a paused
worker had begun.
"""

import argparse
import asyncio
import logging
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic
from uuid import UUID

import anyio
from audiobrew.db.engine import DatabaseBusy
from audiobrew.db.stages import ENDED, Stage
from audiobrew.episode.engine import SET_ASIDE
from audiobrew.episode.episode import Episode, Order, Progress
from audiobrew.mail.limits import Limits
from audiobrew.mail.reader import read_mail
from audiobrew.ops.logging import configure_logging
from audiobrew.wiring import Ports, connect

from tests.drills.fleet import (
    DEAD_AFTER,
    SHORT_LEASE,
    Books,
    Fleet,
    owner_of,
    settings_of,
    stand_in,
)
from tests.drills.mail_factory import letter
from tests.listeners import add_listener
from tests.postgres import cluster

LETTERS, WITHIN, PATIENCE = 3, 10.0, 300.0
ORDERS_AT_ONCE = (
    8  # as many as this one process has connections for; the workers brew all of them at once
)


@dataclass
class Observation:
    """What can be observed of a brew from outside."""

    progress: Progress
    answered: int
    kept: int


Moment = Callable[[Observation], bool]


def answers(count: int) -> Moment:
    """Right after an answer was sent, before it can be stored."""
    return lambda observation: observation.answered >= count


def records(count: int) -> Moment:
    return lambda observation: observation.kept >= count


def percent(least: int) -> Moment:
    return lambda observation: observation.progress.percent >= least


MOMENTS: dict[str, Moment] = {
    "as it begins": lambda seen: True,
    "gathering": percent(1),
    "planning": percent(2),
    **{f"answer {n}": answers(n) for n in (1, 2, 3, 4, 5, 6, 7, 8, 10)},
    **{f"record {n}": records(n) for n in (2, 3, 4, 6, 8)},
    "writing": percent(4),
    "speaking": percent(18),
    "joining": percent(93),
}


@dataclass
class Site:
    ports: Ports
    fleet: Fleet
    books: Books
    listener: UUID

    async def order(self, number: int) -> Episode:
        order = Order(await self.mails(number), 1, datetime.now(UTC).date())
        return await self.ports.orders.start(self.listener, order)

    async def mails(self, number: int) -> tuple[UUID, ...]:
        first = number * LETTERS
        raw = [letter(first + place) for place in range(LETTERS)]
        mails = await self.ports.mails.add(
            self.listener, [read_mail(one, limits=Limits()) for one in raw]
        )
        return tuple(mail.id for mail in mails)

    async def wait_until_ended(self, episode: Episode) -> Episode:
        with anyio.fail_after(PATIENCE):
            async for _ in self.ports.orders.events(episode.id):
                pass
        return await self.ports.episodes.get(self.listener, episode.id)

    async def until(self, episode: Episode, moment: Moment) -> tuple[int, Stage] | None:
        """The worker at work at this moment, and its stage; None when the brew ended before."""
        answered, kept = len(self.books.finished_calls()), len(self.books.stored_keys())
        while True:
            progress = await self.ports.episodes.progress(episode.id)
            if progress.stage in ENDED:
                return None
            observation = Observation(
                progress,
                len(self.books.finished_calls()) - answered,
                len(self.books.stored_keys()) - kept,
            )
            if moment(observation) and (pid := await owner_of(episode.id)):
                return pid, progress.stage
            await anyio.sleep(0.005)

    async def seconds_until_progress(self, episode: Episode) -> float:
        """Seconds until the brew goes on."""
        before, began = await self.ports.episodes.progress(episode.id), monotonic()
        while (await self.ports.episodes.progress(episode.id)).revision == before.revision:
            await anyio.sleep(0.05)
        return monotonic() - began


async def kill_worker(site: Site, number: int, name: str) -> bool:
    lost = site.books.count_lost()
    episode = await site.order(number)
    owner = await site.until(episode, MOMENTS[name])
    if owner is None:
        print(f"{number:3} {name:14} the brew was over before", flush=True)
        return True
    kept = len(site.books.stored_keys())
    site.fleet.kill(owner[0])
    late = max(0.0, await site.seconds_until_progress(episode) - DEAD_AFTER)
    ready = await site.wait_until_ended(episode)
    twice = len(site.books.keys_paid_twice())
    good = ready.stage is Stage.READY and not twice and late <= WITHIN
    print(
        f"{number:3} {name:14} {owner[1]:10} kept {kept:3}  cut off {site.books.count_lost() - lost:2}"
        f"  twice {twice}  went on {late:4.1f} s after the lease  {ready.stage}",
        flush=True,
    )
    return good


async def pause_worker(site: Site, number: int) -> bool:
    """A paused worker is taken for dead. When it wakes, it notices that it is no longer the owner.

    The other worker repeats the calls that were open when the first one was paused; it cannot know of them.
    """
    episode = await site.order(number)
    owner = await site.until(episode, percent(4))
    assert owner
    await anyio.sleep(1)  # while it waits for a model: one stopped as it writes holds SQLite's lock
    site.fleet.signal(owner[0], signal.SIGSTOP)
    ready = await site.wait_until_ended(episode)
    before = site.books.count_begun()
    site.fleet.signal(owner[0], signal.SIGCONT)
    await anyio.sleep(8)
    same = await site.ports.episodes.get(site.listener, episode.id)
    more = site.books.count_begun() - before
    alive = site.fleet.workers[owner[0]].poll() is None
    print(
        f"paused and woken: {ready.stage}, calls begun after waking {more}, answers that were under way"
        f" when it fell asleep and came twice {len(site.books.keys_paid_twice())}, lives on: {alive}"
    )
    return ready.stage is Stage.READY and same == ready and not more and alive


async def order_concurrently(site: Site, number: int, orders: int) -> bool:
    """Order the same newsletters many times at once. Each answer must be paid once."""
    before = len(site.books.finished_calls())
    mails = await site.mails(number)
    order = Order(mails, 1, datetime.now(UTC).date())
    start = site.ports.orders.start
    semaphore = asyncio.Semaphore(ORDERS_AT_ONCE)
    refusals = 0

    async def place_order(key: str) -> Episode:
        """Repeat the order with the same idempotency key while the database is busy, as a client does."""
        nonlocal refusals
        async with semaphore:
            with anyio.fail_after(PATIENCE):
                while True:
                    try:
                        return await start(site.listener, order, key=key)
                    except DatabaseBusy:
                        refusals += 1

    episodes = await asyncio.gather(*(place_order(f"order-{number}") for number in range(orders)))
    ready = [await site.wait_until_ended(episode) for episode in episodes]
    answers = Counter(call.request_hash for call in site.books.finished_calls()[before:])
    repeated = [request_hash for request_hash, count in answers.items() if count > 1]
    ready_count = sum(episode.stage is Stage.READY for episode in ready)
    print(
        f"{orders} orders at once: {ready_count} ready, {answers.total()} answers bought,"
        f" {len(repeated)} of them twice; {refusals} times the database was busy and was asked again",
        flush=True,
    )
    return ready_count == len({episode.id for episode in ready}) == orders and not repeated


async def pause_during_brew(site: Site, number: int) -> bool:
    """If an answer was paid twice, its first call must have been open when the worker was paused."""
    before = len(site.books.finished_calls())
    episode = await site.order(number)
    owner = await site.until(episode, percent(random.randint(2, 60)))
    if owner is None:
        print(f"{number:3} the brew was over before", flush=True)
        return True
    site.fleet.signal(owner[0], signal.SIGSTOP)
    stopped_at = time.time()
    await anyio.sleep(DEAD_AFTER + 3)
    site.fleet.signal(owner[0], signal.SIGCONT)
    ready = await site.wait_until_ended(episode)
    await anyio.sleep(3)
    calls: dict[str, list[float]] = {}
    for call in site.books.finished_calls()[before:]:
        calls.setdefault(call.request_hash, []).append(call.at)
    twice = [sorted(times) for times in calls.values() if len(times) > 1]
    wrong = [times for times in twice if times[0] > stopped_at]
    print(
        f"{number:3} paused for {DEAD_AFTER + 3:.0f} s at {owner[1]}: {ready.stage}, {len(calls)} answers,"
        f" {len(twice)} under way when it fell asleep and bought again, {len(wrong)} others bought twice",
        flush=True,
    )
    return ready.stage is Stage.READY and not wrong


async def poison(site: Site, number: int) -> bool:
    episode = await site.order(number)
    for _ in range(3):
        owner = await site.until(episode, percent(2))
        assert owner
        site.fleet.kill(owner[0])
        await anyio.sleep(DEAD_AFTER + 2)
    final = await site.wait_until_ended(episode)
    print(f"killed its worker three times: {final.stage}: {final.trouble}")
    return final.stage is Stage.FAILED and final.trouble == SET_ASIDE


async def kill_repeatedly(site: Site, kills: int) -> list[bool]:
    names = list(MOMENTS)
    good = [await kill_worker(site, number, names[number % len(names)]) for number in range(kills)]
    return [*good, await pause_worker(site, kills), await poison(site, kills + 1)]


async def drill(
    folder: Path, url: str, log: Path, database: str | None, options: argparse.Namespace
) -> bool:
    """If no worker is paused or killed, the default lease is used: even a busy machine does not delay a
    heartbeat by half a minute."""
    lease = SHORT_LEASE if options.pauses or not options.orders else {}
    settings = settings_of(folder / "data", url, database, lease)
    async with connect(settings, brews=False) as ports:
        fleet = Fleet(settings)
        site = Site(ports, fleet, Books(settings, log), await add_listener(ports.listeners))
        try:
            if options.orders or options.pauses:
                good = [await order_concurrently(site, 0, options.orders)] if options.orders else []
                good += [await pause_during_brew(site, 1 + n) for n in range(options.pauses)]
            else:
                good = await kill_repeatedly(site, options.kills)
            print(
                f"{len(site.books.finished_calls())} answers, {len(site.books.stored_keys())} kept, "
                f"{site.books.count_lost()} cut off, {len(site.books.keys_paid_twice())} bought twice"
            )
        finally:
            await anyio.to_thread.run_sync(fleet.stop)
    return all(good)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--postgres", action="store_true", help="on a Postgres; without it, SQLite")
    parser.add_argument("--orders", type=int, default=0, help="the same order so often at once")
    parser.add_argument("--pauses", type=int, default=0, help="pause a worker so often in mid-brew")
    options = parser.parse_args()
    configure_logging(logging.ERROR)
    parts = [{"orders": options.orders, "pauses": 0}, {"orders": 0, "pauses": options.pauses}]
    parts_to_run = [part for part in parts if any(part.values())] or [{}]
    good = [run(argparse.Namespace(**vars(options) | part)) for part in parts_to_run]
    return 0 if all(good) else 1


def run(options: argparse.Namespace) -> bool:
    """Run a drill on its own data folder."""
    with tempfile.TemporaryDirectory(prefix="audiobrew-workers-") as name:
        log = Path(name) / "calls.jsonl"
        with stand_in(log) as url, cluster() if options.postgres else nullcontext() as postgres:
            database = postgres.database() if postgres else None
            return anyio.run(drill, Path(name), url, log, database, options)


if __name__ == "__main__":
    sys.exit(main())
