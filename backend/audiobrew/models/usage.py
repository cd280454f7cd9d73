"""What a paid model call uses, and how the code that makes such a call reports it.

Writers and voices use this module without knowing who pays: the budget and the key lock of the call under way
are passed to them in context variables.
"""

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
class LockChecks:
    """Two checks that a paid call may still be made. Each raises what forbids it.

    `renew` runs before each try. `renew_if_due` runs just before the first byte of a request is sent.
    """

    renew: Check
    renew_if_due: Check


current_lock_checks: ContextVar[LockChecks | None] = ContextVar("current_lock_checks", default=None)


async def check_before_try() -> None:
    """Call before each try of a paid call. Raises KeyLockLost if this task no longer holds the lock."""
    if checks := current_lock_checks.get():
        await checks.renew()


async def check_before_send() -> None:
    """Call just before a request is sent. Queries the database only if the last renewal was long ago."""
    if checks := current_lock_checks.get():
        await checks.renew_if_due()


@dataclass(frozen=True, slots=True)
class Bound:
    """The most that one try of a call can use.

    `inputs`: the largest number of input units, by unit. `outputs`: the units that an output token may be
    charged as. `max_tokens` and `expected_tokens` are numbers of output tokens.
    """

    inputs: Mapping[str, float]
    outputs: tuple[str, ...]
    max_tokens: int
    expected_tokens: int


@dataclass(frozen=True, slots=True)
class Usage:
    """What a call is expected to use, or has used.

    `units` counts units under their names in the price table, such as `text_in`. A call without a `bound`
    cannot use more than `units`.
    """

    model: str
    units: Mapping[str, float]
    bound: Bound | None = field(default=None, compare=False)


class Budget(Protocol):
    """What is reserved for the call that the current task makes."""

    @property
    def output_tokens(self) -> int | None:
        """The largest number of output tokens of one try."""

    @property
    def max_units(self) -> Mapping[str, float]:
        """The most units that one try can use."""

    async def extend(self) -> None:
        """Reserve one more try. Raises CapReached, DailyLimitReached."""


budget: ContextVar[Budget | None] = ContextVar("budget", default=None)


async def reserve_another_try() -> None:
    """Call between a try that may have been billed and the next one. Raises what `Budget.extend` raises."""
    if current := budget.get():
        await current.extend()


def output_tokens(bound: Bound | None) -> int | None:
    """The `max_output_tokens` of this call: as many as are reserved for it, else as many as `bound` says."""
    current = budget.get()
    if current is not None and current.output_tokens is not None:
        return current.output_tokens
    return bound.max_tokens if bound else None


def max_token_count(*texts: str) -> int:
    """An upper bound of the number of tokens in these texts: a token is at least one byte long."""
    return sum(len(text.encode("utf-8", "surrogatepass")) for text in texts)


@dataclass(frozen=True, slots=True)
class ModelResult:
    """The result of a call: `facts` as JSON, `content` if it is a clip, and `usage`, None if it was free."""

    facts: dict[str, Any]
    content: bytes | None = None
    usage: Usage | None = None


class UsageMeter:
    """Counts what one call uses, including tries that were cut off, because those may be billed too."""

    def __init__(self, expected: Usage) -> None:
        self._expected = expected
        self._units: Counter[str] = Counter()

    def add_cut_off_try(self) -> None:
        """Count a try whose answer did not arrive as the most that it was allowed to use."""
        self._units.update(self._max_units())

    def add_answer(self, units: Mapping[str, float] | None) -> dict[str, float]:
        """Count an answer, and return the total.

        Without `units`, which the server reports, it is counted as the most that it can have used.
        """
        self._units.update(units if units is not None else self._max_units())
        return dict(self._units)

    def _max_units(self) -> Mapping[str, float]:
        current = budget.get()
        return current.max_units if current else self._expected.units

    @contextmanager
    def attach_to_problems(self) -> Iterator[None]:
        """Put the units used so far on a problem that ends the call."""
        try:
            yield
        except Problem as problem:
            problem.units = problem.units or dict(self._units) or None
            raise


class CallOnce(Protocol):
    """Answers a question from the listener's stored results, or makes the call and stores its result."""

    async def __call__(
        self, kind: str, question: Mapping[str, Any], expected: Usage | None, call: Call
    ) -> dict[str, Any]:
        """The facts of the result for this `question`.

        Raises what `call` raises, and CapReached or DailyLimitReached if the call could cost more than may
        still be spent.
        """
        ...
