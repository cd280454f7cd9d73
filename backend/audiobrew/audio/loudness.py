"""A clip's sound at the loudness of every other clip, limited and encoded as MP3, once.

One linear gain a clip keeps speech natural where a dynamic normalizer pumps. The result is decoded and
measured again: what counts is what a player plays.
"""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING

from audiobrew.audio import mp3
from audiobrew.audio.pcm import RATE, FilterChain, apply_filters, audio_frames, render
from audiobrew.audio.voice import ClipFailed

if TYPE_CHECKING:
    from av.audio.frame import AudioFrame

TARGET = -16.0
"""LUFS."""
HIGHEST_PEAK = -1.2
"""dBTP, after decoding: -1 for meters that oversample more than four times and read a little more."""
HEADROOM = -2.0
"""Where the limiter begins, dBTP: MP3 adds about half a decibel."""
QUALITY = 5
"""LAME's usual one, of 0 (best) to 9."""
LAME_SCALE = 0.4455
"""Decibels that libmp3lame takes off whatever it is given (it multiplies by 0.95)."""
MOST_GAIN = 36.0
"""Decibels. A sound that needs more is noise, not a voice."""
EATEN = 0.175
"""LU that the limiter eats for each decibel above its ceiling, as measured on speech."""
CLOSE = 0.5
"""LU. A clip that is off by more is encoded again; an episode is the mean of many."""
TRIES = 5
MEASURED = 2.0
"""Seconds. A shorter sound is measured as if said again and again: loudness needs 0.4 s at least."""
OVERSAMPLED: FilterChain = (("aresample", str(RATE * 4)),)
"""Four times: a peak between two samples counts as well."""
METER = ("ebur128", "metadata=1:framelog=quiet")
PEAKS = ("astats", "metadata=1:measure_perchannel=none:measure_overall=Peak_level")
"""The same peaks from ebur128 itself, which oversamples eight times, take a third longer."""
ENCODER_DELAY = 1105 / mp3.RATE
"""Seconds by which LAME and the decoder shift the sound."""


@dataclass(frozen=True, slots=True)
class Level:
    """LUFS (integrated) and dBTP or dBFS; minus infinity for silence."""

    loudness: float
    peak: float


def normalize_and_encode(speech: bytes, tail: bytes) -> bytes:
    """MP3 frames of `speech` at -16 LUFS and at most -1 dBTP, and after it `tail` as it is.

    Raises ClipFailed for silence and for noise that no gain makes a voice.
    """
    measured = _repeated(speech)
    level = _level(audio_frames(measured), between=False)
    if TARGET - level.loudness > MOST_GAIN:
        raise ClipFailed
    ceiling, gain = HEADROOM, TARGET - level.loudness
    gain += EATEN * max(0.0, level.peak + gain - ceiling)
    for _ in range(TRIES):
        chain = _chain(level, gain, ceiling)
        encoded = _encoded(speech + tail, chain)
        heard = _level(_decoded(encoded), mp3.RATE, "fltp")
        excess = heard.peak - HIGHEST_PEAK
        missing = TARGET - _loudness(measured, speech, chain, heard)
        if excess <= 0 and abs(missing) <= CLOSE:
            return encoded
        ceiling -= max(0.0, excess + 0.1) if excess > 0 else 0.0
        gain += missing
    raise ClipFailed


def _repeated(speech: bytes) -> bytes:
    enough = int(MEASURED * RATE) * 2
    return speech * math.ceil(enough / len(speech)) if 0 < len(speech) < enough else speech


def _chain(level: Level, gain: float, ceiling: float) -> FilterChain:
    """Gain, and a limiter only where a peak asks for it."""
    limited = level.peak + gain > ceiling
    return (_gain(gain), *_limiter(ceiling)) if limited else (_gain(gain),)


def _loudness(measured: bytes, speech: bytes, chain: FilterChain, heard: Level) -> float:
    """Of what a player plays; a sound too short to be measured there is measured before."""
    if measured is speech:
        return heard.loudness
    return _level(audio_frames(measured), chain=chain).loudness


def _gain(decibels: float) -> tuple[str, str]:
    return ("volume", f"{decibels:.3f}dB:precision=float")


def _limiter(ceiling: float) -> FilterChain:
    limit = f"limit={10 ** (ceiling / 20):.6f}:attack=2:release=50:level=disabled:latency=1"
    return (*OVERSAMPLED, ("alimiter", limit))


def _level(
    source: "Iterable[AudioFrame]",
    rate: int = RATE,
    sample_format: str = "s16",
    chain: FilterChain = (),
    between: bool = True,
) -> Level:
    """Peaks `between` samples as well, which takes twice as long, or only at them."""
    told: dict[str, str] = {}
    meters = (METER, *(OVERSAMPLED if between else ()), PEAKS)
    for frame in apply_filters(source, rate, (*chain, *meters), sample_format):
        told |= frame.metadata  # of all that was heard up to here
    loudness = float(told.get("lavfi.r128.I", -math.inf))
    peak = float(told.get("lavfi.astats.Overall.Peak_level", -math.inf))
    return Level(-math.inf if loudness <= -70 else loudness, peak)


def _encoded(pcm: bytes, chain: FilterChain) -> bytes:
    """By a build of LAME that takes a third of the time of the one inside PyAV."""
    from lameenc import Encoder

    encoder = Encoder()
    encoder.silence()
    encoder.set_channels(1)
    encoder.set_in_sample_rate(mp3.RATE)
    encoder.set_out_sample_rate(mp3.RATE)
    encoder.set_bit_rate(mp3.BIT_RATE // 1000)
    encoder.set_quality(QUALITY)
    louder = render(pcm, RATE, (*chain, _gain(LAME_SCALE)))
    return bytes(encoder.encode(louder) + encoder.flush())


def _decoded(encoded: bytes) -> "Iterator[AudioFrame]":
    import av

    with av.open(BytesIO(encoded), "r", format="mp3") as file:
        yield from file.decode(audio=0)
