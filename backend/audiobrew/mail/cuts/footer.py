"""Where a newsletter is over: the footer, from its first sure sign to the last line."""

import re
from collections.abc import Sequence

from audiobrew.mail.cuts.phrases import (
    ADDRESS,
    COPYRIGHT,
    LEGAL,
    LEGAL_LINKS,
    RIGHTS,
    UNSUBSCRIBE,
    WHY_SENT,
)
from audiobrew.mail.newsletter import BlockKind, Cut
from audiobrew.mail.raw_block import RawBlock

_SENTENCES = re.compile(r"(?<=[.!?])\s+(?=\S)")
_QUOTES = "“„«‹‘\"'"
_EARLIEST = 0.4
"""A footer begins in the last three fifths; in a mail that is only a footer, anywhere."""
_MOST_OTHER_WORDS = 90
_LONGEST_OTHER = 45
_ONLY_FOOTER = 40  # words before it: there is nothing else in the mail


def find_footer(drafts: Sequence[RawBlock]) -> dict[int, Cut]:
    """The drafts of the footer, and lines elsewhere that could only be one."""
    signs = {
        n: cut for n, draft in enumerate(drafts) if (cut := footer_reason(draft, _late(n, drafts)))
    }
    start = _start(drafts, signs)
    tail = {n: signs.get(n) or _tail_kind(drafts[n]) for n in range(start, len(drafts))}
    return signs | tail


def footer_reason(draft: RawBlock, late: bool) -> Cut | None:
    """What a single block says of itself, by its words, its length and its links."""
    if draft.kind is BlockKind.QUOTATION:
        return None
    if _way_out(draft, late) or (_mostly(WHY_SENT, draft.text) and draft.word_count <= 60):
        return Cut.FOOTER
    if _is_copyright(draft) or (late and _is_short(draft) and ADDRESS.match(draft.text)):
        return Cut.FOOTER
    if (
        draft.word_count <= 250
        and _mostly(LEGAL, draft.text)
        and (late or draft.small or draft.word_count <= 35)
    ):
        return Cut.LEGAL
    first = _SENTENCES.split(draft.text, maxsplit=1)[0]
    if draft.word_count <= 60 and (late or draft.small) and _says(LEGAL, first):
        return Cut.LEGAL
    if (
        draft.word_count <= 15
        and LEGAL_LINKS.search(draft.text)
        and (late or draft.link_share > 0.5)
    ):
        return Cut.LEGAL
    return None


def _is_short(draft: RawBlock) -> bool:
    return draft.word_count <= 25 and len(draft.text) <= 250


def _way_out(draft: RawBlock, late: bool) -> bool:
    """A link that leads off the list, or a short line near the end that tells how."""
    linked = (
        any(len(link.text.split()) <= 8 and UNSUBSCRIBE.search(link.text) for link in draft.links)
        and draft.word_count <= 90
    )
    told = draft.word_count <= 40 and late and UNSUBSCRIBE.search(draft.text) is not None
    short = draft.word_count <= 6 and UNSUBSCRIBE.match(draft.text) is not None
    if linked and not late and draft.word_count > 25:
        return _mostly(UNSUBSCRIBE, draft.text)
    if told and not linked and draft.word_count > 12 and not draft.small:
        return _addressed(draft.text)
    return linked or told or (short and draft.kind is not BlockKind.HEADING)


_ADDRESSED = re.compile(
    r"(?:^to unsubscribe|\b(?:unsubscribe (?:here|at|from this|by|at any)|click|you can|reply|visit|"
    r"this (?:newsletter|e-?mail)|our (?:newsletter|e-?mails)|mailing"
    r"|klick\w*|hier|sie können|du kannst|diese\w* newsletter|cliquez|pour vous|vous pouvez|"
    r"cette (?:lettre|newsletter)|haz clic|puedes|puede|si no|clicca|puoi|per "
    r"|clique|você pode|para (?:cancelar|deixar|darte|dejar)|klik|je kunt|u kunt|wil je)\b)",
    re.IGNORECASE,
)


def _addressed(text: str) -> bool:
    """Whether the sentence speaks to its reader, rather than of leaving lists in general."""
    return any(UNSUBSCRIBE.search(s) and _ADDRESSED.search(s) for s in _SENTENCES.split(text))


def _is_copyright(draft: RawBlock) -> bool:
    begins = COPYRIGHT.match(draft.text) is not None and draft.word_count <= 60
    return begins or (draft.word_count <= 40 and RIGHTS.search(draft.text) is not None)


def _mostly(phrases: re.Pattern[str], text: str) -> bool:
    """Whether the sentences with such a phrase make up at least half of the text."""
    sentences = _SENTENCES.split(text)
    said = sum(len(sentence) for sentence in sentences if _says(phrases, sentence))
    return said * 2 >= len(text) > 0


def _says(phrases: re.Pattern[str], sentence: str) -> bool:
    """Whether it has such a phrase, and not in quotation marks: then it is about the phrase."""
    return any(
        sentence[found.start() - 1 : found.start()] not in tuple(_QUOTES)
        for found in phrases.finditer(sentence)
    )


def _late(number: int, drafts: Sequence[RawBlock]) -> bool:
    return number >= len(drafts) * 0.6 or number >= len(drafts) - 8


def _start(drafts: Sequence[RawBlock], signs: dict[int, Cut]) -> int:
    """The first sign after which little else is said; past the end when there is none."""
    start, other = len(drafts), 0
    before = sum(draft.word_count for draft in drafts)
    for number in range(len(drafts) - 1, -1, -1):
        words = drafts[number].word_count
        before -= words
        other += 0 if number in signs else words
        if other > _MOST_OTHER_WORDS or (number not in signs and words > _LONGEST_OTHER):
            break
        if number in signs and (number >= len(drafts) * _EARLIEST or before < _ONLY_FOOTER):
            start = number
    return start


def _tail_kind(draft: RawBlock) -> Cut:
    return Cut.LEGAL if LEGAL.search(draft.text) or LEGAL_LINKS.search(draft.text) else Cut.FOOTER
