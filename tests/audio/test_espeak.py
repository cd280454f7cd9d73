"""The espeak voice speaks, says what it cannot speak, and is not controlled by its text."""

import ctypes
import subprocess
import sys
from array import array
from operator import mul
from pathlib import Path

import espeakng_loader
import pytest
from audiobrew.audio import pcm
from audiobrew.audio.espeak import EspeakVoice, find_voice
from audiobrew.audio.voice import ClipFailed, LanguageNotSpoken, Sound, Utterance, VoiceMissing
from audiobrew.lang.language import all_languages
from audiobrew.script.script import Speaker

from tests.audio.samples import SAMPLES

VOICE = EspeakVoice()
VOICES = {one.code: one.voices.espeak for one in all_languages() if one.voices.espeak}


async def speak(text: str, language: str = "en", speaker: Speaker = Speaker.FIRST) -> Sound:
    return await VOICE.speak(Utterance((text,), speaker, language))


def seconds(sound: Sound) -> float:
    return len(sound.pcm) / 2 / pcm.RATE


def pitch(sound: Sound) -> float:
    """The frequency in Hz at which a long vowel repeats, after its overtones are averaged out."""
    samples = array("h", sound.pcm)
    smooth = [
        sum(samples[at : at + 60]) for at in range(len(samples) // 2 - 3000, len(samples) // 2)
    ]
    best = max(
        range(pcm.RATE // 150, pcm.RATE // 60),
        key=lambda shift: sum(map(mul, smooth, smooth[shift:])) / (len(smooth) - shift),
    )
    return pcm.RATE / best


# `no` and `nn` are spoken as `nb`.
@pytest.mark.parametrize("language", sorted(VOICES.keys() - {"no", "nn"}))
async def test_every_language_is_spoken_by_both_hosts(language: str) -> None:
    for speaker in Speaker:
        sound = await VOICE.speak(Utterance(tuple(SAMPLES[language]), speaker, language))
        characters = sum(map(len, SAMPLES[language]))

        assert VOICE.pace(language) * 0.8 < characters / seconds(sound) < VOICE.pace(language) * 1.4


def test_espeak_has_every_voice_that_we_use() -> None:
    data = Path(espeakng_loader.get_data_path())
    library = ctypes.CDLL(espeakng_loader.get_library_path())
    library.espeak_Initialize(2, 0, str(data).encode(), 0x8000)
    names = {name for voice in VOICES.values() for name in (voice.voice, *voice.regions.values())}

    assert not [name for name in names if library.espeak_SetVoiceByName(name.encode())]


@pytest.mark.parametrize("language", ["en", "de", "fr", "es", "zh"])
async def test_the_two_hosts_have_different_pitches(language: str) -> None:
    first, second = [pitch(await speak("aaaaaaaaaaa.", language, host)) for host in Speaker]

    assert first > second * 1.2


@pytest.mark.parametrize(
    ("language", "voice"),
    [
        ("en", "en-us"),
        ("en-US", "en-us"),
        ("en_GB", "en-gb-x-rp"),
        ("de-AT", "de"),
        ("pt-BR", "pt-br"),
        ("pt-PT", "pt"),
        ("es-MX", "es-419"),
        ("no", "nb"),
        ("zh-Hans-CN", "cmn"),
    ],
)
def test_regions_have_their_own_voices(language: str, voice: str) -> None:
    settings = find_voice(language)

    assert settings
    assert settings.voice == voice


@pytest.mark.parametrize("language", ["ja", "ar", "xx", "", "und", "../en", "en\0"])
async def test_an_unknown_language_is_reported(language: str) -> None:
    assert not VOICE.speaks(language)
    with pytest.raises(LanguageNotSpoken):
        VOICE.pace(language)
    with pytest.raises(LanguageNotSpoken, match="does not speak this language"):
        await speak("Hello.", language)


async def test_word_times_have_the_positions_of_their_words() -> None:
    text = "Größe zählt, sagt Zoë, aber nicht für alle Übungen."
    sound = await speak(text, "de")
    words = [text[word.position :][: word.length] for word in sound.words or ()]

    assert words == ["Größe", "zählt", "sagt", "Zoë", "aber", "nicht", "für", "alle", "Übungen"]
    assert all(0 <= word.start < seconds(sound) for word in sound.words or ())


@pytest.mark.parametrize("control", ["\0", "\x01", "\x1b", "\u202e", "\u2028", "\x01+10S"])
async def test_text_after_a_control_character_is_spoken(control: str) -> None:
    plain = await speak("The first half, and then the whole second half.")
    hostile = await speak(f"The first half,{control} and then the whole second half.")

    assert seconds(hostile) >= seconds(plain) * 0.9


@pytest.mark.parametrize(
    "markup", ["<break time='60s'/>", "<prosody rate='x-slow'>", "[[h@l'oU]]", "&lt;break/&gt;"]
)
async def test_markup_has_no_effect(markup: str) -> None:
    plain = await speak("Before and after.")
    hostile = await speak(f"Before {markup} and after.")

    assert seconds(hostile) < seconds(plain) + 8


async def test_five_thousand_characters_are_spoken_to_the_end() -> None:
    text = ("The council met again, and again it did not agree. " * 100).strip()
    sound = await speak(text)
    last = (sound.words or ())[-1]

    assert len(text) > 5000
    assert text[last.position :][: last.length] == "agree"
    assert seconds(sound) > 200


@pytest.mark.parametrize("text", ["", " ", "\0\0\0", "…", "​", "\ud800"])
async def test_text_without_words_is_a_failed_clip(text: str) -> None:
    with pytest.raises(ClipFailed):
        await speak(text)


async def test_emoji_are_spoken_or_a_failed_clip() -> None:
    try:
        sound = await speak("☕🎧🎙️")
    except ClipFailed:
        return

    assert pcm.audible_intervals(sound.pcm)


MISSING = """
import asyncio, sys
from pathlib import Path
from audiobrew.audio.espeak import EspeakVoice, find_voice
from audiobrew.audio.voice import Utterance, VoiceMissing
from audiobrew.script.script import Speaker

try:
    asyncio.run(EspeakVoice(Path(sys.argv[1])).speak(Utterance(("Hello.",), Speaker.FIRST, "en")))
except VoiceMissing as problem:
    sys.exit(f"{problem}")
"""


@pytest.mark.parametrize("content", [None, b"not a library", b""])
def test_a_missing_library_is_reported(tmp_path: Path, content: bytes | None) -> None:
    library = tmp_path / "libespeak-ng.so"
    if content is not None:
        library.write_bytes(content)
    result = subprocess.run(
        [sys.executable, "-c", MISSING, str(library)], capture_output=True, text=True
    )

    assert result.returncode == 1
    assert result.stderr.strip() == str(VoiceMissing())


async def test_another_library_is_not_a_voice() -> None:
    import _ctypes

    with pytest.raises(VoiceMissing):
        await EspeakVoice(Path(_ctypes.__file__)).speak(Utterance(("Hi.",), Speaker.FIRST, "en"))
