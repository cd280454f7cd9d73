"""Encode the answers of a parser process as bytes: one letter, then lines of JSON."""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from audiobrew.mail.newsletter import Block, BlockKind, BlockRole, Cut, Link, Newsletter
from audiobrew.mail.source_mail import MailTooLarge, UnreadableMail

READY = b"R"
NEWSLETTER = b"N"
PROBLEMS: dict[bytes, type[UnreadableMail] | type[MailTooLarge]] = {
    b"U": UnreadableMail,
    b"L": MailTooLarge,
}
_TEXT_FIELDS = ("key", "sender", "address", "subject", "language")


def encode_newsletter(newsletter: Newsletter) -> bytes:
    """The answer for a mail that could be read: a line for its fields, and one for each block."""
    fields = {name: getattr(newsletter, name) for name in _TEXT_FIELDS}
    fields |= {"received_at": newsletter.received_at.isoformat(), "bulk": newsletter.bulk}
    lines: list[Any] = [fields]
    for block in newsletter.blocks:
        links = [[link.text, link.url] for link in block.links]
        judgement = [block.cut, block.doubt]
        lines.append([block.id, block.kind, block.text, links, *judgement, block.level, block.role])
    return NEWSLETTER + b"\n".join(
        json.dumps(line, ensure_ascii=False).encode("utf-8", "replace") for line in lines
    )


def encode_problem(problem: UnreadableMail | MailTooLarge) -> bytes:
    """The answer for a mail that was refused."""
    letter = next(letter for letter, kind in PROBLEMS.items() if type(problem) is kind)
    return letter + str(problem).encode()


def decode_newsletter(frame: bytes, digest: str) -> Newsletter:
    """The newsletter in an answer. The caller knows the mail's bytes and so supplies their digest.

    Raises UnreadableMail or MailTooLarge if the answer says so, and ValueError, TypeError or
    KeyError if it is malformed.
    """
    if problem := PROBLEMS.get(frame[:1]):
        raise problem(frame[1:].decode())
    if frame[:1] != NEWSLETTER:
        raise ValueError("not an answer of a parser")
    lines = split_lines(frame)
    fields = json.loads(next(lines))
    return Newsletter(
        digest=digest,
        **{name: require_text(fields[name]) for name in _TEXT_FIELDS},
        received_at=datetime.fromisoformat(fields["received_at"]),
        bulk=bool(fields["bulk"]),
        blocks=tuple(decode_block(json.loads(line)) for line in lines),
    )


def split_lines(frame: bytes) -> Iterator[bytes]:
    """Yield the lines one by one: a list of them would double the memory of the answer."""
    start = 1
    while start <= len(frame):
        end = frame.find(b"\n", start)
        end = len(frame) if end < 0 else end
        yield frame[start:end]
        start = end + 1


def decode_block(values: list[Any]) -> Block:
    id, kind, text, links, cut, doubt, level, role = values
    return Block(
        require_text(id),
        BlockKind(kind),
        require_text(text),
        tuple(Link(require_text(label), require_text(url)) for label, url in links),
        None if cut is None else Cut(cut),
        int(level),
        None if role is None else BlockRole(role),
        doubt=float(doubt),
    )


def require_text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("expected a text")
    return value
