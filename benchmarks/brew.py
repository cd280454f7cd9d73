"""How long it takes to brew a five-minute episode from ten newsletters, with models as slow as real ones.

The stand-in for OpenAI runs in its own process. A text takes 2 s, plus 1 s per 1,000 characters of output;
speech takes 1 s, plus 1 s per 1,000 characters of input. The time is compared with two floors of the same
run: all calls in sequence, and the longest chain of calls that depend on each other. The result is the
median of three rounds.
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

MINUTES, MAX_SECONDS, MAX_INPUT_RATIO, CONCURRENT_CALLS, ROUNDS = 5, 12.0, 1.5, 12, 3
# How far an episode may be from the ordered length.
MAX_DEVIATION = 0.05
KEY = "sk-stand-in"


def newsletters() -> list[Newsletter]:
    """Ten newsletters of about 6,000 characters: each sample, followed by the text of the next sample."""
    samples = [mail for mail in SampleMailbox().newsletters() if mail.bulk]
    following = [*samples[1:], samples[0]]
    return [append(mail, other) for mail, other in zip(samples, following, strict=True)]


def append(mail: Newsletter, other: Newsletter) -> Newsletter:
    more = (replace(block, id=f"{mail.digest[:8]}-{block.id}"[:32]) for block in other.blocks)
    return replace(mail, digest=mail.digest[::-1], blocks=(*mail.blocks, *more))


@contextmanager
def run_stand_in(log: Path) -> Iterator[str]:
    """Run the stand-in for OpenAI and yield its address. It writes every call to `log`."""
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
        wait_until_listening(port)
        yield f"http://127.0.0.1:{port}/v1"
    finally:
        process.terminate()
        process.wait(10)


def wait_until_listening(port: int) -> None:
    for _ in range(200):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        sleep(0.1)
    raise AssertionError("the stand-in did not start")


async def brew(ports: Ports, minutes: int, mails: list[Newsletter]) -> tuple[float, Any]:
    """Brew as a new listener, who has no cached results. Returns the seconds and the episode."""
    listener = await add_listener(ports.listeners)
    stored_mails = await ports.mails.add(listener, mails)
    order = Order(tuple(mail.id for mail in stored_mails), minutes, datetime.now(UTC).date())
    began, cpu_before = monotonic(), process_time()
    episode = await ports.orders.start(listener, order)
    async for progress in ports.orders.events(episode.id):
        if "--verbose" in sys.argv:
            print(f"{monotonic() - began:5.1f} s {progress.stage} {progress.percent} %")
    wall = monotonic() - began
    print(f"{process_time() - cpu_before:.1f} CPU-s in {wall:.1f} s")
    episode = await ports.episodes.get(listener, episode.id)
    assert episode.stage is Stage.READY, episode.trouble
    return wall, episode


# Seconds, the episode, and the calls that were made for it.
Round = tuple[float, Any, list[dict[str, Any]]]


async def run_rounds(folder: Path, url: str) -> Round:
    """The median round. One brew before them teaches the service its voice's pace."""
    settings = Settings(
        data=folder / "data",
        openai_api_key=KEY,
        openai_base_url=url,
        calls_at_once=CONCURRENT_CALLS,
    )
    async with connect(settings, alone=True) as ports:
        await brew(ports, MINUTES, newsletters())
        rounds = [await run_round(ports, folder / "calls.jsonl") for _ in range(ROUNDS)]
    return sorted(rounds, key=lambda result: result[0])[ROUNDS // 2]


async def run_round(ports: Ports, log: Path) -> Round:
    before = len(finished_calls(log))
    wall, episode = await brew(ports, MINUTES, newsletters())
    return wall, episode, finished_calls(log)[before:]


def finished_calls(log: Path) -> list[dict[str, Any]]:
    calls = map(json.loads, log.read_text().splitlines())
    return [call for call in calls if call["finished"]]


def floors(calls: list[dict[str, Any]]) -> tuple[float, float]:
    """The seconds of all calls in sequence, and of the slowest points, plan, segment and clip together."""
    text = [2 + call["characters_out"] / 1000 for call in calls if call["kind"] == "responses"]
    speech = [1 + call["characters_in"] / 1000 for call in calls if call["kind"] == "realtime"]
    newsletter_count = len(newsletters())
    points, plan, segments = (
        text[:newsletter_count],
        text[newsletter_count],
        text[newsletter_count + 1 :],
    )
    return sum(text) + sum(speech), max(points) + plan + max(segments) + max(speech)


def main() -> int:
    configure_logging(logging.WARNING)
    with tempfile.TemporaryDirectory(prefix="audiobrew-brew-") as name:
        folder = Path(name)
        with run_stand_in(folder / "calls.jsonl") as url:
            wall, episode, calls = anyio.run(run_rounds, folder, url)
    mail_characters = sum(len(block.text) for mail in newsletters() for block in mail.blocks)
    input_characters = sum(call["characters_in"] for call in calls if call["kind"] == "responses")
    input_ratio = input_characters / mail_characters
    sequence, chain = floors(calls)
    if "--verbose" in sys.argv:
        first = min(call["at"] for call in calls)
        for call in sorted(calls, key=lambda call: call["at"]):
            print(f"{call['kind']} {call['at'] - first:.2f} to {call['until'] - first:.2f} s")
    print(
        f"{len(calls)} calls, {mail_characters:,} characters of newsletters, sent {input_ratio:.2f} times"
    )
    print(f"wall {wall:.2f} s for {episode.seconds:.0f} s of audio (ordered {MINUTES * 60} s)")
    print(f"all calls in sequence {sequence:.1f} s: {sequence / wall:.1f} x faster")
    print(f"longest chain of calls {chain:.1f} s: {wall / chain:.2f} x as long")
    is_long_enough = abs(episode.seconds / (MINUTES * 60) - 1) <= MAX_DEVIATION
    is_met = wall <= MAX_SECONDS and input_ratio <= MAX_INPUT_RATIO and is_long_enough
    return 0 if is_met else 1


if __name__ == "__main__":
    sys.exit(main())
