"""What a call costs is set aside before it and told after it; a cap holds, whatever runs side by side."""

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
ASKED = Usage("m", {"text_in": 100, "text_out": 20})  # 200 millionths
TOOK = Usage("m", {"text_in": 100, "text_out": 10})  # 150 millionths


@dataclass(frozen=True)
class Desk:
    bench: Bench
    calls: BudgetedCalls
    charges: Charges
    database: AsyncEngine

    async def an_episode(self, cap: int | None = None) -> Episode:
        mails = await self.bench.add_mails()
        order = self.bench.make_order(mails, cap=cap)
        return await self.bench.episodes.order(self.bench.listener, order, "T", "hash", None)


@asynccontextmanager
async def desk(data: Path, table: Prices = TABLE) -> AsyncIterator[Desk]:
    async with open_bench(data, brews=False) as bench:
        database = open_database(bench.settings)
        charges = Charges(database)
        try:
            yield Desk(
                bench,
                BudgetedCalls(ResultCache(database, bench.media), charges, table),
                charges,
                database,
            )
        finally:
            await database.dispose()


async def told() -> ModelResult:
    return ModelResult({"text": "told"}, usage=TOOK)


async def refused() -> ModelResult:
    raise Problem("not today")


async def never() -> ModelResult:
    raise AssertionError("asked twice")


async def test_a_call_is_charged_what_it_took(tmp_path: Path) -> None:
    async with desk(tmp_path) as at:
        episode = await at.an_episode()
        await at.calls.for_episode(episode)("script", {"q": 1}, ASKED, told)

        assert await at.charges.bill(episode.id) == Bill(calls=1, amount=150, lost=0)


async def test_what_was_asked_before_is_not_charged_again(tmp_path: Path) -> None:
    async with desk(tmp_path) as at:
        first, second = await at.an_episode(), await at.an_episode()
        await at.calls.for_episode(first)("script", {"q": 1}, ASKED, told)
        again = await at.calls.for_episode(second)("script", {"q": 1}, ASKED, never)

        assert again == {"text": "told"}
        assert await at.charges.bill(second.id) == Bill(0, 0, 0)


async def test_a_refused_call_costs_nothing(tmp_path: Path) -> None:
    async with desk(tmp_path) as at:
        episode = await at.an_episode()
        with pytest.raises(Problem, match="not today"):
            await at.calls.for_episode(episode)("script", {"q": 1}, ASKED, refused)

        assert await at.charges.bill(episode.id) == Bill(0, 0, 0)


async def test_an_answer_of_no_use_is_paid_and_told_as_lost(tmp_path: Path) -> None:
    async def useless() -> ModelResult:
        problem = Problem("not in shape")
        problem.units = TOOK.units
        raise problem

    async with desk(tmp_path) as at:
        episode = await at.an_episode()
        with pytest.raises(Problem, match="not in shape"):
            await at.calls.for_episode(episode)("script", {"q": 1}, ASKED, useless)

        assert await at.charges.bill(episode.id) == Bill(calls=1, amount=0, lost=150)


class BusyOnce(Prices):
    """The database is busy when the first answer is to be kept: what it took is asked for once to count
    it, and then to write it."""

    def amount(self, use: Usage) -> int:
        if use is TOOK:
            asked_for.append(use)
            if len(asked_for) == 2:
                raise DatabaseBusy
        return super().amount(use)


asked_for: list[Usage] = []


async def test_an_answer_that_is_kept_at_the_second_try_is_charged_as_kept(tmp_path: Path) -> None:
    asked_for.clear()
    async with desk(tmp_path, BusyOnce(TABLE.as_of, TABLE.models)) as at:
        episode = await at.an_episode()
        call_once = at.calls.for_episode(episode)
        with pytest.raises(DatabaseBusy):
            await call_once("script", {"q": 1}, ASKED, told)
        before = await at.charges.bill(episode.id)

        assert await call_once("script", {"q": 1}, ASKED, never) == {"text": "told"}
        assert before == Bill(calls=1, amount=0, lost=200)
        assert await at.charges.bill(episode.id) == Bill(calls=1, amount=150, lost=0)


async def test_an_answer_is_kept_and_its_day_corrected_together_or_not_at_all(
    tmp_path: Path,
) -> None:
    """The database is busy as the day is corrected: then the answer is not kept either, until both are."""
    async with desk(tmp_path) as at:
        episode = await at.an_episode()
        call_once, today = at.calls.for_episode(episode), datetime.now(UTC).date()
        with busy_once(at.database, "UPDATE spending") as refusals, pytest.raises(DatabaseBusy):
            await call_once("script", {"q": 1}, ASKED, told_after(refusals))
        before = await at.charges.spent(episode.listener, today)
        recorded = await recorded_answers(at.database)

        assert await call_once("script", {"q": 1}, ASKED, never) == {"text": "told"}
        assert (before, recorded) == (200, 0)
        assert await at.charges.bill(episode.id) == Bill(calls=1, amount=150, lost=0)
        assert await at.charges.spent(episode.listener, today) == 150


