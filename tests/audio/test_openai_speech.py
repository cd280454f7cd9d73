"""The speech voice works with any server of this API, and recognizes answers that are not sound."""

import asyncio
import logging

import pytest
from audiobrew.audio import pcm
from audiobrew.audio.openai_speech import SpeechVoice
from audiobrew.audio.recorder import make_clip
from audiobrew.audio.voice import ClipFailed, LanguageNotSpoken, Utterance, Voice
from audiobrew.models.openai_client import ModelUnavailable, OpenAIBusy, OpenAICalls
from audiobrew.script.script import Speaker

from tests.audio.openai_sound import KEY, SENTENCES, utterance
from tests.standins.openai import OpenAI
from tests.standins.openai.speech import as_wav


@pytest.fixture
def voice(calls: OpenAICalls) -> Voice:
    return SpeechVoice(calls, "kokoro", ("af_heart", "am_michael"))


async def test_a_text_becomes_a_clip_with_a_cue_for_each_sentence(voice: Voice) -> None:
    clip = await make_clip(voice, utterance())

    assert 6 < clip.seconds < 14
    assert len(clip.cues) == len(SENTENCES)


async def test_the_hosts_have_voices_of_their_own(voice: Voice) -> None:
    first, second = [await voice.speak(utterance(speaker)) for speaker in Speaker]

    assert first.pcm != second.pcm


async def test_the_use_equals_the_forecast(voice: Voice) -> None:
    expected = voice.forecast(utterance().text, "en")
    sound = await voice.speak(utterance())

    assert expected is not None
    assert sound.units == expected.units == {"characters": len(utterance().text)}


async def test_a_wav_of_unknown_length_is_accepted(vendor: OpenAI, voice: Voice) -> None:
    plain = await voice.speak(utterance())
    vendor.inject("speech", "wav")

    assert (await voice.speak(utterance())).pcm == plain.pcm


@pytest.mark.parametrize(
    ("fault", "more", "words"),
    [
        ("not_audio", {}, "with JSON instead of sound"),
        ("not_audio", {"html": True}, "a web page instead of sound"),
        ("not_audio", {"type": "audio/pcm"}, "with text instead of sound"),
        ("mp3", {}, "MP3 instead of sound"),
    ],
)
async def test_an_answer_that_is_not_sound_is_refused_without_retries(
    vendor: OpenAI, voice: Voice, fault: str, more: dict[str, object], words: str
) -> None:
    vendor.inject("speech", fault, **more)

    with pytest.raises(ClipFailed, match=words) as raised:
        await voice.speak(utterance())

    assert "Beans" not in str(raised.value)
    assert len(vendor.calls) == 1


@pytest.mark.parametrize("fault", ["silence", "short"])
async def test_too_little_sound_is_a_failed_clip_with_its_use(
    vendor: OpenAI, voice: Voice, fault: str
) -> None:
    vendor.inject("speech", fault)

    with pytest.raises(ClipFailed) as raised:
        await make_clip(voice, utterance())

    assert raised.value.units == {"characters": len(utterance().text)}


@pytest.mark.parametrize("fault", ["429", "500", "reset", "slow"])
async def test_temporary_errors_are_retried(vendor: OpenAI, voice: Voice, fault: str) -> None:
    plain = await voice.speak(utterance())
    vendor.inject("speech", fault, seconds=0.2)

    assert (await voice.speak(utterance())).pcm == plain.pcm


async def test_openai_is_busy_after_five_tries(vendor: OpenAI, voice: Voice) -> None:
    vendor.inject("speech", "reset", times=10)

    with pytest.raises(OpenAIBusy):
        await voice.speak(utterance())

    assert (len(vendor.calls), vendor.paid("speech")) == (5, 0)


async def test_an_unknown_model_is_reported(calls: OpenAICalls) -> None:
    with pytest.raises(ModelUnavailable):
        await SpeechVoice(calls, "tts-0", ("a", "b")).speak(utterance())


async def test_parallel_calls_respect_the_limit(vendor: OpenAI, voice: Voice) -> None:
    vendor.inject("speech", "slow", times=40, seconds=0.02)

    await asyncio.gather(*(voice.speak(utterance()) for _ in range(40)))

    assert vendor.at_once == 4
    assert vendor.paid("speech") == 40


async def test_logs_contain_neither_text_nor_key(
    vendor: OpenAI, voice: Voice, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    vendor.inject("speech", "reset")
    await voice.speak(utterance())

    assert "harvest" not in caplog.text
    assert KEY not in caplog.text


async def test_an_unknown_language_is_reported_without_a_call(vendor: OpenAI, voice: Voice) -> None:
    with pytest.raises(LanguageNotSpoken):
        await voice.speak(Utterance(("nuqneH",), Speaker.FIRST, "tlh"))

    assert vendor.calls == []


@pytest.mark.parametrize(
    "broken",
    [b"RIFF", as_wav(b"")[:20], as_wav(b"")[:30] + b"\x00" * 8, b"RIFF" + b"\xff" * 60],
)
async def test_a_broken_wav_is_refused(vendor: OpenAI, voice: Voice, broken: bytes) -> None:
    vendor.inject("speech", "raw", body=broken)

    with pytest.raises(ClipFailed, match="WAV"):
        await voice.speak(utterance())


async def test_another_sample_rate_is_converted(vendor: OpenAI, voice: Voice) -> None:
    sound = (await voice.speak(utterance())).pcm
    vendor.inject("speech", "raw", body=sound, type="audio/pcm;rate=12000")
    stretched = (await voice.speak(utterance())).pcm

    assert len(stretched) == pytest.approx(2 * len(sound), abs=pcm.RATE // 10)


async def test_sound_that_begins_with_a_brace_is_accepted(vendor: OpenAI, voice: Voice) -> None:
    sound = b"{\x00" + (await voice.speak(utterance())).pcm
    vendor.inject("speech", "raw", body=sound)

    assert (await voice.speak(utterance())).pcm == sound
