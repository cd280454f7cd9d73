"""A plain text mail as blocks: paragraphs, quotations, lists, headings and link footnotes."""

import re
from collections.abc import Iterator

from audiobrew.mail.newsletter import BlockKind, Link
from audiobrew.mail.raw_block import RawBlock
from audiobrew.mail.text_cleanup import collapse_whitespace, strip_invisible

_RULE = re.compile(r"[\s\-–—_=*•·~#+.]{3,}")
_UNDERLINE = re.compile(r"(=|-|~|\*){3,}")
_ITEM = re.compile(r"\s{0,8}(?:[•●▪◦‣*+–-]|\d{1,2}[.)])\s+(?=\S)")
_FOOTNOTE = re.compile(r"\s{0,8}\[(\d{1,3})\]:?\s+<?(https?://[^\s<>]{1,2000})>?\s*")
_MARK = re.compile(r"\s?\[(\d{1,3})\]")
_URL = re.compile(r"<?(https?://[^\s<>()\[\]]{1,2000})>?")
_MARKDOWN_HEADING = re.compile(r"(#{1,6})\s+(?=\S)")
_MARKDOWN_LINK = re.compile(r"\[([^\[\]]{1,300})\]\((https?://[^\s()]{1,2000})\)")
_SENTENCE_END = re.compile(r"[.!?…,;]$")

Lines = list[str]


MOST_HEADING_WORDS = 9
_ALONE = re.compile(r"[A-ZÀ-ÞĀ-Ž¿¡\"“„«\d][^\n@/]{2,68}[\w)\"”»?]")
"""A line of its own: a title begins big and ends in no full stop; an address or a link is none."""


def read_plain(text: str) -> tuple[RawBlock, ...]:
    """The blocks of a plain text, in order; `[1]` is linked to its footnote's address."""
    lines = strip_invisible(text).split("\n")
    notes = {match[1]: match[2] for match in map(_FOOTNOTE.fullmatch, lines) if match}
    body = [line for line in lines if not _FOOTNOTE.fullmatch(line)]
    drafts = []
    for ruled, paragraph in _paragraphs(body):
        for number, draft in enumerate(_drafts(paragraph, notes)):
            drafts.append(_ruled(draft) if ruled and number == 0 else draft)
    return tuple(draft for draft in drafts if draft.text)


def _ruled(draft: RawBlock) -> RawBlock:
    return RawBlock(draft.kind, draft.text, draft.links, draft.level, after_rule=True)


def _paragraphs(lines: Lines) -> Iterator[tuple[bool, Lines]]:
    """Runs of lines that belong together, and whether a line across the page stands before."""
    run: Lines = []
    ruled = False
    for line in [*lines, ""]:
        underlines = len(run) == 1 and _UNDERLINE.fullmatch(line.strip())
        if underlines:
            yield ruled, ["# " + run[0].strip()]
            run, ruled = [], False
        elif not line.strip() or _RULE.fullmatch(line):
            if run:
                yield ruled, run
                run, ruled = [], False
            ruled = ruled or bool(line.strip())
        else:
            run.append(line)


def _drafts(paragraph: Lines, notes: dict[str, str]) -> Iterator[RawBlock]:
    if len(paragraph) > 1 and _heading(collapse_whitespace(paragraph[0]))[1] == 2:
        yield from _drafts(paragraph[:1], notes)
        paragraph = paragraph[1:]
    for kind, lines in _kinds(paragraph):
        text = collapse_whitespace(" ".join(lines))
        level = 0
        if kind is BlockKind.PARAGRAPH and len(lines) == 1:
            kind, level, text = _heading(text)
        yield _linked(kind, text, level, notes)


def _kinds(paragraph: Lines) -> Iterator[tuple[BlockKind, Lines]]:
    """Split a run of lines where a list item or a quotation begins or ends."""
    kind, run = BlockKind.PARAGRAPH, list[str]()
    for line in paragraph:
        begins, told = _begins(line)
        if begins is BlockKind.LIST_ITEM or (begins is not kind and not _goes_on(kind, begins)):
            if run:
                yield kind, run
            kind, run = begins, []
        run.append(told)
    yield kind, run


def _begins(line: str) -> tuple[BlockKind, str]:
    if line.lstrip().startswith(">"):
        return BlockKind.QUOTATION, line.lstrip("> \t")
    if item := _ITEM.match(line):
        return BlockKind.LIST_ITEM, line[item.end() :]
    return BlockKind.PARAGRAPH, line


def _goes_on(kind: BlockKind, begins: BlockKind) -> bool:
    return kind is BlockKind.LIST_ITEM and begins is BlockKind.PARAGRAPH


def _heading(text: str) -> tuple[BlockKind, int, str]:
    """Markdown's hashes, a short line in capitals, or a few words that stand alone and end in nothing."""
    if hashes := _MARKDOWN_HEADING.match(text):
        return BlockKind.HEADING, len(hashes[1]), text[hashes.end() :].rstrip("# ")
    bold = len(text) <= 100 and text.startswith("**") and text.endswith("**")
    shouted = len(text) <= 80 and text.isupper() and sum(map(str.isalpha, text)) >= 4
    if (bold or shouted) and not _SENTENCE_END.search(text.strip("*")):
        return BlockKind.HEADING, 2, text.strip("* ")
    if _ALONE.fullmatch(text) and len(text.split()) <= MOST_HEADING_WORDS:
        return BlockKind.HEADING, 3, text
    return BlockKind.PARAGRAPH, 0, text


def _linked(kind: BlockKind, text: str, level: int, notes: dict[str, str]) -> RawBlock:
    """Addresses leave the text and become its links, unless they are all there is."""
    links = [Link(match[1], match[2]) for match in _MARKDOWN_LINK.finditer(text)]
    text = _MARKDOWN_LINK.sub(r"\1", text)
    links += [Link(f"[{n}]", notes[n]) for n in _MARK.findall(text) if n in notes]
    text = _MARK.sub(lambda mark: "" if mark[1] in notes else mark[0], text)
    links += [Link(url, url) for url in _URL.findall(text)]
    told = collapse_whitespace(_URL.sub("", text))
    bare = not any(map(str.isalnum, told))
    told = text if bare else re.sub(r"(?<!\s)\s*+[(\[]\s*+[)\]]", "", told)
    return RawBlock(kind, told.strip(), tuple(links), level)
