"""Blocks that only lead elsewhere: buttons, menus, contents, calls to share or to follow."""

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

_HEAD = 8
"""How many blocks a newsletter's head may have: its name, its date, its author."""
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
_BY = re.compile(
    r"(?i:by|von|par|por|di|door|text|words:?)\s+(?:[A-ZÀ-Þ][\w.’'-]*+(?:\s|,|&|and|"
    r"und|en|et|e|y)*+){1,6}+"
)
_SEPARATORS = re.compile(r"\s*[|·•∙/–—>»→,&+]+\s*|\s{2,}")
_EDGES = " \t.!:→›»>▶►👉↗⬇️()[]"


def find_navigation(drafts: Sequence[RawBlock], sender: str = "") -> set[int]:
    """The numbers of the drafts that lead elsewhere."""
    found = {number for number, draft in enumerate(drafts) if _leads_away(draft, number, drafts)}
    return found | _contents(drafts) | _masthead(drafts[:_HEAD], sender)


def _leads_away(draft: RawBlock, number: int, drafts: Sequence[RawBlock]) -> bool:
    if draft.kind is BlockKind.QUOTATION:
        return False
    edge = number < 5 or number >= len(drafts) - 10
    return (
        (number < _HEAD and (_is_dateline(draft) or _is_byline(draft)))
        or (
            draft.word_count <= 25
            and VIEW_IN_BROWSER.search(draft.text) is not None
            and (edge or draft.link_share > 0.4)
        )
        or _is_button(draft)
        or _is_menu(draft)
        or _is_only(SOCIAL, draft.text)
        or READING_TIME.fullmatch(draft.text) is not None
        or _calls(draft, edge)
        or not any(map(str.isalnum, draft.text))
    )


def _is_dateline(draft: RawBlock) -> bool:
    """The issue's number or day, with few words around it and no sentence."""
    short = draft.word_count <= 14 and len(draft.text) <= 120 and not draft.level
    return short and draft.text[-1:] not in ".!?" and _DATE.search(draft.text) is not None


def _is_byline(draft: RawBlock) -> bool:
    """Who wrote it: «By Ada Brook», or a name that is a link and nothing else."""
    if draft.kind is not BlockKind.PARAGRAPH or draft.word_count > 8 or len(draft.text) > 100:
        return False
    linked_name = draft.word_count <= 3 and draft.link_share >= 0.9 and draft.text.istitle()
    return linked_name or _BY.fullmatch(draft.text) is not None


def _is_button(draft: RawBlock) -> bool:
    """A short line that is one link and begins as buttons do, or is a bare address."""
    alone = draft.link_share >= 0.9 or re.fullmatch(r"https?://\S+", draft.text) is not None
    if draft.text.lower().startswith(("http://", "https://")) and draft.word_count == 1:
        return True
    said = draft.text.strip(_EDGES)
    short = draft.word_count <= 5 and draft.kind is not BlockKind.TABLE_ROW
    return short and alone and CALL_TO_ACTION.fullmatch(said) is not None


def _is_menu(draft: RawBlock) -> bool:
    """Two or more links side by side, of a few words each, and nothing but marks between."""
    if draft.kind in (BlockKind.TABLE_ROW, BlockKind.HEADING) or len(draft.links) < 2:
        return False
    brief = all(len(link.text.split()) <= 4 for link in draft.links)
    left = draft.text
    for link in draft.links:
        left = left.replace(link.text, "", 1)
    return brief and not any(map(str.isalnum, left))


def _is_only(phrases: re.Pattern[str], text: str) -> bool:
    """Whether every piece between the marks is one of the phrases, as in «Twitter | LinkedIn»."""
    if len(text) > 120:
        return False
    pieces = [piece.strip(_EDGES) for piece in _SEPARATORS.split(text) if piece.strip(_EDGES)]
    words = [
        word
        for piece in pieces
        for word in ([piece] if phrases.fullmatch(piece) else piece.split())
    ]
    return bool(words) and all(phrases.fullmatch(word) for word in words)


def _calls(draft: RawBlock, edge: bool) -> bool:
    """A short call to share, to follow, to subscribe or to give a mark."""
    if draft.word_count > 45 or not (SHARING.search(draft.text) or FOLLOW_US.search(draft.text)):
        return False
    return (draft.word_count <= 12 and (edge or draft.link_share > 0.3)) or (
        (edge or draft.link_share > 0.15) and _asks(draft.text)
    )


def _asks(text: str) -> bool:
    """Whether the reader is spoken to: with a question, or with an order that begins a clause."""
    return "?" in text or any(map(_orders, _CLAUSES.split(text)))


def _orders(clause: str) -> bool:
    head = " ".join(clause.split()[:4])
    return (
        any(phrases.search(head) is not None for phrases in (SHARING, FOLLOW_US))
        or CALL_TO_ACTION.fullmatch(head) is not None
    )


def _masthead(head: Sequence[RawBlock], sender: str) -> set[int]:
    """The newsletter's own name above its news: the listener is told it anyway."""
    name = _plain(sender)
    return {number for number, draft in enumerate(head) if name and _plain(draft.text) == name}


def _contents(drafts: Sequence[RawBlock]) -> set[int]:
    """A list of contents: the line that announces it, and lines that are headings further down."""
    below: dict[str, int] = {}
    for number, draft in enumerate(drafts):
        if draft.kind is BlockKind.HEADING:
            below[_plain(draft.text)] = number
    found = {
        number
        for number, draft in enumerate(drafts)
        if draft.kind is not BlockKind.HEADING and below.get(_plain(draft.text), -1) > number
    }
    return found | {n for n, draft in enumerate(drafts) if TABLE_OF_CONTENTS.fullmatch(draft.text)}


def _plain(text: str) -> str:
    return re.sub(r"\W+", " ", text).strip().casefold()
