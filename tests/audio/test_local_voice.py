"""The natural voices of this machine: who speaks what, exact starts, and what happens with bad input."""

import asyncio
import os
import signal
import subprocess
import sys
from array import array
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path
from time import monotonic

import psutil
import pytest
from audiobrew.audio import pcm
from audiobrew.audio.espeak import EspeakVoice
from audiobrew.audio.local.local_voice import Installed, LocalVoice
from audiobrew.audio.local.speech_process import PROGRAM, SpeechProcess
from audiobrew.audio.local.table import Choice, VoiceTable, voice_table
from audiobrew.audio.recorder import make_clip
from audiobrew.audio.voice import ClipFailed, LanguageNotSpoken, Sound, Utterance, VoiceMissing
from audiobrew.audio.voice_wiring import create_voice
from audiobrew.script.script import Speaker
from audiobrew.settings import Settings

from tests.audio.samples import SAMPLES
from tests.audio.sound import measure_peak

FIRST, SECOND = Speaker
FAST = ["en", "de", "fr", "es", "it"]
NEWS = "The city council approved a new tram line on Monday."


@pytest.fixture(scope="module")
def installed() -> Installed:
    return Installed.find("fast")


@pytest.fixture(scope="module")
async def voice(installed: Installed) -> AsyncIterator[LocalVoice]:
    voice = LocalVoice(installed, EspeakVoice(), SpeechProcess(threads=1))
    yield voice
    await voice.aclose()


def is_espeak(sound: Sound) -> bool:
    """Whether every word has a time. Natural voices know that of sentences."""
    return len(sound.words or ()) > 5


def seconds(sound: Sound) -> float:
    return len(sound.pcm) / 2 / pcm.RATE


def pitch(sound: Sound) -> float:
    """The median frequency in Hz at which the sound repeats itself."""
    import numpy as np

    samples, size = np.array(array("h", sound.pcm), float), round(0.05 * pcm.RATE)
    pitches = []
    for start in range(0, len(samples) - size, size):
        block = samples[start : start + size] - samples[start : start + size].mean()
        energy = float(np.square(block).sum())
        if energy < size * 1e5:
            continue
        similarity = np.correlate(block, block, "full")[size - 1 :] / energy
        shortest, longest = pcm.RATE // 400, pcm.RATE // 60
        shift = shortest + int(similarity[shortest:longest].argmax())
        if similarity[shift] > 0.6:
            pitches.append(pcm.RATE / shift)
    return float(np.median(pitches))


@pytest.mark.parametrize("language", FAST)
async def test_both_hosts_speak_and_are_told_apart(voice: LocalVoice, language: str) -> None:
    sentences = tuple(SAMPLES[language])
    first, second = [
        await voice.speak(Utterance(sentences, host, language)) for host in (FIRST, SECOND)
    ]
    characters = len(" ".join(sentences))

    assert pitch(first) > pitch(second) * 1.1
    for sound in (first, second):
        assert voice.pace(language) * 0.8 < characters / seconds(sound) < voice.pace(language) * 1.4


async def test_every_sentence_begins_when_its_cue_says(voice: LocalVoice) -> None:
    sentences = tuple(SAMPLES["en"])
    sound = await voice.speak(Utterance(sentences, FIRST, "en"))
    starts = [word.start for word in sound.words or ()]
    text = " ".join(sentences)

    assert [text[word.position :][: word.length] for word in sound.words or ()] == [
        sentence.split()[0] for sentence in sentences
    ]
    audible = pcm.audible_intervals(sound.pcm)
    for start in starts:
        assert min(abs(interval.start - start) for interval in audible) < 0.05
        before = [one for one in audible if one.end <= start - 0.3]
        assert start < 0.1 or before, "there is a pause before each sentence"


async def test_the_same_text_has_the_same_sound_in_another_process(voice: LocalVoice) -> None:
    utterance = Utterance((NEWS,), FIRST, "en")
    other = LocalVoice(voice.installed, EspeakVoice(), SpeechProcess(threads=1))
    try:
        assert (await other.speak(utterance)).pcm == (await voice.speak(utterance)).pcm
    finally:
        await other.aclose()


async def test_a_clip_has_the_common_loudness_and_a_cue_for_each_sentence(
    voice: LocalVoice,
) -> None:
    clip = await make_clip(voice, Utterance(tuple(SAMPLES["de"]), SECOND, "de"))

    assert len(clip.cues) == len(SAMPLES["de"])
    assert clip.seconds > 5


