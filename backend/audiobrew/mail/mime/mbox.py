"""Split a file into its mails: one mail, or an mbox with many, of any size.

The file is read as a stream, in chunks, so that an mbox of gigabytes takes no more memory than one mail.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Protocol

CHUNK_BYTES = 2**18
# Bytes from the start of a "From " line that decide whether it separates two mails: the line itself, and
# the beginning of the next line.
LOOKAHEAD_BYTES = 1_200
LOOKBEHIND_BYTES = 3
# A mail of a mailbox that has more bytes is found before its end is, so that a mail of gigabytes is not
# searched for the next one at a stretch.
PIECE_BYTES = 2**26
# Bytes of a mail in which its header section is looked for.
HEAD_BYTES = 2**16
_LINE_START = b"\nFrom "
_FIELD = re.compile(rb"[!-9;-~]{1,100}+[ \t]*+:")
# The date as asctime writes it. Some programs add a time zone: "Mon Nov 02 08:00:00 +0000 2026".
_ASCTIME = re.compile(
    rb"[ \t](?:mon|tue|wed|thu|fri|sat|sun)[ \t]++(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[ \t]++"
    rb"\d{1,2}[ \t]++\d{1,2}:\d\d(?::\d\d)?[ \t]++(?:(?:[+-]\d{4}|[a-z]{2,5})[ \t]++)?(?:19|20)\d\d\b",
    re.IGNORECASE,
)
# An address or less, with another date or none, as in newer files of Thunderbird.
_UNDATED = re.compile(
    rb"From (?:(?:-|MAILER-DAEMON|[^\s@]{1,200}+@\S{1,255}+)?[ \t]*+\r?\n"
    rb"|(?:-|MAILER-DAEMON|[^\s@]{1,200}+@\S{1,255}+)[ \t][^\n]{0,60}?\b\d{1,2}:\d\d)"
)
_FROM_IN_BODY = b">From "
# Thunderbird's status of a mail, in hexadecimal digits. The mail is deleted if this bit is set.
_MOZILLA_STATUS = re.compile(rb"\nX-Mozilla-Status:[ \t]*+([0-9a-f]{1,8})", re.IGNORECASE)
_MOZILLA_DELETED = 0x0008
# Google's labels. Takeout writes them in the language of the account.
_GMAIL_LABELS = re.compile(rb"\nX-Gmail-Labels:((?:[^\n]|\n[ \t]){0,4000})", re.IGNORECASE)
_SPAM_LABELS = {
    "spam",
    "junk",
    "courrier indésirable",
    "correo no deseado",
    "垃圾邮件",
    "スパム",
    "спам",
}
_TRASH_LABELS = {
    "trash", "bin", "deleted", "papierkorb", "corbeille", "papelera", "cestino", "lixeira", "lixo",
    "prullenbak", "kosz", "корзина", "кошик", "papperskorgen", "papirkurv", "papperskorg", "roskakori", "koš",
    "kôš", "lomtár", "kuka", "coș de gunoi", "κάδος απορριμμάτων", "çöp kutusu", "çöp", "휴지통", "ゴミ箱",
    "已删除邮件", "垃圾桶", "回收站", "thùng rác", "sampah", "المهملات", "אשפה", "ट्रैश",
}  # fmt: skip


class Stream(Protocol):
    """A file that is open for reading bytes."""

    def read(self, size: int, /) -> bytes: ...


@dataclass(slots=True)
class SplitMail:
    """One mail of a file, and where it begins and ends there.

    `beginning` holds its first bytes, at most as many as were asked for. The only mail of an .eml file
    bears the file's own name, others a number as well. `is_rest`: these are further bytes of a mail that was
    too large, and no mail.
    """

    name: str
    start: int
    in_mbox: bool
    number: int = 0
    is_rest: bool = False
    end: int = 0
    beginning: bytearray = field(default_factory=bytearray)

    @property
    def size(self) -> int:
        return self.end - self.start

    def content(self) -> bytes:
        """The mail, if all of it was kept. In an mbox, "From " at the start of a line is unescaped."""
        return unescape_from_lines(bytes(self.beginning)) if self.in_mbox else bytes(self.beginning)


def split_mails(
    stream: Stream,
    name: str = "mail",
    max_bytes: int = HEAD_BYTES,
    max_size: int | None = None,
    number: int = 0,
) -> Iterator[SplitMail]:
    """Yield each mail of an .eml or .mbox file with its first `max_bytes` bytes. Linear in the file's size.

    The memory is that of one mail's first bytes and of a chunk, whatever the file is. A file that is no
    mbox is read until it exceeds `max_size` bytes: it may be a device without end. A mail of an mbox that
    does, and has more than `PIECE_BYTES`, is yielded before its end is found, and its rest in pieces.
    `number` is how many mails of an mbox come before the stream's first one. The stream may begin in such a
    rest.
    """
    in_mbox = number > 0
    most = None if max_size is None else max(max_size, PIECE_BYTES)
    mail: SplitMail | None = None
    for piece in scan(stream, in_mbox=in_mbox):
        if isinstance(piece, Separator):
            if mail:
                mail.end = piece.start
                yield mail
            number += 1
            mail = SplitMail(f"{name}, mail {number}", piece.end, in_mbox=True, number=number)
        else:
            start, data = piece
            mail = mail or SplitMail(name, start, in_mbox, number, is_rest=in_mbox)
            mail.end = start + len(data)
            if (missing := max_bytes - len(mail.beginning)) > 0 and not mail.is_rest:
                mail.beginning += data[:missing]
            if max_size is not None and not mail.in_mbox and mail.end > max_size:
                break
            if most is not None and mail.in_mbox and mail.size > most:
                yield mail
                mail = SplitMail(mail.name, mail.end, True, number, is_rest=True, end=mail.end)
    yield mail or SplitMail(name, 0, in_mbox=False)


def find_deletion(mail: SplitMail) -> str | None:
    """Why a mail of an mbox is not in its owner's mailbox any more; None for all others."""
    if not mail.in_mbox:
        return None
    head = b"\n" + bytes(mail.beginning[:HEAD_BYTES]).replace(b"\r\n", b"\n")
    head = head[: end if (end := head.find(b"\n\n")) >= 0 else len(head)]
    status = _MOZILLA_STATUS.search(head)
    if status and int(status[1], 16) & _MOZILLA_DELETED:
        return "It is deleted in Thunderbird."
    labels = _GMAIL_LABELS.search(head)
    names = read_labels(labels[1]) if labels else set()
    if names & _SPAM_LABELS:
        return "It is in the spam folder of Gmail."
    if names & _TRASH_LABELS:
        return "It is in the trash of Gmail."
    return None


