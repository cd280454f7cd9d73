"""Find what a reply quotes of the mail that it answers.

Mailing lists deliver replies as they deliver newsletters, and most of their text was in an earlier mail. A
quotation in a mail that answers nothing is content.
"""

import re
from collections.abc import Iterator, Sequence

from audiobrew.mail.cuts.mail_context import MailContext
from audiobrew.mail.forwards import find_head
from audiobrew.mail.newsletter import BlockKind
from audiobrew.mail.raw_block import RawBlock

# Parts of the classes and ids that mail programs give to the mail that is answered. Others give it a type.
_QUOTE_PARTS = (
    "gmail_quote", "gmail_extra", "yahoo_quoted", "protonmail_quote", "tutanota_quote", "zmail_extra",
    "moz-cite", "divrplyfwdmsg", "mail_quote", "mailquote", "outlookmessageheader",
)  # fmt: skip
# The line above a quotation: who wrote it, and when.
_MAX_ATTRIBUTION = 300
_COLON = (":", "：")
_ADDRESS = re.compile(r"[^\s<>@]{1,64}@[^\s<>@]{1,255}")
_TIME = re.compile(r"(?<!\d)(?:\d{1,2}[:.h]\d{2}|\d{4}|\d{1,2}[./]\d{1,2}[./]\d{2})(?!\d)")


def find_quoted_mail(blocks: Sequence[RawBlock], mail: MailContext) -> set[int]:
    """The blocks of the mail that a reply quotes, with the line above them that says who wrote it."""
    if not mail.is_reply:
        return set()
    numbers = set(quoted_blocks(blocks))
    head = find_head(blocks)
    if head and head.end < len(blocks):
        numbers |= set(range(head.start, len(blocks)))
    attributions = {
        number - 1
        for number in numbers
        if number and number - 1 not in numbers and is_attribution(blocks[number - 1])
    }
    return numbers | attributions


def quoted_blocks(blocks: Sequence[RawBlock]) -> Iterator[int]:
    """In plain text every quotation is the earlier mail; in HTML, only one that a mail program marks or
    introduces."""
    is_introduced = False
    for number, block in enumerate(blocks):
        names = [box.names for box in block.box.with_ancestors()]
        is_marked = any(is_quote(name) for name in names)
        is_plain = not any(name.startswith("blockquote") for name in names)
        is_quotation = block.kind is BlockKind.QUOTATION
        if is_marked or (is_quotation and (is_plain or is_introduced or is_attribution(block))):
            yield number
            is_introduced = True
        else:
            is_introduced = is_attribution(block)


def is_quote(names: str) -> bool:
    """Whether the names of a box are those of a mail that is answered."""
    return any(part in names for part in _QUOTE_PARTS) or (
        names.startswith("blockquote ") and names.endswith(" cite")
    )


def is_attribution(block: RawBlock) -> bool:
    """Whether a line says who wrote the mail that is quoted below, and when."""
    text = block.text.rstrip()
    return (
        len(text) <= _MAX_ATTRIBUTION
        and text.endswith(_COLON)
        and bool(_ADDRESS.search(text) or _TIME.search(text))
    )
