"""The ID3v2.3 tag at the beginning of an MP3 file: texts, description, cover and chapters.

See https://id3.org/id3v2.3.0 and, for chapters, https://id3.org/id3v2-chapters-1.0.
"""

from collections.abc import Iterable, Sequence

from audiobrew.audio.clip import Cue
from audiobrew.lang.language import language_or_default
from audiobrew.lang.language_tag import base_code

UTF_16 = b"\x01"
FRONT_COVER = 3
TOP_LEVEL_AND_ORDERED = 3
MAX_CHAPTERS = 255  # their count is one byte
# Chapters have no byte offsets, only times: offsets would be wrong as soon as somebody edits the tag.
NO_OFFSET = b"\xff" * 8


def tag(
    texts: Iterable[tuple[str, str]],
    description: str,
    cover: bytes,
    chapters: Sequence[tuple[str, Cue]],
) -> bytes:
    """The tag's bytes. Its size does not depend on the chapters' times.

    `texts` are pairs of frame id and text; `description` is written as a comment, which most players show,
    and in the frame of Apple's; `cover` is a PNG; `chapters` are pairs of title and time.
    """
    frames = [text_frame(name, value) for name, value in texts if value]
    frames.append(text_frame("TDES", description))
    # The comment's language, and an empty name.
    frames.append(frame("COMM", UTF_16 + b"eng" + "\0".encode("utf-16") + utf_16(description)))
    frames.append(frame("APIC", b"\0image/png\0" + bytes([FRONT_COVER]) + b"\0" + cover))
    if chapters := chapters[:MAX_CHAPTERS]:
        ids = [f"chp{number}\0".encode() for number in range(len(chapters))]
        flags = bytes([TOP_LEVEL_AND_ORDERED, len(chapters)])
        frames.append(frame("CTOC", b"toc\0" + flags + b"".join(ids)))
        for id, (title, cue) in zip(ids, chapters, strict=True):
            times = b"".join(round(time * 1000).to_bytes(4, "big") for time in (cue.start, cue.end))
            frames.append(frame("CHAP", id + times + NO_OFFSET + text_frame("TIT2", title)))
    body = b"".join(frames)
    # The size has seven bits in each byte.
    size = bytes(len(body) >> shift & 0x7F for shift in (21, 14, 7, 0))
    return b"ID3\x03\x00\x00" + size + body


def language_code(language: str) -> str:
    """The ISO 639-2 code of a BCP 47 tag; `und` for an unknown one."""
    return language_or_default(base_code(language)).iso_639_2


def frame(name: str, body: bytes) -> bytes:
    """A frame without flags."""
    return name.encode() + len(body).to_bytes(4, "big") + b"\0\0" + body


def text_frame(name: str, value: str) -> bytes:
    """A text frame in UTF-16."""
    return frame(name, UTF_16 + utf_16(value))


def utf_16(value: str) -> bytes:
    """The text without control characters."""
    characters = (" " if character.isspace() else character for character in value)
    return "".join(filter(str.isprintable, characters)).encode("utf-16")
