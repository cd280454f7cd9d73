"""Kills the product or its voice while it brews, and finds out which clips were lost or made twice."""

import json
import random
import sqlite3
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import psutil

from tests.drills.mail_factory import letter
from tests.product import Product

VOICE_CALL = '"event": "voice.called"'
VOICE_PROGRAM = "audiobrew.audio.local.process"
LETTERS = 3
Moment = Callable[["Watch"], bool]


class Victim(StrEnum):
    """What is killed."""

    PRODUCT = "product"
    VOICE = "voice"
    BOTH = "both"


class Watch:
    """The state of a brew, read from the database file beside the running product."""

    def __init__(self, data: Path, episode: str) -> None:
        self._data = data
        self._database = sqlite3.connect(data / "audiobrew.sqlite", timeout=10)
        self._id = episode.replace("-", "")
        self.before = self.clips()

    def close(self) -> None:
        self._database.close()

    def row(self) -> tuple[str, int, int, int]:
        """Stage, parts done, of how many, revision."""
        query = "select stage, done, total, revision from episodes where id = ?"
        row: tuple[str, int, int, int] = self._database.execute(query, [self._id]).fetchone()
        return row

    def clips(self) -> int:
        query = "select count(*) from paid where kind = 'clip'"
        return int(self._database.execute(query).fetchone()[0])

    def is_writing_file(self) -> bool:
        """Whether a file is being written that is not in its place yet."""
        return any((self._data / "media" / ".new").iterdir())


def at(stage: str, share: float = 0.0) -> Moment:
    """When `share` of a stage is done."""

    def is_reached(watch: Watch) -> bool:
        now, done, total, _ = watch.row()
        return now == stage and done >= share * total

    return is_reached


def after_row(clips: int) -> Moment:
    """Right after the row of a clip was written, while its file is being written."""
    return lambda watch: watch.clips() >= watch.before + clips


def during_file(clips: int) -> Moment:
    """While the file of a later clip is being written."""
    return lambda watch: watch.is_writing_file() and watch.clips() >= watch.before + clips


def later(moment: Moment, seconds: float) -> Moment:
    """This long after a moment."""

    def is_over(watch: Watch) -> bool:
        if not moment(watch):
            return False
        sleep(seconds)
        return True

    return is_over


MOMENTS: dict[str, Moment] = {
    "as it begins": lambda watch: True,
    "gathering": at("gathering"),
    "planning": at("planning"),
    "writing": at("writing"),
    "writing, half": at("writing", 0.5),
    "checking": at("checking"),
    "speaking": at("speaking"),
    "row of clip 1": after_row(1),
    "file of clip 2": during_file(2),
    "speaking, 1/5": at("speaking", 0.2),
    "row of clip 3": after_row(3),
    "speaking, 2/5": at("speaking", 0.4),
    "file of clip 4": during_file(4),
    "speaking, 3/5": at("speaking", 0.6),
    "row of clip 5": after_row(5),
    "speaking, 4/5": at("speaking", 0.8),
    "file of clip 6": during_file(6),
    "row of clip 7": after_row(7),
    "joining": at("joining"),
    "joining, later": later(at("joining"), 0.2),
}


def random_moment(source: random.Random) -> tuple[str, Moment]:
    """A moment while clips are recorded, up to half a second after a share of them is done."""
    share, delay = source.random(), source.random() / 2
    return f"speaking, {share:.0%}", later(at("speaking", share), delay)


@dataclass(frozen=True)
class Cut:
    """The effect of one kill. `stored` clips existed when the product was killed, `lost` ones had been
    requested but not stored, and `twice` counts clips that were requested again although they were stored.

    `calls` counts all calls to the voice, before and after the kill. `orphans` are the voice's processes that
    outlived the product.
    """

    number: int
    victim: Victim
    moment: str
    stage: str
    stored: int
    lost: int
    twice: int
    calls: int
    seconds_to_continue: float
    status: str
    orphans: int = 0

    @property
    def good(self) -> bool:
        return self.status == "ready" and self.calls > 0 and not self.twice and not self.orphans


