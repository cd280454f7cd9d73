"""The bill never exceeds the cap of an episode or the daily limit of a listener, even if a model uses the
maximum that each request allows."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from audiobrew.account.listener_store import ListenerStore
from audiobrew.audio.openai_realtime import RealtimeVoice
from audiobrew.db.engine import open_database
from audiobrew.db.stages import Stage
from audiobrew.models.budget import BudgetedCalls, CapReached, DailyLimitReached
from audiobrew.models.charges import Charges
from audiobrew.models.openai_client import OpenAICalls
from audiobrew.models.prices import Prices, prices
from audiobrew.models.result_cache import ResultCache
from audiobrew.models.usage import Bound, ModelResult, Usage, output_tokens
from audiobrew.script.openai.writer import OpenAIWriter

from tests.episode.bench import Bench, open_bench
from tests.episode.fakes import make_newsletter
from tests.listeners import add_listener
from tests.standins.openai import OpenAI
from tests.standins.openai.fake_model import FakeModel
from tests.standins.openai.local_server import serving

CAP = 60_000
TABLE = Prices(date(2026, 11, 28), {"m": {"text_in": 1.0, "text_out": 5.0}})
BOUND = Bound({"text_in": 100}, ("text_out",), max_tokens=100, expected_tokens=20)
ASKED = Usage("m", {"text_in": 100, "text_out": 20}, BOUND)  # 200 expected, 600 at most


@asynccontextmanager
async def brewing(data: Path, stand_in: OpenAI, **settings: Any) -> AsyncIterator[Bench]:
    with serving(stand_in) as url:
        calls = OpenAICalls(stand_in.key, url, 8, 30)
        writer = OpenAIWriter(calls, "gpt-6-luna")
        voice = RealtimeVoice(calls, "gpt-realtime-2.1-mini")
        try:
            async with open_bench(data, writer, voice, **settings) as bench:
                yield bench
        finally:
            await calls.aclose()


@asynccontextmanager
async def desk(
    data: Path, daily: int | None = None
) -> AsyncIterator[tuple[Bench, BudgetedCalls, Charges]]:
    async with open_bench(data, brews=False, busy_seconds=10.0) as bench:
        database = open_database(bench.settings)
        charges = Charges(database, daily)
        try:
            yield bench, BudgetedCalls(ResultCache(database, bench.media), charges, TABLE), charges
        finally:
            await database.dispose()


async def an_episode(bench: Bench, number: int = 0, cap: int | None = None) -> Any:
    mails = await bench.add_mails([make_newsletter(number)])
    order = bench.make_order(mails, cap=cap)
    return await bench.episodes.order(bench.listener, order, "T", f"hash {number}", None)


def billed(stand_in: OpenAI) -> int:
    return sum(prices().amount(Usage(call.model, call.billed)) for call in stand_in.calls)


@pytest.mark.parametrize(
    "faults",
    [
        [],
        [("responses", "reset", 2), ("realtime", "reset", 3)],
        [("responses", "truncated", 1), ("realtime", "reworded", 3), ("realtime", "silence", 1)],
        [("responses", "incomplete", 1), ("realtime", "failed", 3)],
    ],
    ids=["plain", "cut off", "unusable", "incomplete"],
)
async def test_the_bill_never_exceeds_the_cap(tmp_path: Path, faults: list[Any]) -> None:
    stand_in = OpenAI(FakeModel(length=3.0, invents=2), greedy=True)
    for fault in faults:
        stand_in.inject(*fault)
    async with brewing(tmp_path, stand_in) as bench:
        mails = await bench.add_mails([make_newsletter(number) for number in range(3)])
        episode = await bench.brew(mails=mails, minutes=4, cap=CAP)
        bill = await Charges(bench.database).bill(episode.id)

    assert stand_in.calls
    assert billed(stand_in) <= bill.amount + bill.lost <= CAP
    assert episode.stage is Stage.READY or episode.trouble_type == "/problems/cap-reached"


async def test_the_daily_limit_fails_an_episode_with_a_sentence(tmp_path: Path) -> None:
    stand_in = OpenAI(FakeModel(), greedy=True)
    async with brewing(tmp_path, stand_in, daily_cap_usd=0.01) as bench:
        episode = await bench.brew(mails=await bench.add_mails(), minutes=2)
        spent = await Charges(bench.database).spent(bench.listener, datetime.now(UTC).date())

    assert episode.trouble_type == "/problems/daily-limit-reached"
    assert "It resets on 20" in (episode.trouble or "")
    assert billed(stand_in) <= spent <= 10_000


async def test_a_cap_with_a_model_without_a_price_is_refused_before_any_call(
    tmp_path: Path,
) -> None:
    table = tmp_path / "prices.toml"
    table.write_text('as_of = 2026-11-28\n[models]\n"gpt-6-luna" = {text_in = 1, text_out = 1}\n')
    stand_in = OpenAI(FakeModel())
    async with brewing(tmp_path / "data", stand_in, prices=table) as bench:
        episode = await bench.brew(mails=await bench.add_mails(), cap=CAP)

    assert episode.trouble_type == "/problems/price-unknown"
    assert stand_in.calls == []


async def test_the_token_limit_is_lowered_to_the_rest_of_the_cap(tmp_path: Path) -> None:
    allowed: list[int | None] = []

    async def greedy() -> ModelResult:
        allowed.append(output_tokens(BOUND))
        return ModelResult({}, usage=Usage("m", {"text_in": 100, "text_out": allowed[-1] or 0}))

    async with desk(tmp_path) as (bench, calls, charges):
        episode = await an_episode(bench, cap=1000)
        await calls.for_episode(episode)("script", {"q": 1}, ASKED, greedy)
        await calls.for_episode(episode)("script", {"q": 2}, ASKED, greedy)
        with pytest.raises(CapReached):
            await calls.for_episode(episode)("script", {"q": 3}, ASKED, greedy)
        bill = await charges.bill(episode.id)

    assert allowed[0] == 100
    assert 20 <= (allowed[1] or 0) <= 60
    assert bill.amount <= 1000


async def test_calls_wait_for_each_other_if_their_bounds_do_not_fit_together(
    tmp_path: Path,
) -> None:
    async def modest() -> ModelResult:
        await asyncio.sleep(0.01)
        return ModelResult({}, usage=Usage("m", {"text_in": 100, "text_out": 10}))

    async with desk(tmp_path) as (bench, calls, charges):
        episode = await an_episode(bench, cap=1500)
        call_once = calls.for_episode(episode)
        await asyncio.gather(*(call_once("script", {"q": n}, ASKED, modest) for n in range(6)))
        bill = await charges.bill(episode.id)

    assert (bill.calls, bill.amount) == (6, 900)


async def test_a_call_that_arrives_during_a_reservation_waits_for_that_call(tmp_path: Path) -> None:
    """No call is running when they arrive, but one is when it is their turn."""

    async def modest() -> ModelResult:
        await asyncio.sleep(0.5)
        return ModelResult({}, usage=Usage("m", {"text_in": 100, "text_out": 10}))

    async with desk(tmp_path) as (bench, calls, charges):
        reserve = charges.reserve

        async def slowly(*arguments: Any) -> Any:
            await asyncio.sleep(0.02)
            return await reserve(*arguments)

        charges.reserve = slowly  # type: ignore[method-assign]
        episode = await an_episode(bench, cap=1500)
        call_once = calls.for_episode(episode)
        await asyncio.gather(*(call_once("script", {"q": n}, ASKED, modest) for n in range(6)))
        bill = await charges.bill(episode.id)

    assert (bill.calls, bill.amount) == (6, 900)


async def test_fifty_concurrent_calls_never_exceed_the_daily_limit(tmp_path: Path) -> None:
    """Two processes' budgets, so that only the database can enforce the limit."""

    async def greedy() -> ModelResult:
        return ModelResult({}, usage=Usage("m", {"text_in": 100, "text_out": 100}))

    async with desk(tmp_path, daily=6_000) as (bench, calls, charges):
        other = BudgetedCalls(
            ResultCache(bench.database, bench.media), Charges(bench.database, 6_000), TABLE
        )
        episodes = [await an_episode(bench, number) for number in range(2)]
        calls_at_once = (
            (calls, other)[n % 2].for_episode(episodes[n % 2])("script", {"q": n}, ASKED, greedy)
            for n in range(50)
        )
        answers: list[Any] = await asyncio.gather(*calls_at_once, return_exceptions=True)
        bills = [await charges.bill(episode.id) for episode in episodes]
        spent = await charges.spent(bench.listener, datetime.now(UTC).date())

    results = [answer for answer in answers if isinstance(answer, dict)]
    assert 1 <= len(results) <= 10
    assert any(isinstance(answer, DailyLimitReached) for answer in answers)
    assert sum(bill.amount + bill.lost for bill in bills) == spent <= 6_000


