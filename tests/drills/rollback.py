"""The move to the railway side and back, on one machine: `python -m tests.drills.rollback`.

The drill starts with the old application. Then both sides run on one Postgres with 0, 10, 50 and 100 % on
railway; railway is killed during a brew, traffic goes back to 0 %, and a worker elsewhere finishes open
brews. Only requests that were in flight at the kill may fail. No episode may be lost, nothing may be written
or paid twice, and the old application may get requests only while the rule sends them there.
"""

import argparse
import json
import logging
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic, sleep, time
from typing import Any

import anyio
import httpx2
import psycopg
from audiobrew.db.engine import open_database
from audiobrew.ops.logging import configure_logging
from audiobrew.rollout.sides import Rollout, side_of
from audiobrew.rollout.store import Rollouts
from audiobrew.settings import Settings

from tests.production import CLIENT, CLIENT_SECRET
from tests.standins.local_server import serving
from tests.standins.old import Gmail, OldApplication, install
from tests.two_sides import LineReader, TwoSides, run_program, run_two_sides

# The number of listeners that order an episode in each phase.
ORDERING = 2
SETTLING, LOOKING, PATIENCE = 7.0, 8.0, 300.0
LEASE = {"AUDIOBREW_LEASE_BEAT_SECONDS": "1", "AUDIOBREW_LEASE_DEAD_AFTER_SECONDS": "5"}
BREWING = (
    "select count(*) from audiobrew.episodes where stage in ('writing', 'speaking', 'joining')"
)
OPEN = "select count(*) from audiobrew.episodes where stage not in ('ready', 'failed', 'cancelled')"
WRONG = {
    "episodes ordered twice": "select count(*) - count(distinct (listener_id, idempotency_key))"
    " from audiobrew.episodes",
    "mails written twice": "select count(*) - count(distinct (listener_id, subject)) from audiobrew.mails",
    "answers bought twice": "select count(*) - count(distinct key) from audiobrew.charges where kept",
    "episodes lost": "select count(*) from audiobrew.episodes where stage <> 'ready'",
}


@dataclass
class Drill:
    """`rows` is the table of results: each phase, and the requests that the edge forwarded in it."""

    place: TwoSides
    old: OldApplication
    old_url: str
    listeners: int
    rows: list[list[object]] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    @contextmanager
    def phase(self, name: str) -> Iterator[None]:
        before, old = len(self.place.requests()), len(self.old.calls)
        yield
        requests = self.place.requests()[before:]
        sides = [self._outcomes(requests, side) for side in ("railway", "vercel")]
        self.rows.append([name, *sides[0], *sides[1], len(self.old.calls) - old])
        print(LINE.format(*map(str, self.rows[-1])), flush=True)

    @staticmethod
    def _outcomes(requests: list[dict[str, Any]], side: str) -> tuple[int, int]:
        """The numbers of answered and failed requests. Streams that a listener left are not counted."""
        statuses = [
            one["status"] for one in requests if one["side"] == side and one["status"] != "left"
        ]
        good = sum(isinstance(status, int) and status < 500 for status in statuses)
        return good, len(statuses) - good

    def set(self, percent: int) -> None:
        """As `audiobrew rollout set` does it, without waiting for a process to start."""
        product = self.place.production
        anyio.run(_set, Settings(data=product.data, database_url=product.database), percent)

    def database(self, query: str) -> int:
        product = self.place.production
        with psycopg.connect(product.postgres.as_owner(product.database)) as database:
            row = database.execute(query.encode()).fetchone()
        assert row
        return int(row[0])

    def expect(self, claim: str, holds: bool) -> None:
        print(f"{'ok  ' if holds else 'FAIL'} {claim}", flush=True)
        if not holds:
            self.wrong.append(claim)


async def _set(settings: Settings, percent: int) -> None:
    engine = open_database(settings)
    await Rollouts(engine).set(percent)
    await engine.dispose()


LINE = "{:34} {:>9} {:>7} {:>9} {:>7} {:>5}"
HEAD = LINE.format("phase", "railway", "failed", "vercel", "failed", "old")


def drill(folder: Path, listeners: int) -> bool:
    with run_two_sides(folder, **LEASE) as place, old_application(place) as (old, url):
        place.production.vendors.openai.latency = True
        elsewhere = str(folder / "on railway")
        place.on_railway.append(place.production.start("worker", "--data", elsewhere))
        return play(Drill(place, old, url, listeners))


@contextmanager
def old_application(place: TwoSides) -> Iterator[tuple[OldApplication, str]]:
    product = place.production
    supabase = product.vendors.supabase
    database = product.postgres.as_owner(product.postgres.database())
    install(database)
    gmail = Gmail(
        "http://127.0.0.1:9", CLIENT, CLIENT_SECRET, f"{place.url}/api/auth/gmail/callback"
    )
    old = OldApplication(database, str(supabase.base), supabase.secret_key, gmail)
    with serving(old.app) as url:
        yield old, url


