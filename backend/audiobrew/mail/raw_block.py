"""A block before it has an id: its text, and where in the mail it stood."""

from collections.abc import Iterator
from dataclasses import dataclass

from audiobrew.mail.newsletter import BlockKind, Link


@dataclass(frozen=True, slots=True, eq=False)
class Box:
    """An area of the page, and the names its sender gave it; boxes lie in one another."""

    parent: "Box | None" = None
    names: str = ""

    def with_ancestors(self) -> Iterator["Box"]:
        """This box and all it lies in, from the inside out."""
        box: Box | None = self
        while box:
            yield box
            box = box.parent


PAGE_BOX = Box()


@dataclass(frozen=True, slots=True)
class RawBlock:
    """One block as found.

    `level` is a heading's (1 to 6, else 0); `after_rule` says that a line across the page stands
    before it; `small` that it is printed smaller than running text; `box` is where it lies.
    """

    kind: BlockKind
    text: str
    links: tuple[Link, ...] = ()
    level: int = 0
    after_rule: bool = False
    small: bool = False
    box: Box = PAGE_BOX

    @property
    def word_count(self) -> int:
        return len(self.text.split())

    @property
    def link_share(self) -> float:
        """The share of the text that is links, 0 to 1."""
        inside = sum(len(link.text) for link in self.links)
        return min(1.0, inside / len(self.text)) if self.text else 0.0
