"""The move and the way back, on one machine: `python -m tests.drills.rollback`.

The old application, then both sides on one Postgres with 0, 10, 50 and 100 % on railway; railway is killed
in the middle of a brew, traffic goes back to 0 %, a worker elsewhere finishes what waits. It fails unless
no request failed but those in flight at the kill, no episode is lost, nothing is written or bought twice,
and nothing went to the old application unless it was told to.
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

ORDERING = 2
"""So many of the listeners order an episode in each phase."""
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
    """`rows` is the table: a phase, and what the edge saw in it."""

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
        seen = self.place.requests()[before:]
        sides = [self._outcomes(seen, side) for side in ("railway", "vercel")]
        self.rows.append([name, *sides[0], *sides[1], len(self.old.calls) - old])
        print(LINE.format(*map(str, self.rows[-1])), flush=True)

    @staticmethod
    def _outcomes(seen: list[dict[str, Any]], side: str) -> tuple[int, int]:
        """Answered, and failed. Streams that a listener left are neither."""
        told = [one["status"] for one in seen if one["side"] == side and one["status"] != "left"]
        good = sum(isinstance(status, int) and status < 500 for status in told)
        return good, len(told) - good

    def set(self, percent: int) -> None:
        """As `audiobrew rollout set` does it, without waiting for a process to start."""
        made = self.place.production
        anyio.run(_set, Settings(data=made.data, database_url=made.database), percent)

    def database(self, query: str) -> int:
        made = self.place.production
        with psycopg.connect(made.postgres.as_owner(made.database)) as database:
            found = database.execute(query.encode()).fetchone()
        assert found
        return int(found[0])

    def expect(self, told: str, holds: bool) -> None:
        print(f"{'ok  ' if holds else 'FAIL'} {told}", flush=True)
        if not holds:
            self.wrong.append(told)


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
    made = place.production
    supabase = made.vendors.supabase
    database = made.postgres.as_owner(made.postgres.database())
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
        asked_of_the_old(drill, people[0].id)
    drill.set(0)
    told_before = len(drill.old.calls)
    who = json.dumps([{"id": one.id, "token": one.token} for one in people])
    with run_program("tests/edge/listeners.ts", place.url, who) as listeners:
        told = LineReader(listeners)
        for step, percent in enumerate((0, 10, 50, 100)):
            move(drill, listeners, percent, step)
        killed = kill_in_mid_brew(drill, listeners)
        back(drill, listeners)
        assert listeners.stdin
        listeners.stdin.close()
        told.read_to_end(PATIENCE)
    untold = len(drill.old.calls) - told_before
    with drill.phase("told: the old application"):
        asked_of_the_old(drill, people[0].id)
    verdict(drill, told.lines, killed, untold)
    return not drill.wrong


def asked_of_the_old(drill: Drill, user: str) -> None:
    """By the rule at Vercel, and by nothing else."""
    drill.place.set_rule(drill.old_url)
    for path in ("/api/podcast/list", "/api/gmail/status"):
        httpx2.get(drill.place.url + path, params={"user_id": user}).raise_for_status()
    drill.place.set_rule()


def move(drill: Drill, listeners: Any, percent: int, step: int) -> None:
    drill.set(percent)
    sleep(SETTLING)
    if quiet := {0: "railway", 100: "vercel"}.get(percent):
        settled(drill.place, quiet)
    with drill.phase(f"{percent} % on railway ({expected(drill)} of {drill.listeners})"):
        order(listeners, f"at-{percent}", step * ORDERING % drill.listeners)
        sleep(LOOKING)


def settled(place: TwoSides, quiet: str) -> None:
    """Every page has heard of it: pages that are busy ask later."""
    late, before = monotonic() + PATIENCE, -1
    while (count := sum(one["side"] == quiet for one in place.requests())) != before:
        assert monotonic() < late, f"{quiet} is still asked"
        before = count
        sleep(SETTLING)


def expected(drill: Drill) -> int:
    """So many of the listeners the rollout gives to railway: who they are depends on the salt."""
    made = drill.place.production
    with psycopg.connect(made.postgres.as_owner(made.database)) as database:
        row = "select percent, salt, kill, changed_at from audiobrew.rollout"
        told = database.execute(row.encode()).fetchone()
    assert told
    users = made.vendors.supabase.users
    return sum(side_of(Rollout(*told), str(id)) == "railway" for id in users)


def order(listeners: Any, name: str, first: int) -> None:
    listeners.stdin.write(f"order {name} {first} {first + ORDERING}\n")
    listeners.stdin.flush()


def kill_in_mid_brew(drill: Drill, listeners: Any) -> float:
    with drill.phase("railway killed in mid-brew"):
        order(listeners, "at-the-kill", 0)
        until(lambda: drill.database(BREWING) > 0)
        killed = time() * 1000
        drill.place.kill_railway()
        sleep(LOOKING)
    return killed


def back(drill: Drill, listeners: Any) -> None:
    with drill.phase("back to 0 %"):
        done = drill.place.production.run("rollout", "set", "0")
        assert done.returncode == 0, done.stderr
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


def verdict(drill: Drill, lines: list[dict[str, Any]], killed: float, untold: int) -> None:
    asked = [line for line in lines if "what" in line]
    failed = [line for line in asked if line.get("failed")]
    in_flight = [line for line in failed if line["began"] <= killed <= line["ended"]]
    others = [line for line in failed if line not in in_flight]
    print(
        f"\nlisteners: {len(asked)} requests, {len(failed)} failed, {len(in_flight)} in flight at the kill"
    )
    for line in failed:
        print(f"     {line['what']}: {line['failed']}")
    drill.expect("no request of a listener failed but those in flight at the kill", not others)
    ordered = [line for line in lines if "ordered" in line]
    same = all(line["ids"][0] == line["ids"][1] for line in ordered if all(line["ids"]))
    drill.expect(f"{len(ordered)} orders sent twice are one episode each", bool(ordered) and same)
    for told, query in WRONG.items():
        found = drill.database(query)
        drill.expect(f"{found} {told}", found == 0)
    kept = drill.database("select count(*) from audiobrew.episodes")
    drill.expect(f"{kept} episodes for {len(ordered)} orders", kept == len(ordered))
    drill.expect(f"{untold} requests went to the old application untold", untold == 0)
    quiet, many = {row[0]: row for row in drill.rows}, drill.listeners
    drill.expect("at 0 % railway was asked nothing", quiet[f"0 % on railway (0 of {many})"][1] == 0)
    full = quiet[f"100 % on railway ({many} of {many})"]
    drill.expect("at 100 % the vercel side was asked nothing", full[3] == 0)


def main() -> int:
    typed = argparse.ArgumentParser(description=__doc__)
    typed.add_argument("--listeners", type=int, default=16)
    listeners = typed.parse_args().listeners
    configure_logging(logging.ERROR)
    with tempfile.TemporaryDirectory(prefix="audiobrew-rollback-") as name:
        return 0 if drill(Path(name), listeners) else 1


if __name__ == "__main__":
    sys.exit(main())
