"""MP3 frames as bytes: counted, silent ones made, and the header that makes seeking exact.

All of it is MPEG-2 Layer III, 24 kHz, 64 kbit/s, mono, as `audio/loudness.py` encodes clips: voices speak
at that rate, so nothing is lost or resampled, and a frame is 24 ms in exactly 192 bytes, never padded.
"""

from collections.abc import Sequence

RATE = 24_000
SAMPLES = 576
BIT_RATE = 64_000
SECONDS = SAMPLES / RATE
"""How long one frame is heard."""

SIZE = SAMPLES // 8 * BIT_RATE // RATE
"""Bytes of a frame."""

HEAD = b"\xff\xf3\x84"
"""Of every frame: MPEG-2 Layer III without checksum, 64 kbit/s, 24 kHz, no padding."""
MONO = b"\xc4"
SIDE_INFORMATION = 9


class NotOurFrames(ValueError):
    """These bytes are not whole MP3 frames of our one format."""


def count(mp3: bytes) -> int:
    """How many frames there are. Raises NotOurFrames."""
    frames, rest = divmod(len(mp3), SIZE)
    if rest:
        raise NotOurFrames("the last frame is cut")
    for at in range(0, len(mp3), SIZE):
        if not mp3.startswith(HEAD, at):
            raise NotOurFrames(f"byte {at} of {len(mp3)}")
    return frames


def silence(frames: int) -> bytes:
    """So many frames of silence: their sound has no bits, nothing but a header."""
    return _BLANK * frames


_BLANK = (HEAD + MONO).ljust(SIZE, b"\0")


def info(frames: int, size: int, seeking: Sequence[int]) -> bytes:
    """The frame that comes first and tells the rest: frames, bytes, and where each hundredth begins.

    `size` counts this frame as well, and `seeking` holds 100 byte positions from its beginning. It says
    nothing of encoder delay, so that every player plays every sample and all agree on the time.
    """
    marks = bytes(min(255, at * 256 // max(size, 1)) for at in seeking)
    told = b"Info" + (0x7).to_bytes(4, "big") + frames.to_bytes(4, "big") + size.to_bytes(4, "big")
    frame = bytearray(_BLANK)
    at = len(HEAD + MONO) + SIDE_INFORMATION
    frame[at : at + len(told) + len(marks)] = told + marks
    return bytes(frame)