async def test_the_peak_is_low_enough_between_the_samples_of_a_coarse_meter(
    voice: LocalVoice, tmp_path: Path
) -> None:
    """This clip's highest peak is a quarter of a decibel above what oversampling by four shows."""
    sentences = (
        "At the bottom of a lake in southern Chile lies a column of mud with one thin layer for each year.",
        "Dr. Ana Quiroga and her team have now counted it, twice, by hand: 18,412 layers, give or take 30.",
        "It’s the longest unbroken count of its kind in the southern half of the world.",
        "Why count mud?",
        "Because radiocarbon dates drift.",
    )
    file = tmp_path / "clip.mp3"
    file.write_bytes((await make_clip(voice, Utterance(sentences, SECOND, "en"))).mp3)

    assert measure_peak(file) <= -1


async def test_kokoro_speaks_for_the_second_host_if_time_does_not_matter() -> None:
    voice = LocalVoice(Installed.find("natural"), EspeakVoice(), SpeechProcess(threads=2))
    try:
        sound = await voice.speak(Utterance(("It opens on Monday.",), SECOND, "en"))
        french = await voice.speak(Utterance(("Bonjour à tous.",), SECOND, "fr"))
    finally:
        await voice.aclose()

    assert voice.cast("en").second == "Michael"
    assert 0.8 < seconds(sound) < 4
    assert 0.5 < seconds(french) < 4


# -- the table --------------------------------------------------------------------------------


def test_the_name_tells_the_engines_and_their_versions(installed: Installed) -> None:
    espeak = EspeakVoice()
    fast = LocalVoice(installed, espeak, SpeechProcess(1)).name
    table = installed.usable
    engines = {**table.engines, "hibari": replace(table.engines["hibari"], version="9.9")}
    quicker = replace(table.voices[0], lower=0.99)

    assert "hibari-0.2.1" in fast
    assert espeak.name in fast
    assert VoiceTable(engines, table.voices).fingerprint != table.fingerprint
    assert VoiceTable(table.engines, (quicker, *table.voices[1:])).fingerprint != table.fingerprint


def without(*engines: str) -> LocalVoice:
    table = voice_table()
    reasons = dict.fromkeys(engines, "it is not installed")
    usable = table.restricted_to("natural", table.engines.keys() - reasons)
    everything = table.restricted_to("natural", table.engines)
    return LocalVoice(Installed(everything, usable, reasons), EspeakVoice(), SpeechProcess(1))


def test_a_missing_engine_is_replaced_by_the_next_best_and_said() -> None:
    assert without().cast("en").note == ""
    assert without("kokoro").cast("en").second == "Heart, lower"
    assert without("kokoro").cast("en").note == "it is not installed"
    assert without("kokoro", "hibari").cast("en").first == "Pico"
    assert without("kokoro", "hibari", "pico").cast("en").first == "espeak"
    assert without("kokoro").cast("de").note == ""
    assert without("kokoro").cast("pl").first == "espeak"


async def test_without_any_engine_espeak_speaks() -> None:
    voice = without("kokoro", "hibari", "pico")
    utterance = Utterance((NEWS,), FIRST, "en")

    spoken = await voice.speak(utterance)

    assert is_espeak(spoken)
    assert voice.pace("en") == EspeakVoice().pace("en")
    assert not voice.process.running


def test_every_row_names_an_engine_and_is_spoken_by_espeak_too() -> None:
    """espeak is the last resort if a natural voice gives no sound."""
    table = voice_table()

    assert {row.engine for row in table.voices} == set(table.engines)
    assert all(EspeakVoice().speaks(row.language) for row in table.voices)
    assert {(row.language, row.host) for row in table.voices} == {
        (row.language, host) for row in table.voices for host in Speaker
    }


@pytest.mark.parametrize("language", ["ja", "xx", "", "../en", "en\0"])
async def test_a_language_that_nobody_speaks_is_reported(voice: LocalVoice, language: str) -> None:
    assert not voice.speaks(language)
    for call in (voice.pace, voice.cast):
        with pytest.raises(LanguageNotSpoken):
            call(language)
    with pytest.raises(LanguageNotSpoken):
        await voice.speak(Utterance(("Hello.",), FIRST, language))


# -- bad texts --------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("noise", ["\0", "\x1b", "\u202e", "\ud800", "☕🎧", "\u2028"])
async def test_nothing_that_is_unspeakable_hides_the_text(
    voice: LocalVoice, language: str, noise: str
) -> None:
    plain = await voice.speak(Utterance(("One and two, and three and four.",), FIRST, language))
    hostile = await voice.speak(
        Utterance((f"One and two,{noise} and three and four.",), FIRST, language)
    )

    assert seconds(hostile) > seconds(plain) * 0.9


