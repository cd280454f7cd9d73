"""A listener's Gmail account: connect it, read a label of it, disconnect it."""

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from audiobrew.ops.task_locks import TaskLocks
from audiobrew.problems import Problem
from audiobrew.sources.gmail.client import GmailCalls
from audiobrew.sources.gmail.connection import (
    Connection,
    GmailNotOffered,
    Label,
    NoAudioBrewLabel,
    NoSuchLabel,
)
from audiobrew.sources.gmail.google import Google
from audiobrew.sources.gmail.mailbox import GmailMailbox
from audiobrew.sources.gmail.oauth_flow import OAuthFlow
from audiobrew.sources.gmail.sync import GmailSync
from audiobrew.sources.gmail.token_provider import TokenProvider

if TYPE_CHECKING:
    from audiobrew.sources.gmail.connection_store import Connections
    from audiobrew.sources.gmail.token_cipher import TokenCipher

AUDIOBREW_LABEL = "audiobrew"  # case-folded


@dataclass(frozen=True, slots=True)
class _Services:
    google: Google
    oauth_flow: OAuthFlow
    tokens: TokenProvider
    calls: GmailCalls


class Gmail:
    """Without `google`, Gmail is not set up on this server, and most methods raise GmailNotOffered."""

    def __init__(
        self,
        google: Google | None,
        connections: "Connections",
        cipher: "TokenCipher",
        sync: GmailSync,
    ) -> None:
        self._connections, self._sync = connections, sync
        # One sync of a listener at a time: two would fetch the same messages.
        self._sync_locks = TaskLocks[UUID]()
        self._optional_services: _Services | None = None
        if google:
            self._optional_services = _Services(
                google,
                OAuthFlow(google, connections, cipher),
                TokenProvider(google, connections, cipher),
                GmailCalls(google.url),
            )

    @property
    def offered(self) -> bool:
        return self._optional_services is not None

    async def check(self) -> None:
        """Check that Google accepts this server. Raises GmailNotOffered, GoogleUnavailable, GoogleRefused."""
        await self._services.google.check()

    async def begin(self, listener: UUID) -> str:
        """Begin to connect: returns Google's consent page. Raises GmailNotOffered."""
        return await self._services.oauth_flow.begin(listener)

    async def connect(self, listener: UUID, code: str, state: str) -> None:
        """Raises GmailNotOffered, ConsentExpired, ConsentRefused, NotYours, NotAllGranted,
        GoogleUnavailable, GoogleRefused."""
        services = self._services
        grant = await services.oauth_flow.finish(listener, code, state)
        await services.tokens.connect(listener, grant)

    async def connection(self, listener: UUID) -> Connection | None:
        """The stored connection. Does not call Google."""
        return await self._connections.find(listener)

    async def disconnect(self, listener: UUID) -> bool:
        """Revoke the consent at Google if it can be reached, and delete the connection. The mails stay.

        Returns whether there was a connection. Can be repeated safely.
        """
        connection = await self._connections.find(listener)
        if connection and self._optional_services:
            with suppress(Problem):  # a failure at Google must not keep the listener connected here
                await self._optional_services.tokens.revoke(connection)
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

    async def label(self, listener: UUID) -> str:
        """The id of the label to read. Raises NoAudioBrewLabel, and the same as `labels`."""
        mailbox = await self._mailbox(listener)
        if mailbox.connection.label:
            return mailbox.connection.label
        label = find_audiobrew_label(await mailbox.labels())
        if label is None:
            raise NoAudioBrewLabel
        return label.id

    async def sync(self, listener: UUID, label: str) -> None:
        """Import the new mails of a label. Raises NoSuchLabel, and the same as `labels`."""
        async with self._sync_locks.get(listener):
            await self._sync.run(await self._mailbox(listener), label)

    async def fetch(self, listener: UUID) -> None:
        """Import the new mails of the listener's label, if Gmail is connected. For scheduled brews."""
        if self._optional_services and await self._connections.find(listener):
            await self.sync(listener, await self.label(listener))

    @property
    def _services(self) -> _Services:
        if self._optional_services is None:
            raise GmailNotOffered
        return self._optional_services

    async def _mailbox(self, listener: UUID) -> GmailMailbox:
        services = self._services
        connection = await services.tokens.connection(listener)
        return GmailMailbox(services.calls, services.tokens, connection)


def find_audiobrew_label(labels: list[Label]) -> Label | None:
    """The label named AudioBrew, in upper or lower case."""
    return next((label for label in labels if label.name.casefold() == AUDIOBREW_LABEL), None)
