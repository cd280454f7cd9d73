"""MP3 frames as bytes: counting them, silence, and the header frame that makes seeking exact.

All frames are MPEG-2 Layer III, 24 kHz, 64 kbit/s, mono, as `audio/loudness.py` encodes clips. Voices speak
at that rate, so nothing is resampled. A frame lasts 24 ms and always has 192 bytes, without padding.
"""

from collections.abc import Sequence

RATE = 24_000
SAMPLES = 576
BIT_RATE = 64_000
# The length of one frame in seconds.
SECONDS = SAMPLES / RATE

# Bytes of a frame.
SIZE = SAMPLES // 8 * BIT_RATE // RATE

# The first bytes of every frame: MPEG-2 Layer III without checksum, 64 kbit/s, 24 kHz, no padding.
HEAD = b"\xff\xf3\x84"
MONO = b"\xc4"
SIDE_INFORMATION = 9


class NotOurFrames(ValueError):
    """These bytes are not whole MP3 frames of our format."""


def count(mp3: bytes) -> int:
    """The number of frames. Raises NotOurFrames."""
    frames, rest = divmod(len(mp3), SIZE)
    if rest:
        raise NotOurFrames("the last frame is cut")
    for at in range(0, len(mp3), SIZE):
        if not mp3.startswith(HEAD, at):
            raise NotOurFrames(f"byte {at} of {len(mp3)}")
    return frames


def silence(frames: int) -> bytes:
    """Frames of silence: they have a header and no sound data."""
    return _SILENT_FRAME * frames


_SILENT_FRAME = (HEAD + MONO).ljust(SIZE, b"\0")


def info(frames: int, size: int, positions: Sequence[int]) -> bytes:
    """The header frame (a LAME `Info` frame) with the number of frames and bytes and a seek table.

    `size` includes this frame. `positions` holds the byte at which each hundredth of the time begins, counted
    from the beginning of this frame. The frame says nothing about encoder delay, so that every player plays
    every sample and all agree on the time.
    """
    table = bytes(min(255, position * 256 // max(size, 1)) for position in positions)
    flags = (0x7).to_bytes(4, "big")  # frames, bytes and seek table
    content = b"Info" + flags + frames.to_bytes(4, "big") + size.to_bytes(4, "big") + table
    frame = bytearray(_SILENT_FRAME)
    start = len(HEAD + MONO) + SIDE_INFORMATION
    frame[start : start + len(content)] = content
    return bytes(frame)
