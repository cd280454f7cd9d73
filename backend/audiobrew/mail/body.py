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
_TEXT_KINDS = ("text/html", "application/xhtml+xml", "text/plain")
_PAGE_STARTS = ("<!doctype", "<html", "<head", "<body", "<?xml")
_PAGE_TAGS = re.compile(
    r"</(?:p|div|td|tr|table|h[1-6]|li|a|center|style)>|<br\s{0,3}/?>", re.IGNORECASE
)
# Closing tags of a text that is a page, though its first line does not say so.
_MIN_PAGE_TAGS = 2
_URL = re.compile(r"https?://\S+")


def read_body(part: Part) -> RawBlocks:
    """The blocks of a part and of the parts in it.

    Recurses at most `mime.parts.MAX_DEPTH` levels. Raises MailTooLarge.
    """
    if is_attachment(part):
        return ()
    match part.kind:
        case "multipart/alternative":
            versions = [(child, read_body(child)) for child in part.parts]
            return choose_version(versions) or read_named_text(part)
        case "multipart/related":
            return _read_related(part) or read_named_text(part)
        case "text/html" | "application/xhtml+xml":
            return _read_html(_decode(part))
        case "text/plain" | "text/markdown" | "text/enriched":
            return _read_text(part)
        case kind if kind.startswith("multipart/") and not part.parts:
            return _read_text(part)  # the boundary never appeared
        case _:
            blocks = tuple(block for child in part.parts for block in read_body(child))
            return blocks or read_named_text(part)


def read_named_text(container: Part) -> RawBlocks:
    """The first text with a file name, for a container without any other text.

    Some senders name the body itself.
    """
    for part in container.parts:
        disposition = part.headers.raw("content-disposition").strip().lower()
        if part.kind in _TEXT_KINDS and not disposition.startswith("attachment"):
            return _read_html(_decode(part)) if "html" in part.kind else _read_text(part)
    return ()


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
    return _read_html(text) if looks_like_html(text) else read_plain(text)


def looks_like_html(text: str) -> bool:
    """Whether a text that is declared as plain is a page: it begins as one, or is full of its tags."""
    beginning = text.lstrip()[:200].lower()
    if beginning.startswith(_PAGE_STARTS):
        return True
    start = text[:20_000]
    return beginning.startswith("<") and len(_PAGE_TAGS.findall(start)) >= _MIN_PAGE_TAGS


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