async def test_a_settlement_that_is_written_twice_counts_once(tmp_path: Path) -> None:
    """Whoever loses the connection while a transaction is committed writes it again."""
    async with desk(tmp_path) as at:
        episode = await at.an_episode()
        reserved = await at.charges.reserve(
            episode.listener, episode.id, "key", lambda _: Allowance(ASKED, 200)
        )
        assert isinstance(reserved, Reservation)
        for _ in range(2):
            async with at.database.begin() as database:
                for statement in at.charges.settlement(reserved, TOOK, 150):
                    await database.execute(statement)

        assert await at.charges.spent(episode.listener, reserved.day) == 150
        await at.charges.release(reserved)
        assert await at.charges.spent(episode.listener, reserved.day) == 0


def told_after(refusals: list[str]) -> Any:
    """An answer; the reservation before it is none of the statements that are refused."""

    async def answer() -> ModelResult:
        refusals.append("armed")
        return await told()

    return answer


@contextmanager
def busy_once(engine: AsyncEngine, statement: str) -> Iterator[list[str]]:
    """Once something was added to the list, the first such statement is refused."""
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


async def recorded_answers(engine: AsyncEngine) -> int:
    async with engine.connect() as database:
        count = sa.select(sa.func.count()).select_from(paid)
        return int((await database.execute(count)).scalar_one())


async def test_asking_once_more_is_set_aside_and_charged_like_the_first(tmp_path: Path) -> None:
    """A voice that rewords every text must not spend three times its cap."""
    asked: list[str] = []

    async def reworded() -> ModelResult:
        asked.append("a reading")
        failed = ClipFailed("other words")
        failed.retries, failed.units = 2, TOOK.units
        raise failed

    async with desk(tmp_path) as at:
        episode = await at.an_episode(cap=450)
        call_once = at.calls.for_episode(episode)
        with pytest.raises(CapReached):
            await retry_unusable_clip(lambda: call_once("clip", {"q": 1}, ASKED, reworded))

        assert len(asked) == 2
        assert await at.charges.bill(episode.id) == Bill(calls=2, amount=0, lost=300)


async def test_a_call_that_is_cut_off_is_told_as_lost(tmp_path: Path) -> None:
    begun = asyncio.Event()

    async def slow() -> ModelResult:
        begun.set()
        await asyncio.sleep(600)
        raise AssertionError

    async with desk(tmp_path) as at:
        episode = await at.an_episode()
        call = asyncio.create_task(at.calls.for_episode(episode)("script", {"q": 1}, ASKED, slow))
        await begun.wait()
        call.cancel()
        await asyncio.gather(call, return_exceptions=True)

        assert await at.charges.bill(episode.id) == Bill(calls=1, amount=0, lost=200)


async def test_calls_side_by_side_do_not_pass_the_cap_together(tmp_path: Path) -> None:
    async with desk(tmp_path) as at:
        episode = await at.an_episode(cap=650)
        calls = (at.calls.for_episode(episode)("script", {"q": n}, ASKED, told) for n in range(8))
        answers: list[Any] = await asyncio.gather(*calls, return_exceptions=True)
        bill = await at.charges.bill(episode.id)

    results = [answer for answer in answers if isinstance(answer, dict)]
    assert 3 <= len(results) < 8
    assert {type(answer) for answer in answers if answer not in results} == {CapReached}
    assert bill.amount <= 650


async def test_a_cap_on_a_model_without_a_price_is_refused(tmp_path: Path) -> None:
    async with desk(tmp_path) as at:
        episode = await at.an_episode(cap=1000)
        with pytest.raises(PriceUnknown):
            await at.calls.for_episode(episode)(
                "script", {}, Usage("mystery", {"text_in": 1}), never
            )


def test_an_amount_is_rounded_up() -> None:
    assert TABLE.amount(Usage("m", {"text_in": 0.2})) == 1


def test_the_table_that_comes_with_audiobrew_is_dated_and_knows_the_usual_models() -> None:
    table = prices()

    assert table.as_of.year >= 2026
    assert table.covers(Usage("gpt-6-luna", {"text_in": 1, "text_out": 1}))
    assert table.covers(
        Usage("gpt-realtime-2.1-mini", {"text_in": 1, "text_out": 1, "audio_out": 1})
    )


@pytest.mark.parametrize(
    "text", ["", "as_of = 3", "as_of = 2026-01-01", "[[", "as_of=2026-01-01\nmodels=3"]
)
def test_a_table_that_cannot_be_read_is_refused_in_words(tmp_path: Path, text: str) -> None:
    file = tmp_path / "prices.toml"
    file.write_text(text)

    with pytest.raises(PricesUnreadable):
        prices(file)
