"""Extract the readable blocks of a mail's body, from the better one of alternative versions."""

import re

from audiobrew.mail.html.reader import read_html
from audiobrew.mail.mime.charset import decode_text, find_html_charset
from audiobrew.mail.mime.flowed import join_flowed_lines
from audiobrew.mail.mime.parts import Part
from audiobrew.mail.mime.transfer import decode_transfer
from audiobrew.mail.plain_text import read_plain
from audiobrew.mail.raw_block import RawBlock
from audiobrew.mail.source_mail import MailTooLarge

RawBlocks = tuple[RawBlock, ...]

# Tags of an HTML page or lines of a text. Real newsletters have a few thousand. A tag takes as much
# memory as a hundred letters, so a limit on bytes is not enough.
MAX_PIECES = 100_000
_URL = re.compile(r"https?://\S+")


def read_body(part: Part) -> RawBlocks:
    """The blocks of a part and of the parts in it.

    Recurses at most `mime.parts.MAX_DEPTH` levels. Raises MailTooLarge.
    """
    if is_attachment(part):
        return ()
    match part.kind:
        case "multipart/alternative":
            return choose_version([(child, read_body(child)) for child in part.parts])
        case "multipart/related":
            return _read_related(part)
        case "text/html" | "application/xhtml+xml":
            return _read_html(_decode(part))
        case "text/plain" | "text/markdown" | "text/enriched":
            return _read_text(part)
        case kind if kind.startswith("multipart/") and not part.parts:
            return _read_text(part)  # the boundary never appeared
        case _:
            return tuple(block for child in part.parts for block in read_body(child))


def is_attachment(part: Part) -> bool:
    """Whether the part is a file: it has a file name, or is declared an attachment.

    A container never is one.
    """
    if part.kind.startswith("multipart/"):
        return False
    disposition = part.headers.raw("content-disposition").split(";")[0].strip().lower()
    file_name = part.headers.parameter("content-disposition", "filename")
    return disposition == "attachment" or bool(
        file_name or part.headers.parameter("content-type", "name")
    )


def choose_version(versions: list[tuple[Part, RawBlocks]]) -> RawBlocks:
    """Prefer the last version, the richest one (RFC 2046), unless another has much more text.

    Some senders put "Read this in your browser" into one version and the issue into the other.
    """
    most = max((_text_length(blocks) for _, blocks in versions), default=0)
    rich = [blocks for part, blocks in versions if part.kind != "text/plain" and blocks]
    plain = [blocks for part, blocks in versions if part.kind == "text/plain" and blocks]
    for blocks in [*reversed(rich), *reversed(plain)]:
        if _text_length(blocks) * 2 >= most:
            return blocks
    return ()


def _text_length(blocks: RawBlocks) -> int:
    """Characters of text, without URLs."""
    return sum(len(_URL.sub("", block.text)) for block in blocks)


def _read_related(related: Part) -> RawBlocks:
    """The page of a multipart/related (RFC 2387); its other parts are images."""
    start = related.headers.parameter("content-type", "start")
    for part in related.parts:
        if start and part.headers.raw("content-id").strip() == start:
            return read_body(part)
    return read_body(related.parts[0]) if related.parts else ()


def _read_html(html: str) -> RawBlocks:
    _check_pieces(html.count("<"))
    return read_html(html)


def _read_text(part: Part) -> RawBlocks:
    text = _decode(part).replace("\r\n", "\n").replace("\r", "\n")
    _check_pieces(text.count("\n"))
    if part.headers.parameter("content-type", "format").lower() == "flowed":
        delete_space = part.headers.parameter("content-type", "delsp").lower() == "yes"
        text = join_flowed_lines(text, delete_space)
    blocks = read_plain(text)
    looks_like_html = text.lstrip()[:200].lower().startswith(("<!doctype html", "<html"))
    return _read_html(text) if looks_like_html else blocks


def _decode(part: Part) -> str:
    data = decode_transfer(part.body, part.headers.raw("content-transfer-encoding"))
    charset = part.headers.parameter("content-type", "charset") or find_html_charset(data)
    return decode_text(data, charset)


def _check_pieces(count: int) -> None:
    if count > MAX_PIECES:
        raise MailTooLarge(
            "This mail is made of more small pieces than AudioBrew reads."
            " Forward its text to yourself and save that."
        )
