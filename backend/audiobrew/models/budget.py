"""The till: the most that a call can cost is reserved before it is made, and corrected after it.

A call is made with a bound to its answer (`max_output_tokens`), so it cannot cost more than is reserved for
it. Where a cap pays for less than that and still for what is expected, the bound is lowered.
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
from weakref import WeakValueDictionary

import structlog

from audiobrew.models.charges import Allowance, Charges, Limit, Reservation, Settlement
from audiobrew.models.prices import Prices, PriceUnknown
from audiobrew.models.result_cache import ResultCache, key_of
from audiobrew.models.usage import Bound, Call, CallOnce, ModelResult, Usage, budget
from audiobrew.ops import metrics
from audiobrew.problems import Problem

log = structlog.get_logger()


class CapReached(Problem):
    """This episode would cost more than its cap. What is made is kept: raise the cap and retry it."""

    type = "cap-reached"
    status = HTTPStatus.CONFLICT


class DailyLimitReached(Problem):
    """What a listener may spend in a day is spent. It opens again at midnight (UTC): retry this episode
    then. Finished parts are kept."""

    type = "daily-limit-reached"
    status = HTTPStatus.TOO_MANY_REQUESTS


class Payer(Protocol):
    """The episode that a call is charged to, and the listener whose answer it is."""

    @property
    def id(self) -> UUID: ...

    @property
    def listener(self) -> UUID: ...

    @property
    def cap(self) -> int | None:
        """What the episode may cost, in millionths of a dollar; None: no limit."""
        ...


class BudgetedCalls:
    def __init__(self, results: ResultCache, charges: Charges, prices: Prices) -> None:
        self._results = results
        self._charges = charges
        self.prices = prices
        self._unsettled: dict[str, Reservation] = {}
        """What is set aside for answers that came and could not be kept yet: they are settled with them."""
        self._in_flight: Counter[UUID] = Counter()
        """How many calls each episode, and each listener, has reserved for and not settled yet."""
        self._call_ended = asyncio.Event()
        self._turns: WeakValueDictionary[UUID, asyncio.Lock] = WeakValueDictionary()
        """A listener's calls queue here for their rows, and not at the database, which gives up on some."""

    def for_episode(self, episode: Payer) -> CallOnce:
        """See `Once`; answers are the listener's, charges the episode's."""

        async def asked_once(
            kind: str, asked: Mapping[str, Any], expected: Usage | None, call: Call
        ) -> dict[str, Any]:
            key = key_of(episode.listener, kind, **asked)
            return await self.get_or_call(episode, kind, key, expected, call)

        return asked_once

    async def get_or_call(
        self, episode: Payer, kind: str, key: str, expected: Usage | None, call: Call
    ) -> dict[str, Any]:
        """The same under a key that the caller made. Raises CapReached, DailyLimitReached, PriceUnknown."""
        origin = "kept"
        flight: Reservation | None = None

        async def made() -> ModelResult:
            nonlocal origin, flight
            origin = "made"
            if expected is None:
                return await call()
            reserved = flight = await self._reserve(episode, key, expected)
            log.info("call.begun", kind=kind, key=key)
            with metrics.CALL_SECONDS.labels(kind).time():
                answer = await self._called(kind, call, reserved, expected)
            self._unsettled[key] = reserved
            return answer

        def settle(answer: ModelResult) -> Settlement:
            use, reserved = answer.use or expected, self._unsettled.get(key)
            if reserved is None or use is None:
                return ()
            return self._charges.settlement(reserved, use, self.prices.amount(use))

        async def waste(answer: ModelResult) -> None:
            """Another process took over while this one was paused, and has bought it again."""
            use, reserved = answer.use or expected, self._unsettled.pop(key, None)
            if reserved is not None and use is not None:
                await self._charges.lose(reserved, use, self.prices.amount(use))

        try:
            facts = await self._results.get_or_make(
                episode.listener,
                kind,
                key,
                made,
                settle,
                episode.id,
                claimed=expected is not None,
                waste=waste,
            )
            self._unsettled.pop(key, None)
        finally:
            self._land(flight)
        metrics.RESULTS.labels(kind, origin).inc()
        return facts

    def check_prices(self, episode: Payer, uses: Iterable[Usage]) -> None:
        """Raises PriceUnknown when a limit to the episode's cost could not be kept."""
        limited = episode.cap is not None or self._charges.daily_limit is not None
        if limited and not all(map(self.prices.known, uses)):
            raise PriceUnknown

    async def _reserve(self, episode: Payer, key: str, expected: Usage) -> Reservation:
        """Waits for calls under way to be settled, where they stand in the way: they mostly take less
        than is reserved for them."""
        self.check_prices(episode, [expected])
        while True:
            async with self._turns.setdefault(episode.listener, asyncio.Lock()):
                ended, waits = self._call_ended, self._others(episode)
                fit = partial(self._fit, expected, not waits)
                reserved = await self._charges.reserve(episode.listener, episode.id, key, fit)
                if isinstance(reserved, Reservation):
                    self._in_flight.update([episode.id, episode.listener])
                    return reserved
            if not waits:
                raise _refusal(reserved)
            await ended.wait()

    def _others(self, episode: Payer) -> bool:
        """Whether calls under way may yet give something back."""
        daily = self._charges.daily_limit is not None
        who = episode.listener if daily else episode.id
        return self._in_flight[who] > 0

    def _fit(self, expected: Usage, lower: bool, room: int | None) -> Allowance | None:
        """The worst case of a call; with a lower bound to its answer, where no more can be paid."""
        bound = expected.bound
        if bound is None:
            amount = self.prices.amount(expected)
            return Allowance(expected, amount) if room is None or amount <= room else None
        for tokens in (bound.tokens, self._payable(expected.model, bound, room)):
            most = self.prices.most(expected.model, bound, tokens)
            amount = self.prices.amount(most)
            if room is None or amount <= room:
                return Allowance(most, amount, tokens) if tokens >= bound.least else None
            if not lower:
                return None
        return None

    def _payable(self, model: str, bound: Bound, room: int | None) -> int:
        """How many tokens of output may be asked for."""
        fixed = self.prices.amount(self.prices.most(model, bound, 0))
        million = self.prices.amount(self.prices.most(model, bound, 1_000_000)) - fixed
        if room is None or million <= 0:
            return bound.tokens
        return min(bound.tokens, (room - fixed - 1) * 1_000_000 // million)

    def _land(self, reserved: Reservation | None) -> None:
        if reserved is None:
            return
        self._in_flight.subtract([reserved.episode, reserved.listener])
        self._in_flight += Counter()  # without those that have none left
        self._call_ended.set()
        self._call_ended = asyncio.Event()

    async def _called(
        self, kind: str, call: Call, reserved: Reservation, expected: Usage
    ) -> ModelResult:
        """A call that was refused is not charged. One that came to nothing is, and one that is cut off
        may have been paid: both stay, as lost."""
        try:
            answer = await _with_budget(call, _Budget(self._charges, reserved))
        except Problem as problem:
            if problem.units is None:
                self._count(kind, "refused")
                await self._charges.release(reserved)
            else:
                use = Usage(expected.model, problem.units)
                self._count(kind, "lost", use)
                await self._charges.lose(reserved, use, self.prices.amount(use))
            raise
        except BaseException:  # cut off, or a bug: nobody knows whether it is paid
            self._count(kind, "cut_off", expected)
            raise
        self._count(kind, "kept", answer.use or expected)
        return answer

    def _count(self, kind: str, outcome: str, use: Usage | None = None) -> None:
        metrics.CALLS.labels(kind, outcome).inc()
        if use:
            metrics.COST.labels(kind).inc(self.prices.amount(use) / 1_000_000)


@dataclass(slots=True)
class _Budget:
    """See `Budget`."""

    charges: Charges
    reserved: Reservation
    tries: int = 1

    @property
    def output_tokens(self) -> int | None:
        return self.reserved.offer.output_tokens

    @property
    def most(self) -> Mapping[str, float]:
        return self.reserved.offer.use.units

    async def extend(self) -> None:
        units = {name: count * (self.tries + 1) for name, count in self.most.items()}
        limit = await self.charges.extend(self.reserved, units)
        if limit is not None:
            raise _refusal(limit)
        self.tries += 1


async def _with_budget(call: Call, of_call: _Budget) -> ModelResult:
    before = budget.set(of_call)
    try:
        return await call()
    finally:
        budget.reset(before)


def _refusal(limit: Limit) -> Problem:
    if limit is Limit.CAP:
        return CapReached()
    opens = datetime.now(UTC).date() + timedelta(days=1)
    return DailyLimitReached(
        f"What you may spend in a day is spent. It opens again on {opens.isoformat()} at 00:00 UTC: retry"
        " this episode then. Finished parts are kept."
    )
