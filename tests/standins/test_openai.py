"""The stand-in for OpenAI refuses, answers and counts as the real one does; its own library asks it."""

import asyncio
import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openai
import pytest
from audiobrew.audio import pcm
from openai import AsyncOpenAI
from openai.types.responses import ResponseOutputRefusal

from tests.ports import free_port
from tests.standins.openai import OpenAI
from tests.standins.openai.ledger import read
from tests.standins.openai.local_server import serving

SHAPE = {"type": "json_schema", "name": "x", "strict": True}
TEXT = "Beans are back in the shop, says the town's oldest roaster."


@pytest.fixture
def vendor() -> Iterator[OpenAI]:
    yield OpenAI(writer=lambda request: json.dumps({"told": request["input"]}))


@pytest.fixture
def url(vendor: OpenAI) -> Iterator[str]:
    with serving(vendor) as address:
        yield address


def client(url: str, key: str = "sk-stand-in") -> AsyncOpenAI:
    return AsyncOpenAI(api_key=key, base_url=url, max_retries=0)


async def write(url: str, **more: Any) -> Any:
    async with client(url) as asking:
        return await asking.responses.create(model="gpt-6-luna", input="Tell.", **more)


async def speak(url: str, text: str = TEXT, voice: str = "marin") -> bytes:
    async with client(url) as asking:
        told = await asking.audio.speech.create(
            model="tts-1", voice=voice, input=text, response_format="pcm"
        )
        return told.content


async def test_a_written_answer_is_counted_with_its_tokens(vendor: OpenAI, url: str) -> None:
    told = await write(url, instructions="Be brief.")
    [call] = vendor.calls

    assert told.output_text == '{"told": "Tell."}'
    assert (told.usage.input_tokens, told.usage.output_tokens) == (4, 5)
    assert (call.characters_in, call.characters_out, call.finished) == (14, 17, True)


@pytest.mark.parametrize(
    "wrong",
    [
        {"temprature": 1},
        {"reasoning": {"effort": "a lot"}},
        {"text": {"format": {**SHAPE, "schema": {"type": "object"}}}},
    ],
)
async def test_what_openai_does_not_know_is_refused(vendor: OpenAI, url: str, wrong: Any) -> None:
    with pytest.raises(openai.BadRequestError):
        await write(url, extra_body=wrong)

    assert vendor.paid("responses") == 0


async def test_a_wrong_key_is_refused_everywhere(url: str) -> None:
    async with client(url, "sk-other") as stranger:
        with pytest.raises(openai.AuthenticationError):
            await stranger.models.list()
        with pytest.raises(openai.AuthenticationError):
            await stranger.responses.create(model="gpt-6-luna", input="Tell.")
        with pytest.raises(openai.AuthenticationError):
            await stranger.audio.speech.create(model="tts-1", voice="marin", input=TEXT)


async def test_a_model_that_is_gone_is_not_found(vendor: OpenAI, url: str) -> None:
    vendor.models.discard("gpt-6-luna")

    with pytest.raises(openai.NotFoundError):
        await write(url)


async def test_speech_has_the_shape_of_speech(vendor: OpenAI, url: str) -> None:
    sound = await speak(url)
    stretches = pcm.audible_intervals(sound)

    assert 2 < len(sound) / 48_000 < 8
    assert sum(part.seconds for part in stretches) > 2


async def test_the_two_voices_differ(url: str) -> None:
    assert await speak(url, voice="marin") != await speak(url, voice="cedar")


async def test_a_text_over_the_limit_is_refused(url: str) -> None:
    with pytest.raises(openai.BadRequestError):
        await speak(url, "word " * 820)


async def test_the_same_asked_twice_is_noticed(vendor: OpenAI, url: str) -> None:
    await speak(url)
    assert vendor.twice() == []

    await speak(url)
    await speak(url, voice="cedar")

    assert len(vendor.twice()) == 1
    assert vendor.paid("speech") == 3


async def test_calls_at_once_are_counted(vendor: OpenAI, url: str) -> None:
    vendor.inject("responses", "slow", times=3, seconds=0.3)

    await asyncio.gather(*(write(url, instructions=str(number)) for number in range(3)))

    assert vendor.at_once == 3


async def test_answers_may_be_cut_refused_or_incomplete(vendor: OpenAI, url: str) -> None:
    for fault in ("truncated", "refusal", "incomplete"):
        vendor.inject("responses", fault)

    cut, refused, incomplete = [await write(url) for _ in range(3)]

    assert cut.output_text == '{"told":'
    assert isinstance(refused.output[0].content[0], ResponseOutputRefusal)
    assert incomplete.status == "incomplete"


async def test_a_connection_that_breaks_is_not_paid(vendor: OpenAI, url: str) -> None:
    vendor.inject("responses", "reset")
    vendor.inject("speech", "reset")

    with pytest.raises(openai.APIConnectionError):
        await write(url)
    with pytest.raises((openai.APIConnectionError, openai.APIError)):
        await speak(url)

    assert (vendor.paid("responses"), vendor.paid("speech")) == (0, 0)


async def test_it_takes_as_long_as_a_model_when_told_to() -> None:
    slow = OpenAI(latency=True)

    assert slow.seconds("responses", 1000) == 3.0
    assert slow.seconds("speech", 400) == 1.4
    assert OpenAI().seconds("speech", 400) == 0.0


async def test_counts_outlive_a_process_of_its_own(tmp_path: Path) -> None:
    log, port = tmp_path / "calls.jsonl", free_port()
    command = [sys.executable, "-m", "tests.standins.openai", "--port", str(port)]
    process = subprocess.Popen([*command, "--log", str(log)])
    try:
        await answers(port)
        await speak(f"http://127.0.0.1:{port}/v1")
    finally:
        process.terminate()
        process.wait()

    assert OpenAI(log=log).paid("speech") == len(read(log)) == 1


async def answers(port: int) -> None:
    end = time.monotonic() + 30
    while time.monotonic() < end:
        with socket.socket() as asking:
            if asking.connect_ex(("127.0.0.1", port)) == 0:
                return
        await asyncio.sleep(0.1)
    raise AssertionError("the stand-in did not start")
