"""Imports the mails of a Gmail label: all of them at first, then only the changes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from anyio import CancelScope

from audiobrew.mail.limits import Limits
from audiobrew.mail.parsing.parser import MailParser, ParseStopped
from audiobrew.mail.source_mail import MailTooLarge, UnreadableMail
from audiobrew.ops.calls import gather_all
from audiobrew.sources.gmail.client import GmailNotFound
from audiobrew.sources.gmail.connection import NoSuchLabel, SyncCursor
from audiobrew.sources.gmail.mailbox import Changes, GmailMailbox

if TYPE_CHECKING:
    from audiobrew.inbox.store import MailStore
    from audiobrew.sources.gmail.connection_store import Connections
    from audiobrew.sources.gmail.mail_store import GmailMails

MAX_ATTEMPTS = 2  # to parse a mail whose parser was killed
CONCURRENT_FETCHES = 4  # for one listener


@dataclass(frozen=True, slots=True)
class GmailSync:
    """`max_messages`: how many of a label's newest messages the first sync imports."""

    connections: "Connections"
    messages: "GmailMails"
    mails: "MailStore"
    parser: MailParser
    limits: Limits
    max_messages: int

    async def run(self, mailbox: GmailMailbox, label: str) -> None:
        """Each mail is stored as soon as it is parsed, so an interrupted sync continues where it stopped.

        Raises NoSuchLabel, and what the mailbox raises.
        """
        try:
            changes = await self._changes(mailbox, label)
            await self._apply(mailbox, label, changes)
        except GmailNotFound as error:
            raise NoSuchLabel from error
        cursor = SyncCursor(label, changes.history)
        await self.connections.save_cursor(mailbox.connection, cursor)

    async def _changes(self, mailbox: GmailMailbox, label: str) -> Changes:
        cursor = mailbox.connection.cursor
        if cursor and cursor.label == label:
            changes = await mailbox.changes(cursor)
            if changes is not None:
                return changes
        # A full sync. The history id is read first, so that the next sync sees what arrives meanwhile.
        history = await mailbox.history()
        current = await mailbox.messages(label, self.max_messages)
        removed: Iterable[str] = ()
        if len(current) < self.max_messages:  # else older messages may still carry the label
            stored = await self.messages.messages_with_label(mailbox.connection.listener, label)
            removed = stored - set(current)
        return Changes(current, list(removed), history)

    async def _apply(self, mailbox: GmailMailbox, label: str, changes: Changes) -> None:
        listener = mailbox.connection.listener
        new = await self.messages.unfinished(listener, changes.added)
        await self.messages.add_label(listener, label, changes.added)
        await self.messages.remove_label(listener, label, changes.removed)
        if new:
            limit = self.limits.mail_bytes
            too_large = await mailbox.larger_than(label, limit, self.max_messages)
            await self._fetch_all(mailbox, label, new, too_large)

    async def _fetch_all(
        self, mailbox: GmailMailbox, label: str, messages: Sequence[str], too_large: set[str]
    ) -> None:
        """Fetch several messages at once. A failure ends one worker; the others go on, and then the first
        error is raised."""
        queue = iter(messages)

        async def work() -> None:
            for message in queue:
                await self._fetch(mailbox, label, message, too_large=message in too_large)

        await gather_all(work() for _ in range(CONCURRENT_FETCHES))

    async def _fetch(
        self, mailbox: GmailMailbox, label: str, message: str, *, too_large: bool
    ) -> None:
        listener = mailbox.connection.listener
        try:
            raw = b"" if too_large else await mailbox.raw(message)
        except GmailNotFound:
            return  # deleted meanwhile
        mail = await self._import(listener, label, message, raw)
        await self.messages.add(listener, label, message, mail)

    async def _import(self, listener: UUID, label: str, message: str, raw: bytes) -> UUID | None:
        """Parse and store a mail; None if it cannot be parsed.

        Each attempt is counted before it begins, so that a mail which kills the process is not tried
        forever. An attempt that fails for another reason than the mail is not counted.
        """
        while await self.messages.begin_attempt(listener, label, message) <= MAX_ATTEMPTS:
            try:
                newsletter = await self.parser.parse(lambda: raw)
                [mail] = await self.mails.add(listener, [newsletter])
                return mail.id
            except ParseStopped:
                continue
            except (UnreadableMail, MailTooLarge):
                return None
            except BaseException:
                with CancelScope(shield=True):
                    await self.messages.withdraw_attempt(listener, label, message)
                raise
        return None
