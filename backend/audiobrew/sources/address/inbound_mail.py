"""What a mail provider delivers over HTTP, and its problems."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Protocol

from audiobrew.problems import Problem

MAX_RECIPIENTS = 50
# How far a provider's clock may be ahead of ours.
MAX_AHEAD = timedelta(minutes=5)


class UnknownProvider(Problem):
    """This server receives no emails from such a provider."""

    type = "unknown-provider"
    status = HTTPStatus.NOT_FOUND


class UnsignedDelivery(Problem):
    """This request is not signed by the provider."""

    type = "unsigned-delivery"
    status = HTTPStatus.UNAUTHORIZED


class RepeatedDelivery(Problem):
    """This request is too old, or was used for another email before."""

    type = "repeated-delivery"
    status = HTTPStatus.FORBIDDEN


class MalformedDelivery(Problem):
    """This request has no email. Check the provider's settings: it must send the whole, raw email."""

    type = "malformed-delivery"
    status = HTTPStatus.UNPROCESSABLE_ENTITY


@dataclass(frozen=True, slots=True)
class InboundMail:
    """`id` is the same each time the provider delivers this mail. None if the signature covers the whole
    mail, which is remembered instead, because one signature can be written in several ways."""

    id: str | None
    recipients: tuple[str, ...]
    raw: bytes


class InboundProvider(Protocol):
    """How one provider delivers. Header names are in lower case."""

    def check_head(self, headers: Mapping[str, str]) -> None:
        """Check what can be checked before the body is read. Raises UnsignedDelivery, RepeatedDelivery."""
        ...

    async def read(self, headers: Mapping[str, str], body: bytes) -> InboundMail | None:
        """The mail of a request, whose signature is checked first. None if there is nothing to deliver.

        Raises UnsignedDelivery, RepeatedDelivery, MalformedDelivery.
        """
        ...


def check_time(sent_at: datetime, window: timedelta) -> None:
    """Raises RepeatedDelivery."""
    now = datetime.now(UTC)
    if not now - window <= sent_at <= now + MAX_AHEAD:
        raise RepeatedDelivery


def parse_seconds(text: str) -> datetime:
    """Of a Unix time. Raises UnsignedDelivery."""
    if not (text.isascii() and text.isdigit() and len(text) <= 11):
        raise UnsignedDelivery
    return datetime.fromtimestamp(int(text), UTC)
