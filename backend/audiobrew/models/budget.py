"""Calls within a budget: the most that a call can cost is reserved before it, and corrected after it.

Each call limits the length of its answer (`max_output_tokens`), so it cannot cost more than is reserved.
Where a cap does not pay for the full length but does pay for the expected one, the limit is lowered.
"""

import asyncio
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from http import HTTPStatus
from typing import Any, Protocol
from uuid import UUID

import structlog

from audiobrew.models.charges import Allowance, Charges, Limit, Reservation, Settlement
from audiobrew.models.prices import Prices, PriceUnknown
from audiobrew.models.result_cache import ResultCache, key_of
from audiobrew.models.usage import Bound, Call, CallOnce, ModelResult, Usage, budget
from audiobrew.ops import metrics
from audiobrew.ops.task_locks import TaskLocks
from audiobrew.problems import Problem

log = structlog.get_logger()


class CapReached(Problem):
    """This episode would cost more than its cap. Raise the cap, then retry: finished parts are kept."""

    type = "cap-reached"
    status = HTTPStatus.CONFLICT


class DailyLimitReached(Problem):
    """The daily spending limit is reached. It resets at midnight (UTC): retry this episode then. Finished
    parts are kept."""

    type = "daily-limit-reached"
    status = HTTPStatus.TOO_MANY_REQUESTS


class Payer(Protocol):
    """The episode that a call is charged to, and the listener for whom its result is stored."""

    @property
    def id(self) -> UUID: ...

    @property
    def listener(self) -> UUID: ...

    @property
    def cap(self) -> int | None:
        """What the episode may cost, in millionths of a dollar; None: no limit."""
        ...


