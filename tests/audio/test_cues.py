"""Cues are correct to 0.3 s, with and without word times."""

import json
import random
from collections.abc import Iterator
from itertools import permutations
from pathlib import Path

import pytest
from audiobrew.audio import pcm
from audiobrew.audio.clip import Cue
from audiobrew.audio.cues import sentence_cues
from audiobrew.audio.espeak import EspeakVoice
from audiobrew.audio.pcm import Interval
from audiobrew.audio.voice import Utterance, WordTime
from audiobrew.script.script import Speaker

from tests.audio.samples import SAMPLES

TOLERANCE = 0.3
COMMAS: dict[str, list[str]] = json.loads(
    Path(__file__).with_name("commas.json").read_text(encoding="utf-8")
)
VOICE = EspeakVoice()


async def speak_trimmed(*sentences: str, language: str, speaker: Speaker) -> bytes:
    """The sound of some sentences, without silence at its ends."""
    sound = (await VOICE.speak(Utterance(sentences, speaker, language))).pcm
    audible = pcm.audible_intervals(sound)
    return pcm.cut(sound, Interval(audible[0].start, audible[-1].end))


def errors(cues: tuple[Cue, ...], truth: list[Cue]) -> Iterator[float]:
    for one, other in zip(cues, truth, strict=True):
        yield max(abs(one.start - other.start), abs(one.end - other.end))


@pytest.mark.parametrize(
    "language", ["en", "de", "fr", "es", "pl", "ru", "fi", "tr", "zh", "ko", "vi"]
)
async def test_cues_by_pauses_agree_with_word_times(language: str) -> None:
    for order in list(permutations(SAMPLES[language], 3))[::3]:
        utterance = Utterance(order, Speaker.SECOND, language)
        sound = await VOICE.speak(utterance)
        audible = pcm.audible_intervals(sound.pcm)
        truth = list(sentence_cues(utterance, sound.words, audible))

        assert max(errors(sentence_cues(utterance, None, audible), truth)) < TOLERANCE


@pytest.mark.parametrize("language", COMMAS)
async def test_cues_by_pauses_with_many_commas(language: str) -> None:
    """Sentences are spoken singly and joined with pauses of 0.12 to 0.5 s, as short as those at commas."""
    random_numbers, deviations = random.Random(language), []
    sounds = {
        text: await speak_trimmed(text, language=language, speaker=Speaker.FIRST)
        for text in COMMAS[language]
    }
    for _ in range(60):
        texts = random_numbers.sample(COMMAS[language], random_numbers.choice([2, 3, 4]))
        sound, truth = join_with_pauses(sounds, texts, random_numbers)
        utterance = Utterance(tuple(texts), Speaker.FIRST, language)
        deviations += errors(sentence_cues(utterance, None, pcm.audible_intervals(sound)), truth)
    correct = sum(error < TOLERANCE for error in deviations)

    assert len(deviations) > 150
    assert correct / len(deviations) > 0.99


def join_with_pauses(
    sounds: dict[str, bytes], texts: list[str], random_numbers: random.Random
) -> tuple[bytes, list[Cue]]:
    sound, truth = b"", []
    for text in texts:
        begin = len(sound) / 2 / pcm.RATE
        sound += sounds[text]
        truth.append(Cue(begin, len(sound) / 2 / pcm.RATE))
        sound += pcm.silence(random_numbers.uniform(0.12, 0.5))
    return sound, truth


async def test_word_times_need_no_pause() -> None:
    utterance = Utterance(("One two.", "Three."), Speaker.FIRST, "en")
    words = [WordTime(0.1, 0, 3), WordTime(0.6, 4, 3), WordTime(1.4, 9, 5)]
    first, second = sentence_cues(utterance, words, [Interval(0.1, 2.0)])

    assert first == Cue(0.1, 1.4)
    assert second == Cue(1.4, 2.0)


async def test_a_sentence_without_word_times_is_found_by_its_pause() -> None:
    utterance = Utterance(("One two.", "Three."), Speaker.FIRST, "en")
    audible = [Interval(0.1, 1.0), Interval(1.4, 2.0)]

    assert sentence_cues(utterance, [WordTime(0.1, 0, 3)], audible) == (
        Cue(0.1, 1.0),
        Cue(1.4, 2.0),
    )


async def test_a_sound_without_pauses_is_divided_by_length() -> None:
    utterance = Utterance(("Abcd.", "Abcdabcdabcd."), Speaker.FIRST, "en")
    first, second = sentence_cues(utterance, None, [Interval(0.0, 4.0)])

    assert first.start == 0
    assert first.end == second.start == pytest.approx(1.0, abs=0.2)
    assert second.end == 4


async def test_one_sentence_is_the_whole_sound() -> None:
    utterance = Utterance(("Only one, with a pause.",), Speaker.FIRST, "en")

    assert sentence_cues(utterance, None, [Interval(0.2, 1.0), Interval(1.5, 2.0)]) == (
        Cue(0.2, 2.0),
    )
