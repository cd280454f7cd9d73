"""Find the mails in a file: .eml, .mbox, Apple Mail's .emlx, or a .zip with such files.

Files may be hostile. A mail is only located here, and parsed elsewhere.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from io import SEEK_END
from typing import Protocol

from audiobrew.mail.mime.mbox import (
    CHUNK_BYTES,
    HEAD_BYTES,
    SplitMail,
    Stream,
    find_deletion,
    split_mails,
    unescape_from_lines,
)
from audiobrew.mail.newsletter import Newsletter
from audiobrew.mail.parsing.parser import LoadMail, MailParser
from audiobrew.mail.source_mail import MailTooLarge, UnreadableMail

ZIP_STARTS = (b"PK\x03\x04", b"PK\x05\x06")
PARTIAL = ".partial.emlx"
INCOMPLETE = (
    "Apple Mail has not downloaded the text of this mail. Open it there, then save it as .eml."
)
# Bytes after the mail in an .emlx file: a property list.
MAX_EMLX_TRAILER = 2**16
_EMLX_START = re.compile(rb"(\d{1,10})[ \t]*+\r?\n(?=[!-9;-~]{1,100}+:)")
_EMLX_FLAGS = re.compile(rb"<key>flags</key>\s{0,20}<integer>(\d{1,18})</integer>")
_EMLX_DELETED, _EMLX_JUNK = 1 << 1, 1 << 24


class SeekableStream(Stream, Protocol):
    """A file that is open for reading bytes anywhere."""

    def seek(self, offset: int, whence: int = 0, /) -> int: ...
    def tell(self) -> int: ...
    def seekable(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a file a mail begins, so that reading can go on there later.

    `member` is the number of a file in a .zip, `offset` the byte in the file, or in the unpacked member.
    `mails` come before it there, and the members before it were unpacked to `unpacked` bytes.
    """

    member: int = 0
    offset: int = 0
    mails: int = 0
    unpacked: int = 0


FIRST = Place()
# The offset after the only mail of a file, however much of it was read.
END = 2**62
# After everything in a file, also if it was not read to its end.
LAST = Place(member=END, offset=END)


@dataclass(frozen=True, slots=True)
class FileMail:
    """One mail of a file.

    `position` is how far the file is read once the mail is, and `next` is where to go on then. `left_out` is
    the reason, in words for the listener, why the mail is not to be read. `partial` is true if the mail
    program may have stored only the beginning of the mail. `is_gap`: this is no mail, but a part of the file
    without any, so that reading can stop after it.
    """

    name: str
    size: int
    load: LoadMail
    position: int = 0
    left_out: str | None = None
    partial: bool = False
    next: Place = FIRST
    is_gap: bool = False


def find_mails(
    file: SeekableStream, name: str, max_bytes: int, max_unpacked: int | None = None
) -> Iterator[FileMail]:
    """Yield the mails of a seekable file, in order. A mail is read from the file when it is loaded.

    Mails larger than `max_bytes` are found as well, but need not be loaded. From a .zip at most
    `max_unpacked` bytes are read, and its mails are loaded at once.
    """
    beginning = read_beginning(file)
    if beginning.startswith(ZIP_STARTS):
        from audiobrew.inbox.zip_files import find_zipped_mails

        yield from find_zipped_mails(file, name, max_bytes, max_unpacked)
    elif _EMLX_START.match(beginning):
        yield read_emlx(file.read(max_bytes + MAX_EMLX_TRAILER), name)
    else:
        for mail in split_mails(PositionedReader(file), name, HEAD_BYTES):
            load = partial(load_mail, file, mail)
            yield FileMail(mail.name, mail.size, load, mail.end, find_deletion(mail))


def find_mails_from(
    file: SeekableStream, name: str, max_bytes: int, max_unpacked: int, start: Place
) -> Iterator[FileMail]:
    """Yield the mails of a seekable file from a place on. Each is loaded at once, and none is read twice.

    Between two items at most `PIECE_BYTES`, or a mail of `max_bytes`, are searched.
    """
    if start == LAST:
        return
    if read_beginning(file).startswith(ZIP_STARTS):
        from audiobrew.inbox.zip_files import find_zipped_mails

        yield from find_zipped_mails(file, name, max_bytes, max_unpacked, start)
    else:
        size = file.seek(0, SEEK_END)
        if not start.offset or start.offset < size:
            file.seek(start.offset)
            yield from find_streamed_mails(file, name, max_bytes, start)


