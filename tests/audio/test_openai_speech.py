"""Any server with OpenAI's speech interface speaks; what it sends that is no sound is known on arrival."""

import asyncio
import logging

import pytest
from audiobrew.audio import pcm
from audiobrew.audio.openai_speech import SpeechVoice
from audiobrew.audio.recorder import make_clip
from audiobrew.audio.voice import ClipFailed, LanguageNotSpoken, Utterance, Voice
from audiobrew.models.openai_client import ModelGone, OpenAIBusy, OpenAICalls
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


async def test_what_it_takes_is_known_beforehand(voice: Voice) -> None:
    expected = voice.forecast(utterance().text, "en")
    sound = await voice.speak(utterance())

    assert expected is not None
    assert sound.units == expected.units == {"characters": len(utterance().text)}


async def test_a_wav_of_unknown_length_is_unwrapped(vendor: OpenAI, voice: Voice) -> None:
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
async def test_what_is_no_sound_is_refused_at_once(
    vendor: OpenAI, voice: Voice, fault: str, more: dict[str, object], words: str
) -> None:
    vendor.inject("speech", fault, **more)

    with pytest.raises(ClipFailed, match=words) as raised:
        await voice.speak(utterance())

    assert "Beans" not in str(raised.value)
    assert len(vendor.calls) == 1


@pytest.mark.parametrize("fault", ["silence", "short"])
async def test_too_little_sound_makes_no_clip_and_is_paid(
    vendor: OpenAI, voice: Voice, fault: str
) -> None:
    vendor.inject("speech", fault)

    with pytest.raises(ClipFailed) as raised:
        await make_clip(voice, utterance())

    assert raised.value.units == {"characters": len(utterance().text)}


@pytest.mark.parametrize("fault", ["429", "500", "reset", "slow"])
async def test_what_may_pass_is_tried_again(vendor: OpenAI, voice: Voice, fault: str) -> None:
    plain = await voice.speak(utterance())
    vendor.inject("speech", fault, seconds=0.2)

    assert (await voice.speak(utterance())).pcm == plain.pcm


async def test_after_four_more_tries_it_is_busy(vendor: OpenAI, voice: Voice) -> None:
    vendor.inject("speech", "reset", times=10)

    with pytest.raises(OpenAIBusy):
        await voice.speak(utterance())

    assert (len(vendor.calls), vendor.paid("speech")) == (5, 0)


async def test_a_model_that_is_gone_is_told(calls: OpenAICalls) -> None:
    with pytest.raises(ModelGone):
        await SpeechVoice(calls, "tts-0", ("a", "b")).speak(utterance())


async def test_forty_at_once_are_never_more_than_the_limit(vendor: OpenAI, voice: Voice) -> None:
    vendor.inject("speech", "slow", times=40, seconds=0.02)

    await asyncio.gather(*(voice.speak(utterance()) for _ in range(40)))

    assert vendor.at_once == 4
    assert vendor.paid("speech") == 40


async def test_nothing_of_a_text_or_the_key_is_logged_even_where_all_is(
    vendor: OpenAI, voice: Voice, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    vendor.inject("speech", "reset")
    await voice.speak(utterance())

    assert "harvest" not in caplog.text
    assert KEY not in caplog.text


async def test_a_language_nobody_is_known_to_speak_is_not_sent(
    vendor: OpenAI, voice: Voice
) -> None:
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


async def test_another_rate_that_the_server_tells_is_brought_to_ours(
    vendor: OpenAI, voice: Voice
) -> None:
    sound = (await voice.speak(utterance())).pcm
    vendor.inject("speech", "raw", body=sound, type="audio/pcm;rate=12000")
    stretched = (await voice.speak(utterance())).pcm

    assert len(stretched) == pytest.approx(2 * len(sound), abs=pcm.RATE // 10)


async def test_sound_that_begins_like_a_brace_is_sound(vendor: OpenAI, voice: Voice) -> None:
    sound = b"{\x00" + (await voice.speak(utterance())).pcm
    vendor.inject("speech", "raw", body=sound)

    assert (await voice.speak(utterance())).pcm == sound
