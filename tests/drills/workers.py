"""Kills one of two workers, 20 times, at every step: `python -m tests.drills.workers [--postgres]`.

No finished call is paid twice, every episode is finished, and the other worker goes on within ten seconds
of the lease's end. Then one worker is paused and woken, and one episode kills its worker again and again.
"""

import argparse
import logging
import signal
import sys
import tempfile
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic
from uuid import UUID

import anyio
from audiobrew.episode.engine import SET_ASIDE
from audiobrew.episode.episode import ENDED, Episode, Order, Progress, Stage
from audiobrew.inbox.limits import Limits
from audiobrew.inbox.reading import read_mail
from audiobrew.logs import set_up_logs
from audiobrew.wiring import Ports, connect

from tests.drills.fleet import DEAD_AFTER, Books, Fleet, owner_of, settings_of, stand_in
from tests.drills.letters import letter
from tests.listeners import a_listener
from tests.postgres import cluster

LETTERS, WITHIN, PATIENCE = 3, 10.0, 300.0


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
        first = number * LETTERS
        raw = [letter(first + place) for place in range(LETTERS)]
        mails = await self.ports.mails.add(
            self.listener, [read_mail(one, limits=Limits()) for one in raw]
        )
        order = Order(tuple(mail.id for mail in mails), 1, datetime.now(UTC).date())
        return await self.ports.brewery.start(self.listener, order)

    async def ended(self, episode: Episode) -> Episode:
        with anyio.fail_after(PATIENCE):
            async for _ in self.ports.brewery.events(episode.id):
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


async def drill(folder: Path, url: str, log: Path, database: str | None, kills: int) -> bool:
    settings = settings_of(folder / "data", url, database)
    async with connect(settings, brews=False) as ports:
        fleet = Fleet(settings)
        site = Site(ports, fleet, Books(settings, log), await a_listener(ports.listeners))
        names = list(MOMENTS)
        try:
            good = [
                await killed_once(site, number, names[number % len(names)])
                for number in range(kills)
            ]
            good += [await paused(site, kills), await poison(site, kills + 1)]
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
    asked = typed.parse_args()
    set_up_logs(logging.ERROR)
    with tempfile.TemporaryDirectory(prefix="audiobrew-workers-") as name:
        log = Path(name) / "calls.jsonl"
        with stand_in(log) as url, cluster() if asked.postgres else nullcontext() as postgres:
            database = postgres.database() if postgres else None
            good = anyio.run(drill, Path(name), url, log, database, asked.kills)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
