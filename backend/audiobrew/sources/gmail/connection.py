"""A listener's Gmail connection, and the problems that it can have."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from http import HTTPStatus
from types import MappingProxyType
from typing import TYPE_CHECKING
from uuid import UUID

from audiobrew.problems import Problem

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
    """`token` is the encrypted refresh token. `label` is the id of the label to read; None stands for the
    label named AudioBrew. `connected_at` distinguishes a connection from the one that it replaced.
    """

    listener: UUID
    address: str
    token: "EncryptedSecret"
    scopes: tuple[str, ...]
    connected_at: datetime
    state: ConnectionState = ConnectionState.CONNECTED
    label: str | None = None
    cursor: SyncCursor | None = None


@dataclass(frozen=True, slots=True)
class Label:
    """`kind` is what Gmail calls the type: system or user."""

    id: str
    name: str
    kind: str


class GmailNotOffered(Problem):
    """Gmail is not set up on this server. Upload your newsletters as .eml or .mbox files instead."""

    type = "gmail-not-offered"
    status = HTTPStatus.CONFLICT


class GmailNotConnected(Problem):
    """Your Gmail is not connected yet. Connect it in your profile first."""

    type = "gmail-not-connected"
    status = HTTPStatus.CONFLICT


class ReconnectNeeded(Problem):
    """Google no longer lets AudioBrew read your mail. Connect Gmail again in your profile."""

    type = "reconnect-needed"
    status = HTTPStatus.CONFLICT


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


class NoAudioBrewLabel(Problem):
    """Your Gmail has no label named AudioBrew. Create it, and add it to newsletters with a filter."""

    type = "no-audio-brew-label"
    status = HTTPStatus.CONFLICT


class NoSuchLabel(Problem):
    """Your Gmail has no such label. Load the list of labels again."""

    type = "no-such-label"
    status = HTTPStatus.NOT_FOUND


class GoogleUnavailable(Problem):
    """Google cannot be reached or is too busy right now. Nothing was lost; try again in a minute."""

    type = "google-away"
    status = HTTPStatus.SERVICE_UNAVAILABLE
    headers = MappingProxyType({"Retry-After": "60"})


class GmailQuotaExceeded(Problem):
    """AudioBrew cannot read more Gmail today. Brew what is here; other mails can be read tomorrow."""

    type = "gmail-spent"
    status = HTTPStatus.SERVICE_UNAVAILABLE
    headers = MappingProxyType({"Retry-After": "3600"})


class GmailForbidden(Problem):
    """Google does not allow access to this mailbox. If it is your company's, ask its administrator."""

    type = "gmail-forbidden"
    status = HTTPStatus.CONFLICT


class GoogleRefused(Problem):
    """Google rejects this server. The operator must check GOOGLE_CLIENT_ID and GOOGLE_CLIENT_SECRET."""

    type = "google-refused"
    status = HTTPStatus.BAD_GATEWAY
