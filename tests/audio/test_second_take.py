"""With an ear, what is unclear is spoken once more if that costs nothing, and marked if it stays unclear."""

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from audiobrew.audio.hearing.ear import HearingFailed
from audiobrew.audio.pronunciation import Pronunciation
from audiobrew.audio.recorder import make_clip
from audiobrew.audio.voice import Cast, ClipFailed, Sound, Utterance, VoiceMissing
from audiobrew.models.usage import Usage
from audiobrew.script.script import Speaker
from structlog.testing import capture_logs

from tests.audio.test_recorder import tone

SENTENCES = ("The board of BMW met in Duluth.", "It raised 61,500 euros.")
TEXT = " ".join(SENTENCES)
# What is heard of the first take and of the second one.
MISHEARD = "The board of beams met in the loot. It raised 61,500 euros."
CLEARER = "The board of BMW met in the loot. It raised 61,500 euros."


@dataclass
class CountingVoice:
    """A tone that is a tenth of a second longer each time."""

    is_free: bool = True
    utterances: list[Utterance] = field(default_factory=list)
    name: str = "counting"
    fails_at: int = 0
    failure: Callable[[], Exception] = ClipFailed

    def speaks(self, language: str) -> bool:
        return True

    def pace(self, language: str) -> float:
        return 15.0

    def speech_pace(self, language: str) -> float:
        return 18.0

    def cast(self, language: str) -> Cast:
        return Cast("One", "Two")

    def forecast(self, text: str, language: str) -> Usage | None:
        return None if self.is_free else Usage("model", {"text_in": 1.0})

    async def speak(self, utterance: Utterance) -> Sound:
        self.utterances.append(utterance)
        if len(self.utterances) == self.fails_at:
            raise self.failure()
        return Sound(tone(4 + len(self.utterances) / 10, 0.3))


@dataclass
class FixedEar:
    """Hears these texts in turn, or fails."""

    texts: list[str | Exception | None]

    async def hear(self, pcm: bytes, language: str) -> str | None:
        text = self.texts.pop(0)
        if isinstance(text, Exception):
            raise text
        return text


def utterance(*sentences: str, pronunciations: tuple[Pronunciation, ...] = ()) -> Utterance:
    return Utterance(sentences or SENTENCES, Speaker.FIRST, "en", pronunciations)


async def test_what_was_understood_is_spoken_once() -> None:
    voice = CountingVoice()
    clip = await make_clip(voice, utterance(), FixedEar([TEXT]))

    assert len(voice.utterances) == 1
    assert clip.unclear == ((), ())


async def test_an_unclear_word_is_spoken_once_more_and_the_rest_is_marked() -> None:
    voice = CountingVoice()
    clip = await make_clip(voice, utterance(), FixedEar([MISHEARD, CLEARER]))

    assert [one.text for one in voice.utterances] == [TEXT, TEXT.replace("BMW", "B M W")]
    assert clip.unclear == (("Duluth",), ())
    assert clip.seconds > (await make_clip(CountingVoice(), utterance())).seconds


@pytest.mark.parametrize("second", [MISHEARD, "", HearingFailed("it died"), None])
async def test_a_second_take_that_is_no_clearer_is_not_used(second: str | Exception | None) -> None:
    clip = await make_clip(CountingVoice(), utterance(), FixedEar([MISHEARD, second]))

    assert clip.unclear == (("BMW", "Duluth"), ())
    assert clip.mp3 == (await make_clip(CountingVoice(), utterance())).mp3


@pytest.mark.parametrize("failure", [ClipFailed, VoiceMissing])
async def test_a_second_take_that_fails_is_not_used(failure: Callable[[], Exception]) -> None:
    voice = CountingVoice(fails_at=2, failure=failure)
    clip = await make_clip(voice, utterance(), FixedEar([MISHEARD]))

    assert clip.unclear == (("BMW", "Duluth"), ())


async def test_a_voice_that_costs_money_is_not_paid_twice() -> None:
    voice = CountingVoice(is_free=False)
    clip = await make_clip(voice, utterance(), FixedEar([MISHEARD]))

    assert len(voice.utterances) == 1
    assert clip.unclear == (("BMW", "Duluth"), ())


async def test_a_word_without_another_spelling_is_not_spoken_again() -> None:
    voice = CountingVoice()
    clip = await make_clip(voice, utterance("They met in Duluth."), FixedEar(["They met in Rome."]))

    assert len(voice.utterances) == 1
    assert clip.unclear == (("Duluth",),)


async def test_an_ear_that_fails_changes_nothing_and_logs_no_text() -> None:
    ear = FixedEar([HearingFailed("the recognizer died")])
    with capture_logs() as logs:
        clip = await make_clip(CountingVoice(), utterance(), ear)

    assert clip == await make_clip(CountingVoice(), utterance())
    assert logs == [
        {"event": "ear.failed", "log_level": "warning", "reason": "the recognizer died"}
    ]


async def test_a_language_that_the_ear_does_not_know_is_not_judged() -> None:
    clip = await make_clip(CountingVoice(), utterance(), FixedEar([None]))

    assert clip.unclear == ()


async def test_silence_fails_before_anybody_listens() -> None:
    class SilentVoice(CountingVoice):
        async def speak(self, utterance: Utterance) -> Sound:
            return Sound(bytes(48_000))

    with pytest.raises(ClipFailed):
        await make_clip(SilentVoice(), utterance(), FixedEar([]))


async def test_a_word_of_the_listener_is_spoken_as_they_want_and_named_as_it_is_written() -> None:
    voice = CountingVoice()
    spoken = utterance(
        "The board of BayEm met.", pronunciations=(Pronunciation("Bayerische", "BayEm"),)
    )
    clip = await make_clip(voice, spoken, FixedEar(["The board of trees met."]))

    assert len(voice.utterances) == 1
    assert clip.unclear == (("Bayerische",),)
