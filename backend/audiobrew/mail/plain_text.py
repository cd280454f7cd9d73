"""Read a plain text mail into blocks: paragraphs, quotations, list items and headings."""

import re
from collections.abc import Iterator
from dataclasses import replace

from audiobrew.mail.code import split_code, tidy_code
from audiobrew.mail.newsletter import BlockKind, BlockRole, Link
from audiobrew.mail.raw_block import RawBlock
from audiobrew.mail.text_cleanup import collapse_whitespace, strip_invisible

_RULE = re.compile(r"[\s\-–—_=*•·~#+.\u2500-\u257f\u2580-\u259f＊＝－─━═ー…※☆★◆◇■□]{3,}")
_UNDERLINE = re.compile(r"(=|-|~|\*){3,}")
_LIST_ITEM = re.compile(r"\s{0,8}(?:(?:[•●▪◦‣*+–-]|\d{1,2}[.)])\s+(?=\S)|・(?=\S))")
# A line that a mark makes a title, in Japanese and Chinese mails; and a label that stands alone.
_MARKED_TITLE = re.compile(r"[■◆◇□▼▽★☆●○◎]\s*+(?=[^\s■◆◇□▼▽★☆●○◎])[^\n。！？]{2,40}")
_BRACKETED = re.compile(r"[\[【［＜<〔][^\[\]【】\n]{1,24}[\]】］＞>〕]")
_WIDE = re.compile("[\u1100-\u11ff\u2e80-\u9fff\uac00-\ud7af\uff00-\uffef]")
_FOOTNOTE = re.compile(r"\s{0,8}\[(\d{1,3})\]:?\s+<?(https?://[^\s<>]{1,2000})>?\s*")
_FOOTNOTE_MARK = re.compile(r"\s?\[(\d{1,3})\]")
_URL = re.compile(r"<?(https?://[^\s<>()\[\]]{1,2000})>?")
_MARKDOWN_HEADING = re.compile(r"(#{1,6})\s+(?=\S)")
_MARKDOWN_LINK = re.compile(r"\[([^\[\]]{1,300})\]\((https?://[^\s()]{1,2000})\)")
# Question and answer of an interview, by the initials of their words in several languages.
_SPEAKER = re.compile(r"(?:Q|A|F|P|R|D)\s?:\s+(?=\S)")
_SENTENCE_END = re.compile(r"[.!?…,;]$")
# A paragraph in Markdown's italics.
_ITALIC = re.compile(r"([*_])(?![*_\s])[^*_]{2,400}\1")

Lines = list[str]
MAX_HEADING_WORDS = 9
# Columns. A line that is shorter than this share of the width of the mail ends where its sender broke it.
_MAX_WIDTH = 72
_SHORT_LINE = 0.55
_UNSPACED_EDGE = re.compile("[\u3000-\u9fff\uff00-\uffef]")
# A line that may be a title: it begins with a capital, a digit or a quotation mark and ends without a
# full stop. An email address or a link is none.
_TITLE_LINE = re.compile(r"[A-ZÀ-ÞĀ-Ž¿¡\"“„«\d][^\n@/]{2,68}[\w)\"”»?]")


def read_plain(text: str) -> tuple[RawBlock, ...]:
    """The blocks of a plain text in order. A mark such as `[1]` becomes a link to its footnote's URL."""
    lines = strip_invisible(text).split("\n")
    footnotes = {match[1]: match[2] for match in map(_FOOTNOTE.fullmatch, lines) if match}
    body = [line for line in lines if not _FOOTNOTE.fullmatch(line)]
    width = min(_MAX_WIDTH, max(map(display_width, body), default=0))
    blocks: list[RawBlock] = []
    for is_code, part in split_code(body):
        if is_code:
            text = tidy_code("\n".join(part))
            blocks.append(RawBlock(BlockKind.PARAGRAPH, text, role=BlockRole.CODE))
        else:
            blocks += read_prose(part, footnotes, width)
    return tuple(block for block in blocks if block.text)


def read_prose(lines: Lines, footnotes: dict[str, str], width: int) -> Iterator[RawBlock]:
    for after_rule, paragraph in split_paragraphs(lines):
        for number, block in enumerate(read_paragraph(paragraph, footnotes, width)):
            yield replace(block, after_rule=True) if after_rule and number == 0 else block


def split_paragraphs(lines: Lines) -> Iterator[tuple[bool, Lines]]:
    """Each run of lines that belong together, and whether a horizontal rule precedes it.

    An underlined line becomes a Markdown heading.
    """
    run: Lines = []
    after_rule = False
    for line in [*lines, ""]:
        if len(run) == 1 and _UNDERLINE.fullmatch(line.strip()):
            yield after_rule, ["# " + run[0].strip()]
            run, after_rule = [], False
        elif not line.strip() or _RULE.fullmatch(line):
            if run:
                yield after_rule, run
                run, after_rule = [], False
            after_rule = after_rule or bool(line.strip())
        else:
            run.append(line)


