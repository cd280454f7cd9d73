"""What a parser process answers, as bytes: one letter, then lines of JSON."""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from audiobrew.mail.newsletter import Block, BlockKind, Cut, Link, Newsletter
from audiobrew.mail.source_mail import MailTooLarge, UnreadableMail

LENGTH_BYTES = 8
"""Bytes of a frame's length, big-endian, before the frame itself."""
READY = b"R"
NEWSLETTER = b"N"
PROBLEMS: dict[bytes, type[UnreadableMail] | type[MailTooLarge]] = {
    b"U": UnreadableMail,
    b"L": MailTooLarge,
}
_TEXTS = ("key", "sender", "address", "subject", "language")


def frame_bytes(frame: bytes) -> bytes:
    """A frame with its length before it."""
    return len(frame).to_bytes(LENGTH_BYTES, "big") + frame


def encode_newsletter(newsletter: Newsletter) -> bytes:
    """The answer for a mail that could be read: a line for its head, a line for each block."""
    head = {name: getattr(newsletter, name) for name in _TEXTS}
    head |= {"received_at": newsletter.received_at.isoformat(), "bulk": newsletter.bulk}
    lines = [head, *map(_as_list, newsletter.blocks)]
    return NEWSLETTER + b"\n".join(_line(line) for line in lines)


def encode_problem(problem: UnreadableMail | MailTooLarge) -> bytes:
    """The answer for a mail that was refused."""
    letter = next(letter for letter, kind in PROBLEMS.items() if type(problem) is kind)
    return letter + str(problem).encode()


def decode_newsletter(frame: bytes, digest: str) -> Newsletter:
    """The newsletter of an answer. The digest is the caller's, who knows the mail's bytes.

    Raises what `from_problem` was told, and ValueError, TypeError, KeyError when the answer is none.
    """
    if problem := PROBLEMS.get(frame[:1]):
        raise problem(frame[1:].decode())
    if frame[:1] != NEWSLETTER:
        raise ValueError("no answer of a parser")
    lines = _lines(frame)
    head = json.loads(next(lines))
    return Newsletter(
        digest=digest,
        **{name: _text(head[name]) for name in _TEXTS},
        received_at=datetime.fromisoformat(head["received_at"]),
        bulk=bool(head["bulk"]),
        blocks=tuple(_block(json.loads(line)) for line in lines),
    )


def _lines(frame: bytes) -> Iterator[bytes]:
    """One after the other: a list of all would be as large as the answer again."""
    start = 1
    while start <= len(frame):
        end = frame.find(b"\n", start)
        end = len(frame) if end < 0 else end
        yield frame[start:end]
        start = end + 1


def _line(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "replace")


def _as_list(block: Block) -> list[Any]:
    links = [[link.text, link.url] for link in block.links]
    return [block.id, block.kind, block.text, links, block.cut]


def _block(told: list[Any]) -> Block:
    id, kind, text, links, cut = told
    return Block(
        _text(id),
        BlockKind(kind),
        _text(text),
        tuple(Link(_text(words), _text(url)) for words, url in links),
        None if cut is None else Cut(cut),
    )


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("a text was expected")
    return value
