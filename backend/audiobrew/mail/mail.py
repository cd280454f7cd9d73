"""A mail in a listener's inbox, and its problems."""

from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from uuid import UUID

from audiobrew.mail.newsletter import Newsletter
from audiobrew.problems import Problem


class MailNotFound(Problem):
    """There is no such mail in your inbox."""

    type = "mail-not-found"
    status = HTTPStatus.NOT_FOUND


class NoSuchBlock(Problem):
    """This mail has no such block. Load the mail again."""

    type = "no-such-block"
    status = HTTPStatus.CONFLICT


class InboxFull(Problem):
    """Your inbox is full. Delete mails that you no longer need, then try again."""

    type = "inbox-full"
    status = HTTPStatus.CONFLICT


@dataclass(frozen=True, slots=True)
class MailSize:
    """The number of a mail's blocks that are not cut, and of their characters."""

    id: UUID
    language: str
    bulk: bool
    blocks: int
    characters: int


@dataclass(frozen=True, slots=True)
class MailCopy:
    """Another copy of the same issue.

    `is_newer`: it is told instead. `in_episode`: a finished episode covers it. `is_changed`: its text differs
    by more than a greeting.
    """

    id: UUID
    subject: str
    received_at: datetime
    is_newer: bool
    in_episode: bool
    is_changed: bool


@dataclass(frozen=True, slots=True)
class StoredMail:
    """A listener's mail with the counts of its blocks.

    `newsletter.blocks` is empty when mails are listed; `newsletter.bulk` is as `marked` says, if the listener
    marked the sender. `is_new` is true for a newsletter that no finished episode has covered yet and that can
    be covered. `copies` are the other copies of the same issue, newest first.
    """

    id: UUID
    newsletter: Newsletter
    uncut_count: int
    cut_count: int
    is_new: bool = True
    marked: bool | None = None
    copies: tuple[MailCopy, ...] = ()

    @property
    def size(self) -> MailSize:
        """The size, counted from the blocks. Wrong for listed mails, which have no blocks."""
        newsletter = self.newsletter
        lengths = [len(block.text) for block in newsletter.uncut_blocks]
        return MailSize(self.id, newsletter.language, newsletter.bulk, len(lengths), sum(lengths))
