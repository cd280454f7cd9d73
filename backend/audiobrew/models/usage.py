"""What a call to a model costs, in the words that everybody who makes one shares."""

from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, Protocol

from audiobrew.problems import Problem

Call = Callable[[], Awaitable["ModelResult"]]
Check = Callable[[], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class ClaimChecks:
    """Whether a call may still be made. Both raise what stops it.

    `renew` is asked before each try of a call, `hold` again as its first byte is about to be sent.
    """

    renew: Check
    hold: Check


claim_checks: ContextVar[ClaimChecks | None] = ContextVar("clearance", default=None)


async def check_before_try() -> None:
    """Before each try of a call that is paid for: its key must still be claimed by this task."""
    if current := claim_checks.get():
        await current.renew()


async def check_before_send() -> None:
    """The same, as the first byte is about to be sent; asks the database only after a pause."""
    if current := claim_checks.get():
        await current.hold()


@dataclass(frozen=True, slots=True)
class Bound:
    """The most that one try of a call can take.

    `inputs`: units of input, at most. `outputs`: the units that a token of output may be charged as.
    `tokens`: how many tokens of output are asked for at most; `least`: how many are expected.
    """

    inputs: Mapping[str, float]
    outputs: tuple[str, ...]
    tokens: int
    least: int


@dataclass(frozen=True, slots=True)
class Usage:
    """What a call is expected to take, or took: units by their name in the table of prices, such as
    `text_in`. Without a `bound` it cannot take more than that."""

    model: str
    units: Mapping[str, float]
    bound: Bound | None = field(default=None, compare=False)


class Budget(Protocol):
    """What is reserved for the call that this task makes."""

    @property
    def output_tokens(self) -> int | None:
        """The most that a try may answer with."""

    @property
    def most(self) -> Mapping[str, float]:
        """The units that one try can take at most."""

    async def extend(self) -> None:
        """Reserve for one more try. Raises CapReached, DailyLimitReached."""


budget: ContextVar[Budget | None] = ContextVar("budget", default=None)


async def reserve_another_try() -> None:
    """After a try that may have been billed, before the next one. Raises what the budget raises."""
    if current := budget.get():
        await current.extend()


def output_tokens(bound: Bound | None) -> int | None:
    """The `max_output_tokens` of this call: what is reserved for it, or what it asks for by itself."""
    current = budget.get()
    if current is not None and current.output_tokens is not None:
        return current.output_tokens
    return bound.tokens if bound else None


def bytes_of(*texts: str) -> int:
    """An upper bound of their tokens: a token is a byte or more."""
    return sum(len(text.encode("utf-8", "surrogatepass")) for text in texts)


@dataclass(frozen=True, slots=True)
class ModelResult:
    """What came of asking: facts as JSON, for a clip its bytes, and what was used; free without."""

    facts: dict[str, Any]
    content: bytes | None = None
    use: Usage | None = field(default=None)


class UsageMeter:
    """What one call takes, those of its tries among it that were cut off: they may have been paid."""

    def __init__(self, expected: Usage) -> None:
        self._expected = expected
        self._used: Counter[str] = Counter()

    def cut_off(self) -> None:
        """A try was begun, and its answer did not arrive: it may have taken all that it was allowed."""
        self._used.update(self._most())

    def answered(self, units: Mapping[str, float] | None) -> dict[str, float]:
        """With what the answer took; without its own count, the most that it can have taken."""
        self._used.update(units if units is not None else self._most())
        return dict(self._used)

    def _most(self) -> Mapping[str, float]:
        current = budget.get()
        return current.most if current else self._expected.units

    @contextmanager
    def kept(self) -> Iterator[None]:
        """A problem that ends the call tells what was spent until then."""
        try:
            yield
        except Problem as problem:
            problem.units = problem.units or dict(self._used) or None
            raise


class CallOnce(Protocol):
    """Asks a thing once in the life of a listener's answers: kept before it is used, never bought again."""

    async def __call__(
        self, kind: str, asked: Mapping[str, Any], expected: Usage | None, call: Call
    ) -> dict[str, Any]:
        """The kept facts for what was `asked`, or those of one call. Raises what the call raises, and
        CapReached or DailyLimitReached when the call could cost more than may still be spent."""
        ...
