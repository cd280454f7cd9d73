"""What was uploaded: one mail, or an mbox with many."""

import re
from collections.abc import Iterator

_FROM = re.compile(rb"^From [^\r\n]*\r?\n", re.MULTILINE)
_LOOKS_LIKE_HEAD = re.compile(rb"[!-9;-~]{1,100}[ \t]*:")
_QUOTED = re.compile(rb"^>(>*From )", re.MULTILINE)


def mails_in(raw: bytes, name: str = "mail") -> Iterator[tuple[str, bytes]]:
    """Yield each mail of an .eml or .mbox file with a name for people: `inbox.mbox, mail 3`.

    An .eml yields its bytes untouched, under the file's own name. Linear in the file's size.
    """
    starts = _starts(raw)
    if not starts:
        yield name, raw
    ends = [found.start() for found in starts[1:]] + [len(raw)]
    for number, found in enumerate(starts):
        mail = raw[found.end() : ends[number]]
        yield f"{name}, mail {number + 1}", _QUOTED.sub(rb"\1", mail)


def _starts(raw: bytes) -> list[re.Match[bytes]]:
    """The lines that begin a mail, in a file that begins as an mbox does; else none."""
    if not _FROM.match(raw, len(raw) - len(raw.lstrip(b"\r\n"))):
        return []
    return [found for found in _FROM.finditer(raw) if _begins_mail(raw, found)]


def _begins_mail(raw: bytes, found: re.Match[bytes]) -> bool:
    """A line of prose may start with «From » too: a mail follows a gap and starts with a field."""
    before = raw[max(0, found.start() - 3) : found.start()]
    after_gap = (
        found.start() == 0 or before.replace(b"\r", b"").endswith(b"\n\n") or not before.strip()
    )
    return after_gap and _LOOKS_LIKE_HEAD.match(raw, found.end()) is not None
