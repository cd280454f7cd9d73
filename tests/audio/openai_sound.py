"""Utterances for OpenAI's voices, and calls to the stand-in for its API."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from audiobrew.audio.voice import Utterance
from audiobrew.models.openai_client import OpenAICalls
from audiobrew.script.script import Speaker

from tests.standins.openai import OpenAI
from tests.standins.openai.local_server import serving

KEY = "sk-stand-in"
SENTENCES = (
    "Beans are back in the shop on Tuesday, says the town's oldest roaster.",
    "The harvest in Huila grew by 12 percent, the growers' union reports.",
)
PREFERRED = "gpt-realtime-2.1-mini"


def utterance(speaker: Speaker = Speaker.FIRST, language: str = "en") -> Utterance:
    return Utterance(SENTENCES, speaker, language)


@asynccontextmanager
async def openai_calls(
    vendor: OpenAI, at_once: int = 4, key: str = KEY
) -> AsyncIterator[OpenAICalls]:
    with serving(vendor) as url:
        calls = OpenAICalls(key, url, at_once, seconds=10.0)
        yield calls
        await calls.aclose()