def read_labels(value: bytes) -> set[str]:
    """The labels in a header field, in lower case."""
    # Only files of Takeout need the import.
    from audiobrew.mail.mime.encoded_words import decode_encoded_words

    text = decode_encoded_words(value.decode("utf-8", "replace"))
    return {label.strip(' "').lower() for label in text.split(",")}


@dataclass(frozen=True, slots=True)
class Separator:
    """Start and end of a "From " line before a mail of an mbox."""

    start: int
    end: int


def scan(stream: Stream, *, in_mbox: bool = False) -> Iterator[Separator | tuple[int, bytes]]:
    """Yield the separators of an mbox, and what is between them in pieces, each with its position.

    A file that does not begin with a separator is one mail, whatever it contains. `in_mbox`: the stream is
    the rest of an mbox, which may begin within a mail.
    """
    buffer, offset, at_end = b"", 0, False  # `offset` is the buffer's position in the file
    while not at_end and len(buffer) < max(CHUNK_BYTES, LOOKAHEAD_BYTES):
        buffer, at_end = read_more(stream, buffer)
    first = search = emitted_end = len(buffer) - len(buffer.lstrip(b"\r\n"))
    if not in_mbox and not is_separator(buffer, first, is_first=True):
        yield from scan_single_mail(stream, buffer)
        return
    while True:
        while (start := find_from_line(buffer, search)) >= 0:
            if not at_end and start + LOOKAHEAD_BYTES > len(buffer):
                break
            search = start + 1
            if is_separator(buffer, start, is_first=offset + start == first):
                if start > emitted_end:
                    yield offset + emitted_end, buffer[emitted_end:start]
                search = emitted_end = find_line_end(buffer, start)
                yield Separator(offset + start, offset + emitted_end)
        # Everything before `safe` belongs to the present mail.
        safe = len(buffer) if at_end else start if start >= 0 else len(buffer) - len(_LINE_START)
        if safe > emitted_end:
            yield offset + emitted_end, buffer[emitted_end:safe]
            emitted_end = safe
        if at_end:
            return
        unneeded = max(0, emitted_end - LOOKBEHIND_BYTES)
        buffer, offset, emitted_end = buffer[unneeded:], offset + unneeded, emitted_end - unneeded
        search = emitted_end
        buffer, at_end = read_more(stream, buffer)


def scan_single_mail(stream: Stream, buffer: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield the rest of a file in pieces."""
    offset = 0
    while buffer:
        yield offset, buffer
        offset += len(buffer)
        buffer = stream.read(CHUNK_BYTES)


def read_more(stream: Stream, buffer: bytes) -> tuple[bytes, bool]:
    """The buffer with the next chunk, and whether the file ends there."""
    chunk = stream.read(CHUNK_BYTES)
    return buffer + chunk, not chunk


def find_from_line(buffer: bytes, start: int) -> int:
    """The index of the next line that begins with "From ", or -1."""
    if buffer.startswith(b"From ", start) and buffer[max(0, start - 1) : start] in (b"", b"\n"):
        return start
    index = buffer.find(_LINE_START, max(0, start - 1))
    return index + 1 if index >= 0 else -1


def find_line_end(buffer: bytes, start: int) -> int:
    """The index after the line's end; 0 if the line is too long or the file ends in it."""
    return buffer.find(b"\n", start, start + LOOKAHEAD_BYTES) + 1


def is_separator(buffer: bytes, start: int, *, is_first: bool = False) -> bool:
    """Whether a line is a "From " line before a mail, unlike a line of prose.

    A header field follows it. Unless it is the file's first line, it has a date as well, or an empty line
    is before it and an address in it.
    """
    end = find_line_end(buffer, start)
    if not end or not buffer.startswith(b"From ", start) or not _FIELD.match(buffer, end):
        return False
    line = buffer[start:end]
    if is_first or _ASCTIME.search(line):
        return True
    before = buffer[max(0, start - LOOKBEHIND_BYTES) : start].replace(b"\r", b"")
    return before.endswith(b"\n\n") and _UNDATED.match(line) is not None


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
