"""The short sounds of an episode: at its beginning and end, between stories, and at a change of language.

They are computed, not recorded: notes of a marimba, which is a few sine waves that fade, high ones first.
Every process computes the same ones, once, in a fraction of a second.
"""

import math
import sys
from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from functools import cache

from audiobrew.audio import loudness, mp3
from audiobrew.audio.pcm import RATE, audio_frames

# Integrated loudness in LUFS: less than speech, which has -16.
LOUDNESS = -20.0
# Frequency, amplitude and the seconds in which it falls to a third, of each sine wave in a note. The bars of
# a marimba are cut so that their first overtone is two octaves higher.
PARTIALS = ((1.0, 1.0, 0.42), (2.0, 0.10, 0.30), (4.0, 0.22, 0.09), (9.2, 0.05, 0.035))
# Seconds in which a note begins, and in which a whole sound ends. Without them there would be clicks.
ATTACK, RELEASE = 0.006, 0.25
# The note A above middle C as a MIDI number, and its frequency.
A4, A4_HERTZ = 69, 440.0
# A note that is softer than this share of its beginning is not heard.
INAUDIBLE = 1e-4


@dataclass(frozen=True, slots=True)
class Note:
    """`start` is in seconds, `pitch` a MIDI number, `amplitude` relative to the other notes."""

    start: float
    pitch: int
    amplitude: float = 1.0


@dataclass(frozen=True, slots=True)
class Tune:
    """Notes, and the length of the sound in MP3 frames of 24 ms."""

    frames: int
    notes: tuple[Note, ...]


# In C major, without its half steps: any two of them sound well together.
C4, G4, C5, D5, E5, G5, C6 = 60, 67, 72, 74, 76, 79, 84


class Chime(Enum):
    """The beginning rises and the end falls to the key note; between stories there are two notes, and where
    the language changes as well three."""

    OPENING = Tune(
        108,
        (
            Note(0.0, C4, 0.6),
            Note(0.0, G4, 0.8),
            Note(0.22, C5, 0.8),
            Note(0.44, E5, 0.85),
            Note(0.66, G5, 0.9),
            Note(1.02, C4, 0.5),
            Note(1.02, E5, 0.5),
            Note(1.02, C6, 0.7),
        ),
    )
    STORY = Tune(42, (Note(0.0, G4, 0.8), Note(0.16, C5, 0.9)))
    LANGUAGE = Tune(62, (Note(0.0, E5, 0.75), Note(0.18, G4, 0.75), Note(0.36, C5, 0.9)))
    CLOSING = Tune(
        108,
        (
            Note(0.0, G5, 0.8),
            Note(0.24, E5, 0.8),
            Note(0.48, D5, 0.75),
            Note(0.78, C5, 0.9),
            Note(0.78, G4, 0.5),
            Note(0.78, C4, 0.7),
        ),
    )

    @property
    def frames(self) -> int:
        return self.value.frames


@cache
def chime_mp3(chime: Chime) -> bytes:
    """The MP3 frames of a sound, exactly `chime.frames`. They can be joined to those of clips."""
    samples = array("h", (round(value * 32767) for value in synthesize(chime.value)))
    if sys.byteorder == "big":
        samples.byteswap()
    pcm = samples.tobytes()
    level = loudness.measure_level(audio_frames(pcm))
    encoded = loudness.encode(pcm, (loudness.gain_filter(LOUDNESS - level.loudness),))
    # The encoder delays the sound by two frames and adds some; what they have is silent.
    return encoded[: chime.frames * mp3.FRAME_BYTES]


def synthesize(tune: Tune) -> list[float]:
    """Samples at 24 kHz, from -0.5 to 0.5. The last ones are silent."""
    end = round(tune.frames * mp3.FRAME_SAMPLES - loudness.ENCODER_DELAY * RATE)
    sound = [0.0] * end
    for note in tune.notes:
        start = round(note.start * RATE)
        for partial in PARTIALS:
            for place, value in enumerate(sine(note, *partial), start):
                if place >= end:
                    break
                sound[place] += value
    release = round(RELEASE * RATE)
    for place in range(release):
        sound[end - 1 - place] *= fade(place / release)
    loudest = max(map(abs, sound))
    return [value / loudest / 2 for value in sound]


def sine(note: Note, ratio: float, amplitude: float, decay: float) -> Iterator[float]:
    """One sine wave of a note, until it is inaudible.

    Each sample follows from the two before it: that takes a tenth of the time of sines.
    """
    hertz = A4_HERTZ * 2 ** ((note.pitch - A4) / 12) * ratio
    angle, factor = 2 * math.pi * hertz / RATE, math.exp(-1 / (decay * RATE))
    one, two = 2 * factor * math.cos(angle), -factor * factor
    before, value = 0.0, amplitude * note.amplitude * factor * math.sin(angle)
    attack = round(ATTACK * RATE)
    for place in range(round(-math.log(INAUDIBLE) * decay * RATE)):
        yield before * fade(place / attack) if place < attack else before
        before, value = value, one * value + two * before


def fade(share: float) -> float:
    """From 0 to 1, smooth at both ends."""
    return (1 - math.cos(math.pi * share)) / 2