def find_streamed_mails(
    stream: Stream, name: str, max_bytes: int, start: Place = FIRST
) -> Iterator[FileMail]:
    """Yield the mails of a file that can be read only once, such as a pipe or a member of a .zip.

    `start` is the place at which the stream begins. The memory is that of one mail of `max_bytes`.
    """
    beginning = stream.read(HEAD_BYTES)
    rest = ChainedReader(beginning, stream)
    if _EMLX_START.match(beginning):
        mail_file = read_emlx(read_at_most(rest, max_bytes + MAX_EMLX_TRAILER), name)
        yield replace(mail_file, next=replace(start, offset=END, mails=1))
        return
    mails = split_mails(rest, name, max(max_bytes, HEAD_BYTES), max_bytes, start.mails)
    for mail in mails:
        end = start.offset + mail.end
        following = replace(start, offset=end if mail.in_mbox else END, mails=mail.number)
        if mail.is_rest:
            yield make_gap(mail.name, end, following)
            continue
        left_out = find_deletion(mail)
        yield FileMail(mail.name, mail.size, mail.content, end, left_out, next=following)


def make_gap(name: str, position: int, next: Place) -> FileMail:
    return FileMail(name, 0, bytes, position, next=next, is_gap=True)


async def parse_mail(parser: MailParser, mail: FileMail, max_bytes: int) -> Newsletter:
    """Parse a mail, unless it is left out.

    Raises UnreadableMail, MailTooLarge, ParserUnavailable.
    """
    if mail.left_out:
        raise UnreadableMail(mail.left_out)
    if mail.size > max_bytes:
        raise MailTooLarge.of(max_bytes)
    newsletter = await parser.parse(mail.load)
    if mail.partial and not newsletter.uncut_blocks:
        raise UnreadableMail(INCOMPLETE)
    return newsletter


def read_beginning(file: SeekableStream) -> bytes:
    file.seek(0)
    beginning = file.read(1_000)
    file.seek(0)
    return beginning


def load_mail(file: SeekableStream, mail: SplitMail) -> bytes:
    file.seek(mail.start)
    content = file.read(mail.size)
    return unescape_from_lines(content) if mail.in_mbox else content


def read_emlx(raw: bytes, name: str) -> FileMail:
    """The mail of an .emlx file: a line with its size, the mail, and a property list with flags."""
    match = _EMLX_START.match(raw)
    assert match
    end = match.end() + int(match[1])
    mail = raw[match.end() : end]
    flags = _EMLX_FLAGS.search(raw, min(end, len(raw)))
    bits = int(flags[1]) if flags else 0
    mail_file = FileMail(
        name, int(match[1]), lambda: mail, len(raw), partial=name.endswith(PARTIAL)
    )
    if bits & _EMLX_DELETED:
        return replace(mail_file, left_out="It is deleted in Apple Mail.")
    if bits & _EMLX_JUNK:
        return replace(mail_file, left_out="It is marked as junk in Apple Mail.")
    return mail_file


class PositionedReader:
    """Reads a file from its own position, so that mails can be loaded from the file meanwhile."""

    def __init__(self, file: SeekableStream) -> None:
        self._file = file
        self._position = 0

    def read(self, size: int, /) -> bytes:
        self._file.seek(self._position)
        data = self._file.read(size)
        self._position += len(data)
        return data


class ChainedReader:
    """Reads first bytes that were read already, then the rest of the stream."""

    def __init__(self, beginning: bytes, stream: Stream) -> None:
        self._beginning = beginning
        self._stream = stream

    def read(self, size: int, /) -> bytes:
        if not self._beginning:
            return self._stream.read(size)
        data, self._beginning = self._beginning[:size], self._beginning[size:]
        return data


def read_at_most(stream: Stream, size: int) -> bytes:
    data = bytearray()
    while len(data) < size and (chunk := stream.read(min(CHUNK_BYTES, size - len(data)))):
        data += chunk
    return bytes(data)
