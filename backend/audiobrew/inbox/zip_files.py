"""Find the mails in a .zip file.

Names in the file are shown, and never used as paths. What its members unpack to is read in chunks and only
up to a limit, so that a file that is made to unpack to much more than its size does no harm.
"""

import re
import zlib
from collections.abc import Iterator
from dataclasses import replace
from zipfile import BadZipFile, ZipFile, ZipInfo

from audiobrew.inbox.mail_files import (
    FIRST,
    LAST,
    FileMail,
    Place,
    SeekableStream,
    find_streamed_mails,
    make_gap,
)
from audiobrew.mail.mime.mbox import CHUNK_BYTES, Stream

# Files in a .zip. Each takes memory before the first one is read.
MAX_MEMBERS = 50_000
# The list of them, which is read at once.
MAX_DIRECTORY_BYTES = 16 * 2**20
# A mail is packed to a twentieth of its size at best, a hostile file to a thousandth.
MAX_RATIO = 100
MIN_RATIO_BYTES = 2**20
MAIL_SUFFIXES = (".eml", ".emlx", ".mbox", ".mbx")
_MEMBER_START = b"PK\x01\x02"
_ENCRYPTED = 0x1
# How a mail or an mbox without a suffix begins.
_MAIL_START = re.compile(
    rb"\s{0,20}+(?:From (?:-|MAILER-DAEMON|\S{0,200}@)"
    rb"|(?:return-path|received|delivered-to|from|to|date|subject|message-id|mime-version"
    rb"|x-[\w-]{1,60}+|authentication-results|arc-[\w-]{1,60}+|dkim-signature):)",
    re.IGNORECASE,
)
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_MAX_NAME_CHARACTERS = 150
DAMAGED = "This .zip file is damaged. Make it again, or unpack it and choose the mails in it."
TOO_MANY = (
    f"This .zip file has more than {MAX_MEMBERS:,} files. Unpack it and choose the mails in it."
)
SUSPICIOUS = "This .zip file unpacks to far more than mails do. It was not read further."
TOO_LARGE = "This .zip file unpacks to more than AudioBrew takes at a time. Send smaller ones."
NESTED = "A .zip file within a .zip file is not read. Unpack it first."
ENCRYPTED = "This .zip file has a password. Unpack it and choose the mails in it."
NO_MAILS = "This .zip file has no .eml, .emlx or .mbox file in it."
# What the module raises when a file is malformed or packed by a method that it does not know.
_ZIP_ERRORS = (
    BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    ValueError,
    NotImplementedError,
    RuntimeError,
)


class TooMuch(Exception):
    """The member unpacks to more than is read. `str()` is the reason, in words for the listener."""


def find_zipped_mails(
    file: SeekableStream, name: str, max_bytes: int, max_unpacked: int | None, start: Place = FIRST
) -> Iterator[FileMail]:
    """Yield the mails in the members of a .zip file; one that is left out stands for what is not read.

    A gap stands for a member without mails.
    """
    budget = UnpackBudget(max_unpacked, start.unpacked)
    try:
        with ZipFile(DirectoryLimit(file)) as archive:
            yield from find_in_members(archive, name, max_bytes, budget, start)
    except TooMuch as reason:
        yield leave_out(name, str(reason))
    except _ZIP_ERRORS:
        yield leave_out(name, DAMAGED)


def find_in_members(
    archive: ZipFile, name: str, max_bytes: int, budget: "UnpackBudget", start: Place
) -> Iterator[FileMail]:
    members = [member for member in archive.infolist() if not is_ignored(member)]
    if sum(member.compress_size for member in members) > file_size(archive):
        raise TooMuch(SUSPICIOUS)  # members overlap
    is_empty = start == FIRST
    position = 0
    for number, member in enumerate(members):
        before, position = position, position + member.compress_size
        if number < start.member:
            continue
        place = start if number == start.member else Place(number, unpacked=budget.spent)
        following = Place(number + 1, unpacked=place.unpacked)
        label = f"{name}: {shown_name(member.filename)}"
        if member.filename.lower().endswith(".zip"):
            yield leave_out(label, NESTED, position, following)
            continue
        if member.flag_bits & _ENCRYPTED:
            yield leave_out(label, ENCRYPTED, position)
            return
        if place.offset and place.offset >= member.file_size:
            continue
        has_mails = False
        for mail in find_in_member(archive, member, label, max_bytes, budget, place):
            has_mails, is_empty = True, False
            share = min(1.0, mail.next.offset / max(1, member.file_size))
            yield replace(mail, position=before + round(share * member.compress_size))
        if not has_mails:
            yield make_gap(label, position, Place(number + 1, unpacked=budget.spent))
    if is_empty:
        yield leave_out(name, NO_MAILS)


