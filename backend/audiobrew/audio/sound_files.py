"""Decodes what servers for speech answer: WAV, MP3, Ogg, FLAC, AAC or bare PCM, at any rate."""

import re
import struct
from io import BytesIO

from audiobrew.audio import pcm

# Ten minutes of sound: no utterance takes that long.
MAX_SECONDS = 600
MAX_BYTES = MAX_SECONDS * pcm.RATE * 2
# FFmpeg's names of formats, by the first bytes of a file and by a word of its content type.
MARKS = {b"ID3": "mp3", b"OggS": "ogg", b"fLaC": "flac", b"\x1aE\xdf\xa3": "matroska"}
CONTENT_TYPES = {
    "mpeg": "mp3",
    "mp3": "mp3",
    "ogg": "ogg",
    "opus": "ogg",
    "flac": "flac",
    "aac": "aac",
}
# Format (PCM), channels and bits of a WAV file that needs no decoder.
MONO_PCM = (1, 1, 16)


class UnreadableSound(Exception):
    """Says what a body is instead of sound."""


class SoundCutOff(UnreadableSound):
    """The body ends before its announced end."""


def decode(body: bytes, content_type: str = "", speed: float = 1.0) -> bytes:
    """The sound of a body as PCM at 24 kHz, mono, 16 bit.

    `speed`: it is played that fast, which raises or lowers the voice. Raises UnreadableSound.
    """
    samples, rate = read_samples(body, content_type)
    samples = samples[: len(samples) & ~1]
    played = round(rate * speed)
    return samples if played == pcm.RATE or not samples else pcm.render(samples, played)


def read_samples(body: bytes, content_type: str) -> tuple[bytes, int]:
    """Mono samples of 16 bit, and their rate. Raises UnreadableSound."""
    if body[:4] == b"RIFF":
        return samples_of_wav(body)
    by_mark = (format for mark, format in MARKS.items() if body.startswith(mark))
    by_type = (format for word, format in CONTENT_TYPES.items() if word in content_type)
    if format := next(by_mark, None) or next(by_type, None):
        return run_decoder(body, format), pcm.RATE
    rate = re.search(r"rate=(\d{4,6})(?!\d)", content_type)
    channels = re.search(r"channels=(\d)", content_type)
    if channels and channels[1] != "1":
        raise UnreadableSound(f"PCM with {channels[1]} channels")
    return body, max(4000, int(rate[1])) if rate else pcm.RATE


def samples_of_wav(wav: bytes) -> tuple[bytes, int]:
    """The samples of a WAV file and their rate. Raises UnreadableSound.

    A server that streams does not know the size of the data chunk and writes 0 or a very large number.
    """
    place, rate = 12, 0
    while place + 8 <= len(wav):
        name, size = struct.unpack_from("<4sI", wav, place)
        place += 8
        if name == b"fmt " and size >= 16 and place + 16 <= len(wav):
            format, channels, rate, _, _, bits = struct.unpack_from("<HHIIHH", wav, place)
            if (format, channels, bits) != MONO_PCM:
                return run_decoder(wav, "wav"), pcm.RATE
        if name == b"data" and 4000 <= rate <= 400_000:
            if size == 0 or size > MAX_BYTES:
                return wav[place:], rate
            if size > len(wav) - place:
                raise SoundCutOff("a part of a WAV")
            return wav[place : place + size], rate
        place += size + size % 2
    raise UnreadableSound("a broken WAV")


def run_decoder(body: bytes, format: str) -> bytes:
    """PCM at 24 kHz, mono, 16 bit, from FFmpeg's decoder of this format. Raises UnreadableSound."""
    import av
    from av.audio.resampler import AudioResampler
    from av.error import FFmpegError

    resampler = AudioResampler("s16", "mono", pcm.RATE)
    sound = bytearray()
    try:
        with av.open(BytesIO(body), "r", format=format) as file:
            for frame in (*file.decode(audio=0), None):
                for part in resampler.resample(frame):
                    sound += bytes(part.planes[0])[: part.samples * 2]
                if len(sound) > MAX_BYTES:
                    raise UnreadableSound("hours of sound")
    except (FFmpegError, IndexError, ValueError, OSError) as error:
        raise UnreadableSound(f"a broken {format.upper()}") from error
    return bytes(sound)
