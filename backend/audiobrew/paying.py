"""What a call to a model costs, in the words that everybody who makes one shares."""

from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, Protocol

from audiobrew.problem import Problem

Call = Callable[[], Awaitable["Answer"]]
Check = Callable[[], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Clearance:
    """Whether a call may still be made. Both raise what stops it.

    `renew` is asked before each try of a call, `hold` again as its first byte is about to be sent.
    """

    renew: Check
    hold: Check


clearance: ContextVar[Clearance | None] = ContextVar("clearance", default=None)


async def may_try() -> None:
    """Before each try of a call that is paid for: its key must still be claimed by this task."""
    if current := clearance.get():
        await current.renew()


async def may_send() -> None:
    """The same, as the first byte is about to be sent; asks the database only after a pause."""
    if current := clearance.get():
        await current.hold()


@dataclass(frozen=True, slots=True)
class Use:
    """What a call takes or took: units by their name in the table of prices, such as `text_in`."""

    model: str
    units: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of asking: facts as JSON, for a clip its bytes, and what was used; free without."""

    facts: dict[str, Any]
    content: bytes | None = None
    use: Use | None = field(default=None)


class Tally:
    """What one call takes, those of its tries among it that were cut off: they may have been paid."""

    def __init__(self, expected: Use) -> None:
        self._expected = expected
        self._used: Counter[str] = Counter()

    def cut_off(self) -> None:
        """A try was begun, and its answer did not arrive."""
        self._used.update(self._expected.units)

    def answered(self, units: Mapping[str, float] | None) -> dict[str, float]:
        """With what the answer took; without its own count, what was expected."""
        self._used.update(units if units is not None else self._expected.units)
        return dict(self._used)

    @contextmanager
    def kept(self) -> Iterator[None]:
        """A problem that ends the call tells what was spent until then."""
        try:
            yield
        except Problem as problem:
            problem.units = problem.units or dict(self._used) or None
            raise


class Once(Protocol):
    """Asks a thing once in the life of a listener's answers: kept before it is used, never bought again."""

    async def __call__(
        self, kind: str, asked: Mapping[str, Any], expected: Use | None, call: Call
    ) -> dict[str, Any]:
        """The kept facts for what was `asked`, or those of one call. Raises what the call raises, and
        CapReached when the call is expected to pass the episode's cap."""
        ...
