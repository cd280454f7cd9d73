"""The Realtime voice reads a text word for word; a bad reading is repeated and then refused."""

import asyncio
import logging
import traceback

import pytest
from audiobrew.audio import pcm
from audiobrew.audio.openai_realtime import INSTRUCTIONS, RealtimeVoice
from audiobrew.audio.recorder import make_clip, retry_unusable_clip
from audiobrew.audio.voice import ClipFailed, LanguageNotSpoken, Sound, Utterance, Voice
from audiobrew.models.openai_client import (
    ModelUnavailable,
    OpenAIBadRequest,
    OpenAIBusy,
    OpenAICalls,
    OpenAIQuotaExceeded,
    OpenAIRefused,
)
from audiobrew.problems import Problem
from audiobrew.script.script import Speaker

from tests.audio.openai_sound import KEY, PREFERRED, SENTENCES, openai_calls, utterance
from tests.standins.openai import OpenAI


@pytest.fixture
def voice(calls: OpenAICalls) -> Voice:
    return RealtimeVoice(calls, PREFERRED)


async def test_a_text_becomes_a_clip_with_a_cue_for_each_sentence(voice: Voice) -> None:
    clip = await make_clip(voice, utterance())

    assert 6 < clip.seconds < 14
    assert len(clip.cues) == len(SENTENCES)
    assert clip.units


async def test_the_hosts_have_voices_of_their_own(voice: Voice) -> None:
    first, second = [await voice.speak(utterance(speaker)) for speaker in Speaker]

    assert first.pcm != second.pcm


async def test_the_text_is_sent_once_as_data_and_not_as_an_instruction(
    vendor: OpenAI, voice: Voice
) -> None:
    await voice.speak(utterance())
    [call] = vendor.calls

    assert call.characters_in == len(INSTRUCTIONS) + len(utterance().text)
    assert SENTENCES[0] not in INSTRUCTIONS


async def test_the_use_is_in_the_units_of_the_price_table(voice: Voice) -> None:
    sound = await voice.speak(utterance())
    seconds = len(sound.pcm) / 2 / pcm.RATE

    assert sound.units
    assert set(sound.units) == {"text_in", "text_out", "audio_out"}
    assert sound.units["audio_out"] == round(seconds * 20)


async def test_the_forecast_is_close_to_the_use(voice: Voice) -> None:
    expected = voice.forecast(utterance().text, "en")
    units = (await voice.speak(utterance())).units

    assert expected is not None and units is not None
    assert expected.model == PREFERRED
    for unit, count in units.items():
        assert 0.7 * count < expected.units[unit] < 1.4 * count


async def test_a_preamble_is_left_out(vendor: OpenAI, voice: Voice) -> None:
    plain = await voice.speak(utterance())
    vendor.inject("realtime", "preamble")

    assert (await voice.speak(utterance())).pcm == plain.pcm
    assert vendor.paid("realtime") == 2


async def speak_with_retries(voice: Voice) -> Sound:
    return await retry_unusable_clip(lambda: voice.speak(utterance()))


@pytest.mark.parametrize(("fault", "tries"), [("reworded", 3), ("silence", 2), ("short", 2)])
async def test_a_bad_reading_is_repeated(
    vendor: OpenAI, voice: Voice, fault: str, tries: int
) -> None:
    plain = await voice.speak(utterance())
    vendor.inject("realtime", fault, times=tries - 1)

    result = await speak_with_retries(voice)

    assert result.pcm == plain.pcm
    assert vendor.paid("realtime") == 1 + tries


@pytest.mark.parametrize(
    ("fault", "tries", "words"),
    [
        ("reworded", 3, "other words"),
        ("silence", 2, "silence"),
        ("short", 2, "too little sound"),
        ("incomplete", 2, "stopped before the end"),
        ("refusal", 2, "stopped before the end"),
    ],
)
async def test_repeated_bad_readings_fail_with_a_reason(
    vendor: OpenAI, voice: Voice, fault: str, tries: int, words: str
) -> None:
    vendor.inject("realtime", fault, times=10)

    with pytest.raises(ClipFailed, match=words) as raised:
        await speak_with_retries(voice)

    assert len(vendor.calls) == tries
    assert raised.value.units and raised.value.units["text_in"] > 0


async def test_a_try_that_was_cut_off_counts_as_paid(vendor: OpenAI, voice: Voice) -> None:
    plain, expected = await voice.speak(utterance()), voice.forecast(utterance().text, "en")
    vendor.inject("realtime", "reset")

    again = await voice.speak(utterance())

    assert plain.units and again.units and expected
    for unit, count in expected.units.items():
        assert again.units[unit] == pytest.approx(plain.units[unit] + count)