def find_in_member(
    archive: ZipFile,
    member: ZipInfo,
    label: str,
    max_bytes: int,
    budget: "UnpackBudget",
    place: Place,
) -> Iterator[FileMail]:
    try:
        with archive.open(member) as unpacked:
            stream = LimitedReader(unpacked, member, budget)
            if not is_mail_file(member.filename, stream.read(1_000)):
                return
            unpacked.seek(0)
            skip_bytes(stream, place.offset)
            yield from find_streamed_mails(stream, label, max_bytes, place)
    except TooMuch:
        raise
    except _ZIP_ERRORS:
        following = Place(place.member + 1, unpacked=budget.spent)
        yield leave_out(label, "This part of the .zip file is damaged.", next=following)


def skip_bytes(stream: Stream, count: int) -> None:
    while count > 0 and (chunk := stream.read(min(count, CHUNK_BYTES))):
        count -= len(chunk)


def leave_out(name: str, reason: str, position: int = 0, next: Place = LAST) -> FileMail:
    """By default, nothing of the file is read after it."""
    return FileMail(name, 0, bytes, position, left_out=reason, next=next)


def is_ignored(member: ZipInfo) -> bool:
    """Whether a member is a folder, or what macOS adds."""
    last = member.filename.replace("\\", "/").rpartition("/")[2]
    return member.is_dir() or not last or last.startswith("._")


def is_mail_file(name: str, beginning: bytes) -> bool:
    """Whether a file holds mails, by its name, or by its first bytes."""
    return name.lower().endswith(MAIL_SUFFIXES) or _MAIL_START.match(beginning) is not None


def shown_name(name: str) -> str:
    """A member's name without characters that change how a terminal or a page shows it."""
    return _CONTROL.sub("", name)[-_MAX_NAME_CHARACTERS:]


def file_size(archive: ZipFile) -> int:
    assert archive.fp
    archive.fp.seek(0, 2)
    return archive.fp.tell()


class DirectoryLimit:
    """A .zip file whose list of members is read only if it is not too long.

    The module reads the list at once, and makes an object of each member.
    """

    def __init__(self, file: SeekableStream) -> None:
        self._file = file
        self.seek, self.tell, self.seekable = file.seek, file.tell, file.seekable

    def read(self, size: int = -1, /) -> bytes:
        """Raises TooMuch."""
        if size > MAX_DIRECTORY_BYTES:
            raise TooMuch(TOO_MANY)
        data = self._file.read(size)
        if data.count(_MEMBER_START) > MAX_MEMBERS:
            raise TooMuch(TOO_MANY)
        return data


class UnpackBudget:
    """Bytes that may be unpacked, at `most`; None for any number. `spent` of them are."""

    def __init__(self, most: int | None, spent: int = 0) -> None:
        self._most = most
        self.spent = spent

    def spend(self, count: int) -> None:
        """Raises TooMuch."""
        self.spent += count
        if self._most is not None and self.spent > self._most:
            raise TooMuch(TOO_LARGE)


class LimitedReader:
    """Unpacks a member as long as the sizes are those of mails."""

    def __init__(self, unpacked: Stream, member: ZipInfo, budget: UnpackBudget) -> None:
        self._unpacked = unpacked
        self._budget = budget
        self._remaining = max(MIN_RATIO_BYTES, MAX_RATIO * member.compress_size)

    def read(self, size: int, /) -> bytes:
        """Raises TooMuch."""
        data = self._unpacked.read(size)
        self._budget.spend(len(data))
        self._remaining -= len(data)
        if self._remaining < 0:
            raise TooMuch(SUSPICIOUS)
        return data
