"""A source: where a listener's mails come from, and how its last look went."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from http import HTTPStatus
from types import MappingProxyType
from typing import Any, ClassVar, Protocol
from uuid import UUID

from audiobrew.problems import Problem
from audiobrew.sources.gmail.token_cipher import EncryptedSecret

Config = Mapping[str, Any]
Cursor = Mapping[str, Any]


class SourceKind(StrEnum):
    IMAP = "imap"
    FEED = "feed"
    GMAIL = "gmail"
    # Mails arrive by themselves, so there are no looks.
    ADDRESS = "address"


class SourceState(StrEnum):
    """`waiting`: never looked at. `trouble`: the last look failed, and the next one may succeed.
    `stopped`: there are no more looks until the listener acts. `paused`: the listener wants none."""

    WAITING = "waiting"
    READING = "reading"
    UP_TO_DATE = "up_to_date"
    TROUBLE = "trouble"
    STOPPED = "stopped"
    PAUSED = "paused"


class SourceNotFound(Problem):
    """There is no such source."""

    type = "source-not-found"
    status = HTTPStatus.NOT_FOUND


class TooManySources(Problem):
    """You have 100 sources. Remove one first."""

    type = "too-many-sources"
    status = HTTPStatus.CONFLICT


class SourceExists(Problem):
    """You have this source already."""

    type = "source-exists"
    status = HTTPStatus.CONFLICT


class NoMailDomain(Problem):
    """This server has no addresses for newsletters. Its owner sets AUDIOBREW_MAIL_DOMAIN."""

    type = "no-mail-domain"
    status = HTTPStatus.CONFLICT


class NothingToChange(Problem):
    """A source of this kind does not have what you want to change."""

    type = "nothing-to-change"
    status = HTTPStatus.CONFLICT


class SourceTrouble(Problem):
    """A source cannot be read. `needs_listener`: another look fails in the same way until they act."""

    type = "source-trouble"
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    needs_listener: ClassVar[bool] = False
    retry_after: timedelta | None = None


class ServerUnreachable(SourceTrouble):
    """This server does not answer. Check its name; AudioBrew tries again later."""

    type = "server-unreachable"
    headers = MappingProxyType({"Retry-After": "300"})


@dataclass(frozen=True, slots=True)
class MailSource:
    """`config` says where the mails are, `cursor` how far they were read: their meaning is the kind's.

    `mails` came from it, `new_mails` of them by the last look that found any. A long look has looked at
    `position` of `total` mails.
    """

    id: UUID
    listener: UUID
    kind: SourceKind
    name: str
    config: Config
    secret: EncryptedSecret | None
    state: SourceState
    trouble: str | None
    trouble_type: str | None
    cursor: Cursor | None
    failures: int
    looked_at: datetime | None
    succeeded_at: datetime | None
    mails: int
    new_mails: int
    position: int
    total: int
    created_at: datetime


class Delivery(Protocol):
    """Where a look puts the mails of its source."""

    @property
    def is_over(self) -> bool:
        """Whether this turn has lasted long enough: what is left is for the next one."""
        ...

    async def store(
        self, mails: Sequence[bytes], cursor: Cursor, position: int, total: int
    ) -> Sequence[UUID | None]:
        """Store mails together with the place after them, so that a look that dies here continues there.
        Returns their ids here, in the same order.

        Mails that are no newsletters are left out, as the listener's rules and the source say; their id is
        None, as that of mails that cannot be read. Raises LookStopped, InboxFull, ParserUnavailable.
        """
        ...


class PasswordLost(SourceTrouble):
    """This server lost the key of the stored password. Enter it again."""

    type = "password-lost"
    needs_listener = True


class LookStopped(Exception):
    """The source is not to be read any more: it was removed or paused, or another process reads it."""


class SourceReader(Protocol):
    """Reads one kind of source."""

    @property
    def every(self) -> timedelta:
        """The time between looks."""
        ...

    @property
    def secret_lost(self) -> type[SourceTrouble]:
        """What is wrong if the key with which the secret was encrypted is lost."""
        ...

    async def look(self, source: MailSource, secret: str, delivery: Delivery) -> bool:
        """Deliver what is new. Returns whether something is left for the next turn.

        Raises SourceTrouble, and what `Delivery.store` raises.
        """
        ...
