"""How sources of kind `gmail` are read; see `source.SourceReader`."""

from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar

from audiobrew.sources.gmail.client import GmailCalls
from audiobrew.sources.gmail.connection import (
    Connection,
    ConnectionState,
    GmailNotOffered,
    Label,
    NoAudioBrewLabel,
    ReconnectNeeded,
)
from audiobrew.sources.gmail.google import Google
from audiobrew.sources.gmail.mailbox import GmailMailbox
from audiobrew.sources.gmail.oauth_flow import OAuthFlow
from audiobrew.sources.gmail.sync import GmailSync
from audiobrew.sources.gmail.token_provider import TokenProvider
from audiobrew.sources.source import Delivery, MailSource, SourceTrouble

AUDIOBREW_LABEL = "audiobrew"  # case-folded


@dataclass(frozen=True, slots=True)
class GoogleServices:
    """What is there if the settings for Google are."""

    google: Google
    oauth_flow: OAuthFlow
    tokens: TokenProvider
    calls: GmailCalls

    def mailbox(self, connection: Connection) -> GmailMailbox:
        return GmailMailbox(self.calls, self.tokens, connection)


@dataclass(frozen=True, slots=True)
class GmailReader:
    """`config` has the mailbox's `address`, the `scopes` of the consent and the id of the `label`; the cursor
    has the label that was read and Gmail's history id. `label`: read this one instead."""

    services: GoogleServices | None
    sync: GmailSync
    label: str | None = None
    every: ClassVar[timedelta] = timedelta(minutes=15)
    secret_lost: ClassVar[type[SourceTrouble]] = ReconnectNeeded

    async def look(self, source: MailSource, secret: str, delivery: Delivery) -> bool:
        """Raises what `GmailSync.run` raises, GmailNotOffered and NoAudioBrewLabel."""
        if self.services is None:
            raise GmailNotOffered
        connection = Connection.of(source)
        if connection.state is ConnectionState.RECONNECT:
            raise ReconnectNeeded
        mailbox = self.services.mailbox(connection)
        label = self.label or await read_label(mailbox)
        return await self.sync.run(mailbox, label, delivery)


async def read_label(mailbox: GmailMailbox) -> str:
    """The id of the label to read. Raises NoAudioBrewLabel, and what the mailbox raises."""
    if mailbox.connection.label:
        return mailbox.connection.label
    label = find_audiobrew_label(await mailbox.labels())
    if label is None:
        raise NoAudioBrewLabel
    return label.id


def find_audiobrew_label(labels: list[Label]) -> Label | None:
    """The label named AudioBrew, in upper or lower case."""
    return next((label for label in labels if label.name.casefold() == AUDIOBREW_LABEL), None)
