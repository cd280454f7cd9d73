"""Every call that was made: what for, how much, when, and whether its answer was sent whole."""

import hashlib
import json
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path


@dataclass
class Call:
    """`asked` is a hash: the same request has the same. `until` is when it ended, well or not."""

    kind: str
    model: str
    characters_in: int
    asked: str
    characters_out: int = 0
    finished: bool = False
    at: float = field(default_factory=time.time)
    until: float | None = None
    billed: dict[str, int] = field(default_factory=dict)
    """Units by their name in the table of prices; an answer that was cut off on its way is billed, too."""


def hashed(*asked: object) -> str:
    told = json.dumps(asked, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()


class Ledger:
    """With a file, what an earlier process counted is taken up again."""

    def __init__(self, log: Path | None = None) -> None:
        self.log = log
        self.calls = read(log) if log and log.exists() else []

    def begin(self, kind: str, model: str, characters_in: int, asked: str) -> Call:
        call = Call(kind, model, characters_in, asked)
        self.calls.append(call)
        return call

    def end(self, call: Call, *, finished: bool, characters_out: int = 0) -> None:
        """Told before the last byte is sent, so that whoever has the answer finds it counted."""
        if call.until is not None:
            return
        call.finished, call.characters_out, call.until = finished, characters_out, time.time()
        if self.log:
            with self.log.open("a", encoding="utf-8") as file:
                file.write(json.dumps(asdict(call)) + "\n")

    def paid(self, kind: str) -> int:
        return sum(call.finished for call in self.calls if call.kind == kind)

    def twice(self) -> list[str]:
        """What was asked again although it had been answered."""
        finished = Counter(call.asked for call in self.calls if call.finished)
        return [asked for asked, count in finished.items() if count > 1]

    @property
    def at_once(self) -> int:
        return most_at_once(self.calls)


def read(log: Path) -> list[Call]:
    """A line may be half-written while it is read: it counts when it is whole."""
    lines = log.read_text(encoding="utf-8").split("\n")[:-1]
    return [Call(**json.loads(line)) for line in lines]


def most_at_once(calls: Iterable[Call]) -> int:
    steps = sorted(
        step
        for call in calls
        for step in ((call.at, 1), (call.until if call.until is not None else float("inf"), -1))
    )
    now = most = 0
    for _, step in steps:
        now += step
        most = max(most, now)
    return most
