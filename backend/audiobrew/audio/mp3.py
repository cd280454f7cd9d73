"""MP3 frames as bytes: counted, silent ones made, and the header that makes seeking exact.

All of it is MPEG-1 Layer III, 44.1 kHz, 96 kbit/s, mono, as `audio/levelling.py` encodes clips.
"""

from collections.abc import Sequence

RATE = 44_100
SAMPLES = 1152
BIT_RATE = 96_000
SECONDS = SAMPLES / RATE
"""How long one frame is heard."""

SIZE = SAMPLES // 8 * BIT_RATE // RATE
"""Bytes of a frame; with its padding bit set it has one more."""

HEAD = b"\xff\xfb"
FORMAT, FORMAT_MASK = 0x70, 0xFC  # 96 kbit/s, 44.1 kHz
PADDED = 0x02
MONO = 0xC4
SIDE_INFORMATION = 17


class NotOurFrames(ValueError):
    """These bytes are not whole MP3 frames of our one format."""


def count(mp3: bytes) -> int:
    """How many frames there are. Raises NotOurFrames."""
    frames, at = 0, 0
    while at < len(mp3):
        if mp3[at : at + 2] != HEAD or mp3[at + 2] & FORMAT_MASK != FORMAT:
            raise NotOurFrames(f"byte {at} of {len(mp3)}")
        at += SIZE + bool(mp3[at + 2] & PADDED)
        frames += 1
    if at != len(mp3):
        raise NotOurFrames("the last frame is cut")
    return frames


def silence(frames: int) -> bytes:
    """So many frames of silence at the same constant bit rate."""
    return b"".join(_silent(number) for number in range(frames))


def _silent(number: int) -> bytes:
    """A frame whose sound has no bits: nothing but its header. Padded when the bit rate asks for it."""
    exact = SAMPLES // 8 * BIT_RATE
    padded = (number + 1) * exact // RATE - number * exact // RATE - SIZE
    return _blank(padded)


def _blank(padded: int) -> bytes:
    head = HEAD + bytes([FORMAT | (PADDED if padded else 0), MONO])
    return head.ljust(SIZE + padded, b"\0")


def info(frames: int, size: int, seeking: Sequence[int]) -> bytes:
    """The frame that comes first and tells the rest: frames, bytes, and where each hundredth begins.

    `size` counts this frame as well, and `seeking` holds 100 byte positions from its beginning. It says
    nothing of encoder delay, so that every player plays every sample and all agree on the time.
    """
    marks = bytes(min(255, at * 256 // max(size, 1)) for at in seeking)
    told = b"Info" + (0x7).to_bytes(4, "big") + frames.to_bytes(4, "big") + size.to_bytes(4, "big")
    frame = bytearray(_blank(0))
    at = len(HEAD) + 2 + SIDE_INFORMATION
    frame[at : at + len(told) + len(marks)] = told + marks
    return bytes(frame)
