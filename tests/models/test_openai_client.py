"""Calls to a model: never too many at once, tried again when that helps, and troubles told in words."""

import asyncio
import logging
import time
import traceback
from collections.abc import AsyncIterator, Iterator
from email.utils import formatdate
from typing import Any

import pytest
from audiobrew.models.openai_client import (
    ModelUnavailable,
    OpenAIBadRequest,
    OpenAIBusy,
    OpenAICalls,
    OpenAIQuotaExceeded,
    OpenAIRefused,
)
from audiobrew.problems import Problem

from tests.standins.openai import OpenAI
from tests.standins.openai.local_server import serving

KEY = "sk-stand-in"
SECRET = "The roaster whispers that beans are back."


@pytest.fixture
def vendor() -> OpenAI:
    return OpenAI(writer=lambda _: "told")


@pytest.fixture
def url(vendor: OpenAI) -> Iterator[str]:
    with serving(vendor) as address:
        yield address


@pytest.fixture
async def calls(url: str) -> AsyncIterator[OpenAICalls]:
    client_calls = OpenAICalls(KEY, url, at_once=3, seconds=5.0)
    yield client_calls
    await client_calls.aclose()


async def ask(calls: OpenAICalls, **more: Any) -> str:
    async def written(client: Any) -> str:
        response = await client.responses.create(model="gpt-6-luna", input=SECRET, **more)
        return str(response.output_text)

    return await calls.call_with_retries(written, cut_off)


def cut_off() -> None:
    """Somebody is told."""


async def stream(calls: OpenAICalls) -> int:
    async def read(client: Any) -> int:
        speech = client.audio.speech.with_streaming_response
        request = speech.create(model="tts-1", voice="marin", input=SECRET, response_format="pcm")
        async with request as answer:
            return sum([len(piece) async for piece in answer.iter_bytes()])

    return await calls.call_with_retries(read, cut_off)


def everything_said(error: BaseException) -> str:
    return "".join(traceback.format_exception(error))


async def test_writers_and_voices_share_the_room(vendor: OpenAI, calls: OpenAICalls) -> None:
    vendor.inject("responses", "slow", times=20, seconds=0.02)
    vendor.inject("speech", "slow", times=20, seconds=0.02)

    await asyncio.gather(*(f(calls) for f in (ask, stream) for _ in range(20)))

    assert vendor.at_once == 3
    assert vendor.paid("responses") == vendor.paid("speech") == 20


@pytest.mark.parametrize("way", [ask, stream])
async def test_a_busy_server_is_given_the_time_it_asks_for(
    vendor: OpenAI, calls: OpenAICalls, way: Any
) -> None:
    kind = "responses" if way is ask else "speech"
    vendor.inject(kind, "429", times=2, retry_after=1)
    begun = time.monotonic()

    assert await way(calls)
    assert time.monotonic() - begun >= 2.0
    assert (len(vendor.calls), vendor.paid(kind)) == (3, 1)


@pytest.mark.parametrize("format_of_time", ["milliseconds", "date"])
async def test_the_time_may_be_told_in_milliseconds_or_as_a_date(
    vendor: OpenAI, calls: OpenAICalls, format_of_time: str
) -> None:
    in_two_seconds = formatdate(time.time() + 2, usegmt=True)
    request = {
        "milliseconds": {"header": "Retry-After-Ms", "retry_after": 700},
        "date": {"retry_after": in_two_seconds},
    }
    vendor.inject("responses", "429", **request[format_of_time])
    begun = time.monotonic()

    assert await ask(calls)
    assert time.monotonic() - begun >= 0.7


@pytest.mark.parametrize("way", [ask, stream])
async def test_what_may_pass_is_tried_four_times_more_each_later_than_the_last(
    vendor: OpenAI, calls: OpenAICalls, way: Any
) -> None:
    vendor.inject("responses" if way is ask else "speech", "500", times=5)

    with pytest.raises(OpenAIBusy, match="finished parts are kept"):
        await way(calls)

    assert len(vendor.calls) == 5
    waits = [b.at - (a.until or 0) for a, b in zip(vendor.calls, vendor.calls[1:], strict=False)]
    for wait, longest in zip(waits, (0.5, 1.0, 2.0, 4.0), strict=True):
        assert 0.74 * longest <= wait <= longest + 5.0  # on a busy machine


async def test_a_stream_that_breaks_is_read_again_from_its_start(
    vendor: OpenAI, calls: OpenAICalls
) -> None:
    whole = await stream(calls)
    vendor.inject("speech", "reset")

    assert await stream(calls) == whole
    assert vendor.paid("speech") == 2


async def test_patience_has_an_end(vendor: OpenAI, calls: OpenAICalls) -> None:
    vendor.inject("speech", "429", retry_after=3600)

    with pytest.raises(OpenAIBusy):
        await stream(calls)

    assert len(vendor.calls) == 1


async def test_a_call_that_takes_too_long_is_given_up(vendor: OpenAI, url: str) -> None:
    calls = OpenAICalls(KEY, url, at_once=1, seconds=0.2)
    vendor.inject("speech", "slow", times=5, seconds=3.0)

    with pytest.raises(OpenAIBusy):
        await stream(calls)

    await calls.aclose()


@pytest.mark.parametrize(
    ("fault", "problem"),
    [("quota", OpenAIQuotaExceeded), ("400", OpenAIBadRequest)],
)
@pytest.mark.parametrize("way", [ask, stream])
async def test_troubles_are_told_in_words_and_quote_nothing(
    vendor: OpenAI, calls: OpenAICalls, fault: str, problem: type[Problem], way: Any
) -> None:
    response = {"message": f"Invalid: {SECRET} by {KEY}"} if fault == "400" else {}
    vendor.inject("responses" if way is ask else "speech", fault, times=5, **response)

    with pytest.raises(problem) as raised:
        await way(calls)

    assert str(raised.value) == (problem.__doc__ or "").strip()
    assert SECRET not in everything_said(raised.value)
    assert KEY not in everything_said(raised.value)


@pytest.mark.parametrize("way", [ask, stream])
async def test_a_refused_key_is_told_to_whoever_runs_this(url: str, way: Any) -> None:
    calls = OpenAICalls("sk-somebody-elses", url, at_once=1, seconds=5.0)

    with pytest.raises(OpenAIRefused, match="OPENAI_API_KEY with `audiobrew doctor`") as raised:
        await way(calls)

    assert "somebody" not in everything_said(raised.value)
    await calls.aclose()


@pytest.mark.parametrize("way", [ask, stream])
async def test_a_model_that_is_gone_is_told(vendor: OpenAI, calls: OpenAICalls, way: Any) -> None:
    vendor.models.clear()

    with pytest.raises(ModelUnavailable):
        await way(calls)


async def test_nobody_there_is_busy() -> None:
    calls = OpenAICalls(KEY, "http://127.0.0.1:9/v1", at_once=1, seconds=1.0)

    with pytest.raises(OpenAIBusy):
        await stream(calls)

    await calls.aclose()


async def test_nothing_of_a_call_is_logged_even_where_all_is(
    vendor: OpenAI, calls: OpenAICalls, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    vendor.inject("responses", "500")
    await ask(calls)
    await stream(calls)

    assert SECRET not in caplog.text
    assert KEY not in caplog.text


async def test_a_room_is_free_again_after_a_trouble(vendor: OpenAI, calls: OpenAICalls) -> None:
    vendor.inject("responses", "400", times=6)
    for _ in range(6):
        with pytest.raises(OpenAIBadRequest):
            await ask(calls)

    assert await ask(calls) == "told"
