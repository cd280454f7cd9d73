"""Ten newsletters to a five-minute episode by models that take as long as real ones.

The stand-in for OpenAI runs in a process of its own: text takes 2 s and 1 s per 1,000 characters out, speech
1 s and 1 s per 1,000 characters in. Told against two floors of the same run: the calls one after the
other, and the longest chain of calls that must wait for each other. The middle one of three rounds.
"""

import json
import logging
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic, process_time, sleep
from typing import Any

import anyio

sys.path.insert(0, str(Path(__file__).parents[1]))

from audiobrew.db.stages import Stage
from audiobrew.episode.episode import Order
from audiobrew.inbox.samples import SampleMailbox
from audiobrew.mail.newsletter import Newsletter
from audiobrew.ops.logging import configure_logging
from audiobrew.settings import Settings
from audiobrew.wiring import Ports, connect

from tests.listeners import add_listener

MINUTES, MOST_SECONDS, MOST_SENT, AT_ONCE, ROUNDS = 5, 10.0, 1.5, 12, 3
KEY = "sk-stand-in"


def newsletters() -> list[Newsletter]:
    """Ten of about 6,000 characters: each sample with the text of the next one of its language."""
    samples = [mail for mail in SampleMailbox().newsletters() if mail.bulk]
    return [_longer(one, samples[(place + 1) % len(samples)]) for place, one in enumerate(samples)]


def _longer(one: Newsletter, other: Newsletter) -> Newsletter:
    more = (replace(block, id=f"{one.digest[:8]}-{block.id}"[:32]) for block in other.blocks)
    return replace(one, digest=one.digest[::-1], blocks=(*one.blocks, *more))


@contextmanager
def stand_in(log: Path) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [
        sys.executable,
        "-m",
        "tests.standins.openai",
        "--port",
        str(port),
        "--log",
        str(log),
    ]
    process = subprocess.Popen([*command, "--slow"], cwd=Path(__file__).parents[1])
    try:
        _wait(port)
        yield f"http://127.0.0.1:{port}/v1"
    finally:
        process.terminate()
        process.wait(10)


def _wait(port: int) -> None:
    for _ in range(200):
        with socket.socket() as tried:
            if tried.connect_ex(("127.0.0.1", port)) == 0:
                return
        sleep(0.1)
    raise AssertionError("the stand-in did not start")


async def brewed(ports: Ports, minutes: int, mails: list[Newsletter]) -> tuple[float, Any]:
    """By a listener of its own: nothing that another one paid for is used."""
    listener = await add_listener(ports.listeners)
    kept = await ports.mails.add(listener, mails)
    order = Order(tuple(mail.id for mail in kept), minutes, datetime.now(UTC).date())
    began, busy = monotonic(), process_time()
    episode = await ports.orders.start(listener, order)
    async for progress in ports.orders.events(episode.id):
        if "--verbose" in sys.argv:
            print(f"{monotonic() - began:5.1f} s {progress.stage} {progress.percent} %")
    wall = monotonic() - began
    print(f"{process_time() - busy:.1f} CPU-s in {wall:.1f} s")
    ended = await ports.episodes.get(listener, episode.id)
    assert ended.stage is Stage.READY, ended.trouble
    return wall, ended


Told = tuple[float, Any, list[dict[str, Any]]]
"""Seconds, the episode, and the calls that were made for it."""


async def measured(folder: Path, url: str) -> Told:
    """The middle one of ROUNDS, by a service that knows its voice's pace."""
    settings = Settings(
        data=folder / "data", openai_api_key=KEY, openai_base_url=url, calls_at_once=AT_ONCE
    )
    async with connect(settings, alone=True) as ports:
        await brewed(ports, MINUTES, newsletters())
        rounds = [await counted(ports, folder / "calls.jsonl") for _ in range(ROUNDS)]
    return sorted(rounds, key=lambda told: told[0])[ROUNDS // 2]


async def counted(ports: Ports, log: Path) -> Told:
    before = len(answered(log))
    wall, episode = await brewed(ports, MINUTES, newsletters())
    return wall, episode, answered(log)[before:]


def answered(log: Path) -> list[dict[str, Any]]:
    calls = map(json.loads, log.read_text().splitlines())
    return [call for call in calls if call["finished"]]


def floors(calls: list[dict[str, Any]]) -> tuple[float, float]:
    """Seconds of all calls one after the other, and of the slowest points, segment and clip."""
    text = [2 + call["characters_out"] / 1000 for call in calls if call["kind"] == "responses"]
    heard = [1 + call["characters_in"] / 1000 for call in calls if call["kind"] == "realtime"]
    points, segments = text[: len(text) // 2], text[len(text) // 2 :]
    return sum(text) + sum(heard), max(points) + max(segments) + max(heard)


def main() -> int:
    configure_logging(logging.WARNING)
    with tempfile.TemporaryDirectory(prefix="audiobrew-brew-") as name:
        folder = Path(name)
        with stand_in(folder / "calls.jsonl") as url:
            wall, episode, calls = anyio.run(measured, folder, url)
    held = sum(len(block.text) for one in newsletters() for block in one.blocks)
    sent = sum(call["characters_in"] for call in calls if call["kind"] == "responses")
    together, chain = floors(calls)
    if "--verbose" in sys.argv:
        first = min(call["at"] for call in calls)
        for call in sorted(calls, key=lambda call: call["at"]):
            print(f"{call['kind']} {call['at'] - first:.2f} to {call['until'] - first:.2f} s")
    print(f"{len(calls)} calls, {held:,} characters of newsletters, {sent / held:.2f} x sent")
    print(f"wall {wall:.2f} s for {episode.seconds:.0f} s of audio (asked {MINUTES * 60})")
    print(f"calls one after the other {together:.1f} s: {together / wall:.1f} x faster")
    print(f"longest chain {chain:.1f} s: {wall / chain:.2f} x as long")
    return 0 if wall <= MOST_SECONDS and sent <= MOST_SENT * held else 1


if __name__ == "__main__":
    sys.exit(main())
