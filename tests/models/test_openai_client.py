"""Calls to OpenAI are limited, retried if that may help, and fail with problems that quote nothing."""

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
    return OpenAI(writer=lambda _: "answer")


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
    async def create(client: Any) -> str:
        response = await client.responses.create(model="gpt-6-luna", input=SECRET, **more)
        return str(response.output_text)

    return await calls.call_with_retries(create, ignore)


def ignore() -> None:
    """Do nothing about a try that was cut off."""


async def stream(calls: OpenAICalls) -> int:
    async def read(client: Any) -> int:
        speech = client.audio.speech.with_streaming_response
        request = speech.create(model="tts-1", voice="marin", input=SECRET, response_format="pcm")
        async with request as answer:
            return sum([len(piece) async for piece in answer.iter_bytes()])

    return await calls.call_with_retries(read, ignore)


def full_traceback(error: BaseException) -> str:
    return "".join(traceback.format_exception(error))


async def test_writers_and_voices_share_one_limit(vendor: OpenAI, calls: OpenAICalls) -> None:
    vendor.inject("responses", "slow", times=20, seconds=0.02)
    vendor.inject("speech", "slow", times=20, seconds=0.02)

    await asyncio.gather(*(f(calls) for f in (ask, stream) for _ in range(20)))

    assert vendor.at_once == 3
    assert vendor.paid("responses") == vendor.paid("speech") == 20


@pytest.mark.parametrize("call", [ask, stream])
async def test_a_retry_waits_as_long_as_the_server_asks(
    vendor: OpenAI, calls: OpenAICalls, call: Any
) -> None:
    kind = "responses" if call is ask else "speech"
    vendor.inject(kind, "429", times=2, retry_after=1)
    start = time.monotonic()

    assert await call(calls)
    assert time.monotonic() - start >= 2.0
    assert (len(vendor.calls), vendor.paid(kind)) == (3, 1)


@pytest.mark.parametrize("format_of_time", ["milliseconds", "date"])
async def test_the_wait_may_be_given_in_milliseconds_or_as_a_date(
    vendor: OpenAI, calls: OpenAICalls, format_of_time: str
) -> None:
    in_two_seconds = formatdate(time.time() + 2, usegmt=True)
    request = {
        "milliseconds": {"header": "Retry-After-Ms", "retry_after": 700},
        "date": {"retry_after": in_two_seconds},
    }
    vendor.inject("responses", "429", **request[format_of_time])
    start = time.monotonic()

    assert await ask(calls)
    assert time.monotonic() - start >= 0.7


@pytest.mark.parametrize("call", [ask, stream])
async def test_a_temporary_error_is_retried_four_times_with_longer_waits(
    vendor: OpenAI, calls: OpenAICalls, call: Any
) -> None:
    vendor.inject("responses" if call is ask else "speech", "500", times=5)

    with pytest.raises(OpenAIBusy, match="finished parts are kept"):
        await call(calls)

    assert len(vendor.calls) == 5
    waits = [b.at - (a.until or 0) for a, b in zip(vendor.calls, vendor.calls[1:], strict=False)]
    for wait, longest in zip(waits, (0.5, 1.0, 2.0, 4.0), strict=True):
        assert 0.74 * longest <= wait <= longest + 5.0  # on a busy machine


async def test_a_broken_stream_is_read_again_from_its_start(
    vendor: OpenAI, calls: OpenAICalls
) -> None:
    whole = await stream(calls)
    vendor.inject("speech", "reset")

    assert await stream(calls) == whole
    assert vendor.paid("speech") == 2


async def test_a_long_retry_after_ends_the_retries(vendor: OpenAI, calls: OpenAICalls) -> None:
    vendor.inject("speech", "429", retry_after=3600)

    with pytest.raises(OpenAIBusy):
        await stream(calls)

    assert len(vendor.calls) == 1


async def test_a_call_times_out(vendor: OpenAI, url: str) -> None:
    calls = OpenAICalls(KEY, url, at_once=1, seconds=0.2)
    vendor.inject("speech", "slow", times=5, seconds=3.0)

    with pytest.raises(OpenAIBusy):
        await stream(calls)

    await calls.aclose()


@pytest.mark.parametrize(
    ("fault", "problem"),
    [("quota", OpenAIQuotaExceeded), ("400", OpenAIBadRequest)],
)
@pytest.mark.parametrize("call", [ask, stream])
async def test_a_problem_quotes_neither_the_mail_nor_the_key(
    vendor: OpenAI, calls: OpenAICalls, fault: str, problem: type[Problem], call: Any
) -> None:
    response = {"message": f"Invalid: {SECRET} by {KEY}"} if fault == "400" else {}
    vendor.inject("responses" if call is ask else "speech", fault, times=5, **response)

    with pytest.raises(problem) as raised:
        await call(calls)

    assert str(raised.value) == (problem.__doc__ or "").strip()
    assert SECRET not in full_traceback(raised.value)
    assert KEY not in full_traceback(raised.value)


@pytest.mark.parametrize("call", [ask, stream])
async def test_a_rejected_key_is_reported_to_the_operator(url: str, call: Any) -> None:
    calls = OpenAICalls("sk-somebody-elses", url, at_once=1, seconds=5.0)

    with pytest.raises(OpenAIRefused, match="OPENAI_API_KEY with `audiobrew doctor`") as raised:
        await call(calls)

    assert "somebody" not in full_traceback(raised.value)
    await calls.aclose()


@pytest.mark.parametrize("call", [ask, stream])
async def test_an_unavailable_model_is_reported(
    vendor: OpenAI, calls: OpenAICalls, call: Any
) -> None:
    vendor.models.clear()

    with pytest.raises(ModelUnavailable):
        await call(calls)


async def test_an_unreachable_server_is_reported_as_busy() -> None:
    calls = OpenAICalls(KEY, "http://127.0.0.1:9/v1", at_once=1, seconds=1.0)

    with pytest.raises(OpenAIBusy):
        await stream(calls)

    await calls.aclose()


async def test_calls_are_not_logged_even_at_debug_level(
    vendor: OpenAI, calls: OpenAICalls, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    vendor.inject("responses", "500")
    await ask(calls)
    await stream(calls)

    assert SECRET not in caplog.text
    assert KEY not in caplog.text


async def test_failed_calls_free_their_place(vendor: OpenAI, calls: OpenAICalls) -> None:
    vendor.inject("responses", "400", times=6)
    for _ in range(6):
        with pytest.raises(OpenAIBadRequest):
            await ask(calls)

    assert await ask(calls) == "answer"
