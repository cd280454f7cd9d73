"""A listener's sources: add one, which is tried first; change, look, remove."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

from audiobrew.problems import Problem
from audiobrew.sources.address.own_address import make_local_part
from audiobrew.sources.address.request_store import RequestStore
from audiobrew.sources.feeds.opml import ListedFeed
from audiobrew.sources.feeds.reader import FeedReader, display_name
from audiobrew.sources.gmail.connection import Label
from audiobrew.sources.gmail.gmail_account import Gmail
from audiobrew.sources.gmail.token_cipher import DecryptionFailed
from audiobrew.sources.guarded_client import check_address
from audiobrew.sources.guarded_network import OwnerMustAllow
from audiobrew.sources.imap.certificate import Certificate
from audiobrew.sources.imap.connection import MailServers, Security
from audiobrew.sources.source import (
    Config,
    MailSource,
    NoMailDomain,
    NothingToChange,
    PasswordLost,
    SourceKind,
    SourceState,
)
from audiobrew.sources.store import SourceStore

ONLY_GMAIL = "Only Gmail has labels."


class MailSources:
    """`wake` makes the background job look at once. `mail_domain`: that of own addresses; without it there
    are none. `is_owner`: whether a listener is the owner of this server, who reads which setting allows what
    it refuses."""

    def __init__(
        self,
        store: SourceStore,
        servers: MailServers,
        feeds: FeedReader,
        gmail: Gmail,
        wake: asyncio.Event,
        mail_domain: str | None,
        is_owner: Callable[[UUID], Awaitable[bool]],
    ) -> None:
        self.mail_domain = mail_domain
        self.requests = RequestStore(store.engine)
        self.store = store
        self._servers = servers
        self._feeds = feeds
        self._gmail = gmail
        self._wake = wake
        self._is_owner = is_owner

    @asynccontextmanager
    async def _advising(self, listener: UUID) -> AsyncIterator[None]:
        """Tell the owner of this server which setting allows what it refuses."""
        try:
            yield
        except OwnerMustAllow as refusal:
            if not await self._is_owner(listener):
                raise
            raise type(refusal)(refusal.for_owner) from refusal

    async def certificate(
        self, listener: UUID, host: str, port: int, security: Security
    ) -> Certificate:
        """The certificate that a mail server shows, for a listener who decides whether to trust it. Raises
        SourceTrouble."""
        async with self._advising(listener):
            return await self._servers.certificate(host, port, security)

    async def folders(
        self,
        listener: UUID,
        host: str,
        port: int,
        security: Security,
        user: str,
        password: str,
        certificate: str | None,
    ) -> Sequence[str]:
        """The folders of a mailbox. Raises SourceTrouble."""
        server = (host, port, security, user, password, certificate)
        async with self._advising(listener), self._servers.connect(*server) as mailbox:
            return await mailbox.folders()

    async def add_imap(
        self,
        listener: UUID,
        host: str,
        port: int,
        security: Security,
        user: str,
        password: str,
        folder: str,
        name: str | None,
        *,
        keeps_others: bool,
        certificate: str | None,
    ) -> MailSource:
        """Add a folder of a mailbox that opens. `certificate`: the fingerprint of the only one that is
        trusted. Raises SourceTrouble, SourceExists, TooManySources."""
        server = (host, port, security, user, password, certificate)
        async with self._advising(listener), self._servers.connect(*server) as mailbox:
            await mailbox.open(folder)
        config: dict[str, Any] = {
            "host": host.lower(),
            "port": port,
            "security": security.value,
            "user": user,
            "folder": folder,
            "keeps_others": keeps_others,
        }
        if certificate is not None:
            config["certificate"] = certificate
        source = await self.store.add(listener, SourceKind.IMAP, name or user, config, password)
        self._wake.set()
        return source

    async def add_feed(self, listener: UUID, address: str, name: str | None) -> MailSource:
        """Add the feed at an address, or the one that the site there names.

        Raises SourceTrouble, SourceExists, TooManySources.
        """
        async with self._advising(listener):
            url, feed = await self._feeds.find(address)
        config = {"url": url, "keeps_others": True}
        source = await self.store.add(
            listener, SourceKind.FEED, (name or display_name(feed, url))[:100], config, None
        )
        self._wake.set()
        return source

    async def add_feeds(
        self, listener: UUID, feeds: Sequence[ListedFeed]
    ) -> tuple[list[MailSource], list[tuple[ListedFeed, str]]]:
        """Add the feeds of a list: those that were added, and the others with the reason.

        Feeds of a list are not tried first, because a hundred of them would take minutes.
        """
        added, skipped = [], []
        for feed in feeds:
            try:
                config = {"url": check_address(feed.url), "keeps_others": True}
                name = (feed.title or feed.url)[:100]
                added.append(await self.store.add(listener, SourceKind.FEED, name, config, None))
            except Problem as problem:
                skipped.append((feed, str(problem)))
        self._wake.set()
        return added, skipped

    async def add_address(self, listener: UUID, name: str) -> MailSource:
        """Add an address of the listener's own. Raises NoMailDomain, TooManySources."""
        if self.mail_domain is None:
            raise NoMailDomain
        return await self.store.add_address(listener, name, make_local_part(name), {})

    async def begin_gmail(self, listener: UUID) -> str:
        """Google's consent page. Raises GmailNotOffered."""
        return await self._gmail.begin(listener)

    async def add_gmail(self, listener: UUID, code: str, state: str) -> MailSource:
        """Add the mailbox of a consent, or renew the consent. Raises what `Gmail.connect` raises."""
        await self._gmail.connect(listener, code, state)
        return await self._gmail.source(listener)

    async def labels(self, listener: UUID, id: UUID) -> list[Label]:
        """Raises SourceNotFound, NothingToChange, and what `Gmail.labels` raises."""
        if (await self.store.get(listener, id)).kind is not SourceKind.GMAIL:
            raise NothingToChange(ONLY_GMAIL)
        return await self._gmail.labels(listener)

    async def replace_address(self, listener: UUID, id: UUID) -> MailSource:
        """Make a new address in place of one that others know. Raises SourceNotFound, NothingToChange."""
        name = (await self.store.get(listener, id)).name
        return await self.store.replace_address(listener, id, make_local_part(name))

    def address_of(self, source: MailSource) -> str:
        """The own address of a source; empty if this server lost its key or the setting of its domain."""
        try:
            local_part = self.store.password(source)
        except DecryptionFailed:
            return ""
        return f"{local_part}@{self.mail_domain}" if self.mail_domain else ""

    async def change(
        self,
        listener: UUID,
        id: UUID,
        name: str | None,
        password: str | None,
        *,
        asks_for_senders: bool | None = None,
        label: str | None = None,
        paused: bool | None = None,
        certificate: str | None = None,
    ) -> MailSource:
        """Rename a source, replace its password or the fingerprint of the certificate that it trusts (empty
        for none), which are tried first, say whether new senders of an own address wait, choose a label of
        Gmail (an empty one stands for that named AudioBrew), pause or resume.

        Raises SourceNotFound, NothingToChange, SourceTrouble."""
        source, config = await self.store.get(listener, id), None
        self._check_kind(source, password, asks_for_senders, label, paused, certificate)
        if asks_for_senders is not None:
            config = {**source.config, "asks_for_senders": asks_for_senders}
        if certificate is not None:
            config = {**source.config, "certificate": certificate or None}
        if password is not None or certificate is not None:
            async with self._advising(listener):
                await self._try_mailbox(source, config or source.config, password)
        if label is not None:
            await self._gmail.choose_label(listener, label or None)
        await self.store.change(listener, id, name, password, config)
        is_paused = source.state is SourceState.PAUSED
        is_due = certificate is not None and not is_paused
        if paused is True:
            await self.store.pause(listener, id)
        elif is_due or (is_paused and paused is False):
            await self.store.resume(listener, id)
        self._wake.set()
        return await self.store.get(listener, id)

    async def _try_mailbox(self, source: MailSource, server: Config, password: str | None) -> None:
        """Open a mailbox with another password or certificate. Raises SourceTrouble."""
        if password is None:
            try:
                password = self.store.password(source)
            except DecryptionFailed:
                raise PasswordLost from None
        async with self._servers.connect(
            server["host"],
            server["port"],
            Security(server["security"]),
            server["user"],
            password,
            server.get("certificate"),
        ):
            pass

    def _check_kind(
        self,
        source: MailSource,
        password: str | None,
        asks_for_senders: bool | None,
        label: str | None,
        paused: bool | None,
        certificate: str | None,
    ) -> None:
        """Raises NothingToChange."""
        if asks_for_senders is not None and source.kind is not SourceKind.ADDRESS:
            raise NothingToChange("Only an address of your own asks about new senders.")
        if password is not None and source.kind is not SourceKind.IMAP:
            raise NothingToChange("Only a mailbox has a password.")
        if certificate is not None and source.kind is not SourceKind.IMAP:
            raise NothingToChange("Only a mailbox has a certificate.")
        if label is not None and source.kind is not SourceKind.GMAIL:
            raise NothingToChange(ONLY_GMAIL)
        if paused is not None and source.kind is SourceKind.ADDRESS:
            raise NothingToChange(
                "An address cannot be paused, because senders would give up. Mark senders as no newsletters"
                " instead, or remove the address."
            )

    async def remove(self, listener: UUID, id: UUID, *, with_mails: bool) -> None:
        """Remove a source; `with_mails` also deletes the newsletters that came from it alone. Raises
        SourceNotFound."""
        source = await self.store.get(listener, id)
        if with_mails:
            await self.store.delete_mails(listener, id)
        if source.kind is SourceKind.GMAIL:
            await self._gmail.disconnect(listener)
        else:
            await self.store.remove(listener, id)

    async def look(self, listener: UUID, id: UUID) -> MailSource:
        """Look at a source soon. Raises SourceNotFound."""
        source = await self.store.ask_for_look(listener, id)
        self._wake.set()
        return source
