"""What a mail says: its readable parts, and of two versions of the same the better one."""

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

MAX_PIECES = 100_000
"""Tags of a page, lines of a text. Real newsletters have some thousands; a tag costs the memory of
a hundred letters, so their size alone says little."""
_ADDRESS = re.compile(r"https?://\S+")


def read_body(part: Part) -> RawBlocks:
    """The drafts of a part; its tree is `mime.DEEPEST` levels deep at most."""
    if _attached(part):
        return ()
    match part.kind:
        case "multipart/alternative":
            return _better([(child, read_body(child)) for child in part.parts])
        case "multipart/related":
            return _root(part)
        case "text/html" | "application/xhtml+xml":
            return _page(_text(part))
        case "text/plain" | "text/markdown" | "text/enriched":
            return _plain(part)
        case kind if kind.startswith("multipart/") and not part.parts:
            return _plain(part)  # its boundary never came
        case _:
            return tuple(draft for child in part.parts for draft in read_body(child))


def _attached(part: Part) -> bool:
    """A part with a file's name is a file, whatever its type says; a container never is."""
    if part.kind.startswith("multipart/"):
        return False
    disposition = part.headers.raw("content-disposition").split(";")[0].strip().lower()
    named = part.headers.parameter("content-disposition", "filename")
    return disposition == "attachment" or bool(
        named or part.headers.parameter("content-type", "name")
    )


def _root(related: Part) -> RawBlocks:
    """The page of a multipart/related; the rest are its pictures."""
    start = related.headers.parameter("content-type", "start")
    for part in related.parts:
        if start and part.headers.raw("content-id").strip() == start:
            return read_body(part)
    return read_body(related.parts[0]) if related.parts else ()


def _better(versions: list[tuple[Part, RawBlocks]]) -> RawBlocks:
    """The last version is the richest by the rules, unless it tells much less than another.

    Some senders put «read this in your browser» in one version and the issue in the other.
    """
    most = max((_told(drafts) for _, drafts in versions), default=0)
    rich = [drafts for part, drafts in versions if part.kind != "text/plain" and drafts]
    rest = [drafts for part, drafts in versions if part.kind == "text/plain" and drafts]
    for drafts in [*reversed(rich), *reversed(rest)]:
        if _told(drafts) * 2 >= most:
            return drafts
    return ()


def _told(drafts: RawBlocks) -> int:
    return sum(len(_ADDRESS.sub("", draft.text)) for draft in drafts)


def _text(part: Part) -> str:
    data = decode_transfer(part.body, part.headers.raw("content-transfer-encoding"))
    charset = part.headers.parameter("content-type", "charset") or find_html_charset(data)
    return decode_text(data, charset)


def _page(html: str) -> RawBlocks:
    _check_pieces(html.count("<"))
    return read_html(html)


def _check_pieces(count: int) -> None:
    if count > MAX_PIECES:
        raise MailTooLarge(
            "This mail is made of more small pieces than AudioBrew reads."
            " Forward its text to yourself and save that."
        )


def _plain(part: Part) -> RawBlocks:
    text = _text(part).replace("\r\n", "\n").replace("\r", "\n")
    _check_pieces(text.count("\n"))
    if part.headers.parameter("content-type", "format").lower() == "flowed":
        text = join_flowed_lines(
            text, part.headers.parameter("content-type", "delsp").lower() == "yes"
        )
    drafts = read_plain(text)
    looks_html = text.lstrip()[:200].lower().startswith(("<!doctype html", "<html"))
    return _page(text) if looks_html else drafts
