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


class BlockRole(StrEnum):
    """What a block is for, where its kind does not say it.

    Roles refine kinds instead of adding to them: clients of the API were promised that a block has one
    of five kinds, and ids of blocks depend on kinds (see decision 28).
    """

    CODE = "code"
    # The text is the image's alternative text.
    IMAGE = "image"
    CAPTION = "caption"
    # Of an interview. A statement that is answered is a question, too.
    QUESTION = "question"
    ANSWER = "answer"
    BYLINE = "byline"
    FOOTNOTE = "footnote"
    # One item of a list of links: a headline without a story.
    LINK = "link"


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
    when the mail is read again. `cut` is None for a block that may be read aloud. `level` is that of a
    heading, 1 to 6, and 0 for other blocks and for mails that were read before levels were kept. `restored`:
    whether the listener said that blocks like this one are told. `doubt` is the probability that an uncut
    block is boilerplate, and 0 for mails that were read before it was kept.
    """

    id: str
    kind: BlockKind
    text: str
    links: tuple[Link, ...] = ()
    cut: Cut | None = None
    level: int = 0
    role: BlockRole | None = None
    restored: bool = False
    doubt: float = 0.0


@dataclass(frozen=True, slots=True)
class Newsletter:
    """The content of one mail.

    `digest` is the SHA-256 of its bytes in hex. `key` identifies the newsletter across issues: its
    List-Id, or else the sender's address. `language` is an ISO 639-1 code. `bulk` is true if the
    headers say that the mail went to a list, or it has a link to unsubscribe; other mail is not a
    newsletter. Of a forwarded mail, all fields are those of the mail in it.
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
    def sender_domain(self) -> str:
        """The domain of the mail's From address, or an empty string."""
        return self.address.rpartition("@")[2].strip(".").lower()

    @property
    def uncut_blocks(self) -> tuple[Block, ...]:
        """The blocks that may be read aloud."""
        return tuple(block for block in self.blocks if block.cut is None)
