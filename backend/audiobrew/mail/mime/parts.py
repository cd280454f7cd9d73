"""The parts of a mail, found in one pass over its lines.

The standard library's parser calls itself once a level and reads a boundary's lines again for each
level above; this one does neither, so that a hostile mail costs no more than its size.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from audiobrew.mail.limits import Limits
from audiobrew.mail.mime.headers import Headers, is_field, parse_headers
from audiobrew.mail.source_mail import MailTooLarge, UnreadableMail

MAX_DEPTH = 50
_HEAD_LINES = 2_000
_KNOWN = ("from", "date", "subject", "to", "message-id", "received", "mime-version", "sender")


@dataclass(slots=True)
class Part:
    """One part: a container with `parts`, or a leaf with a `body` in its transfer encoding."""

    headers: Headers
    kind: str
    body: bytes = b""
    parts: list["Part"] = field(default_factory=list)


def parse_parts(raw: bytes, limits: Limits) -> Part:
    """The mail's tree of parts, at most `limits.mail_parts` of them, `DEEPEST` levels deep."""
    lines = _Lines(raw)
    headers = _head(lines)
    if sum(name in headers for name in _KNOWN) < 2 or not ("from" in headers or "date" in headers):
        raise UnreadableMail(
            "This file is not a mail. AudioBrew reads mails saved as .eml or .mbox."
        )
    return _Tree(headers, limits).grown(lines)


class _Lines:
    """The lines of a mail, whatever ends them, one at a time: all of them would be many times its size.

    `at` is where the next line begins; one can be put back.
    """

    def __init__(self, raw: bytes) -> None:
        raw = raw.removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n")
        if raw.startswith((b"From ", b">From ")):  # the line an mbox puts before a mail
            raw = raw.partition(b"\n")[2]
        self.raw = raw.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        self.at = 0

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        if self.at > len(self.raw):
            raise StopIteration
        end = self.raw.find(b"\n", self.at)
        end = len(self.raw) if end < 0 else end
        line = self.raw[self.at : end]
        self.at = end + 1
        return line

    def put_back(self, line: bytes) -> None:
        self.at -= len(line) + 1

    def boundaries(self) -> Iterator[tuple[bytes, int]]:
        """From here on: each line that begins with two hyphens, and where it begins."""
        while (start := self._next_boundary()) >= 0:
            self.at = start
            yield next(self), start
        self.at = len(self.raw) + 1

    def _next_boundary(self) -> int:
        if self.raw.startswith(b"--", self.at):
            return self.at
        found = self.raw.find(b"\n--", max(0, self.at - 1))
        return found + 1 if found >= 0 else -1


def _head(lines: _Lines) -> Headers:
    """The fields up to an empty line; a line that is none begins the body."""
    taken: list[bytes] = []
    for line in lines:
        if not line.strip():
            break
        if not is_field(line):
            lines.put_back(line)
            break
        if len(taken) < _HEAD_LINES:
            taken.append(line)
    return parse_headers(taken)


class _Tree:
    """The parts as they are found: which are open, and the one being read."""

    def __init__(self, headers: Headers, limits: Limits) -> None:
        self.limits = limits
        self.count = 0
        self.open: list[tuple[bytes, Part]] = []
        self.at: dict[bytes, int] = {}
        self.root = self.leaf = self.start(headers)

    def grown(self, lines: _Lines) -> Part:
        begins = lines.at  # where the body of the part being read does
        for line, start in lines.boundaries():
            depth = self.boundary(line)
            if depth is not None:
                self.finish(depth, lines.raw[begins : start - 1] if start > begins else b"")
                if not self.closes(line, depth):
                    self.add(lines)
                begins = lines.at
        self.finish(len(self.open), lines.raw[begins:])
        return self.root

    def boundary(self, line: bytes) -> int | None:
        """The level whose boundary the line is; the innermost wins."""
        named = line[2:].rstrip()
        found = self.at.get(named)
        return found if found is not None else self.at.get(named.removesuffix(b"--"))

    def closes(self, line: bytes, depth: int) -> bool:
        boundary = self.open[depth][0]
        if line[2:].rstrip() == boundary:
            return False
        self.shut(depth)
        return True

    def finish(self, depth: int, body: bytes) -> None:
        """End the part being read and every container inside that level."""
        self.leaf.body = body
        self.leaf = Part(parse_headers([]), "text/x-between")
        self.shut(depth + 1)

    def shut(self, depth: int) -> None:
        for boundary, _ in self.open[depth:]:
            self.at.pop(boundary, None)
        del self.open[depth:]

    def add(self, lines: _Lines) -> None:
        holder = self.open[-1][1]
        default = "message/rfc822" if holder.kind == "multipart/digest" else "text/plain"
        self.leaf = self.start(_head(lines), default)
        holder.parts.append(self.leaf)
        if self.leaf.kind == "message/rfc822" and _is_bare(self.leaf.headers):
            inner = self.start(_head(lines))
            self.leaf.parts.append(inner)
            self.leaf = inner

    def start(self, headers: Headers, default: str = "text/plain") -> Part:
        self.count += 1
        if self.count > self.limits.mail_parts or len(self.open) >= MAX_DEPTH:
            raise MailTooLarge(
                "This mail is put together from more parts than AudioBrew reads."
                " Forward its text to yourself and save that."
            )
        part = Part(headers, headers.kind(default))
        boundary = headers.parameter("content-type", "boundary").encode()
        if part.kind.startswith("multipart/") and boundary:
            self.open.append((boundary, part))
            self.at[boundary] = len(self.open) - 1
        return part


def _is_bare(headers: Headers) -> bool:
    return headers.raw("content-transfer-encoding").lower() in ("", "7bit", "8bit", "binary")