class BudgetedCalls:
    """Makes the paid calls of this process, each one reserved first and stored in the result cache."""

    def __init__(self, results: ResultCache, charges: Charges, prices: Prices) -> None:
        self._results = results
        self._charges = charges
        self.prices = prices
        # Reservations of results that arrived but could not be stored yet. They are settled with the result.
        self._unsettled: dict[str, Reservation] = {}
        # How many open reservations each episode, and each listener, has.
        self._in_flight: Counter[UUID] = Counter()
        self._call_ended = asyncio.Event()
        # The calls of one listener wait here for each other. If they waited in the database for its row
        # locks, some would time out.
        self._listener_locks = TaskLocks[UUID]()

    def for_episode(self, episode: Payer) -> CallOnce:
        """A `CallOnce` that stores results for the episode's listener and charges the episode."""

        async def call_once(
            kind: str, question: Mapping[str, Any], expected: Usage | None, call: Call
        ) -> dict[str, Any]:
            key = key_of(episode.listener, kind, **question)
            return await self.get_or_call(episode, kind, key, expected, call)

        return call_once

    async def get_or_call(
        self, episode: Payer, kind: str, key: str, expected: Usage | None, call: Call
    ) -> dict[str, Any]:
        """The stored facts under `key`, or those of one call. A call without `expected` usage is free.

        Raises CapReached, DailyLimitReached, PriceUnknown, and what `call` raises.
        """
        origin = "kept"
        reservation: Reservation | None = None

        async def make() -> ModelResult:
            nonlocal origin, reservation
            origin = "made"
            if expected is None:
                return await call()
            reservation = await self._reserve(episode, key, expected)
            log.info("call.begun", kind=kind, key=key)
            with metrics.CALL_SECONDS.labels(kind).time():
                result = await self._call_within_budget(kind, call, reservation, expected)
            self._unsettled[key] = reservation
            return result

        def settle(result: ModelResult) -> Settlement:
            usage, unsettled = result.usage or expected, self._unsettled.get(key)
            if unsettled is None or usage is None:
                return ()
            return self._charges.settlement(unsettled, usage, self.prices.amount(usage))

        async def waste(result: ModelResult) -> None:
            usage, unsettled = result.usage or expected, self._unsettled.pop(key, None)
            if unsettled is not None and usage is not None:
                await self._charges.lose(unsettled, usage, self.prices.amount(usage))

        try:
            facts = await self._results.get_or_make(
                episode.listener,
                kind,
                key,
                make,
                settle,
                episode.id,
                exclusive=expected is not None,
                waste=waste,
            )
            self._unsettled.pop(key, None)
        finally:
            self._end_call(reservation)
        metrics.RESULTS.labels(kind, origin).inc()
        return facts

    def check_prices(self, episode: Payer, usages: Iterable[Usage]) -> None:
        """Raises PriceUnknown if the episode's cost is limited and one of these usages has no price."""
        limited = episode.cap is not None or self._charges.daily_limit is not None
        if limited and not all(map(self.prices.covers, usages)):
            raise PriceUnknown

    async def _reserve(self, episode: Payer, key: str, expected: Usage) -> Reservation:
        """Reserve money for one call. Raises CapReached, DailyLimitReached, PriceUnknown.

        If a limit prevents it while other calls are open, wait for those: most of them use less than is
        reserved for them.
        """
        self.check_prices(episode, [expected])
        while True:
            async with self._listener_locks.get(episode.listener):
                call_ended, others_open = self._call_ended, self._has_open_calls(episode)
                choose = partial(self._choose_allowance, expected, not others_open)
                reservation = await self._charges.reserve(episode.listener, episode.id, key, choose)
                if isinstance(reservation, Reservation):
                    self._in_flight.update([episode.id, episode.listener])
                    return reservation
            if not others_open:
                raise _limit_problem(reservation)
            await call_ended.wait()

    def _has_open_calls(self, episode: Payer) -> bool:
        """Whether open calls under the same limit may still return some of their reservation."""
        daily = self._charges.daily_limit is not None
        spender = episode.listener if daily else episode.id
        return self._in_flight[spender] > 0

    def _choose_allowance(
        self, expected: Usage, may_shorten: bool, remaining: int | None
    ) -> Allowance | None:
        """The worst case of a call, if `remaining` pays for it.

        Otherwise, with `may_shorten`, the longest answer that `remaining` pays for, if that is long enough.
        `remaining` is what may still be spent, in millionths of a dollar; None: no limit.
        """
        bound = expected.bound
        if bound is None:
            amount = self.prices.amount(expected)
            return Allowance(expected, amount) if remaining is None or amount <= remaining else None
        for tokens in (bound.max_tokens, self._affordable_tokens(expected.model, bound, remaining)):
            usage = self.prices.max_usage(expected.model, bound, tokens)
            amount = self.prices.amount(usage)
            if remaining is None or amount <= remaining:
                return Allowance(usage, amount, tokens) if tokens >= bound.expected_tokens else None
            if not may_shorten:
                return None
        return None

    def _affordable_tokens(self, model: str, bound: Bound, remaining: int | None) -> int:
        """The largest number of output tokens that `remaining` pays for."""
        fixed = self.prices.amount(self.prices.max_usage(model, bound, 0))
        million = self.prices.amount(self.prices.max_usage(model, bound, 1_000_000)) - fixed
        if remaining is None or million <= 0:
            return bound.max_tokens
        return min(bound.max_tokens, (remaining - fixed - 1) * 1_000_000 // million)

    def _end_call(self, reservation: Reservation | None) -> None:
        """Wake the calls that wait in `_reserve`."""
        if reservation is None:
            return
        self._in_flight.subtract([reservation.episode, reservation.listener])
        self._in_flight += Counter()  # drops the entries that are zero
        self._call_ended.set()
        self._call_ended = asyncio.Event()

    async def _call_within_budget(
        self, kind: str, call: Call, reservation: Reservation, expected: Usage
    ) -> ModelResult:
        """Make the call, and record how it ended.

        A call that was refused is not charged. A call whose answer is useless is charged, and so is one
        that was cut off, because it may be billed. Both count as lost.
        """
        token = budget.set(_ReservedBudget(self._charges, reservation))
        try:
            result = await call()
        except Problem as problem:
            if problem.units is None:
                self._count(kind, "refused")
                await self._charges.release(reservation)
            else:
                usage = Usage(expected.model, problem.units)
                self._count(kind, "lost", usage)
                await self._charges.lose(reservation, usage, self.prices.amount(usage))
            raise
        except BaseException:  # cancelled, or a bug: we cannot know whether it is billed
            self._count(kind, "cut_off", expected)
            raise
        finally:
            budget.reset(token)
        self._count(kind, "kept", result.usage or expected)
        return result

    def _count(self, kind: str, outcome: str, usage: Usage | None = None) -> None:
        metrics.CALLS.labels(kind, outcome).inc()
        if usage:
            metrics.COST.labels(kind).inc(self.prices.amount(usage) / 1_000_000)


@dataclass(slots=True)
class _ReservedBudget:
    """The `Budget` of one call: its reservation, which grows with each further try."""

    charges: Charges
    reservation: Reservation
    tries: int = 1

    @property
    def output_tokens(self) -> int | None:
        return self.reservation.allowance.output_tokens

    @property
    def max_units(self) -> Mapping[str, float]:
        return self.reservation.allowance.usage.units

    async def extend(self) -> None:
        units = {name: count * (self.tries + 1) for name, count in self.max_units.items()}
        limit = await self.charges.extend(self.reservation, units)
        if limit is not None:
            raise _limit_problem(limit)
        self.tries += 1


def _limit_problem(limit: Limit) -> Problem:
    if limit is Limit.CAP:
        return CapReached()
    tomorrow = datetime.now(UTC).date() + timedelta(days=1)
    return DailyLimitReached(
        f"Your daily spending limit is reached. It resets on {tomorrow.isoformat()} at 00:00 UTC: retry"
        " this episode then. Finished parts are kept."
    )
