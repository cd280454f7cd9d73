"""Find the mails in an uploaded file: one mail, or an mbox with many."""

import re
from collections.abc import Iterator
from mmap import mmap

Raw = bytes | mmap
_LINE_START = b"\nFrom "
_LOOKS_LIKE_HEAD = re.compile(rb"[!-9;-~]{1,100}+[ \t]*+:")
_FROM_IN_BODY = b">From "


def split_mails(raw: Raw, name: str = "mail") -> Iterator[tuple[str, bytes]]:
    """Yield each mail of an .eml or .mbox file with a display name, such as `inbox.mbox, mail 3`.

    An .eml yields its bytes unchanged, under the file's own name. Linear in the file's size.
    """
    for mail_name, start, end in locate_mails(raw, name):
        yield mail_name, extract_mail(raw, start, end)


def locate_mails(raw: Raw, name: str = "mail") -> Iterator[tuple[str, int, int]]:
    """Yield each mail's display name, start and end, without reading all mails into memory."""
    separators = find_separators(raw)
    first = next(separators, None)
    if first is None:
        yield name, 0, len(raw)
        return
    number, (_, start) = 1, first
    for separator, next_start in separators:
        yield f"{name}, mail {number}", start, separator
        number, start = number + 1, next_start
    yield f"{name}, mail {number}", start, len(raw)


def extract_mail(raw: Raw, start: int, end: int) -> bytes:
    """The bytes of one mail. In an mbox, the `>` before a line that begins with "From " is removed."""
    mail = bytes(raw[start:end])
    return mail if start == 0 else unescape_from_lines(mail)


def find_separators(raw: Raw) -> Iterator[tuple[int, int]]:
    """Start and end of each "From " line that precedes a mail; none if the file is not an mbox."""
    position = 0
    while raw[position : position + 1] in (b"\r", b"\n"):
        position += 1
    if raw[position : position + 5] != b"From ":
        return
    while position >= 0:
        line_end = raw.find(b"\n", position)
        if line_end < 0:
            return
        if is_separator(raw, position, line_end + 1):
            yield position, line_end + 1
        position = raw.find(_LINE_START, line_end)
        position = position + 1 if position >= 0 else position


def is_separator(raw: Raw, start: int, end: int) -> bool:
    """Whether a "From " line is after an empty line and before a header, unlike a line of prose."""
    before = raw[max(0, start - 3) : start]
    after_empty_line = (
        start == 0 or before.replace(b"\r", b"").endswith(b"\n\n") or not before.strip()
    )
    return after_empty_line and _LOOKS_LIKE_HEAD.match(raw, end) is not None


def unescape_from_lines(mail: bytes) -> bytes:
    """Remove one `>` from each line that consists of one or more of them followed by "From "."""
    pieces: list[bytes] = []
    position = 0
    while (match := mail.find(_FROM_IN_BODY, position)) >= 0:
        before = mail[position : match + 1].rstrip(b">")
        escaped = before.endswith(b"\n") or (not before and position == 0)
        pieces.append(before)
        pieces.append(mail[position + len(before) + escaped : match + 1])
        position = match + 1
    return b"".join(pieces) + mail[position:]