@pytest.mark.parametrize("language", ["en", "fr"])
async def test_nothing_that_is_unspeakable_hides_the_text_from_kokoro(language: str) -> None:
    installed, process = Installed.find("natural"), SpeechProcess(threads=2)
    row = next(one for one in installed.usable.of(language, SECOND) if one.engine == "kokoro")
    try:
        plain = await process.speak(row, ["Paris, Milan et Rome."])
        hostile = await process.speak(row, ["Paris, \0☕🎧\x1b\u202e\ud800Milan et\u2028 Rome."])
    finally:
        await process.aclose()

    assert seconds(hostile) > seconds(plain) * 0.8


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize(
    "markup",
    [
        '<play file="/etc/passwd"/>',
        '<break time="60s"/>',
        '<volume level="0">',
        "[Monday](/tjˈuzdA/)",
        "&lt;break/&gt;",
    ],
)
async def test_markup_has_no_effect(voice: LocalVoice, language: str, markup: str) -> None:
    plain = await voice.speak(Utterance(("Before and after.",), FIRST, language))
    hostile = await voice.speak(Utterance((f"Before {markup} and after.",), FIRST, language))

    assert seconds(plain) * 0.9 < seconds(hostile) < seconds(plain) + 12


@pytest.mark.parametrize(
    ("language", "text"),
    [("en", "the council met again " * 230), ("de", "x" * 5000), ("de", "na, " * 1250)],
    ids=["words", "x", "clauses"],
)
async def test_five_thousand_characters_without_a_full_stop_are_spoken(
    voice: LocalVoice, language: str, text: str
) -> None:
    sound = await voice.speak(Utterance((text,), FIRST, language))

    assert seconds(sound) > 60


async def test_a_text_in_another_script_is_spoken_by_the_next_voice(voice: LocalVoice) -> None:
    """hibari and Pico say nothing in Chinese; espeak says something."""
    sound = await voice.speak(Utterance(("你好世界。",), FIRST, "en"))

    assert pcm.audible_intervals(sound.pcm)


@pytest.mark.parametrize("text", ["", " ", "…", "\0\0"])
async def test_a_text_without_words_is_a_failed_clip(voice: LocalVoice, text: str) -> None:
    with pytest.raises(ClipFailed):
        await voice.speak(Utterance((text,), FIRST, "en"))


# -- the process ------------------------------------------------------------------------------


async def test_two_brews_share_one_process_and_get_their_own_sounds(voice: LocalVoice) -> None:
    utterances = [
        Utterance((NEWS,) * number, host, language)
        for number, language in enumerate(["en", "de", "en", "fr"], 1)
        for host in Speaker
    ]
    together = await asyncio.gather(*map(voice.speak, utterances))
    alone = [await voice.speak(utterance) for utterance in utterances]

    assert list(map(seconds, together)) == pytest.approx(list(map(seconds, alone)), rel=0.02)
    assert len(children("audiobrew.audio.local.process")) == 1


def children(word: str) -> list[psutil.Process]:
    return [one for one in psutil.Process().children() if word in " ".join(one.cmdline())]


async def test_the_event_loop_is_free_while_a_voice_speaks(voice: LocalVoice) -> None:
    gaps = []

    async def watch() -> None:
        while True:
            before = monotonic()
            await asyncio.sleep(0.01)
            gaps.append(monotonic() - before)

    watcher = asyncio.create_task(watch())
    await voice.speak(Utterance((NEWS,) * 8, FIRST, "en"))
    watcher.cancel()
    [child] = children("audiobrew.audio.local.process")

    assert sorted(gaps)[-3:][0] < 0.25
    assert child.nice() >= 10


async def test_the_process_has_the_threads_of_the_setting(installed: Installed) -> None:
    async with AsyncExitStack() as stack:
        voice = create_voice(Settings(voice="fast", voice_threads=3), None, installed, stack)
        await voice.speak(Utterance(("Hello.",), FIRST, "en"))
        threads = [child.cmdline()[-1] for child in children("audiobrew.audio.local.process")]
        assert "3" in threads


async def test_a_killed_process_is_replaced_and_the_utterance_spoken_again() -> None:
    process = SpeechProcess(threads=1)
    voice = LocalVoice(Installed.find("fast"), EspeakVoice(), process)

    async def kill() -> None:
        await asyncio.sleep(0.1)
        assert process.process.pid
        os.kill(process.process.pid, signal.SIGKILL)

    try:
        await voice.speak(Utterance(("Hello.",), FIRST, "en"))
        killer = asyncio.create_task(kill())
        sound = await voice.speak(Utterance((NEWS,) * 12, FIRST, "en"))
        await killer
    finally:
        await voice.aclose()

    assert seconds(sound) > 20


