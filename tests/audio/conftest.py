"""A session-wide episode of three chapters with both hosts, and a stand-in for OpenAI."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from uuid import UUID

import anyio
import pytest
from audiobrew.audio.clip import Clip
from audiobrew.audio.cover import MP3_PIXELS, draw_cover
from audiobrew.audio.espeak import EspeakVoice
from audiobrew.audio.join import JoinedAudio, Piece, Tags, join
from audiobrew.audio.pauses import Pauses, Place
from audiobrew.audio.recorder import make_clip
from audiobrew.audio.voice import Utterance
from audiobrew.models.openai_client import OpenAICalls
from audiobrew.script.script import Speaker

from tests.audio.openai_sound import openai_calls
from tests.audio.samples import SAMPLES
from tests.standins.openai import OpenAI

TITLES = ("Grüße & <news>", "Kaffee ☕ – 新闻", "The end")
TAGS = Tags(
    "Tuesday brew: “beans”",
    "Ada's AudioBrew",
    "de-AT",
    TITLES,
    date(2026, 11, 29),
    draw_cover(UUID(int=5), MP3_PIXELS),
)


@dataclass(frozen=True)
class Episode:
    file: Path
    joined: JoinedAudio
    clips: tuple[Clip, ...]
    utterances: tuple[Utterance, ...]
    pauses: Pauses


def script() -> list[tuple[int, Utterance]]:
    """Pairs of chapter and utterance. One utterance is too short for a loudness measurement."""
    first, second = Speaker
    return [
        (0, Utterance(tuple(SAMPLES["de"]), first, "de")),
        (0, Utterance(("Ja.",), second, "de")),
        (1, Utterance(tuple(SAMPLES["en"]), second, "en")),
        (1, Utterance(tuple(SAMPLES["en"][1:]), first, "en")),
        (2, Utterance(tuple(SAMPLES["fr"]), first, "fr")),
        (2, Utterance(tuple(SAMPLES["zh"]), second, "zh")),
    ]


async def make_clips() -> list[Clip]:
    return [await make_clip(EspeakVoice(), utterance) for _, utterance in script()]


@pytest.fixture(scope="session")
def episode_clips() -> list[Clip]:
    return anyio.run(make_clips)


@pytest.fixture(scope="session", params=["sounds", "silence"])
def episode(
    episode_clips: list[Clip],
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
) -> Episode:
    clips = episode_clips
    pieces = [
        Piece(clip.mp3, Place(chapter, utterance.language, utterance.speaker))
        for clip, (chapter, utterance) in zip(clips, script(), strict=True)
    ]
    utterances = tuple(utterance for _, utterance in script())
    folder, pauses = tmp_path_factory.mktemp("episode"), Pauses.of(request.param == "sounds")
    joined = join(iter(pieces), folder / "episode.mp3", TAGS, pauses)
    return Episode(folder / "episode.mp3", joined, tuple(clips), utterances, pauses)


@pytest.fixture
def vendor() -> OpenAI:
    return OpenAI()


@pytest.fixture
async def calls(vendor: OpenAI) -> AsyncIterator[OpenAICalls]:
    async with openai_calls(vendor) as client:
        yield client
