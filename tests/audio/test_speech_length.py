"""The length of an utterance before it is spoken."""

import pytest
from audiobrew.audio.espeak import EspeakVoice
from audiobrew.audio.mp3 import FRAME_SECONDS
from audiobrew.audio.recorder import make_clip
from audiobrew.audio.speech_length import speech_length
from audiobrew.audio.voice import Utterance
from audiobrew.script.script import Speaker

from tests.audio.samples import SAMPLES

FIGURES = (
    "The index fell 412 points.",
    "Sales rose by 3.7 percent to 18,450 cars.",
    "The ECB paid 9 billion in 2026.",
    "It has 1,204 members.",
)


async def ratio(voice: EspeakVoice, sentences: tuple[str, ...], language: str) -> float:
    """The expected length by the real one."""
    expected = seconds = 0.0
    for speaker in Speaker:
        utterance = Utterance(sentences, speaker, language)
        expected += speech_length(utterance).seconds(voice.speech_pace(language))
        seconds += (await make_clip(voice, utterance)).frames * FRAME_SECONDS
    return expected / seconds


@pytest.mark.parametrize("language", SAMPLES)
async def test_the_declared_pace_is_the_voices(language: str) -> None:
    assert await ratio(EspeakVoice(), tuple(SAMPLES[language]), language) == pytest.approx(
        1, abs=0.06
    )


async def test_figures_pauses_and_abbreviations_count() -> None:
    assert await ratio(EspeakVoice(), FIGURES, "en") == pytest.approx(1, abs=0.07)


def test_a_long_number_and_a_language_without_rules_have_a_length() -> None:
    for text in ("9" * 5000, "Ⅻ ² ٣٤"):
        assert speech_length(Utterance((text,), Speaker.FIRST, "nn")).seconds(15.0) > 0
