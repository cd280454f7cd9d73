"""Parse the MIME parts of a mail in one pass over its lines.

The standard library's parser recurses once per level, and reads the lines of a boundary again for
each level above. This one does neither, so that a hostile mail costs no more than its size.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from audiobrew.mail.limits import Limits
from audiobrew.mail.mime.headers import Headers, is_field, parse_headers, read_parameter
from audiobrew.mail.source_mail import MailTooLarge, UnreadableMail

MAX_DEPTH = 50
_MAX_HEADER_LINES = 2_000
_MAX_CONTENT_TYPES = 4
# Fields that may follow a line of white space in a header section.
_KNOWN_FIELD = re.compile(
    rb"(?:content-|x-|list-|mime-|message-id|received|from|to|cc|date|subject|reply-to|dkim-|arc-"
    rb"|return-path|feedback-id|precedence|sender|user-agent|in-reply-to|references)[\w-]{0,60}+:",
    re.IGNORECASE,
)
_COMMON_FIELDS = (
    "from",
    "date",
    "subject",
    "to",
    "message-id",
    "received",
    "mime-version",
    "sender",
)


@dataclass(slots=True)
class Part:
    """A container with `parts`, or a leaf with a `body` that is still transfer-encoded."""

    headers: Headers
    kind: str
    body: bytes = b""
    parts: list["Part"] = field(default_factory=list)


def parse_parts(raw: bytes, limits: Limits) -> Part:
    """The mail's tree of parts.

    Raises UnreadableMail if the file is not a mail, and MailTooLarge if it has more than
    `limits.mail_parts` parts or `MAX_DEPTH` levels.
    """
    lines = _Lines(raw)
    headers = _read_headers(lines)
    if sum(name in headers for name in _COMMON_FIELDS) < 2 or not (
        "from" in headers or "date" in headers
    ):
        raise UnreadableMail(
            "This file is not a mail. AudioBrew reads mails saved as .eml or .mbox."
        )
    choose_boundary(headers, lines.raw)
    root = _TreeBuilder(headers, limits).build(lines)
    headers.charset = find_charset(root)
    return root


def choose_boundary(headers: Headers, raw: bytes) -> None:
    """If there are several Content-Type fields, prefer the one whose boundary the mail has."""
    values = headers.all("content-type")[:_MAX_CONTENT_TYPES]
    for index, value in enumerate(values if len(values) > 1 else []):
        boundary = read_parameter("content-type", value, "boundary").encode()
        if boundary and b"\n--" + boundary in raw:
            headers.prefer("content-type", index)
            return


def find_charset(root: Part) -> str:
    """The charset of the first text of a mail; an empty string if it declares none."""
    parts = [root]
    while parts:
        part = parts.pop()
        charset = part.headers.parameter("content-type", "charset")
        if part.kind.startswith("text/") and charset:
            return "" if charset.lower().startswith("utf") else charset
        parts.extend(reversed(part.parts))
    return ""


class _Lines:
    """Iterates over the lines of a mail, whatever their line ends.

    A list of all lines would take many times the memory of the mail. `position` is where the next
    line begins.
    """

    def __init__(self, raw: bytes) -> None:
        # Gmail's "Show original" begins with a line of spaces.
        raw = raw.removeprefix(b"\xef\xbb\xbf").lstrip(b" \t\r\n")
        raw = raw.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        if raw.startswith((b"From ", b">From ")):  # the separator line of an mbox
            raw = raw.partition(b"\n")[2]
        self.raw = raw
        self.position = 0

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        if self.position > len(self.raw):
            raise StopIteration
        end = self.raw.find(b"\n", self.position)
        end = len(self.raw) if end < 0 else end
        line = self.raw[self.position : end]
        self.position = end + 1
        return line

    def peek(self) -> bytes:
        """The line after the one read last; empty at the end."""
        position = self.position
        line = next(self, b"")
        self.position = position
        return line

    def put_back(self, line: bytes) -> None:
        """Yield this line, the one read last, once more."""
        self.position -= len(line) + 1

    def boundaries(self) -> Iterator[tuple[bytes, int]]:
        """Yield each following line that begins with two hyphens, and its position."""
        while (start := self._next_boundary()) >= 0:
            self.position = start
            yield next(self), start
        self.position = len(self.raw) + 1

    def _next_boundary(self) -> int:
        if self.raw.startswith(b"--", self.position):
            return self.position
        line_end = self.raw.find(b"\n--", max(0, self.position - 1))
        return line_end + 1 if line_end >= 0 else -1


def _read_headers(lines: _Lines) -> Headers:
    """Read the fields up to an empty line, or up to a line that is not a field and begins the body."""
    header_lines: list[bytes] = []
    for line in lines:
        if not line.strip():
            if line and continues_headers(lines.peek()):
                continue
            break
        if not is_field(line):
            lines.put_back(line)
            break
        if len(header_lines) < _MAX_HEADER_LINES:
            header_lines.append(line)
    return parse_headers(header_lines)


def continues_headers(line: bytes) -> bool:
    """Whether a line after one of white space only still belongs to the header section."""
    folded = line[:1] in (b" ", b"\t") and bool(line.strip())
    return folded or _KNOWN_FIELD.match(line) is not None


class _TreeBuilder:
    """Builds the tree of parts while the lines are read.

    `containers` are the multiparts that have not ended, outermost first, with their boundaries;
    `depths` is the index of each boundary in that list; `leaf` is the part that is being read.
    """

    def __init__(self, headers: Headers, limits: Limits) -> None:
        self.limits = limits
        self.count = 0
        self.containers: list[tuple[bytes, Part]] = []
        self.depths: dict[bytes, int] = {}
        self.root = self.leaf = self._start_part(headers)

    def build(self, lines: _Lines) -> Part:
        body_start = lines.position  # of the part that is being read
        for line, line_start in lines.boundaries():
            depth = self._boundary_depth(line)
            if depth is not None:
                body = lines.raw[body_start : line_start - 1] if line_start > body_start else b""
                self._finish_leaf(depth, body)
                if line[2:].rstrip() == self.containers[depth][0]:
                    self._add_part(lines)
                else:  # the closing boundary, which ends in two hyphens
                    self._close_containers(depth)
                body_start = lines.position
        self._finish_leaf(len(self.containers), lines.raw[body_start:])
        return self.root

    def _boundary_depth(self, line: bytes) -> int | None:
        """The depth of the container whose boundary the line is; the innermost wins."""
        boundary = line[2:].rstrip()
        depth = self.depths.get(boundary)
        return depth if depth is not None else self.depths.get(boundary.removesuffix(b"--"))

    def _finish_leaf(self, depth: int, body: bytes) -> None:
        """End the part that is being read, and every container deeper than `depth`."""
        self.leaf.body = body
        self.leaf = Part(parse_headers([]), "text/x-between")
        self._close_containers(depth + 1)

    def _close_containers(self, depth: int) -> None:
        for boundary, _ in self.containers[depth:]:
            self.depths.pop(boundary, None)
        del self.containers[depth:]

    def _add_part(self, lines: _Lines) -> None:
        container = self.containers[-1][1]
        default = "message/rfc822" if container.kind == "multipart/digest" else "text/plain"
        self.leaf = self._start_part(_read_headers(lines), default)
        container.parts.append(self.leaf)
        encoding = self.leaf.headers.raw("content-transfer-encoding").lower()
        if self.leaf.kind == "message/rfc822" and encoding in ("", "7bit", "8bit", "binary"):
            message = self._start_part(_read_headers(lines))
            self.leaf.parts.append(message)
            self.leaf = message

    def _start_part(self, headers: Headers, default: str = "text/plain") -> Part:
        self.count += 1
        if self.count > self.limits.mail_parts or len(self.containers) >= MAX_DEPTH:
            raise MailTooLarge(
                "This mail is put together from more parts than AudioBrew reads."
                " Forward its text to yourself and save that."
            )
        part = Part(headers, headers.kind(default))
        boundary = headers.parameter("content-type", "boundary").encode()
        if part.kind.startswith("multipart/") and boundary:
            self.containers.append((boundary, part))
            self.depths[boundary] = len(self.containers) - 1
        return part
