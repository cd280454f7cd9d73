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
# What mail programs put around a mail that is forwarded or replied to, unlike a quotation in the mail.
_QUOTED_MAIL = re.compile(r"<blockquote(?=[^>]{1,500}?\btype\s?=\s?[\"']?cite)", re.IGNORECASE)
_QUOTED_LINE = re.compile(r"^> ?", re.MULTILINE)
_URL = re.compile(r"https?://\S+")


def read_body(part: Part, unquote: int = 0) -> RawBlocks:
    """The blocks of a part and of the parts in it, without `unquote` marks of quotation around its text.

    Recurses at most `mime.parts.MAX_DEPTH` levels. Raises MailTooLarge.
    """
    if is_attachment(part):
        return ()
    match part.kind:
        case "multipart/alternative":
            versions = [(child, read_body(child, unquote)) for child in part.parts]
            return choose_version(versions) or read_named_text(part, unquote)
        case "multipart/related":
            return _read_related(part, unquote) or read_named_text(part, unquote)
        case "text/html" | "application/xhtml+xml":
            return _read_html(_decode(part), unquote)
        case "text/plain" | "text/markdown" | "text/enriched":
            return _read_text(part, unquote)
        case kind if kind.startswith("multipart/") and not part.parts:
            return _read_text(part, unquote)  # the boundary never appeared
        case _:
            blocks = tuple(block for child in part.parts for block in read_body(child, unquote))
            return blocks or read_named_text(part, unquote)


def read_named_text(container: Part, unquote: int = 0) -> RawBlocks:
    """The first text with a file name, for a container without any other text.

    Some senders name the body itself.
    """
    for part in container.parts:
        disposition = part.headers.raw("content-disposition").strip().lower()
        if part.kind in _TEXT_KINDS and not disposition.startswith("attachment"):
            if "html" in part.kind:
                return _read_html(_decode(part), unquote)
            return _read_text(part, unquote)
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


def _read_related(related: Part, unquote: int) -> RawBlocks:
    """The page of a multipart/related (RFC 2387); its other parts are images."""
    start = related.headers.parameter("content-type", "start")
    for part in related.parts:
        if start and part.headers.raw("content-id").strip() == start:
            return read_body(part, unquote)
    return read_body(related.parts[0], unquote) if related.parts else ()


def _read_html(html: str, unquote: int) -> RawBlocks:
    _check_pieces(html.count("<"))
    if unquote:
        html = _QUOTED_MAIL.sub("<div", html)
    return read_html(html)


def _read_text(part: Part, unquote: int) -> RawBlocks:
    text = _decode(part).replace("\r\n", "\n").replace("\r", "\n")
    _check_pieces(text.count("\n"))
    if part.headers.parameter("content-type", "format").lower() == "flowed":
        delete_space = part.headers.parameter("content-type", "delsp").lower() == "yes"
        text = join_flowed_lines(text, delete_space)
    for _ in range(unquote):
        text = _QUOTED_LINE.sub("", text)
    return _read_html(text, unquote) if looks_like_html(text) else read_plain(text)


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
