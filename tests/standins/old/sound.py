"""Small MP3 files like those of the old application's voice: 24 kHz, mono, without a header."""

import math
import struct
from functools import cache

import lameenc

RATE = 24_000


@cache
def tone(seconds: float, hertz: int = 440) -> bytes:
    """A quiet tone. Another pitch gives another file."""
    samples = (
        round(3000 * math.sin(2 * math.pi * hertz * n / RATE)) for n in range(int(seconds * RATE))
    )
    pcm = b"".join(struct.pack("<h", sample) for sample in samples)
    encoder = lameenc.Encoder()
    encoder.set_bit_rate(32)
    encoder.set_in_sample_rate(RATE)
    encoder.set_channels(1)
    encoder.set_quality(7)
    encoder.silence()
    return bytes(encoder.encode(pcm)) + bytes(encoder.flush())
