"""Kills `audiobrew adopt` repeatedly while it imports many old rows and new ones are added, and then lets it
finish.

`python -m tests.drills.adoption --rows 10000 --seconds 600` prints the old rows, the kills, and whether
everything was imported completely and only once.
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
class Record:
    """`files` contains the sha256 of each old file, or the reason why there is none. `kills` contains the
    number of imported episodes after each kill."""

    files: dict[str, str] = field(default_factory=dict)
    kills: list[int] = field(default_factory=list)
    complete_runs: int = 0


def fill(old: OldProject, rows: int, record: Record) -> None:
    """Add old episodes of many listeners with mailboxes. As in reality, a few episodes have no audio."""
    people = [old.listener(f"listener{n}") for n in range(max(2, rows // 20))]
    for person in people:
        is_disconnected = random.random() < 0.1
        old.mailbox(person, **({"refresh_token": None} if is_disconnected else {}))
    podcast_rows = [_row(old, random.choice(people), record, n) for n in range(rows)]
    for at in range(0, rows, A_PAGE):
        old.insert("podcasts", podcast_rows[at : at + A_PAGE])


def _row(old: OldProject, person: str, record: Record, number: int) -> dict[str, object]:
    id, kind = str(uuid4()), random.choices(*zip(*KINDS, strict=True))[0]
    content = {"sound": SOUND + id.encode(), "broken": b"no sound"}.get(kind)
    url = f"https://example.com/audio/{id}.mp3"
    if kind != "placeholder":
        url = old.sound(person, content or b"")
    if kind == "gone":
        del old.supabase.buckets["podcasts"].objects[url.partition("/podcasts/")[2]]
    record.files[id] = sha256(content).hexdigest() if kind == "sound" and content else kind
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
    old: OldProject, record: Record, more: Callable[[], bool], steps: int
) -> None:
    """Kill the import after up to `steps` more rows. After each kill, the old application adds a row."""
    while more():
        process = old.start("adopt", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        enough = count_imported(old) + random.randint(0, steps)
        while process.poll() is None and count_imported(old) < enough and more():
            sleep(0.05)
        sleep(random.uniform(0, 0.5))
        if process.poll() is None:
            process.send_signal(signal.SIGKILL)
            record.kills.append(count_imported(old))
        else:
            record.complete_runs += 1
        process.wait()
        new = _row(old, random.choice(old.listeners), record, len(record.files))
        old.insert("podcasts", [new])


def count_imported(old: OldProject) -> int:
    [(count,)] = old.ask("select count(*) from audiobrew.adopted_podcasts")
    return int(count)


def finish(old: OldProject) -> str:
    """Run the import to its end, check every byte, and return what both print."""
    output = ""
    for words in (("adopt",), ("adopt", "--check")):
        process = old.start(*words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        out, _ = process.communicate()
        assert process.returncode == 0, out
        output += out
    return output


def find_faults(old: OldProject, record: Record) -> list[str]:
    """All faults: what is missing, duplicated, or different from the original."""
    faults = []
    query = "select id::text, stage, media from audiobrew.episodes"
    episodes = {id: (stage, media) for id, stage, media in old.ask(query)}
    faults += [f"missing: {id}" for id in record.files.keys() - episodes.keys()]
    faults += [f"unexpected: {id}" for id in episodes.keys() - record.files.keys()]
    objects = old.supabase.buckets["episodes"].objects
    sounds = {id for id, value in record.files.items() if len(value) == 64}
    faults += [
        f"object unexpected: {key}"
        for key in objects.keys() - {f"episodes/{id}.mp3" for id in sounds}
    ]
    for id in sounds & episodes.keys():
        audio = old.audio(id)
        if episodes[id] != ("ready", f"episodes/{id}.mp3") or audio is None:
            faults.append(f"not ready: {id}")
        elif sha256(audio).hexdigest() != record.files[id]:
            faults.append(f"differs: {id}")
    faults += [
        f"ready without audio: {id}"
        for id in episodes.keys() - sounds
        if episodes[id][0] != "failed"
    ]
    twice = (
        "select episode_id from audiobrew.sentences group by 1 having count(*) <> 3"
        " union all select episode_id from audiobrew.segments group by 1 having count(*) <> 1"
    )
    faults += [f"script differs: {id}" for (id,) in old.ask(twice)]
    mailboxes = "select count(*) from public.gmail_connections g left join audiobrew.mail_sources s"
    [(missing,)] = old.ask(
        f"{mailboxes} on s.listener_id = g.user_id and s.kind = 'gmail' where s.listener_id is null"
    )
    return faults + ([f"mailboxes not imported: {missing}"] if missing else [])


def run(rows: int, seconds: float, seed: int) -> int:
    random.seed(seed)
    record = Record()
    with (
        cluster() as postgres,
        TemporaryDirectory() as name,
        create_old_project(postgres, Path(name)) as old,
    ):
        old.close_public_access()
        fill(old, rows, record)
        kinds = Counter("sound" if len(value) == 64 else value for value in record.files.values())
        print(f"{rows} old episodes of {len(old.listeners)} listeners: {dict(kinds)}", flush=True)
        until = monotonic() + seconds
        kill_again_and_again(old, record, lambda: monotonic() < until, rows // 20)
        print(f"killed {len(record.kills)} times in {seconds:.0f} s; taken after each kill:")
        print(" ".join(map(str, record.kills)), flush=True)
        print(f"runs that came to their end before a kill: {record.complete_runs}")
        print(finish(old))
        faults = find_faults(old, record)
        print(f"old rows {len(record.files)}, episodes {count_imported(old)}, faults {len(faults)}")
        print("\n".join(faults[:20]))
    return 1 if faults else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=10_000)
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--seed", type=int, default=20_261_125)
    return parser.parse_args()


if __name__ == "__main__":
    options = _arguments()
    sys.exit(run(options.rows, options.seconds, options.seed))
