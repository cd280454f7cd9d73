"""Finds the source that an own address belongs to, and stores the mails that arrive there."""

from collections.abc import Sequence
from dataclasses import replace
from http import HTTPStatus

from audiobrew.inbox.rules import is_known_sender
from audiobrew.inbox.store import MailStore
from audiobrew.mail.mail import InboxFull
from audiobrew.mail.newsletter import Newsletter
from audiobrew.mail.parsing.parser import MailParser
from audiobrew.problems import Problem, SignInNeeded
from audiobrew.sources.address.confirmation import find_confirmation
from audiobrew.sources.address.own_address import local_part_of
from audiobrew.sources.address.request_store import add_waiting, save_confirmation
from audiobrew.sources.source import LookStopped, MailSource, SourceState
from audiobrew.sources.source_mails import link_mails, list_linkable
from audiobrew.sources.store import SourceStore, save_arrival


class UnknownAddress(Problem):
    """Nobody has this address."""

    type = "unknown-address"
    status = HTTPStatus.NOT_FOUND


class Arrivals:
    """`domain` is that of all own addresses."""

    def __init__(
        self, store: SourceStore, mails: MailStore, parser: MailParser, domain: str
    ) -> None:
        self.domain = domain
        self._store = store
        self._mails = mails
        self._parser = parser

    async def find(self, address: str) -> MailSource:
        """The source with this address. Raises UnknownAddress."""
        local_part = local_part_of(address, self.domain)
        source = await self._store.find_address(local_part) if local_part else None
        if source is None:
            raise UnknownAddress
        return source

    async def deliver(self, sources: Sequence[MailSource], raw: bytes) -> None:
        """Store a mail at each source. When this returns, at least one of them has it; sources whose inbox is
        full say so.

        Raises InboxFull, UnknownAddress, UnreadableMail, MailTooLarge, ParserUnavailable.
        """
        if not sources:
            raise UnknownAddress
        # What is sent to an own address is a newsletter, unless a rule of the listener says otherwise.
        newsletter = replace(await self._parser.parse(lambda: raw), bulk=True)
        problem: Problem = UnknownAddress()
        is_stored = False
        for source in sources:
            try:
                await self._store_mail(source, newsletter)
                is_stored = True
            except InboxFull as full:
                problem = full
                await self._record_full(source, full)
            except (LookStopped, SignInNeeded):  # the listener removed it, or their account
                continue
        if not is_stored:
            raise problem

    async def _store_mail(self, source: MailSource, newsletter: Newsletter) -> None:
        """A mail that asks to confirm something, or comes from a sender about whom the listener decides, is
        stored as one that is no newsletter."""
        listener = source.listener
        confirmation = find_confirmation(newsletter)
        async with self._store.engine.connect() as database:
            is_known = await is_known_sender(database, listener, newsletter)
        if is_known:
            confirmation = None
        waits = bool(source.config.get("asks_for_senders")) and not is_known and not confirmation
        one = replace(newsletter, bulk=not confirmation and not waits)
        prepared = await self._mails.prepare(listener, [one])
        async with self._store.engine.begin() as database:
            ids = await list_linkable(database, [mail.id for mail in prepared])
            added = await self._mails.insert(database, listener, prepared)
            await link_mails(database, source.id, ids)
            if not await save_arrival(database, source, 0 if confirmation else added):
                raise LookStopped
            if confirmation and added:
                await save_confirmation(database, source.id, confirmation)
            if waits:
                await add_waiting(database, source.id, newsletter)

    async def _record_full(self, source: MailSource, full: InboxFull) -> None:
        await self._store.record(
            source,
            state=SourceState.TROUBLE,
            trouble=str(full),
            trouble_type=f"/problems/{full.type}",
        )