async def test_a_cancelled_utterance_does_not_disturb_the_next_one() -> None:
    voice = LocalVoice(Installed.find("fast"), EspeakVoice(), SpeechProcess(threads=1))
    try:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.5):
                await voice.speak(Utterance((NEWS,) * 100, FIRST, "en"))
        sound = await voice.speak(Utterance(("Hello.",), FIRST, "en"))
    finally:
        await voice.aclose()

    assert seconds(sound) < 2


async def test_an_idle_process_is_given_back_and_started_again() -> None:
    process = SpeechProcess(threads=1, idle_seconds=0.1)
    voice = LocalVoice(Installed.find("fast"), EspeakVoice(), process)
    try:
        await voice.speak(Utterance(("Hallo.",), FIRST, "de"))
        while process.running:
            await asyncio.sleep(0.02)
        assert seconds(await voice.speak(Utterance(("Hallo.",), FIRST, "de"))) > 0.2
    finally:
        await voice.aclose()


async def test_a_process_that_cannot_start_is_reported() -> None:
    process = SpeechProcess(threads=1, command=(sys.executable, "-c", "raise SystemExit(1)"))
    voice = LocalVoice(Installed.find("fast"), EspeakVoice(), process)

    with pytest.raises(VoiceMissing):
        await voice.speak(Utterance(("Hello.",), FIRST, "en"))


# A child whose engine answers as the test wants.
FAULTY = """
import sys
import numpy as np
from audiobrew.audio.local import process
from audiobrew.audio.local.weights import UnusableWeights

class Faulty:
    rate = 24000
    def say(self, text, row):
        {body}

process.Engines.hibari = process.Engines.pico = property(lambda self: Faulty())
process.serve()
"""
NOISE = "return np.random.default_rng(0).standard_normal(48000).astype(np.float32) * 0.3"


def faulty(body: str) -> LocalVoice:
    command = (sys.executable, "-P", "-c", FAULTY.format(body=body))
    return LocalVoice(Installed.find("fast"), EspeakVoice(), SpeechProcess(1, command=command))


@pytest.mark.parametrize(
    "body",
    [
        "raise MemoryError",
        "import os; os.abort()",
        "return np.zeros(48000, np.float32)",
        "return np.zeros(0, np.float32)",
        "return np.full(48000, np.nan, np.float32)",
        "return np.full(48000, 0.5, np.float32)",
        "return np.sin(np.arange(48000) / 9).astype(np.float32)",
        NOISE,
    ],
    ids=["no memory", "crash", "silence", "nothing", "not numbers", "constant", "tone", "noise"],
)
async def test_silence_and_noise_are_not_published(body: str) -> None:
    """The next voice speaks instead, at last espeak."""
    voice, utterance = faulty(body), Utterance((NEWS,), FIRST, "en")
    try:
        sound = await voice.speak(utterance)
    finally:
        await voice.aclose()

    assert is_espeak(sound)


@pytest.mark.parametrize("choice", ["fast", "natural"])
async def test_without_memory_for_an_engine_the_next_voice_speaks(choice: Choice) -> None:
    """150 MB are enough to start the process, and too little for hibari and Kokoro."""
    limit = "import resource; resource.setrlimit(resource.RLIMIT_AS, (150 * 2**20,) * 2); "
    command = (sys.executable, "-P", "-c", limit + PROGRAM)
    voice = LocalVoice(Installed.find(choice), EspeakVoice(), SpeechProcess(1, command=command))
    try:
        sound = await voice.speak(Utterance((NEWS,), SECOND, "en"))
    finally:
        await voice.aclose()

    assert is_espeak(sound)


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ("raise UnusableWeights('It has other files')", VoiceMissing),
        ("raise ImportError('no', name='onnxruntime')", VoiceMissing),
    ],
)
async def test_an_engine_that_fails_is_a_problem_in_a_sentence(
    body: str, problem: type[Exception]
) -> None:
    voice = faulty(body)
    try:
        with pytest.raises(problem) as caught:
            await voice.speak(Utterance((NEWS,), FIRST, "en"))
    finally:
        await voice.aclose()

    assert str(caught.value).endswith(".")


def test_no_engine_is_imported_before_the_first_brew() -> None:
    program = """
import sys
from audiobrew.audio.local.local_voice import find_local_voices
from audiobrew.audio.voice_wiring import create_voice
from audiobrew.settings import Settings
from contextlib import AsyncExitStack
settings = Settings(voice="natural")
voice = create_voice(settings, None, find_local_voices(settings), AsyncExitStack())
assert voice.speaks("en") and voice.cast("de") and voice.name
print(*{"numpy", "onnxruntime", "hibari", "py_nanotts"} & sys.modules.keys())
"""
    answer = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )

    assert answer.stdout.split() == []
