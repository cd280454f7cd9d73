"""The cost of a call is reserved before it and settled after it, and concurrent calls stay below a cap."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from audiobrew.audio.recorder import retry_unusable_clip
from audiobrew.audio.voice import ClipFailed
from audiobrew.db.engine import DatabaseBusy, open_database
from audiobrew.db.tables import paid
from audiobrew.episode.episode import Episode
from audiobrew.models.budget import BudgetedCalls, CapReached
from audiobrew.models.charges import Allowance, Bill, Charges, Reservation
from audiobrew.models.prices import Prices, PricesUnreadable, PriceUnknown, prices
from audiobrew.models.result_cache import ResultCache
from audiobrew.models.usage import ModelResult, Usage
from audiobrew.problems import Problem
from sqlalchemy.ext.asyncio import AsyncEngine

from tests.episode.bench import Bench, open_bench

TABLE = Prices(date(2026, 11, 23), {"m": {"text_in": 1.0, "text_out": 5.0}})
EXPECTED = Usage("m", {"text_in": 100, "text_out": 20})  # 200 millionths
ACTUAL = Usage("m", {"text_in": 100, "text_out": 10})  # 150 millionths


@dataclass(frozen=True)
class Setup:
    bench: Bench
    calls: BudgetedCalls
    charges: Charges
    database: AsyncEngine

    async def add_episode(self, cap: int | None = None) -> Episode:
        mails = await self.bench.add_mails()
        order = self.bench.make_order(mails, cap=cap)
        return await self.bench.episodes.order(self.bench.listener, order, "T", "hash", None)


@asynccontextmanager
async def open_setup(data: Path, table: Prices = TABLE) -> AsyncIterator[Setup]:
    async with open_bench(data, brews=False, busy_seconds=60.0) as bench:
        database = open_database(bench.settings)
        charges = Charges(database)
        try:
            yield Setup(
                bench,
                BudgetedCalls(ResultCache(database, bench.media), charges, table),
                charges,
                database,
            )
        finally:
            await database.dispose()


async def succeed() -> ModelResult:
    return ModelResult({"text": "answer"}, usage=ACTUAL)


async def refuse() -> ModelResult:
    raise Problem("not today")


async def fail_if_called() -> ModelResult:
    raise AssertionError("called twice")


async def test_a_call_is_charged_for_its_actual_usage(tmp_path: Path) -> None:
    async with open_setup(tmp_path) as setup:
        episode = await setup.add_episode()
        await setup.calls.for_episode(episode)("script", {"q": 1}, EXPECTED, succeed)

        assert await setup.charges.bill(episode.id) == Bill(calls=1, amount=150, lost=0)


async def test_a_stored_result_is_not_charged_again(tmp_path: Path) -> None:
    async with open_setup(tmp_path) as setup:
        first, second = await setup.add_episode(), await setup.add_episode()
        await setup.calls.for_episode(first)("script", {"q": 1}, EXPECTED, succeed)
        again = await setup.calls.for_episode(second)("script", {"q": 1}, EXPECTED, fail_if_called)

        assert again == {"text": "answer"}
        assert await setup.charges.bill(second.id) == Bill(0, 0, 0)


async def test_a_refused_call_costs_nothing(tmp_path: Path) -> None:
    async with open_setup(tmp_path) as setup:
        episode = await setup.add_episode()
        with pytest.raises(Problem, match="not today"):
            await setup.calls.for_episode(episode)("script", {"q": 1}, EXPECTED, refuse)

        assert await setup.charges.bill(episode.id) == Bill(0, 0, 0)


async def test_an_unusable_answer_is_charged_as_lost(tmp_path: Path) -> None:
    async def answer_uselessly() -> ModelResult:
        problem = Problem("not in shape")
        problem.units = ACTUAL.units
        raise problem

    async with open_setup(tmp_path) as setup:
        episode = await setup.add_episode()
        with pytest.raises(Problem, match="not in shape"):
            await setup.calls.for_episode(episode)("script", {"q": 1}, EXPECTED, answer_uselessly)

        assert await setup.charges.bill(episode.id) == Bill(calls=1, amount=0, lost=150)


class BusyOnce(Prices):
    """Raises DatabaseBusy while the first result is stored. `amount` is called twice for it: for the metrics,
    and for the settlement."""

    def amount(self, usage: Usage) -> int:
        if usage is ACTUAL:
            amount_calls.append(usage)
            if len(amount_calls) == 2:
                raise DatabaseBusy
        return super().amount(usage)


amount_calls: list[Usage] = []


async def test_a_result_that_is_stored_at_the_second_try_is_not_charged_as_lost(
    tmp_path: Path,
) -> None:
    amount_calls.clear()
    async with open_setup(tmp_path, BusyOnce(TABLE.as_of, TABLE.models)) as setup:
        episode = await setup.add_episode()
        call_once = setup.calls.for_episode(episode)
        with pytest.raises(DatabaseBusy):
            await call_once("script", {"q": 1}, EXPECTED, succeed)
        before = await setup.charges.bill(episode.id)

        assert await call_once("script", {"q": 1}, EXPECTED, fail_if_called) == {"text": "answer"}
        assert before == Bill(calls=1, amount=0, lost=200)
        assert await setup.charges.bill(episode.id) == Bill(calls=1, amount=150, lost=0)


async def test_a_result_is_stored_in_one_transaction_with_its_settlement(
    tmp_path: Path,
) -> None:
    """If the day's amount cannot be corrected, the result is not stored either."""
    async with open_setup(tmp_path) as setup:
        episode = await setup.add_episode()
        call_once, today = setup.calls.for_episode(episode), datetime.now(UTC).date()
        with busy_once(setup.database, "UPDATE spending") as armed, pytest.raises(DatabaseBusy):
            await call_once("script", {"q": 1}, EXPECTED, arm_and_succeed(armed))
        before = await setup.charges.spent(episode.listener, today)
        count = await count_results(setup.database)

        assert await call_once("script", {"q": 1}, EXPECTED, fail_if_called) == {"text": "answer"}
        assert (before, count) == (200, 0)
        assert await setup.charges.bill(episode.id) == Bill(calls=1, amount=150, lost=0)
        assert await setup.charges.spent(episode.listener, today) == 150


