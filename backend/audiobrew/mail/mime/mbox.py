"""What was uploaded: one mail, or an mbox with many."""

import re
from collections.abc import Iterator
from mmap import mmap

Raw = bytes | mmap
_LINE_START = b"\nFrom "
_LOOKS_LIKE_HEAD = re.compile(rb"[!-9;-~]{1,100}+[ \t]*+:")
_FROM_IN_BODY = b">From "


def split_mails(raw: Raw, name: str = "mail") -> Iterator[tuple[str, bytes]]:
    """Yield each mail of an .eml or .mbox file with a name for people: `inbox.mbox, mail 3`.

    An .eml yields its bytes untouched, under the file's own name. Linear in the file's size.
    """
    for part, start, end in locate_mails(raw, name):
        yield part, extract_mail(raw, start, end)


def locate_mails(raw: Raw, name: str = "mail") -> Iterator[tuple[str, int, int]]:
    """Where each mail is, with its name: for who does not want all of them in memory."""
    mails = _mails(raw)
    first = next(mails, None)
    if first is None:
        yield name, 0, len(raw)
        return
    number, (_, body) = 1, first
    for line, following in mails:
        yield f"{name}, mail {number}", body, line
        number, body = number + 1, following
    yield f"{name}, mail {number}", body, len(raw)


def extract_mail(raw: Raw, start: int, end: int) -> bytes:
    """The bytes of one mail; in an mbox, its lines that begin with «From » are quoted by a `>`."""
    mail = bytes(raw[start:end])
    return mail if start == 0 else _unquoted(mail)


def _mails(raw: Raw) -> Iterator[tuple[int, int]]:
    """Where the line before each mail begins and ends, in a file that begins as an mbox does."""
    at = 0
    while raw[at : at + 1] in (b"\r", b"\n"):
        at += 1
    if raw[at : at + 5] != b"From ":
        return
    while at >= 0:
        end = raw.find(b"\n", at)
        if end < 0:
            return
        if _begins_mail(raw, at, end + 1):
            yield at, end + 1
        at = raw.find(_LINE_START, end)
        at = at + 1 if at >= 0 else at


def _begins_mail(raw: Raw, line: int, body: int) -> bool:
    """A line of prose may start with «From » too: a mail follows a gap and starts with a field."""
    before = raw[max(0, line - 3) : line]
    after_gap = line == 0 or before.replace(b"\r", b"").endswith(b"\n\n") or not before.strip()
    return after_gap and _LOOKS_LIKE_HEAD.match(raw, body) is not None


def _unquoted(mail: bytes) -> bytes:
    """Take one `>` from each line that is some of them and then «From »."""
    kept: list[bytes] = []
    at = 0
    while (found := mail.find(_FROM_IN_BODY, at)) >= 0:
        before = mail[at : found + 1].rstrip(b">")
        quoted = before.endswith(b"\n") or (not before and at == 0)
        kept.append(before)
        kept.append(mail[at + len(before) + quoted : found + 1])
        at = found + 1
    return b"".join(kept) + mail[at:]
