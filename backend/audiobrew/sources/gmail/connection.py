"""A listener's Gmail connection, and the problems that it can have."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from http import HTTPStatus
from types import MappingProxyType
from typing import TYPE_CHECKING, Self
from uuid import UUID

from audiobrew.problems import Problem
from audiobrew.sources.source import MailSource, SourceTrouble

if TYPE_CHECKING:
    from audiobrew.sources.gmail.token_cipher import EncryptedSecret


class ConnectionState(StrEnum):
    """`reconnect`: Google rejects our token, so the listener has to consent again."""

    CONNECTED = "connected"
    RECONNECT = "reconnect"


@dataclass(frozen=True, slots=True)
class SyncCursor:
    """The last Gmail history id up to which a label was read."""

    label: str
    history: str


@dataclass(frozen=True, slots=True)
class Connection:
    """The source of kind `gmail` as Google sees it.

    `token` is the encrypted refresh token. `label` is the id of the label to read; None stands for the label
    named AudioBrew. `connected_at` distinguishes a connection from the one that it replaced.
    """

    listener: UUID
    address: str
    token: "EncryptedSecret"
    scopes: tuple[str, ...]
    connected_at: datetime
    state: ConnectionState = ConnectionState.CONNECTED
    label: str | None = None
    cursor: SyncCursor | None = None

    @classmethod
    def of(cls, source: MailSource) -> Self:
        assert source.secret
        config, cursor = source.config, source.cursor or {}
        needs_consent = source.trouble_type == f"/problems/{ReconnectNeeded.type}"
        return cls(
            listener=source.listener,
            address=config["address"],
            token=source.secret,
            scopes=tuple(config["scopes"]),
            connected_at=source.created_at,
            state=ConnectionState.RECONNECT if needs_consent else ConnectionState.CONNECTED,
            label=config.get("label"),
            cursor=SyncCursor(cursor["label"], cursor["history"]) if cursor else None,
        )


@dataclass(frozen=True, slots=True)
class Label:
    """`kind` is what Gmail calls the type: system or user."""

    id: str
    name: str
    kind: str


class GmailNotOffered(SourceTrouble):
    """Google's sign-in is not set up on this server. Add Gmail as a mailbox with an app password."""

    type = "gmail-not-offered"
    status = HTTPStatus.CONFLICT


class GmailNotConnected(Problem):
    """Your Gmail is not connected yet. Connect it under Sources first."""

    type = "gmail-not-connected"
    status = HTTPStatus.CONFLICT


class ReconnectNeeded(SourceTrouble):
    """Google no longer lets AudioBrew read your mail. Connect Gmail again under Sources."""

    type = "reconnect-needed"
    status = HTTPStatus.CONFLICT
    needs_listener = True


class ConsentExpired(Problem):
    """This consent has expired, was used before or is invalid. Connect Gmail again."""

    type = "consent-expired"
    status = HTTPStatus.CONFLICT


class ConsentRefused(Problem):
    """Google did not confirm the consent. Nothing was connected; connect Gmail again."""

    type = "consent-refused"
    status = HTTPStatus.CONFLICT


class NotAllGranted(Problem):
    """Some permissions were not granted. Nothing was connected; connect Gmail again and tick every box."""

    type = "not-all-granted"
    status = HTTPStatus.CONFLICT


class NoAudioBrewLabel(SourceTrouble):
    """Your Gmail has no label named AudioBrew. Create it, and add it to newsletters with a filter."""

    type = "no-audio-brew-label"
    status = HTTPStatus.CONFLICT


class NoSuchLabel(SourceTrouble):
    """Your Gmail has no such label. Load the list of labels again."""

    type = "no-such-label"
    status = HTTPStatus.NOT_FOUND
    needs_listener = True


class GoogleUnavailable(SourceTrouble):
    """Google cannot be reached or is too busy right now. Nothing was lost; try again in a minute."""

    type = "google-away"
    status = HTTPStatus.SERVICE_UNAVAILABLE
    headers = MappingProxyType({"Retry-After": "60"})


class GmailQuotaExceeded(SourceTrouble):
    """AudioBrew cannot read more Gmail today. Brew what is here; other mails can be read tomorrow."""

    type = "gmail-spent"
    status = HTTPStatus.SERVICE_UNAVAILABLE
    headers = MappingProxyType({"Retry-After": "3600"})
    retry_after = timedelta(hours=1)


class GmailForbidden(SourceTrouble):
    """Google does not allow access to this mailbox. If it is your company's, ask its administrator."""

    type = "gmail-forbidden"
    status = HTTPStatus.CONFLICT
    needs_listener = True


class GoogleRefused(SourceTrouble):
    """Google rejects this server. The operator must check GOOGLE_CLIENT_ID and GOOGLE_CLIENT_SECRET."""

    type = "google-refused"
    status = HTTPStatus.BAD_GATEWAY
