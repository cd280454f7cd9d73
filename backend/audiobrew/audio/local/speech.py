"""Turns the sentences of an utterance into one sound, with the start of each. Runs in the child process."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from audiobrew.audio.local.table import VoiceRow
from audiobrew.audio.pcm import RATE

Samples = npt.NDArray[np.float32]
# Characters. An engine gets no longer text at once: Kokoro reads 510 phonemes.
MAX_CHARACTERS = 300
# Pico never ends on a word of three hundred letters.
LONG_WORD = re.compile(r"(\S{60})(?=\S)")
CLAUSE_END = re.compile(r"[,;:.!?…–—、，；：。！？।]\W*")
# Seconds of silence after a sentence, and between the parts of a long one.
SENTENCE_PAUSE, PART_PAUSE = 0.45, 0.12
# Seconds that are kept before and after what is audible of a sentence.
MARGIN_BEFORE, MARGIN_AFTER = 0.03, 0.05
# Fourier transforms of multiples of this, and of what the table's ratios make of it, take little time.
FAST_LENGTH = 8400
# The share of the loudest sample below which a sound is silent, and the level below which all of it is.
RELATIVE_SILENCE, ABSOLUTE_SILENCE = 0.012, 0.002
# Seconds in which loudness is measured. Speech is loud and quiet in turn: if the quietest tenth of these is
# louder than this share of the loudest tenth, the sound is noise. Shorter sounds are not judged.
BLOCK_SECONDS, NOISE, MIN_JUDGED_SECONDS = 0.02, 0.5, 0.6
# Nobody speaks that slowly: seconds for each character, and for the sentence as a whole.
MAX_SECONDS_PER_CHARACTER, MAX_SECONDS_MORE = 0.6, 3.0


class NotSpeech(Exception):
    """The engine gave silence, noise or nothing for a sentence."""


class Engine(Protocol):
    """A voice's program. `rate`: samples per second."""

    rate: int

    def say(self, text: str, row: VoiceRow) -> Samples:
        """The sound of at most `MAX_CHARACTERS` characters, at the engine's rate."""
        ...


@dataclass(frozen=True, slots=True)
class SpokenSentences:
    """The sound (24 kHz), and the second at which each sentence begins."""

    sound: Samples
    starts: tuple[float, ...]


def speak_sentences(engine: Engine, row: VoiceRow, sentences: Sequence[str]) -> SpokenSentences:
    """Speak sentence by sentence, so that every start is exact. Raises NotSpeech."""
    sounds, starts, length = list[Samples](), list[float](), 0
    for sentence in sentences:
        sound = speak_sentence(engine, row, sentence)
        starts.append(length / RATE + MARGIN_BEFORE)
        pause = pause_of(SENTENCE_PAUSE - MARGIN_BEFORE - MARGIN_AFTER)
        sounds += [sound, pause]
        length += len(sound) + len(pause)
    return SpokenSentences(np.concatenate(sounds[:-1]), tuple(starts))


def speak_sentence(engine: Engine, row: VoiceRow, sentence: str) -> Samples:
    """The sound of a sentence without silence around it. Raises NotSpeech."""
    text = "".join(one if one.isprintable() else " " for one in sentence)
    text = LONG_WORD.sub(r"\1 ", text)
    parts = list[Samples]()
    for part in split_long(text):
        if any(one.isalnum() for one in part):
            sound = engine.say(part, row)
            at_our_rate = resample(sound, RATE / engine.rate / row.lower)
            parts += [trim(at_our_rate), pause_of(PART_PAUSE)]
    joined = np.concatenate(parts[:-1]) if parts else np.zeros(0, np.float32)
    check_speech(joined, text)
    return joined


def split_long(text: str, most: int = MAX_CHARACTERS) -> Iterator[str]:
    """Parts of at most `most` characters: at the last clause that fits, else at a space, else anywhere."""
    while len(text) > most:
        ends = [match.end() for match in CLAUSE_END.finditer(text[:most])]
        place = ends[-1] if ends else text.rfind(" ", 0, most) + 1 or most
        yield text[:place]
        text = text[place:]
    yield text


def resample(sound: Samples, ratio: float) -> Samples:
    """The same sound in `ratio` times as many samples, with silence at its end.

    Frequencies above the old or the new limit are left out.
    """
    if ratio == 1 or not len(sound):
        return sound
    padded = np.pad(sound, (0, -len(sound) % FAST_LENGTH))
    count = round(len(padded) * ratio)
    spectrum = np.fft.rfft(padded)
    bins = np.zeros(count // 2 + 1, complex)
    common = min(len(spectrum), len(bins))
    bins[:common] = spectrum[:common]
    return (np.fft.irfft(bins, count) * ratio).astype(np.float32)


def trim(sound: Samples) -> Samples:
    """The sound from just before the first audible sample to just after the last one."""
    if not np.isfinite(sound).all():
        raise NotSpeech
    peak = float(np.abs(sound).max(initial=0.0))
    audible = np.flatnonzero(np.abs(sound) > max(ABSOLUTE_SILENCE, peak * RELATIVE_SILENCE))
    if not len(audible):
        return np.zeros(0, np.float32)
    before, after = round(MARGIN_BEFORE * RATE), round(MARGIN_AFTER * RATE)
    start, end = audible[0] - before, audible[-1] + 1 + after
    padded = np.pad(sound, (max(0, -start), max(0, end - len(sound))))
    start = max(0, start)
    return padded[start : start + audible[-1] + 1 - audible[0] + before + after]


def check_speech(sound: Samples, text: str) -> None:
    """Raises NotSpeech for silence, noise, and sounds that are much too long for the text."""
    seconds = len(sound) / RATE
    if not len(sound) or seconds > len(text) * MAX_SECONDS_PER_CHARACTER + MAX_SECONDS_MORE:
        raise NotSpeech
    block = round(BLOCK_SECONDS * RATE)
    # The margins are silent, whatever the sound is.
    inner = sound[round(MARGIN_BEFORE * RATE) : len(sound) - round(MARGIN_AFTER * RATE)]
    blocks = inner[: len(inner) // block * block].reshape(-1, block)
    loudness = np.sqrt(np.square(blocks).mean(axis=1))
    if seconds > MIN_JUDGED_SECONDS:
        quiet, loud = np.quantile(loudness, [0.1, 0.9])
        if quiet > loud * NOISE:
            raise NotSpeech


def pause_of(seconds: float) -> Samples:
    return np.zeros(round(seconds * RATE), np.float32)


def to_pcm(sound: Samples) -> bytes:
    """PCM of 16 bit. A sound that is too loud for it is made quieter, not cut."""
    peak = float(np.abs(sound).max(initial=0.0))
    return (sound * (32767 / max(1.0, peak))).astype("<i2").tobytes()
