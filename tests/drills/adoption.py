"""`audiobrew adopt` is killed again and again on old tables of many rows, while new rows come; then it ends.

`python -m tests.drills.adoption --rows 10000 --seconds 600` prints what was there, what was killed, and
whether everything is here once and whole.
"""

import argparse
import random
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic, sleep
from uuid import uuid4

from tests.legacy.old_project import SCRIPT, OldProject, create_old_project
from tests.postgres import cluster
from tests.standins.old.sound import tone

FIRST = datetime(2025, 11, 1, tzinfo=UTC)
A_PAGE = 1000
KINDS = (("sound", 92), ("placeholder", 5), ("gone", 2), ("broken", 1))
SOUND = tone(0.5)


@dataclass
class Story:
    """What happened: `expected` holds the sha256 of each old file, or why there is none."""

    expected: dict[str, str] = field(default_factory=dict)
    killed: list[int] = field(default_factory=list)  # episodes that were here after each kill
    runs_to_the_end: int = 0


def fill(old: OldProject, rows: int, story: Story) -> None:
    """Old episodes of many listeners, each with a mailbox; a few without sound, as there were."""
    people = [old.listener(f"listener{n}") for n in range(max(2, rows // 20))]
    for person in people:
        lost = random.random() < 0.1
        old.mailbox(person, **({"refresh_token": None} if lost else {}))
    made = [_row(old, random.choice(people), story, n) for n in range(rows)]
    for at in range(0, rows, A_PAGE):
        old.insert("podcasts", made[at : at + A_PAGE])


def _row(old: OldProject, person: str, story: Story, number: int) -> dict[str, object]:
    id, kind = str(uuid4()), random.choices(*zip(*KINDS, strict=True))[0]
    content = {"sound": SOUND + id.encode(), "broken": b"no sound"}.get(kind)
    url = f"https://example.com/audio/{id}.mp3"
    if kind != "placeholder":
        url = old.sound(person, content or b"")
    if kind == "gone":
        del old.supabase.buckets["podcasts"].objects[url.partition("/podcasts/")[2]]
    story.expected[id] = sha256(content).hexdigest() if kind == "sound" and content else kind
    return {
        "id": id,
        "user_id": person,
        "title": f"Brew {number}",
        "audio_url": url,
        "script_markdown": SCRIPT,
        "duration": 300,
        "source_emails": 3,
        "created_at": FIRST + timedelta(minutes=number),
    }


def kill_again_and_again(
    old: OldProject, story: Story, more: Callable[[], bool], steps: int
) -> None:
    """With SIGKILL, once up to `steps` more rows are here; each time the old application adds one more."""
    while more():
        process = old.start("adopt", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        enough = taken(old) + random.randint(0, steps)
        while process.poll() is None and taken(old) < enough and more():
            sleep(0.05)
        sleep(random.uniform(0, 0.5))
        if process.poll() is None:
            process.send_signal(signal.SIGKILL)
            story.killed.append(taken(old))
        else:
            story.runs_to_the_end += 1
        process.wait()
        new = _row(old, random.choice(old.listeners), story, len(story.expected))
        old.insert("podcasts", [new])


def taken(old: OldProject) -> int:
    [(count,)] = old.ask("select count(*) from audiobrew.adopted_podcasts")
    return int(count)


def finish(old: OldProject) -> str:
    """What the last run, which nobody kills, and the check of every byte print."""
    told = ""
    for words in (("adopt",), ("adopt", "--check")):
        process = old.start(*words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        out, _ = process.communicate()
        assert process.returncode == 0, out
        told += out
    return told


def faults(old: OldProject, story: Story) -> list[str]:
    """Everything that is not as it should be: nothing missing, nothing twice, every byte the same."""
    found = []
    query = "select id::text, stage, media from audiobrew.episodes"
    here = {id: (stage, media) for id, stage, media in old.ask(query)}
    found += [f"missing: {id}" for id in story.expected.keys() - here.keys()]
    found += [f"from nowhere: {id}" for id in here.keys() - story.expected.keys()]
    objects = old.supabase.buckets["episodes"].objects
    sounds = {id for id, told in story.expected.items() if len(told) == 64}
    found += [
        f"object from nowhere: {key}"
        for key in objects.keys() - {f"episodes/{id}.mp3" for id in sounds}
    ]
    for id in sounds & here.keys():
        kept = old.audio(id)
        if here[id] != ("ready", f"episodes/{id}.mp3") or kept is None:
            found.append(f"not ready: {id}")
        elif sha256(kept).hexdigest() != story.expected[id]:
            found.append(f"not whole: {id}")
    found += [
        f"ready without sound: {id}" for id in here.keys() - sounds if here[id][0] != "failed"
    ]
    twice = (
        "select episode_id from audiobrew.sentences group by 1 having count(*) <> 3"
        " union all select episode_id from audiobrew.segments group by 1 having count(*) <> 1"
    )
    found += [f"script not whole: {id}" for (id,) in old.ask(twice)]
    mailboxes = "select count(*) from public.gmail_connections g left join audiobrew.connections c"
    [(left,)] = old.ask(f"{mailboxes} on c.listener_id = g.user_id where c.listener_id is null")
    return found + ([f"mailboxes not taken: {left}"] if left else [])


def _by_hand(rows: int, seconds: float, seed: int) -> int:
    random.seed(seed)
    story = Story()
    with (
        cluster() as postgres,
        TemporaryDirectory() as name,
        create_old_project(postgres, Path(name)) as old,
    ):
        old.close_public_access()
        fill(old, rows, story)
        kinds = Counter("sound" if len(told) == 64 else told for told in story.expected.values())
        print(f"{rows} old episodes of {len(old.listeners)} listeners: {dict(kinds)}", flush=True)
        until = monotonic() + seconds
        kill_again_and_again(old, story, lambda: monotonic() < until, rows // 20)
        print(f"killed {len(story.killed)} times in {seconds:.0f} s; taken after each kill:")
        print(" ".join(map(str, story.killed)), flush=True)
        print(f"runs that came to their end before a kill: {story.runs_to_the_end}")
        print(finish(old))
        wrong = faults(old, story)
        print(f"old rows {len(story.expected)}, episodes {taken(old)}, faults {len(wrong)}")
        print("\n".join(wrong[:20]))
    return 1 if wrong else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=10_000)
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--seed", type=int, default=20_261_125)
    return parser.parse_args()


if __name__ == "__main__":
    told = _arguments()
    sys.exit(_by_hand(told.rows, told.seconds, told.seed))
