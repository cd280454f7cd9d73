"""ID3v2.3, the tag at the head of an MP3: title, show, language, cover and chapters."""

from collections.abc import Iterable, Sequence

from audiobrew.audio.clip import Cue

UTF_16 = b"\x01"
FRONT_COVER = 3
TOP_LEVEL_AND_ORDERED = 3
MOST_CHAPTERS = 255  # their count is one byte
NO_OFFSET = b"\xff" * 8
"""Chapters are found by time: byte offsets would be wrong as soon as somebody edits the tag."""

ISO_639_2 = {
    "bg": "bul", "ca": "cat", "cs": "ces", "da": "dan", "de": "deu", "el": "ell", "en": "eng",
    "es": "spa", "et": "est", "eu": "eus", "fi": "fin", "fr": "fra", "hi": "hin", "hr": "hrv",
    "hu": "hun", "id": "ind", "is": "isl", "it": "ita", "ja": "jpn", "ko": "kor", "lt": "lit",
    "lv": "lav", "nb": "nob", "nl": "nld", "no": "nor", "pl": "pol", "pt": "por", "ro": "ron",
    "ru": "rus", "sk": "slk", "sl": "slv", "sr": "srp", "sv": "swe", "tr": "tur", "uk": "ukr",
    "vi": "vie", "zh": "zho",
}  # fmt: skip


def tag(
    texts: Iterable[tuple[str, str]], cover: bytes, chapters: Sequence[tuple[str, Cue]]
) -> bytes:
    """`texts` are pairs of frame id and text; `cover` is a JPEG. Its size depends on no time in it."""
    frames = [_text(name, value) for name, value in texts if value]
    frames.append(_frame("APIC", b"\0image/jpeg\0" + bytes([FRONT_COVER]) + b"\0" + cover))
    if listed := chapters[:MOST_CHAPTERS]:
        frames += [_contents(len(listed)), *_chapters(listed)]
    body = b"".join(frames)
    return b"ID3\x03\x00\x00" + _syncsafe(len(body)) + body


def language_code(language: str) -> str:
    """ISO 639-2, as ID3 wants it, of a BCP 47 tag; `und` for one we do not know."""
    return ISO_639_2.get(language.split("-")[0].lower(), "und")


def _frame(name: str, body: bytes) -> bytes:
    return name.encode() + len(body).to_bytes(4, "big") + b"\0\0" + body


def _text(name: str, value: str) -> bytes:
    spaced = (" " if character.isspace() else character for character in value)
    plain = "".join(filter(str.isprintable, spaced))
    return _frame(name, UTF_16 + plain.encode("utf-16"))


def _contents(chapters: int) -> bytes:
    names = b"".join(_id(number) for number in range(chapters))
    return _frame("CTOC", b"toc\0" + bytes([TOP_LEVEL_AND_ORDERED, chapters]) + names)


def _chapters(chapters: Iterable[tuple[str, Cue]]) -> Iterable[bytes]:
    for number, (title, cue) in enumerate(chapters):
        times = b"".join(round(time * 1000).to_bytes(4, "big") for time in (cue.start, cue.end))
        yield _frame("CHAP", _id(number) + times + NO_OFFSET + _text("TIT2", title))


def _id(number: int) -> bytes:
    return f"chp{number}\0".encode()


def _syncsafe(size: int) -> bytes:
    return bytes(size >> shift & 0x7F for shift in (21, 14, 7, 0))
