"""What a label of Gmail holds becomes mails of ours: all of it once, then only what changed."""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID
from weakref import WeakValueDictionary

from anyio import CancelScope

from audiobrew.mail.limits import Limits
from audiobrew.mail.newsletter import Newsletter
from audiobrew.mail.parsing.parser import MailParser, ParseStopped
from audiobrew.mail.source_mail import MailTooLarge, UnreadableMail
from audiobrew.sources.gmail.client import GmailNotFound
from audiobrew.sources.gmail.connection import NoSuchLabel, SyncCursor
from audiobrew.sources.gmail.mailbox import Changes, GmailMailbox

if TYPE_CHECKING:
    from audiobrew.inbox.store import Mails
    from audiobrew.sources.gmail.connection_store import Connections
    from audiobrew.sources.gmail.mail_store import GmailMails

MOST_ATTEMPTS = 2
"""A mail whose parse was killed so often is not tried again."""
SIDE_BY_SIDE = 4
"""So many mails of one listener are fetched at a time."""


@dataclass(frozen=True, slots=True)
class GmailSync:
    """`most`: so many of a label's newest messages are read the first time."""

    connections: "Connections"
    messages: "GmailMails"
    mails: "Mails"
    parser: MailParser
    limits: Limits
    most: int

    async def read(self, mailbox: GmailMailbox, label: str) -> None:
        """Each message is kept as soon as it is read: stopped anywhere, the next time goes on from there.

        Raises NoSuchLabel, and what the mailbox raises.
        """
        try:
            changes = await self._changes(mailbox, label)
            await self._take(mailbox, label, changes)
        except GmailNotFound as error:
            raise NoSuchLabel from error
        await self.connections.was_read(mailbox.connection, SyncCursor(label, changes.history))

    async def _changes(self, mailbox: GmailMailbox, label: str) -> Changes:
        mark = mailbox.connection.mark
        if mark and mark.label == label:
            changes = await mailbox.changes(mark)
            if changes is not None:
                return changes
        return await self._everything(mailbox, label)

    async def _everything(self, mailbox: GmailMailbox, label: str) -> Changes:
        """Its history is asked before: what comes while we list is found the next time."""
        history = await mailbox.history()
        here = await mailbox.messages(label, self.most)
        left: Iterable[str] = ()
        if len(here) < self.most:  # else older ones may still be there
            left = await self.messages.labelled(mailbox.connection.listener, label) - set(here)
        return Changes(here, list(left), history)

    async def _take(self, mailbox: GmailMailbox, label: str, changes: Changes) -> None:
        listener = mailbox.connection.listener
        new = await self.messages.unknown(listener, changes.came)
        await self.messages.relabel(listener, label, changes.came)
        await self.messages.leave(listener, label, changes.left)
        if new:
            large = await mailbox.too_large(label, self.limits.mail_bytes, self.most)
            await self._fetch_all(mailbox, label, new, large)

    async def _fetch_all(
        self, mailbox: GmailMailbox, label: str, new: Sequence[str], large: set[str]
    ) -> None:
        """The first trouble is told once the others have come as far as they can."""
        waiting = iter(new)

        async def fetch_on() -> None:
            for message in waiting:
                await self._fetch(mailbox, label, message, large=message in large)

        ended = await asyncio.gather(
            *(fetch_on() for _ in range(SIDE_BY_SIDE)), return_exceptions=True
        )
        for trouble in ended:
            if trouble is not None:
                raise trouble

    async def _fetch(self, mailbox: GmailMailbox, label: str, message: str, *, large: bool) -> None:
        listener = mailbox.connection.listener
        try:
            raw = b"" if large else await mailbox.raw(message)
        except GmailNotFound:
            return  # deleted meanwhile
        kept = await self._read(listener, label, message, raw)
        await self.messages.add(listener, label, message, kept)

    async def _read(self, listener: UUID, label: str, message: str, raw: bytes) -> UUID | None:
        """Each attempt is written down before it begins, so that a mail that takes us down is not tried
        for ever. What ends in order, for another reason than the mail, was no attempt."""
        while await self.messages.begin(listener, label, message) <= MOST_ATTEMPTS:
            try:
                newsletter = await self.parser.parse(lambda: raw)
                return await self._kept(listener, newsletter)
            except ParseStopped:
                continue
            except (UnreadableMail, MailTooLarge):
                return None
            except BaseException:
                with CancelScope(shield=True):
                    await self.messages.withdraw(listener, label, message)
                raise
        return None

    async def _kept(self, listener: UUID, newsletter: Newsletter) -> UUID:
        [mail] = await self.mails.add(listener, [newsletter])
        return mail.id


class ListenerLocks:
    """One read of a listener's Gmail at a time in this process, or both would fetch the same."""

    def __init__(self) -> None:
        self._locks: WeakValueDictionary[UUID, asyncio.Lock] = WeakValueDictionary()

    def of(self, listener: UUID) -> asyncio.Lock:
        return self._locks.setdefault(listener, asyncio.Lock())
