"""Sounds in the formats that servers answer."""

import random
import struct
from array import array
from io import BytesIO

from audiobrew.audio import pcm

CODECS = {
    "mp3": ("mp3", "libmp3lame"),
    "flac": ("flac", "flac"),
    "opus": ("ogg", "libopus"),
    "aac": ("adts", "aac"),
}


def wav(
    samples: bytes,
    rate: int,
    *,
    size: int | None = None,
    channels: int = 1,
    bits: int = 16,
    kind: int = 1,
) -> bytes:
    """A WAV file. `size`: what its header says instead of the true length. `kind`: 3 for floating point."""
    length = len(samples) if size is None else size
    step = channels * bits // 8
    form = struct.pack("<HHIIHH", kind, channels, rate, rate * step, step, bits)
    whole = min(0xFFFFFFFF, length + 36)
    head = b"RIFF" + struct.pack("<I", whole) + b"WAVEfmt " + struct.pack("<I", 16) + form
    # Some servers put the name of their encoder in between.
    note = (
        b"LIST" + struct.pack("<I", 26) + b"INFOISFT" + struct.pack("<I", 14) + b"Lavf61.7.100\0\0"
    )
    return head + note + b"data" + struct.pack("<I", length) + samples


def encode(samples: bytes, format: str, rate: int = pcm.RATE) -> bytes:
    """Samples (mono, 16 bit) in a compressed format, or as they are."""
    if format == "pcm":
        return samples
    import av
    from av.audio.resampler import AudioResampler

    container, codec = CODECS[format]
    file = BytesIO()
    with av.open(file, "w", format=container) as output:
        stream = output.add_stream(codec, rate=48_000 if format == "opus" else rate, layout="mono")
        resampler = AudioResampler(
            stream.format, "mono", stream.rate, frame_size=stream.frame_size or 1024
        )
        for frame in (*pcm.audio_frames(samples, rate), None):
            for part in resampler.resample(frame):
                output.mux(stream.encode(part))
        output.mux(stream.encode(None))
    return file.getvalue()


def resampled(samples: bytes, rate: int) -> bytes:
    """Samples at 24 kHz at another rate."""
    if rate == pcm.RATE:
        return samples
    from av.audio.resampler import AudioResampler

    resampler = AudioResampler("s16", "mono", rate)
    return b"".join(
        bytes(part.planes[0])[: part.samples * 2]
        for frame in (*pcm.audio_frames(samples), None)
        for part in resampler.resample(frame)
    )


def hiss(seconds: float) -> bytes:
    source = random.Random(1)
    return array(
        "h", (source.randint(-9000, 9000) for _ in range(round(seconds * pcm.RATE)))
    ).tobytes()
