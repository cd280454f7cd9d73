"""Amazon SES delivers mails through Amazon SNS, whose messages are signed with a certificate."""

import base64
import binascii
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from http import HTTPStatus
from types import MappingProxyType
from typing import Any
from urllib.parse import urlsplit

from anyio import to_thread

from audiobrew.problems import Problem
from audiobrew.sources.address.inbound_mail import (
    InboundMail,
    MalformedDelivery,
    UnsignedDelivery,
    check_time,
)
from audiobrew.sources.address.providers import encode_text, make_mail, parse_json
from audiobrew.sources.address.signatures import is_signed_by
from audiobrew.sources.source import SourceTrouble

NOTIFICATION, CONFIRMATION = "Notification", "SubscriptionConfirmation"
# What is signed, in this order.
SIGNED_FIELDS = {
    NOTIFICATION: ("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"),
    CONFIRMATION: (
        *("Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"),
    ),
}
MAX_CERTIFICATES = 8
# The body of an address, fetched by the guarded client. Raises SourceTrouble.
Fetch = Callable[[str], Awaitable[bytes]]


class AmazonUnavailable(Problem):
    """Amazon does not answer, so this request cannot be checked. Deliver it again later."""

    type = "amazon-unavailable"
    status = HTTPStatus.SERVICE_UNAVAILABLE
    headers = MappingProxyType({"Retry-After": "60"})


class AmazonSes:
    """An SNS topic to which a receipt rule of SES publishes whole mails."""

    # SNS tries again for about an hour.
    window = timedelta(hours=2)

    def __init__(self, topic: str, fetch: Fetch) -> None:
        self._topic = topic
        self._host = host_of(topic)
        self._fetch = fetch
        self._certificates: dict[str, bytes] = {}

    def check_head(self, headers: Mapping[str, str]) -> None:
        """See `InboundProvider.check_head`: the signature is in the body."""
        if headers.get("x-amz-sns-topic-arn", self._topic) != self._topic:
            raise UnsignedDelivery

    async def read(self, headers: Mapping[str, str], body: bytes) -> InboundMail | None:
        """See `InboundProvider.read`. A subscription to the topic is confirmed. Also raises
        AmazonUnavailable."""
        envelope = await to_thread.run_sync(parse_json, body)
        await self._check_signature(envelope)
        if envelope["Type"] == CONFIRMATION:
            await self._confirm(str(envelope.get("SubscribeURL")))
            return None
        message = await to_thread.run_sync(parse_json, str(envelope["Message"]).encode())
        if (
            message.get("notificationType") != "Received"
        ):  # such as the test that follows the set-up
            return None
        receipt = message.get("receipt")
        receipt = receipt if isinstance(receipt, dict) else {}
        recipients, content = receipt.get("recipients"), message.get("content")
        if not (isinstance(recipients, list) and isinstance(content, str)):
            raise MalformedDelivery
        return make_mail(
            str(envelope["MessageId"]), list(map(str, recipients)), decode_content(receipt, content)
        )

    async def _check_signature(self, envelope: Mapping[str, Any]) -> None:
        """Raises UnsignedDelivery, RepeatedDelivery, AmazonUnavailable."""
        names = SIGNED_FIELDS.get(str(envelope.get("Type")), ())
        signed = [(name, envelope[name]) for name in names if envelope.get(name) is not None]
        is_ours = envelope.get("TopicArn") == self._topic and envelope.get("MessageId")
        if not names or not is_ours or not all(isinstance(value, str) for _, value in signed):
            raise UnsignedDelivery
        text = "".join(f"{name}\n{value}\n" for name, value in signed)
        certificate = await self._certificate(str(envelope.get("SigningCertURL")))
        version, signature = str(envelope.get("SignatureVersion")), str(envelope.get("Signature"))
        if not await to_thread.run_sync(
            is_signed_by, certificate, version, encode_text(text), signature
        ):
            raise UnsignedDelivery
        try:
            sent_at = datetime.fromisoformat(str(envelope.get("Timestamp")))
            check_time(sent_at, self.window)
        except (TypeError, ValueError) as error:  # also a time without its zone
            raise UnsignedDelivery from error

    async def _certificate(self, url: str) -> bytes:
        """Raises UnsignedDelivery, AmazonUnavailable."""
        check_host(url, self._host)
        if not urlsplit(url).path.endswith(".pem"):
            raise UnsignedDelivery
        if url not in self._certificates:
            certificate = await self._get(url)
            if len(self._certificates) >= MAX_CERTIFICATES:
                self._certificates.clear()
            self._certificates[url] = certificate
        return self._certificates[url]

    async def _confirm(self, url: str) -> None:
        """Raises UnsignedDelivery, AmazonUnavailable."""
        check_host(url, self._host)
        await self._get(url)

    async def _get(self, url: str) -> bytes:
        """Raises AmazonUnavailable: Amazon delivers again after a status of 500 or more only."""
        try:
            return await self._fetch(url)
        except SourceTrouble as error:
            raise AmazonUnavailable from error


def host_of(topic: str) -> str:
    """Amazon's host for a topic, the only one that is asked for a certificate, and to confirm a subscription.

    A pattern for all regions would match sns.s3-us-west-2.amazonaws.com, too, where somebody's files are.
    """
    _, partition, _, region, *_ = topic.split(":")
    return f"sns.{region}.amazonaws.com" + (".cn" if partition == "aws-cn" else "")


def check_host(url: str, host: str) -> None:
    """Raises UnsignedDelivery."""
    try:
        parts = urlsplit(url)
        is_default_port = parts.port in (None, 443)
    except ValueError as error:
        raise UnsignedDelivery from error
    is_amazon = parts.hostname == host and parts.username is None
    if parts.scheme != "https" or not is_amazon or not is_default_port:
        raise UnsignedDelivery


def decode_content(receipt: Mapping[str, Any], content: str) -> bytes:
    """The raw mail, whose encoding the rule's action says. Raises MalformedDelivery."""
    action = receipt.get("action")
    encoding = action.get("encoding") if isinstance(action, dict) else None
    if str(encoding).upper() != "BASE64":
        return encode_text(content)
    try:
        return base64.b64decode(content, validate=True)
    except (binascii.Error, ValueError) as error:
        raise MalformedDelivery from error
