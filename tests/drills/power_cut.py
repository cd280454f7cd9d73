"""Kills the product while it brews, starts it again, and looks what it had and what it asked for twice."""

import json
import sqlite3
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, sleep
from typing import Any

from tests.drills.mail_factory import letter
from tests.product import Product

CALLED = '"event": "voice.called"'
LETTERS = 3
Moment = Callable[["Watch"], bool]


class Watch:
    """What a brew has come to, read from the disk beside the product."""

    def __init__(self, data: Path, episode: str) -> None:
        self._data = data
        self._database = sqlite3.connect(data / "audiobrew.sqlite", timeout=10)
        self._id = episode.replace("-", "")
        self.before = self.clips()

    def close(self) -> None:
        self._database.close()

    def row(self) -> tuple[str, int, int, int]:
        """Stage, parts done, of how many, revision."""
        chosen = "select stage, done, total, revision from episodes where id = ?"
        row: tuple[str, int, int, int] = self._database.execute(chosen, [self._id]).fetchone()
        return row

    def clips(self) -> int:
        asked = "select count(*) from paid where kind = 'clip'"
        return int(self._database.execute(asked).fetchone()[0])

    def coming(self) -> bool:
        """A file is being written that is not in its place yet."""
        return any((self._data / "media" / ".new").iterdir())


def at(stage: str, share: float = 0.0) -> Moment:
    """Once `share` of a stage is done."""

    def reached(watch: Watch) -> bool:
        now, done, total, _ = watch.row()
        return now == stage and done >= share * total

    return reached


def recorded(clips: int) -> Moment:
    """Right after the row of a clip, while its file is on the way."""
    return lambda watch: watch.clips() >= watch.before + clips


def written(clips: int) -> Moment:
    """While the bytes of a later clip are being written."""
    return lambda watch: watch.coming() and watch.clips() >= watch.before + clips


MOMENTS: dict[str, Moment] = {
    "as it begins": lambda watch: True,
    "gathering": at("gathering"),
    "planning": at("planning"),
    "writing": at("writing"),
    "writing, half": at("writing", 0.5),
    "checking": at("checking"),
    "speaking": at("speaking"),
    "row of clip 1": recorded(1),
    "file of clip 2": written(2),
    "speaking, 1/5": at("speaking", 0.2),
    "row of clip 3": recorded(3),
    "speaking, 2/5": at("speaking", 0.4),
    "file of clip 4": written(4),
    "speaking, 3/5": at("speaking", 0.6),
    "row of clip 5": recorded(5),
    "speaking, 4/5": at("speaking", 0.8),
    "file of clip 6": written(6),
    "row of clip 7": recorded(7),
    "joining": at("joining"),
    "joining, later": at("joining"),
}


@dataclass(frozen=True)
class Cut:
    """What one kill did. `lost` were asked for, but not kept yet, when the power went.

    `calls` are all the questions to the voice, before the kill and after it.
    """

    number: int
    moment: str
    stage: str
    kept: int
    lost: int
    twice: int
    calls: int
    went_on: float
    ended: str

    @property
    def good(self) -> bool:
        return self.ended == "ready" and self.calls > 0 and not self.twice


def cut(product: Product, number: int, moment: str) -> tuple[Product, Cut]:
    """Order an episode, kill the product at the moment, start another on the same data."""
    shelf, before = finished(product.data), calls(product)
    episode = product.start(email_ids=_uploaded(product, number), minutes=1, title=f"Cut {number}")
    with closing(Watch(product.data, episode)) as watch:
        stage, revision = _killed(product, watch, moment)
        kept, called = finished(product.data) - shelf, calls(product) - before
        begun = monotonic()
        next_one = Product(product.data)
        went_on = _moved(watch, revision, begun)
        told = next_one.wait_until_ended(episode, within=180)
    again = calls(next_one)
    return next_one, Cut(
        number,
        moment,
        stage,
        kept=len(kept),
        lost=len(set(again) & set(called) - kept),
        twice=sum(again[key] for key in kept | shelf) + _repeated(called) + _repeated(again),
        calls=(called + again).total(),
        went_on=went_on,
        ended=told["status"],
    )


def finished(data: Path) -> set[str]:
    """Keys of the clips that are recorded and in their place."""
    with closing(sqlite3.connect(data / "audiobrew.sqlite", timeout=10)) as database:
        rows = database.execute("select key, media from paid where kind = 'clip'").fetchall()
    return {key for key, media in rows if (data / "media" / media).exists()}


def calls(product: Product) -> Counter[str]:
    """How often this process asked the voice for each clip."""
    return Counter(json.loads(line)["key"] for line in product.lines if CALLED in line)


def _repeated(called: Counter[str]) -> int:
    """Questions that one process asked a second time."""
    return called.total() - len(called)


def _uploaded(product: Product, number: int) -> list[str]:
    first = number * LETTERS
    answers: list[Any] = [
        product.upload(f"{n}.eml", letter(n)) for n in range(first, first + LETTERS)
    ]
    return [mail["id"] for answer in answers for mail in answer["mails"]]


def _killed(product: Product, watch: Watch, moment: str, within: float = 120) -> tuple[str, int]:
    """The stage and the revision at which the power went."""
    deadline = monotonic() + within
    while not MOMENTS[moment](watch):
        stage = watch.row()[0]
        if stage in ("ready", "failed") or monotonic() > deadline:
            break
        sleep(0.0005)
    if moment.endswith("later"):
        sleep(0.2)
    product.kill()
    product.http.close()
    stage, _, _, revision = watch.row()
    return stage, revision


def _moved(watch: Watch, revision: int, begun: float, within: float = 60) -> float:
    """Seconds from the new start until the brew went on."""
    while monotonic() - begun < within and watch.row()[3] == revision and watch.row()[0] != "ready":
        sleep(0.005)
    return monotonic() - begun
