"""A listener's Gmail account: connect it, read a label of it, disconnect it."""

import asyncio
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING
from uuid import UUID

from audiobrew.problems import Problem
from audiobrew.sources.gmail.connection import (
    Connection,
    GmailNotConnected,
    GmailNotOffered,
    Label,
    NoSuchLabel,
)
from audiobrew.sources.gmail.mailbox import GmailMailbox
from audiobrew.sources.gmail.reader import GmailReader, GoogleServices, read_label
from audiobrew.sources.looks import SourceLooks
from audiobrew.sources.source import LookStopped, MailSource, SourceState

if TYPE_CHECKING:
    from audiobrew.sources.gmail.connection_store import Connections


class Gmail:
    """Without the reader's `services`, Gmail is not set up on this server, and most methods raise
    GmailNotOffered. `wake` makes the background job look at once."""

    def __init__(
        self,
        reader: GmailReader,
        connections: "Connections",
        looks: SourceLooks,
        wake: asyncio.Event,
    ) -> None:
        self._reader, self._connections, self._looks, self._wake = reader, connections, looks, wake

    @property
    def offered(self) -> bool:
        return self._reader.services is not None

    async def check(self) -> None:
        """Check that Google accepts this server. Raises GmailNotOffered, GoogleUnavailable, GoogleRefused."""
        await self._services.google.check()

    async def begin(self, listener: UUID) -> str:
        """Begin to connect: returns Google's consent page. Raises GmailNotOffered."""
        return await self._services.oauth_flow.begin(listener)

    async def connect(self, listener: UUID, code: str, state: str) -> None:
        """Raises GmailNotOffered, ConsentExpired, ConsentRefused, NotYours, NotAllGranted, TooManySources,
        GoogleUnavailable, GoogleRefused."""
        services = self._services
        grant = await services.oauth_flow.finish(listener, code, state)
        await services.tokens.connect(listener, grant)
        self._wake.set()

    async def connection(self, listener: UUID) -> Connection | None:
        """The stored connection. Does not call Google."""
        return await self._connections.find(listener)

    async def source(self, listener: UUID) -> MailSource:
        """Raises GmailNotConnected."""
        source = await self._connections.find_source(listener)
        if source is None:
            raise GmailNotConnected
        return source

    async def disconnect(self, listener: UUID) -> bool:
        """Revoke the consent at Google if it can be reached, and delete the connection. The mails stay.

        Returns whether there was a connection. Can be repeated safely.
        """
        connection = await self._connections.find(listener)
        if connection and self._reader.services:
            with suppress(Problem):  # a failure at Google must not keep the listener connected here
                await self._reader.services.tokens.revoke(connection)
        await self._connections.delete(listener)
        return connection is not None

    async def labels(self, listener: UUID) -> list[Label]:
        """Raises GmailNotOffered, GmailNotConnected, and what GmailMailbox raises."""
        return await (await self._mailbox(listener)).labels()

    async def choose_label(self, listener: UUID, label: str | None) -> None:
        """Set the label to read; None stands for the label named AudioBrew. Raises NoSuchLabel, and the
        same as `labels`."""
        mailbox = await self._mailbox(listener)
        if label is not None and label not in {other.id for other in await mailbox.labels()}:
            raise NoSuchLabel
        await self._connections.set_label(mailbox.connection, label)
        self._wake.set()

    async def label(self, listener: UUID) -> str:
        """The id of the label to read. Raises NoAudioBrewLabel, and the same as `labels`."""
        return await read_label(await self._mailbox(listener))

    async def sync(self, listener: UUID, label: str) -> None:
        """Import the new mails of a label while the listener waits; nothing if the source is paused. Raises
        NoSuchLabel, and the same as `labels`."""
        await self._mailbox(listener)
        source = await self.source(listener)
        if source.state is SourceState.PAUSED:
            return
        try:
            await self._looks.read(source, replace(self._reader, label=label))
        except LookStopped:
            raise GmailNotConnected from None

    @property
    def _services(self) -> GoogleServices:
        if self._reader.services is None:
            raise GmailNotOffered
        return self._reader.services

    async def _mailbox(self, listener: UUID) -> GmailMailbox:
        services = self._services
        return services.mailbox(await services.tokens.connection(listener))
