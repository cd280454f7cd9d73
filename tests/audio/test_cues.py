"""Cues are right to 0.3 s, with word times and without, measured against what is known to be true."""

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


async def sounding(*sentences: str, language: str, speaker: Speaker) -> bytes:
    """A sentence or more, cut to what is heard."""
    sound = (await VOICE.speak(Utterance(sentences, speaker, language))).pcm
    heard = pcm.audible_intervals(sound)
    return pcm.cut(sound, Interval(heard[0].start, heard[-1].end))


def errors(told: tuple[Cue, ...], truth: list[Cue]) -> Iterator[float]:
    for one, other in zip(told, truth, strict=True):
        yield max(abs(one.start - other.start), abs(one.end - other.end))


@pytest.mark.parametrize(
    "language", ["en", "de", "fr", "es", "pl", "ru", "fi", "tr", "zh", "ko", "vi"]
)
async def test_pauses_find_the_sentences_that_espeak_timed(language: str) -> None:
    for order in list(permutations(SAMPLES[language], 3))[::3]:
        said = Utterance(order, Speaker.SECOND, language)
        sound = await VOICE.speak(said)
        heard = pcm.audible_intervals(sound.pcm)
        truth = list(sentence_cues(said, sound.words, heard))

        assert max(errors(sentence_cues(said, None, heard), truth)) < TOLERANCE


@pytest.mark.parametrize("language", COMMAS)
async def test_pauses_find_sentences_full_of_commas_at_any_pause(language: str) -> None:
    """Each is spoken alone and laid on a tape after 0.12 to 0.5 s, as short as the pause at a comma."""
    chance, found = random.Random(language), []
    alone = {
        text: await sounding(text, language=language, speaker=Speaker.FIRST)
        for text in COMMAS[language]
    }
    for _ in range(60):
        texts = chance.sample(COMMAS[language], chance.choice([2, 3, 4]))
        tape, truth = _laid(alone, texts, chance)
        said = Utterance(tuple(texts), Speaker.FIRST, language)
        found += errors(sentence_cues(said, None, pcm.audible_intervals(tape)), truth)
    right = sum(error < TOLERANCE for error in found)

    assert len(found) > 150
    assert right / len(found) > 0.99


def _laid(
    alone: dict[str, bytes], texts: list[str], chance: random.Random
) -> tuple[bytes, list[Cue]]:
    tape, truth = b"", []
    for text in texts:
        begin = len(tape) / 2 / pcm.RATE
        tape += alone[text]
        truth.append(Cue(begin, len(tape) / 2 / pcm.RATE))
        tape += pcm.silence(chance.uniform(0.12, 0.5))
    return tape, truth


async def test_word_times_are_believed_even_where_there_is_no_pause() -> None:
    said = Utterance(("One two.", "Three."), Speaker.FIRST, "en")
    words = [WordTime(0.1, 0, 3), WordTime(0.6, 4, 3), WordTime(1.4, 9, 5)]
    first, second = sentence_cues(said, words, [Interval(0.1, 2.0)])

    assert first == Cue(0.1, 1.4)
    assert second == Cue(1.4, 2.0)


async def test_a_sentence_without_a_word_time_is_found_by_its_pause() -> None:
    said = Utterance(("One two.", "Three."), Speaker.FIRST, "en")
    heard = [Interval(0.1, 1.0), Interval(1.4, 2.0)]

    assert sentence_cues(said, [WordTime(0.1, 0, 3)], heard) == (Cue(0.1, 1.0), Cue(1.4, 2.0))


async def test_a_sound_without_pauses_is_shared_out_by_length() -> None:
    said = Utterance(("Abcd.", "Abcdabcdabcd."), Speaker.FIRST, "en")
    first, second = sentence_cues(said, None, [Interval(0.0, 4.0)])

    assert first.start == 0
    assert first.end == second.start == pytest.approx(1.0, abs=0.2)
    assert second.end == 4


async def test_one_sentence_is_the_whole_sound() -> None:
    said = Utterance(("Only one, with a pause.",), Speaker.FIRST, "en")

    assert sentence_cues(said, None, [Interval(0.2, 1.0), Interval(1.5, 2.0)]) == (Cue(0.2, 2.0),)
