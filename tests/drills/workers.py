"""Kills one of two workers, 20 times, at every step: `python -m tests.drills.workers [--postgres]`.

No finished call is paid twice, every episode is finished, and the other worker goes on within ten seconds
of the lease's end. Then one worker is paused and woken, and one episode kills its worker again and again.

`--orders 50` instead orders the same newsletters fifty times at once from two workers, and `--pauses 10`
pauses a worker ten times for longer than its lease: no answer is bought twice, but for those whose calls a
paused worker had begun.
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
class Sight:
    """What can be seen of a brew from outside."""

    progress: Progress
    answered: int
    kept: int


Moment = Callable[[Sight], bool]


def answers(count: int) -> Moment:
    """Right after an answer was sent, before anybody can have kept it."""
    return lambda seen: seen.answered >= count


def records(count: int) -> Moment:
    return lambda seen: seen.kept >= count


def percent(least: int) -> Moment:
    return lambda seen: seen.progress.percent >= least


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

    async def ended(self, episode: Episode) -> Episode:
        with anyio.fail_after(PATIENCE):
            async for _ in self.ports.orders.events(episode.id):
                pass
        return await self.ports.episodes.get(self.listener, episode.id)

    async def until(self, episode: Episode, moment: Moment) -> tuple[int, Stage] | None:
        """The worker at work at this moment, and its stage; None when the brew ended before."""
        answered, kept = len(self.books.answered()), len(self.books.kept())
        while True:
            progress = await self.ports.episodes.progress(episode.id)
            if progress.stage in ENDED:
                return None
            seen = Sight(
                progress,
                len(self.books.answered()) - answered,
                len(self.books.kept()) - kept,
            )
            if moment(seen) and (pid := await owner_of(episode.id)):
                return pid, progress.stage
            await anyio.sleep(0.005)

    async def moved(self, episode: Episode) -> float:
        """Seconds until the brew goes on."""
        before, began = await self.ports.episodes.progress(episode.id), monotonic()
        while (await self.ports.episodes.progress(episode.id)).revision == before.revision:
            await anyio.sleep(0.05)
        return monotonic() - began


async def killed_once(site: Site, number: int, name: str) -> bool:
    lost = site.books.lost()
    episode = await site.order(number)
    found = await site.until(episode, MOMENTS[name])
    if found is None:
        print(f"{number:3} {name:14} the brew was over before", flush=True)
        return True
    kept = len(site.books.kept())
    site.fleet.kill(found[0])
    late = max(0.0, await site.moved(episode) - DEAD_AFTER)
    ready = await site.ended(episode)
    twice = len(site.books.bought_twice())
    good = ready.stage is Stage.READY and not twice and late <= WITHIN
    print(
        f"{number:3} {name:14} {found[1]:10} kept {kept:3}  cut off {site.books.lost() - lost:2}"
        f"  twice {twice}  went on {late:4.1f} s after the lease  {ready.stage}",
        flush=True,
    )
    return good


async def paused(site: Site, number: int) -> bool:
    """A worker that sleeps is thought dead; when it wakes it finds that it is no longer the owner.

    What it had asked for when it fell asleep is asked for again by the other: nobody can know better.
    """
    episode = await site.order(number)
    found = await site.until(episode, percent(4))
    assert found
    await anyio.sleep(1)  # while it waits for a model: one stopped as it writes holds SQLite's lock
    site.fleet.signal(found[0], signal.SIGSTOP)
    ready = await site.ended(episode)
    before = site.books.begun()
    site.fleet.signal(found[0], signal.SIGCONT)
    await anyio.sleep(8)
    same = await site.ports.episodes.get(site.listener, episode.id)
    more = site.books.begun() - before
    alive = site.fleet.workers[found[0]].poll() is None
    print(
        f"paused and woken: {ready.stage}, calls begun after waking {more}, answers that were under way"
        f" when it fell asleep and came twice {len(site.books.bought_twice())}, lives on: {alive}"
    )
    return ready.stage is Stage.READY and same == ready and not more and alive


async def ordered_at_once(site: Site, number: int, orders: int) -> bool:
    """The same newsletters, ordered again and again at the same moment: each answer is bought once."""
    before = len(site.books.answered())
    mails = await site.mails(number)
    order = Order(mails, 1, datetime.now(UTC).date())
    start = site.ports.orders.start
    few = asyncio.Semaphore(ORDERS_AT_ONCE)
    refusals = 0

    async def ordered(key: str) -> Episode:
        """As a client does: a busy database (503) is asked again, under the same idempotency key."""
        nonlocal refusals
        async with few:
            with anyio.fail_after(PATIENCE):
                while True:
                    try:
                        return await start(site.listener, order, key=key)
                    except DatabaseBusy:
                        refusals += 1

    episodes = await asyncio.gather(*(ordered(f"order-{number}") for number in range(orders)))
    ready = [await site.ended(episode) for episode in episodes]
    answers = Counter(call.asked for call in site.books.answered()[before:])
    twice = [asked for asked, count in answers.items() if count > 1]
    finished = sum(episode.stage is Stage.READY for episode in ready)
    print(
        f"{orders} orders at once: {finished} ready, {answers.total()} answers bought,"
        f" {len(twice)} of them twice; {refusals} times the database was busy and was asked again",
        flush=True,
    )
    return finished == len({episode.id for episode in ready}) == orders and not twice


async def paused_in_mid_brew(site: Site, number: int) -> bool:
    """Of what was bought twice, each first request was under way when the worker fell asleep."""
    before = len(site.books.answered())
    episode = await site.order(number)
    found = await site.until(episode, percent(random.randint(2, 60)))
    if found is None:
        print(f"{number:3} the brew was over before", flush=True)
        return True
    site.fleet.signal(found[0], signal.SIGSTOP)
    stopped_at = time.time()
    await anyio.sleep(DEAD_AFTER + 3)
    site.fleet.signal(found[0], signal.SIGCONT)
    ready = await site.ended(episode)
    await anyio.sleep(3)
    calls: dict[str, list[float]] = {}
    for call in site.books.answered()[before:]:
        calls.setdefault(call.asked, []).append(call.at)
    twice = [sorted(begun) for begun in calls.values() if len(begun) > 1]
    wrong = [begun for begun in twice if begun[0] > stopped_at]
    print(
        f"{number:3} paused for {DEAD_AFTER + 3:.0f} s at {found[1]}: {ready.stage}, {len(calls)} answers,"
        f" {len(twice)} under way when it fell asleep and bought again, {len(wrong)} others bought twice",
        flush=True,
    )
    return ready.stage is Stage.READY and not wrong


async def poison(site: Site, number: int) -> bool:
    episode = await site.order(number)
    for _ in range(3):
        found = await site.until(episode, percent(2))
        assert found
        site.fleet.kill(found[0])
        await anyio.sleep(DEAD_AFTER + 2)
    ended = await site.ended(episode)
    print(f"killed its worker three times: {ended.stage}: {ended.trouble}")
    return ended.stage is Stage.FAILED and ended.trouble == SET_ASIDE


async def killed(site: Site, kills: int) -> list[bool]:
    names = list(MOMENTS)
    good = [await killed_once(site, number, names[number % len(names)]) for number in range(kills)]
    return [*good, await paused(site, kills), await poison(site, kills + 1)]


async def drill(
    folder: Path, url: str, log: Path, database: str | None, asked: argparse.Namespace
) -> bool:
    """Where nobody is paused or killed the lease is the product's own: a busy machine starves no heartbeat
    for half a minute."""
    lease = SHORT_LEASE if asked.pauses or not asked.orders else {}
    settings = settings_of(folder / "data", url, database, lease)
    async with connect(settings, brews=False) as ports:
        fleet = Fleet(settings)
        site = Site(ports, fleet, Books(settings, log), await add_listener(ports.listeners))
        try:
            if asked.orders or asked.pauses:
                good = [await ordered_at_once(site, 0, asked.orders)] if asked.orders else []
                good += [await paused_in_mid_brew(site, 1 + n) for n in range(asked.pauses)]
            else:
                good = await killed(site, asked.kills)
            print(
                f"{len(site.books.answered())} answers, {len(site.books.kept())} kept, "
                f"{site.books.lost()} cut off, {len(site.books.bought_twice())} bought twice"
            )
        finally:
            await anyio.to_thread.run_sync(fleet.stop)
    return all(good)


def main() -> int:
    typed = argparse.ArgumentParser(description=__doc__)
    typed.add_argument("--kills", type=int, default=20)
    typed.add_argument("--postgres", action="store_true", help="on a Postgres; without it, SQLite")
    typed.add_argument("--orders", type=int, default=0, help="the same order so often at once")
    typed.add_argument("--pauses", type=int, default=0, help="pause a worker so often in mid-brew")
    asked = typed.parse_args()
    configure_logging(logging.ERROR)
    parts = [{"orders": asked.orders, "pauses": 0}, {"orders": 0, "pauses": asked.pauses}]
    chosen = [part for part in parts if any(part.values())] or [{}]
    good = [run(argparse.Namespace(**vars(asked) | part)) for part in chosen]
    return 0 if all(good) else 1


def run(asked: argparse.Namespace) -> bool:
    """On a data folder of its own."""
    with tempfile.TemporaryDirectory(prefix="audiobrew-workers-") as name:
        log = Path(name) / "calls.jsonl"
        with stand_in(log) as url, cluster() if asked.postgres else nullcontext() as postgres:
            database = postgres.database() if postgres else None
            return anyio.run(drill, Path(name), url, log, database, asked)


if __name__ == "__main__":
    sys.exit(main())
