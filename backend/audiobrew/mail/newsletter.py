"""A mail as a list of blocks that can be cited."""

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
    """Why a block is not read aloud."""

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
    when the mail is read again. `cut` is None for a block that may be read aloud.
    """

    id: str
    kind: BlockKind
    text: str
    links: tuple[Link, ...] = ()
    cut: Cut | None = None


@dataclass(frozen=True, slots=True)
class Newsletter:
    """The content of one mail.

    `digest` is the SHA-256 of its bytes in hex. `key` identifies the newsletter across issues: its
    List-Id, or else the sender's address. `language` is an ISO 639-1 code. `bulk` is true if the
    headers say that the mail went to a list; other mail is not a newsletter.
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
        """The blocks that may be read aloud."""
        return tuple(block for block in self.blocks if block.cut is None)
