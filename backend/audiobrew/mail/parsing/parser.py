"""Where mails are parsed: a port, its adapter in this process, and what a failed parse is called."""

from collections.abc import Callable
from http import HTTPStatus
from types import MappingProxyType
from typing import Protocol

from anyio import to_thread

from audiobrew.mail.limits import Limits
from audiobrew.mail.newsletter import Newsletter
from audiobrew.mail.source_mail import UnreadableMail
from audiobrew.problems import Problem

LoadMail = Callable[[], bytes]
"""Gives the bytes of a mail once it is its turn, so that mails that wait take no memory."""


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
    """Turns the bytes of a mail into a newsletter."""

    async def parse(self, take: LoadMail) -> Newsletter:
        """Raises UnreadableMail, MailTooLarge, ParseStopped, ParserUnavailable."""
        ...


class ParserInProcess:
    """Parses in a thread of this process, without limits on time and memory: for mail that we wrote."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits

    async def parse(self, take: LoadMail) -> Newsletter:
        """See `MailParser.parse`."""
        from audiobrew.mail.reader import read_mail  # slow to import: only with the first mail

        return await to_thread.run_sync(lambda: read_mail(take(), limits=self._limits))
