"""A listener's Gmail from the first consent to the last: connected, read, taken apart again."""

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

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
from audiobrew.sources.gmail.sync import GmailSync, ListenerLocks
from audiobrew.sources.gmail.token_provider import TokenProvider

if TYPE_CHECKING:
    from audiobrew.sources.gmail.connection_store import Connections
    from audiobrew.sources.gmail.token_cipher import TokenCipher

OUR_LABEL = "audiobrew"


@dataclass(frozen=True, slots=True)
class _Offered:
    google: Google
    consents: OAuthFlow
    access: TokenProvider
    calls: GmailCalls


class Gmail:
    """Without a `google` nothing is offered: then whatever needs one raises GmailNotOffered."""

    def __init__(
        self,
        google: Google | None,
        connections: "Connections",
        sealer: "TokenCipher",
        reader: GmailSync,
    ) -> None:
        self._connections, self._reader, self._turns = connections, reader, ListenerLocks()
        self._parts: _Offered | None = None
        if google:
            consents = OAuthFlow(google, connections, sealer)
            access = TokenProvider(google, connections, sealer)
            self._parts = _Offered(google, consents, access, GmailCalls(google.url))

    @property
    def offered(self) -> bool:
        return self._parts is not None

    async def check(self) -> None:
        """Whether Google knows this server. Raises GmailNotOffered, GoogleUnavailable, GoogleRefused."""
        await self._google().google.check()

    async def begin(self, listener: UUID) -> str:
        """The address at Google where the listener consents. Raises GmailNotOffered."""
        return await self._google().consents.begin(listener)

    async def connect(self, listener: UUID, code: str, state: str) -> None:
        """Raises GmailNotOffered, ConsentExpired, ConsentRefused, NotYours, NotAllGranted, GoogleUnavailable,
        GoogleRefused."""
        parts = self._google()
        grant = await parts.consents.finish(listener, code, state)
        await parts.access.connect(listener, grant)

    async def connection(self, listener: UUID) -> Connection | None:
        """As it is kept; Google is not asked."""
        return await self._connections.find(listener)

    async def disconnect(self, listener: UUID) -> bool:
        """Take the consent back at Google, as far as it answers, and forget it here; the mails stay.

        Whether there was one. Doing it again changes nothing.
        """
        found = await self._connections.find(listener)
        if found and self._parts:
            with suppress(Problem):  # Google's trouble must not keep anybody here
                await self._parts.access.revoke(found)
        await self._connections.forget(listener)
        return found is not None

    async def labels(self, listener: UUID) -> list[Label]:
        """Raises GmailNotOffered, GmailNotConnected, and what a GmailMailbox raises."""
        return await (await self._mailbox(listener)).labels()

    async def choose(self, listener: UUID, label: str | None) -> None:
        """Which label is read; None: the one named AudioBrew. Raises NoSuchLabel, and as `labels` does."""
        mailbox = await self._mailbox(listener)
        if label is not None and label not in {known.id for known in await mailbox.labels()}:
            raise NoSuchLabel
        await self._connections.choose(mailbox.connection, label)

    async def label(self, listener: UUID) -> str:
        """The id of the chosen one. Raises NoAudioBrewLabel, and as `labels` does."""
        mailbox = await self._mailbox(listener)
        if mailbox.connection.label:
            return mailbox.connection.label
        found = ours(await mailbox.labels())
        if found is None:
            raise NoAudioBrewLabel
        return found.id

    async def read(self, listener: UUID, label: str) -> None:
        """Bring in what is new under a label. Raises NoSuchLabel, and as `labels` does."""
        async with self._turns.of(listener):
            await self._reader.read(await self._mailbox(listener), label)

    async def fetch(self, listener: UUID) -> None:
        """Before a scheduled brew: the chosen label is read, where a Gmail is connected."""
        if self._parts and await self._connections.find(listener):
            await self.read(listener, await self.label(listener))

    def _google(self) -> _Offered:
        if self._parts is None:
            raise GmailNotOffered
        return self._parts

    async def _mailbox(self, listener: UUID) -> GmailMailbox:
        parts = self._google()
        return GmailMailbox(parts.calls, parts.access, await parts.access.connection(listener))


def ours(labels: list[Label]) -> Label | None:
    """The one named AudioBrew, in any case."""
    return next((label for label in labels if label.name.casefold() == OUR_LABEL), None)