def cut(
    product: Product,
    number: int,
    name: str,
    moment: Moment,
    victim: Victim = Victim.PRODUCT,
) -> tuple[Product, Cut]:
    """Order an episode and kill the victim at the moment. If the product was killed, start a new one on the
    same data."""
    old_clips, calls_before = stored_clips(product.data), voice_calls(product)
    mail_ids = _upload(product, number)
    id = product.start(email_ids=mail_ids, minutes=1, title=f"Cut {number}")
    with closing(Watch(product.data, id)) as watch:
        stage, revision, orphans = _kill_at(product, watch, moment, victim)
        new_clips = stored_clips(product.data) - old_clips
        first_calls = voice_calls(product) - calls_before
        start = monotonic()
        alive = victim is Victim.VOICE
        new_product = product if alive else Product(product.data, **product.env)
        seconds = _seconds_to_continue(watch, revision, start)
        episode = new_product.wait_until_ended(id, within=600)
    later_calls = voice_calls(new_product)
    if alive:
        later_calls = later_calls - calls_before - first_calls
    repeated_calls = _count_repeated(first_calls) + _count_repeated(later_calls)
    return new_product, Cut(
        number,
        victim,
        name,
        stage,
        stored=len(new_clips),
        lost=len(set(later_calls) & set(first_calls) - new_clips),
        twice=sum(later_calls[key] for key in new_clips | old_clips) + repeated_calls,
        calls=(first_calls + later_calls).total(),
        seconds_to_continue=seconds,
        status=episode["status"],
        orphans=orphans,
    )


def stored_clips(data: Path) -> set[str]:
    """The keys of the clips that have both a row and a file."""
    with closing(sqlite3.connect(data / "audiobrew.sqlite", timeout=10)) as database:
        rows = database.execute("select key, media from paid where kind = 'clip'").fetchall()
    return {key for key, media in rows if (data / "media" / media).exists()}


def voice_calls(product: Product) -> Counter[str]:
    """How often this process called the voice for each clip."""
    return Counter(json.loads(line)["key"] for line in product.lines if VOICE_CALL in line)


def _count_repeated(calls: Counter[str]) -> int:
    """The number of calls that one process repeated."""
    return calls.total() - len(calls)


def _upload(product: Product, number: int) -> list[str]:
    first = number * LETTERS
    answers: list[Any] = [
        product.upload(f"{n}.eml", letter(n)) for n in range(first, first + LETTERS)
    ]
    return [mail["id"] for answer in answers for mail in answer["mails"]]


def _kill_at(
    product: Product, watch: Watch, moment: Moment, victim: Victim, within: float = 300
) -> tuple[str, int, int]:
    """Kill the victim at the moment. Returns the stage and the revision at which it was killed, and the
    number of the voice's processes that live on without the product."""
    deadline = monotonic() + within
    while not moment(watch) or (victim is not Victim.PRODUCT and not voice_processes(product)):
        stage = watch.row()[0]
        if stage in ("ready", "failed") or monotonic() > deadline:
            break
        sleep(0.0005)
    voices = voice_processes(product)
    if victim is not Victim.PRODUCT:
        for voice in voices:
            voice.kill()
    if victim is not Victim.VOICE:
        product.kill()
        product.http.close()
    stage, _, _, revision = watch.row()
    _, alive = psutil.wait_procs(voices, timeout=5)
    return stage, revision, len(alive)


def voice_processes(product: Product) -> list[psutil.Process]:
    """The processes of a natural voice that this product has started."""
    return [
        child
        for child in psutil.Process(product.process.pid).children()
        if VOICE_PROGRAM in " ".join(child.cmdline())
    ]


def _seconds_to_continue(watch: Watch, revision: int, start: float, within: float = 60) -> float:
    """The seconds from the new start until the brew continued."""
    while monotonic() - start < within and watch.row()[3] == revision and watch.row()[0] != "ready":
        sleep(0.005)
    return monotonic() - start
