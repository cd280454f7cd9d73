"""The mail parser's interface, its problems, and the parser that runs in this process."""

from collections.abc import Callable
from http import HTTPStatus
from types import MappingProxyType
from typing import Protocol

from anyio import to_thread

from audiobrew.mail.limits import Limits
from audiobrew.mail.newsletter import Newsletter
from audiobrew.mail.source_mail import UnreadableMail
from audiobrew.problems import Problem

# Returns the bytes of a mail. It is called when the mail's turn comes, so that waiting mails take no memory.
LoadMail = Callable[[], bytes]


class ParseStopped(UnreadableMail):
    """This mail cannot be read: it takes too much time or memory. Forward its text to yourself and
    save that."""

    type = "parse-stopped"


class ParserUnavailable(Problem):
    """AudioBrew cannot read mail at the moment. Try again in a minute."""

    type = "parser-unavailable"
    status = HTTPStatus.SERVICE_UNAVAILABLE
    headers = MappingProxyType({"Retry-After": "60"})


class MailParser(Protocol):
    """Parses the bytes of a mail into a newsletter."""

    async def parse(self, load: LoadMail) -> Newsletter:
        """Raises UnreadableMail, MailTooLarge, ParseStopped, ParserUnavailable."""
        ...


class ParserInProcess:
    """Parses in a thread of this process, without limits on time and memory, for trusted mail only."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits

    async def parse(self, load: LoadMail) -> Newsletter:
        """See `MailParser.parse`."""
        from audiobrew.mail.reader import read_mail  # slow to import

        return await to_thread.run_sync(lambda: read_mail(load(), limits=self._limits))
