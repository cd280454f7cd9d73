"""Brings a clip to the common loudness and encodes it as MP3.

A clip gets one linear gain, which sounds natural; dynamic normalizers change the volume audibly. Loudness and
peaks follow ITU-R BS.1770, as FFmpeg's `ebur128` filter measures them. The encoded result is decoded and
measured again, because what counts is what a player plays.
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

# Integrated loudness in LUFS.
TARGET = -16.0
# The highest true peak after decoding, in dBTP. The limit is -1; a meter that oversamples more than four
# times read up to 0.25 dB more on speech.
MAX_PEAK = -1.5
# The first ceiling of the limiter in dBTP: MP3 adds up to 0.8 dB. Higher ones needed more tries.
LIMITER_CEILING = -2.3
# LAME's default quality, from 0 (best) to 9.
QUALITY = 5
# Decibels that libmp3lame takes off its input (it multiplies by 0.95).
LAME_ATTENUATION = 0.4455
# Decibels. A sound that needs more gain is noise, not a voice.
MAX_GAIN = 36.0
# LU that the limiter takes for each decibel above its ceiling, as measured on speech.
LIMITER_LOSS = 0.175
# LU. A clip that is off by more is encoded again. An episode is the average of many clips.
TOLERANCE = 0.5
TRIES = 8
# If peaks of the encoded sound vary too much from try to try, the closest one within this tolerance is taken.
LAST_TOLERANCE = 1.0
# Seconds. A shorter sound is repeated to be measured: loudness needs at least 0.4 s.
MIN_MEASURED_SECONDS = 2.0
# Oversampling by four reveals peaks between two samples.
OVERSAMPLE: FilterChain = (("aresample", str(RATE * 4)),)
LOUDNESS_METER = ("ebur128", "metadata=1:framelog=quiet")
# `ebur128` could measure the peaks as well, but it oversamples by eight and takes a third longer.
PEAK_METER = ("astats", "metadata=1:measure_perchannel=none:measure_overall=Peak_level")
# Seconds by which LAME and the decoder delay the sound.
ENCODER_DELAY = 1105 / mp3.RATE


@dataclass(frozen=True, slots=True)
class Level:
    """Integrated loudness in LUFS and peak in dBTP or dBFS; minus infinity for silence."""

    loudness: float
    peak: float


def normalize_and_encode(speech: bytes, tail: bytes) -> bytes:
    """MP3 frames of `speech` at -16 LUFS and at most -1 dBTP, followed by `tail` with the same gain.

    Both are PCM at 24 kHz. Raises ClipFailed for silence, for noise, and if no try meets the limits.
    """
    enough = int(MIN_MEASURED_SECONDS * RATE) * 2
    short = 0 < len(speech) < enough
    sample = speech * math.ceil(enough / len(speech)) if short else speech
    level = measure_level(audio_frames(sample), oversample=False)
    if TARGET - level.loudness > MAX_GAIN:
        raise ClipFailed
    ceiling, gain = LIMITER_CEILING, TARGET - level.loudness
    gain += LIMITER_LOSS * max(0.0, level.peak + gain - ceiling)
    closest, distance = b"", LAST_TOLERANCE
    for _ in range(TRIES):
        limiter = limiter_filters(ceiling) if level.peak + gain > ceiling else ()
        chain = (gain_filter(gain), *limiter)
        mp3_frames = encode(speech + tail, chain)
        result = measure_level(decode(mp3_frames), mp3.RATE, "fltp")
        # A short sound cannot be measured after decoding: it is measured before, repeated.
        loudness = (
            measure_level(audio_frames(sample), chain=chain).loudness if short else result.loudness
        )
        excess = result.peak - MAX_PEAK
        missing = TARGET - loudness
        if excess <= 0 and abs(missing) <= TOLERANCE:
            return mp3_frames
        if excess <= 0 and abs(missing) <= distance:
            closest, distance = mp3_frames, abs(missing)
        ceiling -= max(0.0, excess + 0.1) if excess > 0 else 0.0
        gain += missing
    if not closest:
        raise ClipFailed
    return closest


def gain_filter(decibels: float) -> tuple[str, str]:
    return ("volume", f"{decibels:.3f}dB:precision=float")


def limiter_filters(ceiling: float) -> FilterChain:
    """A limiter for true peaks above `ceiling` dBTP."""
    limit = f"limit={10 ** (ceiling / 20):.6f}:attack=2:release=50:level=disabled:latency=1"
    return (*OVERSAMPLE, ("alimiter", limit))


def measure_level(
    source: "Iterable[AudioFrame]",
    rate: int = RATE,
    sample_format: str = "s16",
    chain: FilterChain = (),
    oversample: bool = True,
) -> Level:
    """The level of a sound after the filters of `chain`.

    With `oversample`, peaks between two samples count as well, which takes twice as long.
    """
    metadata: dict[str, str] = {}
    meters = (LOUDNESS_METER, *(OVERSAMPLE if oversample else ()), PEAK_METER)
    for frame in apply_filters(source, rate, (*chain, *meters), sample_format):
        metadata |= frame.metadata  # the values of the whole sound up to this frame
    loudness = float(metadata.get("lavfi.r128.I", -math.inf))
    peak = float(metadata.get("lavfi.astats.Overall.Peak_level", -math.inf))
    return Level(-math.inf if loudness <= -70 else loudness, peak)


def encode(pcm: bytes, chain: FilterChain) -> bytes:
    """MP3 frames of a sound after these filters.

    `lameenc` contains a build of LAME that takes a third of the time of the one in PyAV.
    """
    from lameenc import Encoder

    encoder = Encoder()
    encoder.silence()
    encoder.set_channels(1)
    encoder.set_in_sample_rate(mp3.RATE)
    encoder.set_out_sample_rate(mp3.RATE)
    encoder.set_bit_rate(mp3.BIT_RATE // 1000)
    encoder.set_quality(QUALITY)
    sound = render(pcm, RATE, (*chain, gain_filter(LAME_ATTENUATION)))
    return bytes(encoder.encode(sound) + encoder.flush())


def decode(mp3_frames: bytes) -> "Iterator[AudioFrame]":
    import av

    with av.open(BytesIO(mp3_frames), "r", format="mp3") as container:
        yield from container.decode(audio=0)