async def test_the_problem_has_the_use_of_all_tries(vendor: OpenAI, voice: Voice) -> None:
    vendor.inject("realtime", "reset", times=10)
    expected = voice.forecast(utterance().text, "en")

    with pytest.raises(OpenAIBusy) as raised:
        await voice.speak(utterance())

    assert raised.value.units and expected
    assert raised.value.units["audio_out"] == pytest.approx(5 * expected.units["audio_out"])


async def test_a_refused_call_costs_nothing(vendor: OpenAI, voice: Voice) -> None:
    vendor.inject("realtime", "500", times=10)

    with pytest.raises(OpenAIBusy) as raised:
        await voice.speak(utterance())

    assert raised.value.units is None


@pytest.mark.parametrize("fault", ["429", "500", "reset", "failed", "garbled"])
async def test_temporary_errors_are_retried(vendor: OpenAI, voice: Voice, fault: str) -> None:
    vendor.inject("realtime", fault)

    assert (await voice.speak(utterance())).pcm
    assert len(vendor.calls) == 2


async def test_retry_after_is_respected(vendor: OpenAI, voice: Voice) -> None:
    vendor.inject("realtime", "429", times=2, retry_after=1)
    await voice.speak(utterance())
    first, second, third = vendor.calls

    assert second.at - first.at >= 1.0
    assert third.at - second.at >= 1.0


async def test_openai_is_busy_after_five_tries(vendor: OpenAI, voice: Voice) -> None:
    vendor.inject("realtime", "500", times=10)

    with pytest.raises(OpenAIBusy, match="Retry this episode later"):
        await voice.speak(utterance())

    assert len(vendor.calls) == 5


@pytest.mark.parametrize(
    ("fault", "more", "problem"),
    [
        ("quota", {}, OpenAIQuotaExceeded),
        ("failed", {"code": "insufficient_quota"}, OpenAIQuotaExceeded),
        ("400", {"message": SENTENCES[0]}, OpenAIBadRequest),
        ("failed", {"code": "invalid_value"}, OpenAIBadRequest),
        ("failed", {"code": "model_not_found"}, ModelUnavailable),
    ],
)
async def test_permanent_errors_are_not_retried_and_reveal_nothing(
    vendor: OpenAI, voice: Voice, fault: str, more: dict[str, str], problem: type[Problem]
) -> None:
    vendor.inject("realtime", fault, **more)

    with pytest.raises(problem) as raised:
        await voice.speak(utterance())

    text = "".join(traceback.format_exception(raised.value))
    assert len(vendor.calls) == 1
    assert SENTENCES[0] not in text
    assert KEY not in text


async def test_an_unknown_model_is_reported(vendor: OpenAI, calls: OpenAICalls) -> None:
    with pytest.raises(ModelUnavailable):
        await RealtimeVoice(calls, "gpt-realtime-gone").speak(utterance())


async def test_a_refused_key_is_reported_without_the_key(vendor: OpenAI) -> None:
    async with openai_calls(vendor, key="sk-somebody-elses") as calls:
        with pytest.raises(OpenAIRefused) as raised:
            await RealtimeVoice(calls, PREFERRED).speak(utterance())

    assert "somebody" not in "".join(traceback.format_exception(raised.value))


async def test_parallel_calls_respect_the_limit(vendor: OpenAI, voice: Voice) -> None:
    vendor.inject("realtime", "slow", times=40, seconds=0.02)

    await asyncio.gather(*(voice.speak(utterance()) for _ in range(40)))

    assert vendor.at_once == 4
    assert vendor.paid("realtime") == 40


async def test_logs_contain_neither_text_nor_key(
    vendor: OpenAI, voice: Voice, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    for fault in ("reworded", "silence", "reset"):
        vendor.inject("realtime", fault)
    await speak_with_retries(voice)
    server_records = [one for one in caplog.records if one.name.startswith("uvicorn")]
    messages = [one.getMessage() for one in caplog.records if one not in server_records]

    assert server_records
    assert not [line for line in messages if "harvest" in line or KEY in line]


async def test_an_unknown_language_is_reported_without_a_call(vendor: OpenAI, voice: Voice) -> None:
    assert all(map(voice.speaks, ("en", "de-AT", "pt_BR", "ja")))
    assert voice.pace("zh") < voice.pace("ja") < voice.pace("en") == 15.0
    with pytest.raises(LanguageNotSpoken):
        await voice.speak(Utterance(("nuqneH",), Speaker.FIRST, "tlh"))

    assert vendor.calls == []


def test_the_name_contains_everything_that_shapes_the_sound(calls: OpenAICalls) -> None:
    assert RealtimeVoice(calls, "m").name == "openai-realtime-m-marin-cedar-1"
