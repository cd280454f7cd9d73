"""MP3 frames as bytes: counting them, silence, and the header frame that makes seeking exact.

All frames are MPEG-2 Layer III, 24 kHz, 64 kbit/s, mono, as `audio/loudness.py` encodes clips. Voices speak
at that rate, so nothing is resampled. A frame lasts 24 ms and always has 192 bytes, without padding.
"""

from collections.abc import Sequence

RATE = 24_000
FRAME_SAMPLES = 576
BIT_RATE = 64_000
# The length of one frame in seconds.
FRAME_SECONDS = FRAME_SAMPLES / RATE

# Bytes of a frame.
FRAME_BYTES = FRAME_SAMPLES // 8 * BIT_RATE // RATE

# The first bytes of every frame: MPEG-2 Layer III without checksum, 64 kbit/s, 24 kHz, no padding.
FRAME_HEADER = b"\xff\xf3\x84"
MONO = b"\xc4"
SIDE_INFORMATION = 9


class InvalidFrames(ValueError):
    """These bytes are not whole MP3 frames of this format."""


def count_frames(mp3: bytes) -> int:
    """The number of frames. Raises InvalidFrames."""
    frames, rest = divmod(len(mp3), FRAME_BYTES)
    if rest:
        raise InvalidFrames("the last frame is cut")
    for at in range(0, len(mp3), FRAME_BYTES):
        if not mp3.startswith(FRAME_HEADER, at):
            raise InvalidFrames(f"byte {at} of {len(mp3)}")
    return frames


def silence(frames: int) -> bytes:
    """Frames of silence: they have a header and no sound data."""
    return _SILENT_FRAME * frames


_SILENT_FRAME = (FRAME_HEADER + MONO).ljust(FRAME_BYTES, b"\0")


def info_frame(frames: int, size: int, positions: Sequence[int]) -> bytes:
    """The header frame (a LAME `Info` frame) with the number of frames and bytes and a seek table.

    `size` includes this frame. `positions` holds the byte at which each hundredth of the time begins, counted
    from the beginning of this frame. The frame says nothing about encoder delay, so that every player plays
    every sample and all agree on the time.
    """
    table = bytes(min(255, position * 256 // max(size, 1)) for position in positions)
    flags = (0x7).to_bytes(4, "big")  # frames, bytes and seek table
    content = b"Info" + flags + frames.to_bytes(4, "big") + size.to_bytes(4, "big") + table
    frame = bytearray(_SILENT_FRAME)
    start = len(FRAME_HEADER + MONO) + SIDE_INFORMATION
    frame[start : start + len(content)] = content
    return bytes(frame)
