"""Where mails come from, in our words."""

from dataclasses import dataclass
from http import HTTPStatus

from audiobrew.problem import Problem


class UnreadableMail(Problem):
    """This file is not a mail that AudioBrew can read."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY


class MailTooLarge(Problem):
    """This mail is larger than AudioBrew reads."""

    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file or a mail that was left out, and why."""

    name: str
    reason: str
