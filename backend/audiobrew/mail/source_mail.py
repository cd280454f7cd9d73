"""What can be wrong with a mail that comes from outside."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Self

from audiobrew.problems import Problem


class UnreadableMail(Problem):
    """This file is not a mail that AudioBrew can read."""

    type = "unreadable-mail"
    status = HTTPStatus.UNPROCESSABLE_ENTITY


class MailTooLarge(Problem):
    """This mail is larger than AudioBrew reads."""

    type = "mail-too-large"
    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE

    @classmethod
    def of(cls, most: int) -> Self:
        """The problem of a mail with more than `most` bytes."""
        return cls(
            f"This mail is too large: AudioBrew reads mails up to {most / 2**20:.0f} MB. Save it again"
            " without its attachments."
        )


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file or a mail that was skipped, and the reason in words for the listener."""

    name: str
    reason: str
