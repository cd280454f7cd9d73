"""Find blocks that only lead elsewhere: buttons, menus, contents, calls to share or to follow."""

import re
from collections.abc import Sequence

from audiobrew.mail.cuts.phrases import (
    CALL_TO_ACTION,
    FOLLOW_US,
    READING_TIME,
    SHARING,
    SOCIAL,
    TABLE_OF_CONTENTS,
    VIEW_IN_BROWSER,
)
from audiobrew.mail.newsletter import BlockKind
from audiobrew.mail.raw_block import RawBlock

# Blocks that a newsletter's masthead may have: its name, its date, its author.
_MASTHEAD_BLOCKS = 8
_CLAUSES = re.compile(r"[.!?;:,–—]\s+")
_NUMBER = (
    r"(?:issue|no\.?|nr\.?|number|vol\.?|volume|edition|ausgabe|folge|numéro|n[°º]|número|"
    r"numero|edição|editie|nummer|#)"
)
_MONTH = (
    r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|mär|mai|okt|dez|janv|févr|mars|avr|juin"
    r"|juil|août|déc|ene|abr|ago|dic|gen|mag|giu|lug|set|ott|fev|out|mrt|mei)[a-zéûôçäö]*\.?"
)
_DATE = re.compile(
    rf"{_NUMBER}\s*#?\d{{1,5}}|(?<!\w)\d{{1,2}}(?:st|nd|rd|th|\.|º)?\s+(?:de\s+)?{_MONTH}(?!\w)"
    rf"|(?<!\w){_MONTH}\s+\d{{1,2}}(?!\d)|(?<!\d)\d{{1,4}}[-/.]\d{{1,2}}[-/.]\d{{2,4}}(?!\d)",
    re.IGNORECASE,
)
_BYLINE = re.compile(
    r"(?i:by|von|par|por|di|door|text|words:?)\s+(?:[A-ZÀ-Þ][\w.’'-]*+(?:\s|,|&|and|"
    r"und|en|et|e|y)*+){1,6}+"
)
_SEPARATORS = re.compile(r"\s*[|·•∙/–—>»→,&+]+\s*|\s{2,}")
_EDGE_CHARACTERS = " \t.!:→›»>▶►👉↗⬇️()[]"


def find_navigation(blocks: Sequence[RawBlock], sender: str = "") -> set[int]:
    """The numbers of the blocks that lead elsewhere. `sender` is the newsletter's display name."""
    navigation = {
        number for number, block in enumerate(blocks) if is_navigation(block, number, blocks)
    }
    masthead = find_masthead(blocks[:_MASTHEAD_BLOCKS], sender)
    return navigation | find_table_of_contents(blocks) | masthead


def is_navigation(block: RawBlock, number: int, blocks: Sequence[RawBlock]) -> bool:
    if block.kind is BlockKind.QUOTATION:
        return False
    near_edge = number < 5 or number >= len(blocks) - 10
    return (
        (number < _MASTHEAD_BLOCKS and (is_dateline(block) or is_byline(block)))
        or (
            block.word_count <= 25
            and VIEW_IN_BROWSER.search(block.text) is not None
            and (near_edge or block.link_share > 0.4)
        )
        or is_button(block)
        or is_menu(block)
        or consists_of(SOCIAL, block.text)
        or READING_TIME.fullmatch(block.text) is not None
        or is_call_to_share(block, near_edge)
        or not any(map(str.isalnum, block.text))
    )


def is_dateline(block: RawBlock) -> bool:
    """Whether the block is the issue's number or date, with few words around it and no sentence."""
    short = block.word_count <= 14 and len(block.text) <= 120 and not block.level
    return short and block.text[-1:] not in ".!?" and _DATE.search(block.text) is not None


def is_byline(block: RawBlock) -> bool:
    """Whether the block names the author: "By Ada Brook", or a name that is a link as a whole."""
    if block.kind is not BlockKind.PARAGRAPH or block.word_count > 8 or len(block.text) > 100:
        return False
    is_linked_name = block.word_count <= 3 and block.link_share >= 0.9 and block.text.istitle()
    return is_linked_name or _BYLINE.fullmatch(block.text) is not None


def is_button(block: RawBlock) -> bool:
    """Whether the block is a bare URL, or a short line that is one link and begins as buttons do."""
    is_link = block.link_share >= 0.9 or re.fullmatch(r"https?://\S+", block.text) is not None
    if block.text.lower().startswith(("http://", "https://")) and block.word_count == 1:
        return True
    label = block.text.strip(_EDGE_CHARACTERS)
    short = block.word_count <= 5 and block.kind is not BlockKind.TABLE_ROW
    return short and is_link and CALL_TO_ACTION.fullmatch(label) is not None


def is_menu(block: RawBlock) -> bool:
    """Whether the block is two or more links of a few words each, with only marks between them."""
    if block.kind in (BlockKind.TABLE_ROW, BlockKind.HEADING) or len(block.links) < 2:
        return False
    brief = all(len(link.text.split()) <= 4 for link in block.links)
    rest = block.text
    for link in block.links:
        rest = rest.replace(link.text, "", 1)
    return brief and not any(map(str.isalnum, rest))


def consists_of(phrases: re.Pattern[str], text: str) -> bool:
    """Whether every piece between separators is one of the phrases, as in "Twitter | LinkedIn"."""
    if len(text) > 120:
        return False
    pieces = [piece.strip(_EDGE_CHARACTERS) for piece in _SEPARATORS.split(text)]
    words = [
        word
        for piece in pieces
        if piece
        for word in ([piece] if phrases.fullmatch(piece) else piece.split())
    ]
    return bool(words) and all(phrases.fullmatch(word) for word in words)


def is_call_to_share(block: RawBlock, near_edge: bool) -> bool:
    """Whether the block is a short call to share, to follow, to subscribe or to rate."""
    if block.word_count > 45 or not (SHARING.search(block.text) or FOLLOW_US.search(block.text)):
        return False
    return (block.word_count <= 12 and (near_edge or block.link_share > 0.3)) or (
        (near_edge or block.link_share > 0.15) and addresses_reader(block.text)
    )


def addresses_reader(text: str) -> bool:
    """Whether the text asks a question, or has a clause that begins with a request."""
    return "?" in text or any(map(is_request, _CLAUSES.split(text)))


def is_request(clause: str) -> bool:
    first_words = " ".join(clause.split()[:4])
    return (
        any(phrases.search(first_words) is not None for phrases in (SHARING, FOLLOW_US))
        or CALL_TO_ACTION.fullmatch(first_words) is not None
    )


def find_masthead(first_blocks: Sequence[RawBlock], sender: str) -> set[int]:
    """The newsletter's own name at its top. The episode names the newsletter anyway."""
    name = _normalize(sender)
    return {
        number
        for number, block in enumerate(first_blocks)
        if name and _normalize(block.text) == name
    }


def find_table_of_contents(blocks: Sequence[RawBlock]) -> set[int]:
    """The line that announces the contents, and lines that repeat a heading further down."""
    heading_numbers: dict[str, int] = {}
    for number, block in enumerate(blocks):
        if block.kind is BlockKind.HEADING:
            heading_numbers[_normalize(block.text)] = number
    entries = {
        number
        for number, block in enumerate(blocks)
        if block.kind is not BlockKind.HEADING
        and heading_numbers.get(_normalize(block.text), -1) > number
    }
    return entries | {
        number for number, block in enumerate(blocks) if TABLE_OF_CONTENTS.fullmatch(block.text)
    }


def _normalize(text: str) -> str:
    return re.sub(r"\W+", " ", text).strip().casefold()