async def test_a_deleted_episode_gives_its_day_nothing_back(tmp_path: Path) -> None:
    async def modest() -> ModelResult:
        return ModelResult({}, usage=Usage("m", {"text_in": 100, "text_out": 10}))

    async with desk(tmp_path, daily=700) as (bench, calls, charges):
        first = await an_episode(bench, 0)
        await calls.for_episode(first)("script", {"q": 1}, ASKED, modest)
        await bench.episodes.delete(bench.listener, first.id)
        second = await an_episode(bench, 1)
        await calls.for_episode(second)("script", {"q": 2}, ASKED, modest)
        await calls.for_episode(second)("script", {"q": 3}, ASKED, modest)
        spent = await charges.spent(bench.listener, datetime.now(UTC).date())

    assert spent == 450


async def test_what_one_listener_spends_is_not_counted_for_another(tmp_path: Path) -> None:
    async def modest() -> ModelResult:
        return ModelResult({}, usage=Usage("m", {"text_in": 100, "text_out": 10}))

    async with desk(tmp_path, daily=700) as (bench, calls, charges):
        ada, bob = bench.listener, await add_listener(ListenerStore(bench.database))
        own = await an_episode(bench)
        for number in range(2):
            await calls.for_episode(own)("script", {"q": number}, ASKED, modest)
        with pytest.raises(DailyLimitReached):
            await charged_in_full(calls, own)
        theirs = await an_episode(replace(bench, listener=bob), 1)
        await charged_in_full(calls, theirs)
        today = datetime.now(UTC).date()
        spent = [await charges.spent(listener, today) for listener in (ada, bob)]

    assert spent == [300, 600]


async def charged_in_full(calls: BudgetedCalls, episode: Any) -> None:
    async def greedy() -> ModelResult:
        return ModelResult({}, usage=Usage("m", {"text_in": 100, "text_out": 100}))

    await calls.for_episode(episode)(
        "script", {"q": "greedy"}, Usage("m", {"text_in": 600}), greedy
    )
