"""The mail providers that deliver over HTTP, except Amazon (`sns.py`)."""

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import unquote_to_bytes

from anyio import to_thread
from python_multipart import create_form_parser

from audiobrew.sources.address.inbound_mail import (
    MAX_RECIPIENTS,
    InboundMail,
    MalformedDelivery,
    UnsignedDelivery,
    check_time,
    parse_seconds,
)
from audiobrew.sources.address.signatures import is_ecdsa, is_hmac, is_login

MAX_FIELDS = 200


class Mailgun:
    """A route with `forward("…/api/inbound/mailgun/mime")`. The signature covers a time and a token, but not
    the mail; so a token that comes again must come with the same mail."""

    # It tries again for eight hours.
    window = timedelta(hours=9)

    def __init__(self, signing_key: str) -> None:
        self._signing_key = signing_key

    def check_head(self, headers: Mapping[str, str]) -> None:
        """See `InboundProvider.check_head`: the signature is in the body."""

    async def read(self, headers: Mapping[str, str], body: bytes) -> InboundMail:
        """See `InboundProvider.read`."""
        fields = await parse_form(headers, body)
        timestamp, token = text(fields, "timestamp"), text(fields, "token")
        message = f"{timestamp}{token}".encode()
        if not token or not is_hmac(self._signing_key, message, text(fields, "signature")):
            raise UnsignedDelivery
        check_time(parse_seconds(timestamp), self.window)
        recipients = text(fields, "recipient").split(",")
        return make_mail(token, recipients, fields.get("body-mime", b""))


class Postmark:
    """An inbound webhook with a name and password in its address, and the raw email in its JSON."""

    def __init__(self, login: str) -> None:
        self._login = login

    def check_head(self, headers: Mapping[str, str]) -> None:
        """See `InboundProvider.check_head`."""
        if not is_login(headers.get("authorization", ""), self._login):
            raise UnsignedDelivery

    async def read(self, headers: Mapping[str, str], body: bytes) -> InboundMail:
        """See `InboundProvider.read`."""
        fields = await to_thread.run_sync(parse_json, body)
        recipient, raw = fields.get("OriginalRecipient"), fields.get("RawEmail")
        id = fields.get("MessageID")
        if not (isinstance(recipient, str) and isinstance(raw, str) and isinstance(id, str)):
            raise MalformedDelivery
        return make_mail(id, recipient.split(","), encode_text(raw))


class SendGrid:
    """Inbound Parse, with the raw email. Signed by a security policy, or with a name and password in the
    address, or both."""

    # It tries again for three days.
    window = timedelta(days=3)

    def __init__(self, public_key: str | None, login: str | None) -> None:
        self._public_key = public_key
        self._login = login

    def check_head(self, headers: Mapping[str, str]) -> None:
        """See `InboundProvider.check_head`."""
        if self._login and not is_login(headers.get("authorization", ""), self._login):
            raise UnsignedDelivery
        if self._public_key:
            timestamp = headers.get("x-twilio-email-event-webhook-timestamp", "")
            check_time(parse_seconds(timestamp), self.window)

    async def read(self, headers: Mapping[str, str], body: bytes) -> InboundMail:
        """See `InboundProvider.read`."""
        signature = headers.get("x-twilio-email-event-webhook-signature", "")
        if self._public_key:
            timestamp = headers.get("x-twilio-email-event-webhook-timestamp", "")
            message = timestamp.encode() + body
            if not await to_thread.run_sync(is_ecdsa, self._public_key, message, signature):
                raise UnsignedDelivery
        fields = await parse_form(headers, body)
        recipients = parse_json(fields.get("envelope", b"")).get("to")
        if not (isinstance(recipients, list) and all(isinstance(one, str) for one in recipients)):
            raise MalformedDelivery
        return make_mail(None, recipients, fields.get("email", b""))


class CloudflareWorker:
    """The worker in deploy/cloudflare-email-worker.js, which sends the raw email as it is."""

    window = timedelta(minutes=5)

    def __init__(self, secret: str) -> None:
        self._secret = secret

    def check_head(self, headers: Mapping[str, str]) -> None:
        """See `InboundProvider.check_head`."""
        check_time(parse_seconds(headers.get("x-timestamp", "")), self.window)

    async def read(self, headers: Mapping[str, str], body: bytes) -> InboundMail:
        """See `InboundProvider.read`."""
        timestamp, recipient = headers.get("x-timestamp", ""), headers.get("x-recipient", "")
        signature = headers.get("x-signature", "")
        message = f"{timestamp}\n{recipient}\n".encode() + body
        if not await to_thread.run_sync(is_hmac, self._secret, message, signature):
            raise UnsignedDelivery
        return make_mail(None, [recipient], body)


def make_mail(id: str | None, recipients: list[str], raw: bytes) -> InboundMail:
    """Raises MalformedDelivery."""
    addresses = tuple(dict.fromkeys(one.strip().strip("<>") for one in recipients))
    if not raw or not any(addresses) or len(addresses) > MAX_RECIPIENTS:
        raise MalformedDelivery
    return InboundMail(id, addresses, raw)


def parse_json(body: bytes) -> dict[str, Any]:
    """Raises MalformedDelivery."""
    try:
        value = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise MalformedDelivery from error
    if not isinstance(value, dict):
        raise MalformedDelivery
    return value


def encode_text(raw: str) -> bytes:
    """The bytes of a mail that is a text in JSON."""
    return raw.encode("utf-8", "surrogatepass")


async def parse_form(headers: Mapping[str, str], body: bytes) -> Mapping[str, bytes]:
    """The fields of a form, urlencoded or multipart, as they were sent. Raises MalformedDelivery."""
    return await to_thread.run_sync(parse_fields, headers.get("content-type", ""), body)


def parse_fields(content_type: str, body: bytes) -> dict[str, bytes]:
    fields: dict[str, bytes] = {}

    def add(name: bytes | None, value: bytes | None) -> None:
        if len(fields) >= MAX_FIELDS:
            raise MalformedDelivery
        fields.setdefault((name or b"").decode("utf-8", "replace"), value or b"")

    def add_file(file: Any) -> None:
        file.file_object.seek(0)
        add(file.field_name, file.file_object.read())

    form_type = content_type.partition(";")[0].strip().lower()
    try:
        if form_type == "application/x-www-form-urlencoded":
            # `parse_qsl` would decode the values.
            for pair in body.replace(b"+", b" ").split(b"&", MAX_FIELDS):
                name, _, value = pair.partition(b"=")
                add(unquote_to_bytes(name), unquote_to_bytes(value))
        elif form_type == "multipart/form-data":
            config: dict[Any, Any] = {"MAX_MEMORY_FILE_SIZE": len(body) + 1}  # nothing goes to disk
            head = {"Content-Type": content_type.encode("latin-1")}
            parser = create_form_parser(
                head, lambda field: add(field.field_name, field.value), add_file, config=config
            )
            parser.write(body)
            parser.finalize()
        else:
            raise MalformedDelivery
    except ValueError as error:  # also a FormParserError
        raise MalformedDelivery from error
    return fields


def text(fields: Mapping[str, bytes], name: str) -> str:
    return fields.get(name, b"").decode("utf-8", "replace")
