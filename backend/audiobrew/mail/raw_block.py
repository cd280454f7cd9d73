"""A block before it has an id: its text, and its place in the mail."""

from collections.abc import Iterator
from dataclasses import dataclass

from audiobrew.mail.newsletter import BlockKind, BlockRole, Link
from audiobrew.mail.text_cleanup import count_words


@dataclass(frozen=True, slots=True, eq=False)
class Box:
    """An area of the page, nested in its parent.

    `names` are the element's tag, classes and id in lower case; `tinted`, whether it has a background or a
    border of its own.
    """

    parent: "Box | None" = None
    names: str = ""
    tinted: bool = False

    def with_ancestors(self) -> Iterator["Box"]:
        """This box and every box around it, innermost first."""
        box: Box | None = self
        while box:
            yield box
            box = box.parent


PAGE_BOX = Box()


@dataclass(frozen=True, slots=True)
class RawBlock:
    """One block as it was extracted from the mail.

    `level` is a heading's level, 1 to 6, and 0 for other blocks; `after_rule` is true if a
    horizontal rule precedes the block; `small`, if it is printed smaller than running text;
    `box` is the innermost area of the page around it; `after_picture` is true if a picture precedes the
    block, `picture_text` is that picture's alternative text and `picture_url` its link; `button` is true if
    it is drawn as a button; `anchored`, if it is a link to another place in the mail; `bold` and `italic`, if
    all of it is; `paid`, if a link in it is declared as paid for; `mails`, if a link in it writes a mail;
    `role` is what its markup says that it is.
    """

    kind: BlockKind
    text: str
    links: tuple[Link, ...] = ()
    level: int = 0
    after_rule: bool = False
    small: bool = False
    box: Box = PAGE_BOX
    after_picture: bool = False
    picture_text: str = ""
    picture_url: str = ""
    button: bool = False
    anchored: bool = False
    bold: bool = False
    italic: bool = False
    paid: bool = False
    mails: bool = False
    role: BlockRole | None = None

    @property
    def caption(self) -> bool:
        """Whether the page calls the block a caption."""
        return self.role is BlockRole.CAPTION

    @property
    def word_count(self) -> int:
        return count_words(self.text)

    @property
    def is_plain(self) -> bool:
        """Whether the block has neither a link nor a button, and is not in small print."""
        return not self.links and not self.small and not self.button

    @property
    def link_share(self) -> float:
        """The share of the text that consists of links, from 0 to 1."""
        link_characters = sum(len(link.text) for link in self.links)
        return min(1.0, link_characters / len(self.text)) if self.text else 0.0