def read_paragraph(paragraph: Lines, footnotes: dict[str, str], width: int) -> Iterator[RawBlock]:
    """The blocks of a run of lines. `width` is that of the mail's longest lines."""
    if len(paragraph) > 1 and is_title(collapse_whitespace(paragraph[0])):
        yield from read_paragraph(paragraph[:1], footnotes, width)
        paragraph = paragraph[1:]
    for kind, run in split_by_kind(paragraph):
        is_paragraph = kind is BlockKind.PARAGRAPH
        parts = split_at_short_lines(run, width) if is_paragraph else [run]
        for lines in parts:
            text = collapse_whitespace(join_lines(lines))
            part_kind, level = kind, 0
            if is_paragraph and len(lines) == 1 and len(parts) == 1:
                part_kind, level, text = classify_line(text)
            yield extract_links(part_kind, text, level, footnotes)


def is_title(line: str) -> bool:
    """Whether the first of several lines is a title, or a label in brackets."""
    return classify_line(line)[1] == 2 or _BRACKETED.fullmatch(line) is not None


def split_at_short_lines(lines: Lines, width: int) -> list[Lines]:
    """Split after each line that ends far before the margin: the sender broke it there."""
    parts: list[Lines] = [[]]
    for line in lines:
        parts[-1].append(line)
        if display_width(line.rstrip()) < _SHORT_LINE * width:
            parts.append([])
    return [part for part in parts if part]


def display_width(line: str) -> int:
    """The columns that a line takes: a letter of Chinese, Japanese or Korean takes two."""
    return len(line) if line.isascii() else len(line) + len(_WIDE.findall(line))


def join_lines(lines: Lines) -> str:
    """Join lines with spaces, but not between letters of scripts without spaces."""
    text = lines[0].strip()
    for line in lines[1:]:
        line = line.strip()
        unspaced = _UNSPACED_EDGE.fullmatch(text[-1:]) and _UNSPACED_EDGE.fullmatch(line[:1])
        text = f"{text}{line}" if unspaced else f"{text} {line}"
    return text


def split_by_kind(paragraph: Lines) -> Iterator[tuple[BlockKind, Lines]]:
    """Split a run of lines wherever a list item or a quotation begins or ends, or another one speaks."""
    run_kind, run = BlockKind.PARAGRAPH, list[str]()
    for line in paragraph:
        line_kind, text = strip_marker(line)
        continues_item = run_kind is BlockKind.LIST_ITEM and line_kind is BlockKind.PARAGRAPH
        begins = line_kind is BlockKind.LIST_ITEM or bool(_SPEAKER.match(text))
        if begins or (line_kind is not run_kind and not continues_item):
            if run:
                yield run_kind, run
            run_kind, run = line_kind, []
        run.append(text)
    yield run_kind, run


def strip_marker(line: str) -> tuple[BlockKind, str]:
    """What the line's marker (`>`, a bullet or a number) says that it is, and the line without it."""
    if line.lstrip().startswith(">"):
        return BlockKind.QUOTATION, line.lstrip("> \t")
    if item := _LIST_ITEM.match(line):
        return BlockKind.LIST_ITEM, line[item.end() :]
    return BlockKind.PARAGRAPH, line


def classify_line(text: str) -> tuple[BlockKind, int, str]:
    """Whether a line that stands alone is a heading or a paragraph, its level and its text.

    Headings are Markdown's `#` lines (level 1 to 6), short lines in bold or capitals (2), and lines
    of a few words without a full stop (3).
    """
    if _MARKED_TITLE.fullmatch(text):
        return BlockKind.HEADING, 2, text[1:].strip()
    if hashes := _MARKDOWN_HEADING.match(text):
        return BlockKind.HEADING, len(hashes[1]), text[hashes.end() :].rstrip("# ")
    bold = len(text) <= 100 and text.startswith("**") and text.endswith("**")
    capitals = len(text) <= 80 and text.isupper() and sum(map(str.isalpha, text)) >= 4
    if (bold or capitals) and not _SENTENCE_END.search(text.strip("*")):
        return BlockKind.HEADING, 2, text.strip("* ")
    if _TITLE_LINE.fullmatch(text) and len(text.split()) <= MAX_HEADING_WORDS:
        return BlockKind.HEADING, 3, text
    return BlockKind.PARAGRAPH, 0, text


def extract_links(kind: BlockKind, text: str, level: int, footnotes: dict[str, str]) -> RawBlock:
    """Move URLs from the text into its links, unless the text consists of nothing else."""
    links = [Link(match[1], match[2]) for match in _MARKDOWN_LINK.finditer(text)]
    text = _MARKDOWN_LINK.sub(r"\1", text)
    links += [Link(f"[{n}]", footnotes[n]) for n in _FOOTNOTE_MARK.findall(text) if n in footnotes]
    text = _FOOTNOTE_MARK.sub(lambda mark: "" if mark[1] in footnotes else mark[0], text)
    links += [Link(url, url) for url in _URL.findall(text)]
    prose = collapse_whitespace(_URL.sub("", text))
    if any(map(str.isalnum, prose)):
        text = re.sub(r"(?<!\s)\s*+[(\[]\s*+[)\]]", "", prose)
    bold = len(text) > 4 and text.startswith("**") and text.endswith("**")
    italic = not bold and bool(_ITALIC.fullmatch(text))
    return RawBlock(kind, text.strip(), tuple(links), level, bold=bold, italic=italic)
