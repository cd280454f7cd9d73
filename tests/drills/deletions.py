"""Deletes accounts, episodes and mails at random moments, while storage fails and processes are killed.

`python -m tests.drills.deletions --moments 100`. Afterwards, nothing of them may be left anywhere.
"""

import argparse
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from threading import Thread
from time import monotonic, sleep

import httpx2

from tests.drills.deletion_worlds import WORLDS, TestListener, World, crashes
from tests.drills.mail_factory import letter

KINDS = ("account", "episode", "mail")
ENDED = {"ready", "failed", "cancelled"}
# About as long as a brew of these mails takes on an idle machine: deletions are spread over this time.
LONGEST_WAIT = 5.0
LETTERS = 2


@dataclass
class Result:
    """`before` and `after` the sweep: the number of stored objects, and the rows by table."""

    deletions: Counter[str] = field(default_factory=Counter)
    storage_faults: int = 0
    kills: int = 0
    stages: Counter[str] = field(default_factory=Counter)
    before: tuple[int, dict[str, int]] = (0, {})
    after: tuple[int, dict[str, int]] = (0, {})
    sweep_exit_code: int = -1
    crash_lines: list[str] = field(default_factory=list)

    @property
    def is_good(self) -> bool:
        return self.after == (0, {}) and self.sweep_exit_code == 0 and not self.crash_lines


@dataclass
class Moment:
    """One deletion: of what, after how long, and what goes wrong meanwhile."""

    number: int
    kind: str
    wait: float
    refuses: bool
    kill_after: float | None


def moments(count: int, dice: Random) -> list[Moment]:
    return [
        Moment(
            number,
            KINDS[number % len(KINDS)],
            dice.uniform(0, LONGEST_WAIT),
            dice.random() < 0.6,
            dice.uniform(0, 0.2) if dice.random() < 0.3 else None,
        )
        for number in range(count)
    ]


def drill(world: World, planned_moments: list[Moment]) -> Result:
    result, everybody = Result(), list[TestListener]()
    world.start()
    for moment in planned_moments:
        who = world.sign_up(moment.number)
        everybody.append(who)
        mails, episode = order_episode(who, moment.number)
        sleep(moment.wait)
        result.stages[stage(who, episode)] += 1
        path = {
            "account": f"/api/user/{who.id}",
            "episode": f"/api/podcast/{episode}",
            "mail": f"/api/mail/{mails[0]}",
        }[moment.kind]
        meanwhile(world, moment, result, lambda: delete(who, path))  # noqa: B023 -- called here
        delete(who, path)
        result.deletions[moment.kind] += 1
    finish(world, everybody, result)
    return result


def finish(world: World, everybody: list[TestListener], result: Result) -> None:
    """Delete the rest without disturbance, then count what is left, sweep, and count again."""
    for who in everybody:
        for episode in list_episodes(who):
            delete(who, f"/api/podcast/{episode}")
        delete(who, f"/api/user/{who.id}")
        who.http.close()
    wait_until_deleted(world)
    world.stop()
    result.before = len(world.objects()), world.rows()
    result.sweep_exit_code = world.sweep()
    result.after = len(world.objects()), world.rows()
    result.crash_lines = crashes(world.log)


def order_episode(who: TestListener, number: int) -> tuple[list[str], str]:
    responses = [
        retry(
            lambda n=n: who.http.post(  # type: ignore[misc]
                "/api/mail", files={"file": (f"{n}.eml", letter(n), "message/rfc822")}
            )
        )
        for n in range(number * LETTERS, (number + 1) * LETTERS)
    ]
    mails = [mail["id"] for answer in responses for mail in answer.json()["mails"]]
    order = {"minutes": 1, "email_ids": mails}
    headers = {"Idempotency-Key": f"moment-{number}"}
    answer = retry(lambda: who.http.post("/api/podcast/generate", json=order, headers=headers))
    return mails, str(answer.json()["id"])


def retry(call: Callable[[], httpx2.Response]) -> httpx2.Response:
    """Repeat a request until it is answered without a server error."""
    deadline = monotonic() + 120
    while True:
        with suppress(httpx2.TransportError):
            answer = call()
            if answer.status_code < 500:
                return answer
        assert monotonic() < deadline, "the service does not answer"
        sleep(0.2)


def delete(who: TestListener, path: str) -> None:
    """Delete, and repeat the request if there is no answer. Something that is gone already is fine."""
    answer = retry(lambda: who.http.delete(path))
    assert answer.status_code in (202, 204, 401, 404), answer.text


def meanwhile(world: World, moment: Moment, result: Result, deleting: Callable[[], None]) -> None:
    """Run the deletion while storage fails and the process is killed."""
    if moment.refuses:
        result.storage_faults += 1
        world.refuse(moment.number)
    asking = Thread(target=lambda: ignore_connection_errors(deleting), daemon=True)
    asking.start()
    if moment.kill_after is not None:
        sleep(moment.kill_after)
        result.kills += 1
        world.kill()
        world.start()
    sleep(0.3)
    world.allow()
    asking.join(120)


def ignore_connection_errors(deleting: Callable[[], None]) -> None:
    with suppress(httpx2.TransportError):
        deleting()


def stage(who: TestListener, episode: str) -> str:
    return str(retry(lambda: who.http.get(f"/api/podcast/{episode}")).json().get("status"))


def list_episodes(who: TestListener) -> list[str]:
    answer = retry(lambda: who.http.get("/api/podcast/list"))
    return [one["id"] for one in answer.json()] if answer.status_code == 200 else []


def wait_until_deleted(world: World, within: float = 240) -> None:
    """Wait until no account is being deleted any more."""
    deadline = monotonic() + within
    while "deletions" in world.rows():
        assert monotonic() < deadline, "accounts are still being deleted"
        sleep(0.5)


def report(world: World, result: Result, seconds: float) -> None:
    kinds = ", ".join(f"{count} {kind}s" for kind, count in sorted(result.deletions.items()))
    when = ", ".join(f"{count} {one}" for one, count in result.stages.most_common())
    print(f"{world.name}: deleted {kinds} in {seconds:.0f} s, when brews were: {when}")
    print(f"  storage refused {result.storage_faults} times, {result.kills} kills")
    for word, (objects, rows) in (("before", result.before), ("after", result.after)):
        tables = ", ".join(f"{name} {count}" for name, count in rows.items())
        print(f"  {word} the sweep: objects {objects}, rows {sum(rows.values())} {tables}")
    for line in result.crash_lines[:5]:
        print(f"  crashed: {line[:300]}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--moments", type=int, default=100, help="in each world (default 100)")
    parser.add_argument("--seed", type=int, default=20261128)
    parser.add_argument("--world", choices=[*WORLDS], help="one of them alone")
    options, is_good = parser.parse_args(), True
    for name in [options.world] if options.world else WORLDS:
        start = monotonic()
        with tempfile.TemporaryDirectory() as folder, WORLDS[name](Path(folder)) as world:
            result = drill(world, moments(options.moments, Random(options.seed)))
            report(world, result, monotonic() - start)
            is_good &= result.is_good
    return 0 if is_good else 1


if __name__ == "__main__":
    sys.exit(main())