def play(drill: Drill) -> bool:
    place = drill.place
    people = [place.production.sign_up(f"l{n}@mail.example") for n in range(drill.listeners)]
    print(HEAD, flush=True)
    with drill.phase("before: the old application"):
        call_old_application(drill, people[0].id)
    drill.set(0)
    calls_before = len(drill.old.calls)
    who = json.dumps([{"id": one.id, "token": one.token} for one in people])
    with run_program("tests/edge/listeners.ts", place.url, who) as listeners:
        reader = LineReader(listeners)
        for step, percent in enumerate((0, 10, 50, 100)):
            move(drill, listeners, percent, step)
        kill_time = kill_in_mid_brew(drill, listeners)
        back(drill, listeners)
        assert listeners.stdin
        listeners.stdin.close()
        reader.read_to_end(PATIENCE)
    unexpected_calls = len(drill.old.calls) - calls_before
    with drill.phase("told: the old application"):
        call_old_application(drill, people[0].id)
    verdict(drill, reader.lines, kill_time, unexpected_calls)
    return not drill.wrong


def call_old_application(drill: Drill, user: str) -> None:
    """Send requests to the old application, by a rule at Vercel."""
    drill.place.set_rule(drill.old_url)
    for path in ("/api/podcast/list", "/api/gmail/status"):
        httpx2.get(drill.place.url + path, params={"user_id": user}).raise_for_status()
    drill.place.set_rule()


def move(drill: Drill, listeners: Any, percent: int, step: int) -> None:
    drill.set(percent)
    sleep(SETTLING)
    if quiet := {0: "railway", 100: "vercel"}.get(percent):
        wait_until_quiet(drill.place, quiet)
    with drill.phase(f"{percent} % on railway ({count_on_railway(drill)} of {drill.listeners})"):
        order(listeners, f"at-{percent}", step * ORDERING % drill.listeners)
        sleep(LOOKING)


def wait_until_quiet(place: TwoSides, quiet: str) -> None:
    """Wait until all pages know the new share. Busy pages ask for it later."""
    late, before = monotonic() + PATIENCE, -1
    while (count := sum(one["side"] == quiet for one in place.requests())) != before:
        assert monotonic() < late, f"{quiet} is still asked"
        before = count
        sleep(SETTLING)


def count_on_railway(drill: Drill) -> int:
    """The number of listeners that the rollout sends to railway, which depends on the salt."""
    product = drill.place.production
    with psycopg.connect(product.postgres.as_owner(product.database)) as database:
        row = "select percent, salt, kill, changed_at from audiobrew.rollout"
        rollout = database.execute(row.encode()).fetchone()
    assert rollout
    users = product.vendors.supabase.users
    return sum(side_of(Rollout(*rollout), str(id)) == "railway" for id in users)


def order(listeners: Any, name: str, first: int) -> None:
    listeners.stdin.write(f"order {name} {first} {first + ORDERING}\n")
    listeners.stdin.flush()


def kill_in_mid_brew(drill: Drill, listeners: Any) -> float:
    with drill.phase("railway killed in mid-brew"):
        order(listeners, "at-the-kill", 0)
        until(lambda: drill.database(BREWING) > 0)
        kill_time = time() * 1000
        drill.place.kill_railway()
        sleep(LOOKING)
    return kill_time


def back(drill: Drill, listeners: Any) -> None:
    with drill.phase("back to 0 %"):
        process = drill.place.production.run("rollout", "set", "0")
        assert process.returncode == 0, process.stderr
        order(listeners, "after", ORDERING)
        sleep(LOOKING)
    with drill.phase("a worker elsewhere"):
        drill.place.production.start(
            "worker", "--data", str(drill.place.production.folder / "laptop")
        )
        until(lambda: drill.database(OPEN) == 0)


def until(holds: Callable[[], bool]) -> None:
    late = monotonic() + PATIENCE
    while not holds():
        assert monotonic() < late, "it took too long"
        sleep(0.1)


def verdict(
    drill: Drill, lines: list[dict[str, Any]], kill_time: float, unexpected_calls: int
) -> None:
    requests = [line for line in lines if "what" in line]
    failures = [line for line in requests if line.get("failed")]
    in_flight = [line for line in failures if line["began"] <= kill_time <= line["ended"]]
    others = [line for line in failures if line not in in_flight]
    print(
        f"\nlisteners: {len(requests)} requests, {len(failures)} failed,"
        f" {len(in_flight)} in flight at the kill"
    )
    for line in failures:
        print(f"     {line['what']}: {line['failed']}")
    drill.expect("no request of a listener failed but those in flight at the kill", not others)
    orders = [line for line in lines if "ordered" in line]
    same = all(line["ids"][0] == line["ids"][1] for line in orders if all(line["ids"]))
    drill.expect(f"{len(orders)} orders sent twice are one episode each", bool(orders) and same)
    for claim, query in WRONG.items():
        count = drill.database(query)
        drill.expect(f"{count} {claim}", count == 0)
    episodes = drill.database("select count(*) from audiobrew.episodes")
    drill.expect(f"{episodes} episodes for {len(orders)} orders", episodes == len(orders))
    drill.expect(
        f"{unexpected_calls} requests went to the old application without a rule",
        unexpected_calls == 0,
    )
    quiet, many = {row[0]: row for row in drill.rows}, drill.listeners
    drill.expect("at 0 % railway was asked nothing", quiet[f"0 % on railway (0 of {many})"][1] == 0)
    full = quiet[f"100 % on railway ({many} of {many})"]
    drill.expect("at 100 % the vercel side was asked nothing", full[3] == 0)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--listeners", type=int, default=16)
    listeners = parser.parse_args().listeners
    configure_logging(logging.ERROR)
    with tempfile.TemporaryDirectory(prefix="audiobrew-rollback-") as name:
        return 0 if drill(Path(name), listeners) else 1


if __name__ == "__main__":
    sys.exit(main())
