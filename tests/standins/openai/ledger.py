"""Records every call: its kind, size and time, and whether its answer was sent completely."""

import hashlib
import json
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path


@dataclass
class Call:
    """`request_hash` is the same for the same request. `until` is the time at which the call ended or failed.

    `billed` contains units by their name in the price table. An answer that was cut off is billed, too.
    """

    kind: str
    model: str
    characters_in: int
    request_hash: str
    characters_out: int = 0
    finished: bool = False
    at: float = field(default_factory=time.time)
    until: float | None = None
    billed: dict[str, int] = field(default_factory=dict)


def hash_request(*parts: object) -> str:
    text = json.dumps(parts, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


class Ledger:
    """With a file, it continues with the calls that an earlier process recorded."""

    def __init__(self, log: Path | None = None) -> None:
        self.log = log
        self.calls = read(log) if log and log.exists() else []

    def begin(self, kind: str, model: str, characters_in: int, request_hash: str) -> Call:
        call = Call(kind, model, characters_in, request_hash)
        self.calls.append(call)
        return call

    def end(self, call: Call, *, finished: bool, characters_out: int = 0) -> None:
        """Record the end. This is done before the last byte is sent, so that no answer is missing here."""
        if call.until is not None:
            return
        call.finished, call.characters_out, call.until = finished, characters_out, time.time()
        if self.log:
            with self.log.open("a", encoding="utf-8") as file:
                file.write(json.dumps(asdict(call)) + "\n")

    def paid(self, kind: str) -> int:
        return sum(call.finished for call in self.calls if call.kind == kind)

    def twice(self) -> list[str]:
        """The requests that were answered more than once."""
        counts = Counter(call.request_hash for call in self.calls if call.finished)
        return [request_hash for request_hash, count in counts.items() if count > 1]

    @property
    def at_once(self) -> int:
        return most_at_once(self.calls)


def read(log: Path) -> list[Call]:
    """Read the calls. A line that is still being written is ignored."""
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
