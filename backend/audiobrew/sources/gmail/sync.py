"""Reads a label: which messages are new, and their bytes."""

from asyncio import Lock
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from anyio import CancelScope

from audiobrew.mail.limits import Limits
from audiobrew.ops.calls import gather_all
from audiobrew.sources.gmail.client import GmailNotFound
from audiobrew.sources.gmail.connection import NoSuchLabel, SyncCursor
from audiobrew.sources.gmail.mailbox import Changes, GmailMailbox
from audiobrew.sources.source import Cursor, Delivery

if TYPE_CHECKING:
    from audiobrew.sources.gmail.mail_store import GmailMails

CONCURRENT_FETCHES = 4  # for one listener


@dataclass(frozen=True, slots=True)
class GmailSync:
    """`max_messages`: how many of a label's newest messages the first sync imports."""

    messages: "GmailMails"
    limits: Limits
    max_messages: int

    async def run(self, mailbox: GmailMailbox, label: str, delivery: Delivery) -> bool:
        """Each mail is stored as soon as it is fetched, so an interrupted sync continues where it stopped.
        Returns whether something is left for the next turn.

        Raises NoSuchLabel, and what the mailbox and the delivery raise.
        """
        try:
            changes = await self._changes(mailbox, label)
            has_more = await self._apply(mailbox, label, changes, delivery)
        except GmailNotFound as error:
            raise NoSuchLabel from error
        if not has_more:
            await delivery.store([], to_cursor(SyncCursor(label, changes.history)), 0, 0)
        return has_more

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

    async def _apply(
        self, mailbox: GmailMailbox, label: str, changes: Changes, delivery: Delivery
    ) -> bool:
        listener = mailbox.connection.listener
        new = await self.messages.unfinished(listener, changes.added)
        await self.messages.add_label(listener, label, changes.added)
        await self.messages.remove_label(listener, label, changes.removed)
        if not new:
            return False
        limit = self.limits.mail_bytes
        too_large = await mailbox.larger_than(label, limit, self.max_messages)
        return await _Fetch(self.messages, mailbox, label, new, too_large, delivery).run()


@dataclass(slots=True)
class _Fetch:
    """Fetches and stores messages, several at once, until none is left or the turn is over."""

    messages: "GmailMails"
    mailbox: GmailMailbox
    label: str
    new: Sequence[str]
    too_large: set[str]
    delivery: Delivery
    position: int = 0
    # Mails are stored one at a time.
    storing: Lock = field(default_factory=Lock)

    async def run(self) -> bool:
        """A failure ends one worker; the others go on, and then the first error is raised. Returns whether
        messages are left."""
        queue = iter(self.new)

        async def work() -> None:
            while not self.delivery.is_over and (message := next(queue, None)) is not None:
                await self._fetch(message)

        await gather_all(work() for _ in range(CONCURRENT_FETCHES))
        return next(queue, None) is not None

    async def _fetch(self, message: str) -> None:
        with suppress(GmailNotFound):  # deleted meanwhile
            raw = b"" if message in self.too_large else await self.mailbox.raw(message)
            async with self.storing:
                await self._store(message, raw)

    async def _store(self, message: str, raw: bytes) -> None:
        """Store a message, or record that it cannot be read.

        The attempt is counted before it begins, so that a mail which kills the process is not tried
        forever. An attempt that fails for another reason than the mail is not counted.
        """
        listener = self.mailbox.connection.listener
        cursor = to_cursor(self.mailbox.connection.cursor)
        self.position += 1
        await self.messages.begin_attempt(listener, self.label, message)
        try:
            [mail] = await self.delivery.store([raw], cursor, self.position, len(self.new))
        except BaseException:
            with CancelScope(shield=True):
                await self.messages.withdraw_attempt(listener, self.label, message)
            raise
        await self.messages.add(listener, self.label, message, mail)


def to_cursor(cursor: SyncCursor | None) -> Cursor:
    return {"label": cursor.label, "history": cursor.history} if cursor else {}
