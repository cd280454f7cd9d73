"""Build raw mails for the tests, and read them."""

from audiobrew.mail.limits import Limits
from audiobrew.mail.newsletter import Block, Newsletter
from audiobrew.mail.reader import read_mail

HEAD = (
    "From: Ada Brook <ada@example.com>\r\n"
    "Subject: A letter\r\n"
    "Date: Mon, 2 Nov 2026 08:00:00 +0100\r\n"
    "MIME-Version: 1.0\r\n"
)


def mail(body: str | bytes, kind: str = "text/plain; charset=utf-8", head: str = "") -> bytes:
    """A raw mail with one part."""
    data = body.encode() if isinstance(body, str) else body
    return f"{HEAD}{head}Content-Type: {kind}\r\n\r\n".encode() + data


def html(body: str, head: str = "") -> bytes:
    return mail(body, "text/html; charset=utf-8", head)


def multipart(kind: str, *parts: str, boundary: str = "b1") -> bytes:
    """A raw mail of several parts, each with its own headers and body."""
    body = "".join(f"--{boundary}\r\n{part}\r\n" for part in parts)
    return mail(f"{body}--{boundary}--\r\n", f'multipart/{kind}; boundary="{boundary}"')


def read(raw: bytes, **limits: int) -> Newsletter:
    return read_mail(raw, limits=Limits(**limits))


def texts(newsletter: Newsletter) -> list[str]:
    return [block.text for block in newsletter.blocks]


def uncut_texts(raw: bytes) -> list[str]:
    return [block.text for block in read(raw).uncut_blocks]


def blocks(raw: bytes) -> tuple[Block, ...]:
    return read(raw).blocks
