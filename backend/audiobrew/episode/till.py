"""The till: what a call costs is set aside before it is made, and told once its answer is kept."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any
from uuid import UUID

import structlog

from audiobrew import figures
from audiobrew.episode.episode import Episode
from audiobrew.episode.prices import Prices, PriceUnknown
from audiobrew.paying import Answer, Call, Once, Use
from audiobrew.problem import Problem
from audiobrew.store.charges import Charges
from audiobrew.store.paid import PaidOnce, key_of

log = structlog.get_logger()


class CapReached(Problem):
    """This episode would cost more than its cap. What is made is kept: raise the cap and retry it."""

    status = HTTPStatus.CONFLICT


class Till:
    def __init__(self, paid: PaidOnce, charges: Charges, prices: Prices) -> None:
        self._paid = paid
        self._charges = charges
        self.prices = prices
        self._unsettled: dict[str, UUID] = {}
        """What is set aside for answers that came and could not be kept yet: they are settled with them."""

    def once(self, episode: Episode) -> Once:
        """See `Once`; answers are the listener's, charges the episode's."""

        async def asked_once(
            kind: str, asked: Mapping[str, Any], expected: Use | None, call: Call
        ) -> dict[str, Any]:
            key = key_of(episode.listener, kind, **asked)
            return await self.keyed(episode, kind, key, expected, call)

        return asked_once

    async def keyed(
        self, episode: Episode, kind: str, key: str, expected: Use | None, call: Call
    ) -> dict[str, Any]:
        """The same under a key that the caller made. Raises CapReached, PriceUnknown."""
        origin = "kept"

        async def made() -> Answer:
            nonlocal origin
            origin = "made"
            if expected is None:
                return await call()
            reserved = await self._reserve(episode, key, expected)
            log.info("call.begun", kind=kind, key=key)
            with figures.CALL_SECONDS.labels(kind).time():
                answer = await self._called(kind, call, reserved, expected)
            self._unsettled[key] = reserved
            return answer

        def settle(answer: Answer) -> Any:
            use, reserved = answer.use or expected, self._unsettled.get(key)
            if reserved is None or use is None:
                return None
            return self._charges.settled(reserved, use, self.prices.amount(use))

        async def waste(answer: Answer) -> None:
            """Another process took over while this one was paused, and has bought it again."""
            use, reserved = answer.use or expected, self._unsettled.pop(key, None)
            if reserved is not None and use is not None:
                await self._charges.lose(reserved, use, self.prices.amount(use))

        facts = await self._paid.get_or_make(
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
        figures.ANSWERS.labels(kind, origin).inc()
        return facts

    async def _reserve(self, episode: Episode, key: str, expected: Use) -> UUID:
        if episode.cap is not None and not self.prices.known(expected):
            raise PriceUnknown
        amount = self.prices.amount(expected)
        reserved = await self._charges.reserve(episode.id, key, expected, amount)
        if reserved is None:
            raise CapReached
        return reserved

    async def _called(self, kind: str, call: Call, reserved: UUID, expected: Use) -> Answer:
        """A call that was refused is not charged. One that came to nothing is, and one that is cut off
        may have been paid: both stay, as lost."""
        try:
            answer = await call()
        except Problem as problem:
            if problem.units is None:
                self._count(kind, "refused")
                await self._charges.release(reserved)
            else:
                use = Use(expected.model, problem.units)
                self._count(kind, "lost", use)
                await self._charges.lose(reserved, use, self.prices.amount(use))
            raise
        except BaseException:  # cut off, or a bug: nobody knows whether it is paid
            self._count(kind, "cut_off", expected)
            raise
        self._count(kind, "kept", answer.use or expected)
        return answer

    def _count(self, kind: str, outcome: str, use: Use | None = None) -> None:
        figures.CALLS.labels(kind, outcome).inc()
        if use:
            figures.COST.labels(kind).inc(self.prices.amount(use) / 1_000_000)
