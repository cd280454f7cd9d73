"""Find the link by which readers leave a list: the sign of a newsletter that has no list headers."""

import re
from collections.abc import Sequence

from audiobrew.mail.cuts.phrases import PhraseBook
from audiobrew.mail.raw_block import RawBlock

# Characters. A longer block with such words and a link is a story about leaving lists.
MAX_CHARACTERS = 600
_URL = re.compile(
    r"unsubscri|opt-?_?out|list-manage\.com|abmeld|abbestell|desabonn|desinscri|disiscri|afmeld|uitschrijv|wypis",
    re.IGNORECASE,
)
# Words for leaving. The phrases also match links to settings, which customers have, too.
_LEAVING = re.compile(
    r"un-?subscri|opt[- ]out|abmeld|abbestell|austrag|désabonn|désinscri|baja|anular|cancel|disiscri|annull"
    r"|descadastr|uitschrijv|afmeld|avregistr|avanmäl|avmeld|peru|wypis|rezygn|odhlás|leiratkoz|dezabon|διαγραφ"
    r"|отпис|відпис|abonelik|수신거부|수신 거부|구독|退订|退訂|取消|停止|解除"
    r"|إلغاء|להסרה|הסר|सदस्यता|hủy|berhenti",
    re.IGNORECASE,
)


def has_unsubscribe_link(blocks: Sequence[RawBlock], phrases: PhraseBook) -> bool:
    """Whether a block offers to leave the list, and has a link to do so."""
    return any(
        block.links
        and len(block.text) <= MAX_CHARACTERS
        and (
            any(_URL.search(link.url[:1_000]) for link in block.links)
            or (phrases["unsubscribe"].search(block.text) and _LEAVING.search(block.text))
        )
        for block in blocks
    )