async def test_a_settlement_that_is_written_twice_counts_once(tmp_path: Path) -> None:
    """After a connection is lost during a commit, the transaction is written again."""
    async with open_setup(tmp_path) as setup:
        episode = await setup.add_episode()
        reservation = await setup.charges.reserve(
            episode.listener, episode.id, "key", lambda _: Allowance(EXPECTED, 200)
        )
        assert isinstance(reservation, Reservation)
        for _ in range(2):
            async with setup.database.begin() as database:
                for statement in setup.charges.settlement(reservation, ACTUAL, 150):
                    await database.execute(statement)

        assert await setup.charges.spent(episode.listener, reservation.day) == 150
        await setup.charges.release(reservation)
        assert await setup.charges.spent(episode.listener, reservation.day) == 0


def arm_and_succeed(armed: list[str]) -> Any:
    """A call that arms `busy_once`, so that the reservation before it is not refused."""

    async def answer() -> ModelResult:
        armed.append("armed")
        return await succeed()

    return answer


@contextmanager
def busy_once(engine: AsyncEngine, statement: str) -> Iterator[list[str]]:
    """Raise DatabaseBusy for the first such statement after an item was added to the list."""
    armed: list[str] = []

    def refuse(_: Any, __: Any, text: str, *___: Any) -> None:
        if armed and text.startswith(statement):
            armed.clear()
            raise DatabaseBusy

    sa.event.listen(engine.sync_engine, "before_cursor_execute", refuse)
    try:
        yield armed
    finally:
        sa.event.remove(engine.sync_engine, "before_cursor_execute", refuse)
    assert not armed


async def count_results(engine: AsyncEngine) -> int:
    async with engine.connect() as database:
        count = sa.select(sa.func.count()).select_from(paid)
        return int((await database.execute(count)).scalar_one())


async def test_a_retry_is_reserved_and_charged_like_the_first_call(tmp_path: Path) -> None:
    """A voice that always speaks other words must not exceed the cap by its retries."""
    calls: list[str] = []

    async def speak_other_words() -> ModelResult:
        calls.append("a reading")
        error = ClipFailed("other words")
        error.retries, error.units = 2, ACTUAL.units
        raise error

    async with open_setup(tmp_path) as setup:
        episode = await setup.add_episode(cap=450)
        call_once = setup.calls.for_episode(episode)
        with pytest.raises(CapReached):
            await retry_unusable_clip(
                lambda: call_once("clip", {"q": 1}, EXPECTED, speak_other_words)
            )

        assert len(calls) == 2
        assert await setup.charges.bill(episode.id) == Bill(calls=2, amount=0, lost=300)


async def test_a_cancelled_call_is_charged_as_lost(tmp_path: Path) -> None:
    has_begun = asyncio.Event()

    async def slow() -> ModelResult:
        has_begun.set()
        await asyncio.sleep(600)
        raise AssertionError

    async with open_setup(tmp_path) as setup:
        episode = await setup.add_episode()
        call = asyncio.create_task(
            setup.calls.for_episode(episode)("script", {"q": 1}, EXPECTED, slow)
        )
        await has_begun.wait()
        call.cancel()
        await asyncio.gather(call, return_exceptions=True)

        assert await setup.charges.bill(episode.id) == Bill(calls=1, amount=0, lost=200)


async def test_concurrent_calls_together_stay_below_the_cap(tmp_path: Path) -> None:
    async with open_setup(tmp_path) as setup:
        episode = await setup.add_episode(cap=650)
        calls = (
            setup.calls.for_episode(episode)("script", {"q": n}, EXPECTED, succeed)
            for n in range(8)
        )
        answers: list[Any] = await asyncio.gather(*calls, return_exceptions=True)
        bill = await setup.charges.bill(episode.id)

    results = [answer for answer in answers if isinstance(answer, dict)]
    assert 3 <= len(results) < 8
    assert {type(answer) for answer in answers if answer not in results} == {CapReached}
    assert bill.amount <= 650


async def test_a_cap_on_a_model_without_a_price_is_refused(tmp_path: Path) -> None:
    async with open_setup(tmp_path) as setup:
        episode = await setup.add_episode(cap=1000)
        with pytest.raises(PriceUnknown):
            await setup.calls.for_episode(episode)(
                "script", {}, Usage("mystery", {"text_in": 1}), fail_if_called
            )


def test_an_amount_is_rounded_up() -> None:
    assert TABLE.amount(Usage("m", {"text_in": 0.2})) == 1


def test_our_price_table_has_a_date_and_the_default_models() -> None:
    table = prices()

    assert table.as_of.year >= 2026
    assert table.covers(Usage("gpt-6-luna", {"text_in": 1, "text_out": 1}))
    assert table.covers(
        Usage("gpt-realtime-2.1-mini", {"text_in": 1, "text_out": 1, "audio_out": 1})
    )


@pytest.mark.parametrize(
    "text", ["", "as_of = 3", "as_of = 2026-01-01", "[[", "as_of=2026-01-01\nmodels=3"]
)
def test_an_unreadable_price_table_is_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "prices.toml"
    file.write_text(text)

    with pytest.raises(PricesUnreadable):
        prices(file)
