"""The voice that needs no account speaks, says when it cannot, and is not led astray by its text."""

import ctypes
import subprocess
import sys
from array import array
from operator import mul
from pathlib import Path

import espeakng_loader
import pytest
from audiobrew.audio import pcm
from audiobrew.audio.espeak import EspeakVoice
from audiobrew.audio.voice import ClipFailed, LanguageNotSpoken, Sound, Utterance, VoiceMissing
from audiobrew.lang.espeak_voices import PACE, VOICES, find_voice
from audiobrew.script.script import Speaker

from tests.audio.samples import SAMPLES

VOICE = EspeakVoice()


async def said(text: str, language: str = "en", speaker: Speaker = Speaker.FIRST) -> Sound:
    return await VOICE.speak(Utterance((text,), speaker, language))


def seconds(sound: Sound) -> float:
    return len(sound.pcm) / 2 / pcm.RATE


def pitch(sound: Sound) -> float:
    """How often a second the sound of a long vowel repeats itself, its overtones blurred away."""
    samples = array("h", sound.pcm)
    blurred = [
        sum(samples[at : at + 60]) for at in range(len(samples) // 2 - 3000, len(samples) // 2)
    ]
    best = max(
        range(pcm.RATE // 260, pcm.RATE // 60),
        key=lambda shift: sum(map(mul, blurred, blurred[shift:])) / (len(blurred) - shift),
    )
    return pcm.RATE / best


@pytest.mark.parametrize("language", PACE)
async def test_every_language_is_spoken_by_both_hosts(language: str) -> None:
    for speaker in Speaker:
        sound = await VOICE.speak(Utterance(tuple(SAMPLES[language]), speaker, language))
        characters = sum(map(len, SAMPLES[language]))

        assert VOICE.pace(language) * 0.8 < characters / seconds(sound) < VOICE.pace(language) * 1.4


def test_every_voice_named_here_is_known_to_espeak() -> None:
    """An unknown variant is silently accepted, so its file is looked for."""
    data = Path(espeakng_loader.get_data_path())
    library = ctypes.CDLL(espeakng_loader.get_library_path())
    library.espeak_Initialize(2, 0, str(data).encode(), 0x8000)
    names = {found.voice for language in (*PACE, *VOICES) if (found := find_voice(language))}

    assert not [name for name in names if library.espeak_SetVoiceByName(name.encode())]
    assert (data / "voices" / "!v" / "Annie").is_file()
    assert (data / "voices" / "!v" / "Michael").is_file()


@pytest.mark.parametrize("language", ["en", "de", "fr", "es", "zh"])
async def test_the_two_hosts_are_told_apart_by_ear(language: str) -> None:
    first, second = [pitch(await said("aaaaaaaaaaa.", language, host)) for host in Speaker]

    assert first > second * 1.6


@pytest.mark.parametrize(
    ("asked", "voice"),
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
def test_a_region_has_its_own_voice_where_there_is_one(asked: str, voice: str) -> None:
    found = find_voice(asked)

    assert found
    assert found.voice == voice


@pytest.mark.parametrize("language", ["ja", "ar", "xx", "", "und", "../en", "en\0"])
async def test_a_language_it_lacks_is_said_so(language: str) -> None:
    assert not VOICE.speaks(language)
    with pytest.raises(LanguageNotSpoken):
        VOICE.pace(language)
    with pytest.raises(LanguageNotSpoken, match="does not speak this language"):
        await said("Hello.", language)


async def test_words_are_timed_where_they_stand_in_the_text() -> None:
    text = "Größe zählt, sagt Zoë, aber nicht für alle Übungen."
    sound = await said(text, "de")
    words = [text[word.position :][: word.length] for word in sound.words or ()]

    assert words == ["Größe", "zählt", "sagt", "Zoë", "aber", "nicht", "für", "alle", "Übungen"]
    assert all(0 <= word.start < seconds(sound) for word in sound.words or ())


@pytest.mark.parametrize("control", ["\0", "\x01", "\x1b", "\u202e", "\u2028", "\x01+10S"])
async def test_nothing_after_a_control_character_is_lost(control: str) -> None:
    plain = await said("The first half, and then the whole second half.")
    hostile = await said(f"The first half,{control} and then the whole second half.")

    assert seconds(hostile) >= seconds(plain) * 0.9


@pytest.mark.parametrize(
    "markup", ["<break time='60s'/>", "<prosody rate='x-slow'>", "[[h@l'oU]]", "&lt;break/&gt;"]
)
async def test_markup_gives_no_orders(markup: str) -> None:
    plain = await said("Before and after.")
    hostile = await said(f"Before {markup} and after.")

    assert seconds(hostile) < seconds(plain) + 8


async def test_five_thousand_characters_are_spoken_to_the_end() -> None:
    text = ("The council met again, and again it did not agree. " * 100).strip()
    sound = await said(text)
    last = (sound.words or ())[-1]

    assert len(text) > 5000
    assert text[last.position :][: last.length] == "agree"
    assert seconds(sound) > 200


@pytest.mark.parametrize("text", ["", " ", "\0\0\0", "…", "​", "\ud800"])
async def test_nothing_to_say_is_a_failed_clip(text: str) -> None:
    with pytest.raises(ClipFailed):
        await said(text)


async def test_only_emoji_are_named_or_refused_but_never_silent() -> None:
    try:
        sound = await said("☕🎧🎙️")
    except ClipFailed:
        return

    assert pcm.audible_intervals(sound.pcm)


MISSING = """
import asyncio, sys
from pathlib import Path
from audiobrew.audio.espeak import EspeakVoice
from audiobrew.audio.voice import Utterance, VoiceMissing
from audiobrew.script.script import Speaker

try:
    asyncio.run(EspeakVoice(Path(sys.argv[1])).speak(Utterance(("Hello.",), Speaker.FIRST, "en")))
except VoiceMissing as problem:
    sys.exit(f"{problem}")
"""


@pytest.mark.parametrize("content", [None, b"not a library", b""])
def test_a_missing_library_is_said_in_words(tmp_path: Path, content: bytes | None) -> None:
    library = tmp_path / "libespeak-ng.so"
    if content is not None:
        library.write_bytes(content)
    ended = subprocess.run(
        [sys.executable, "-c", MISSING, str(library)], capture_output=True, text=True
    )

    assert ended.returncode == 1
    assert ended.stderr.strip() == str(VoiceMissing())


async def test_a_library_that_is_something_else_is_not_a_voice() -> None:
    import _ctypes

    with pytest.raises(VoiceMissing):
        await EspeakVoice(Path(_ctypes.__file__)).speak(Utterance(("Hi.",), Speaker.FIRST, "en"))
