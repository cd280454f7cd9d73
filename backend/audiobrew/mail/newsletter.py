"""One readable mail, as a list of blocks that can be cited."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class BlockKind(StrEnum):
    HEADING = "heading"
    PARAGRAPH = "paragraph"
    LIST_ITEM = "list_item"
    QUOTATION = "quotation"
    TABLE_ROW = "table_row"


class Cut(StrEnum):
    """Why a block is not told."""

    SPONSOR = "sponsor"
    NAVIGATION = "navigation"
    FOOTER = "footer"
    LEGAL = "legal"
    LISTENER = "listener"


@dataclass(frozen=True, slots=True)
class Link:
    text: str
    url: str


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph, heading, list item, quotation or table row.

    The id depends on the mail's bytes and the block's own text, so that it stays the same
    when the mail is read again.
    """

    id: str
    kind: BlockKind
    text: str
    links: tuple[Link, ...] = ()
    cut: Cut | None = None


@dataclass(frozen=True, slots=True)
class Newsletter:
    """A mail, read.

    `digest` is the sha256 of its bytes in hex; `key` names the newsletter across issues
    (its List-Id, else the sender's address); `language` is ISO 639-1; `bulk` is true when the mail's
    headers say that it went to a list, and only then is it a newsletter and not other mail.
    """

    digest: str
    key: str
    sender: str
    address: str
    subject: str
    language: str
    received_at: datetime
    bulk: bool
    blocks: tuple[Block, ...]

    @property
    def uncut_blocks(self) -> tuple[Block, ...]:
        """The blocks that may be spoken."""
        return tuple(block for block in self.blocks if block.cut is None)
