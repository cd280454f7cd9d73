"""Accounts, episodes and mails deleted at random moments, while storage refuses and processes are killed.

`python -m tests.drills.deletions --moments 100`. Afterwards nothing of them may be left anywhere.
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

from tests.drills.deletion_worlds import WORLDS, Somebody, World, crashes
from tests.drills.mail_factory import letter

KINDS = ("account", "episode", "mail")
ENDED = {"ready", "failed", "cancelled"}
# A brew of these mails takes about so long on a quiet machine: moments are spread over it, and a bit more.
LONGEST_WAIT = 5.0
LETTERS = 2


@dataclass
class Drill:
    """`left` is what was there before the sweep and after it, storage first."""

    deleted: Counter[str] = field(default_factory=Counter)
    refused: int = 0
    kills: int = 0
    stages: Counter[str] = field(default_factory=Counter)
    before: tuple[int, dict[str, int]] = (0, {})
    after: tuple[int, dict[str, int]] = (0, {})
    swept: int = -1
    crashed: list[str] = field(default_factory=list)

    @property
    def good(self) -> bool:
        return self.after == (0, {}) and self.swept == 0 and not self.crashed


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


def drill(world: World, chosen: list[Moment]) -> Drill:
    done, everybody = Drill(), list[Somebody]()
    world.start()
    for moment in chosen:
        who = world.sign_up(moment.number)
        everybody.append(who)
        mails, episode = ordered(who, moment.number)
        sleep(moment.wait)
        done.stages[stage(who, episode)] += 1
        path = {
            "account": f"/api/user/{who.id}",
            "episode": f"/api/podcast/{episode}",
            "mail": f"/api/mail/{mails[0]}",
        }[moment.kind]
        meanwhile(world, moment, done, lambda: delete(who, path))  # noqa: B023 -- called here
        delete(who, path)
        done.deleted[moment.kind] += 1
    finish(world, everybody, done)
    return done


def finish(world: World, everybody: list[Somebody], done: Drill) -> None:
    """What the drill left alone goes in peace; then what is left is counted, swept, and counted again."""
    for who in everybody:
        for episode in listed(who):
            delete(who, f"/api/podcast/{episode}")
        delete(who, f"/api/user/{who.id}")
        who.http.close()
    settled(world)
    world.stop()
    done.before = len(world.objects()), world.rows()
    done.swept = world.sweep()
    done.after = len(world.objects()), world.rows()
    done.crashed = crashes(world.log)


def ordered(who: Somebody, number: int) -> tuple[list[str], str]:
    sent = [
        patiently(
            lambda n=n: who.http.post(  # type: ignore[misc]
                "/api/mail", files={"file": (f"{n}.eml", letter(n), "message/rfc822")}
            )
        )
        for n in range(number * LETTERS, (number + 1) * LETTERS)
    ]
    mails = [mail["id"] for answer in sent for mail in answer.json()["mails"]]
    order = {"minutes": 1, "email_ids": mails}
    headers = {"Idempotency-Key": f"moment-{number}"}
    answer = patiently(lambda: who.http.post("/api/podcast/generate", json=order, headers=headers))
    return mails, str(answer.json()["id"])


def patiently(call: Callable[[], httpx2.Response]) -> httpx2.Response:
    """Until it is answered, by somebody who is not out of order."""
    late = monotonic() + 120
    while True:
        with suppress(httpx2.TransportError):
            answer = call()
            if answer.status_code < 500:
                return answer
        assert monotonic() < late, "nobody answers"
        sleep(0.2)


def delete(who: Somebody, path: str) -> None:
    """Whoever hears nothing, or of trouble, asks again; what is gone is gone."""
    answer = patiently(lambda: who.http.delete(path))
    assert answer.status_code in (202, 204, 401, 404), answer.text


def meanwhile(world: World, moment: Moment, done: Drill, deleting: Callable[[], None]) -> None:
    """The deletion, while storage refuses and the process is killed."""
    if moment.refuses:
        done.refused += 1
        world.refuse(moment.number)
    asking = Thread(target=lambda: quietly(deleting), daemon=True)
    asking.start()
    if moment.kill_after is not None:
        sleep(moment.kill_after)
        done.kills += 1
        world.kill()
        world.start()
    sleep(0.3)
    world.allow()
    asking.join(120)


def quietly(deleting: Callable[[], None]) -> None:
    with suppress(httpx2.TransportError):
        deleting()


def stage(who: Somebody, episode: str) -> str:
    return str(patiently(lambda: who.http.get(f"/api/podcast/{episode}")).json().get("status"))


def listed(who: Somebody) -> list[str]:
    answer = patiently(lambda: who.http.get("/api/podcast/list"))
    return [one["id"] for one in answer.json()] if answer.status_code == 200 else []


def settled(world: World, within: float = 240) -> None:
    """Until no account is being deleted any more."""
    late = monotonic() + within
    while "deletions" in world.rows():
        assert monotonic() < late, "accounts are still being deleted"
        sleep(0.5)


def report(world: World, done: Drill, seconds: float) -> None:
    kinds = ", ".join(f"{count} {kind}s" for kind, count in sorted(done.deleted.items()))
    when = ", ".join(f"{count} {one}" for one, count in done.stages.most_common())
    print(f"{world.name}: deleted {kinds} in {seconds:.0f} s, when brews were: {when}")
    print(f"  storage refused {done.refused} times, {done.kills} kills")
    for word, (objects, rows) in (("before", done.before), ("after", done.after)):
        told = ", ".join(f"{name} {count}" for name, count in rows.items())
        print(f"  {word} the sweep: objects {objects}, rows {sum(rows.values())} {told}")
    for line in done.crashed[:5]:
        print(f"  crashed: {line[:300]}")


def main() -> int:
    typed = argparse.ArgumentParser(description=__doc__)
    typed.add_argument("--moments", type=int, default=100, help="in each world (default 100)")
    typed.add_argument("--seed", type=int, default=20261128)
    typed.add_argument("--world", choices=[*WORLDS], help="one of them alone")
    asked, good = typed.parse_args(), True
    for name in [asked.world] if asked.world else WORLDS:
        begun = monotonic()
        with tempfile.TemporaryDirectory() as folder, WORLDS[name](Path(folder)) as world:
            done = drill(world, moments(asked.moments, Random(asked.seed)))
            report(world, done, monotonic() - begun)
            good &= done.good
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
