"""Who sent a mail, when, under which name, and whether it went to a list."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from audiobrew.mail.mime.encoded_words import decode_encoded_words
from audiobrew.mail.mime.headers import Headers
from audiobrew.mail.source_mail import UnreadableMail

_LIST = ("list-id", "list-unsubscribe", "list-post")
_ADDRESS = re.compile(r"[^\s<>()\[\],;:\"@]{1,64}@[^\s<>()\[\],;:\"@]{1,255}")
_LONGEST_NAME = 300


@dataclass(frozen=True, slots=True)
class Envelope:
    key: str
    sender: str
    address: str
    subject: str
    received_at: datetime
    bulk: bool


def read_envelope(headers: Headers) -> Envelope:
    """Read the head of a mail. A mail without a sender is unreadable."""
    sender, address = _sender(headers)
    if not sender:
        raise UnreadableMail("This mail does not say who sent it. Save it again, with its headers.")
    return Envelope(
        key=_list_id(headers) or address or sender.lower(),
        sender=sender,
        address=address,
        subject=headers.text("subject")[:_LONGEST_NAME],
        received_at=_received_at(headers),
        bulk=any(headers.text(name) for name in _LIST),
    )


def _sender(headers: Headers) -> tuple[str, str]:
    """The display name, else the address; and the address in lower case."""
    for name in ("from", "sender", "reply-to", "return-path"):
        shown, address = _named_address(headers.raw(name))
        if shown or address:
            return shown or address, address
    return "", ""


def _named_address(value: str) -> tuple[str, str]:
    """The first address of a field, and the name that stands before it."""
    bracket = re.search(r"<\s*([^<>\s]+)\s*>", value)
    found = _ADDRESS.search(bracket[1] if bracket else value)
    address = found[0].lower() if found else ""
    before = value[: bracket.start()] if bracket else (value if not found else "")
    shown = decode_encoded_words(before.strip().strip('"').replace('\\"', '"'))
    return shown.strip("\"' ")[:_LONGEST_NAME], decode_encoded_words(address)


def _list_id(headers: Headers) -> str:
    """The identifier between the brackets; the words before it may change with every issue."""
    value = headers.text("list-id")
    bracket = re.search(r"<([^<>]+)>", value)
    return (bracket[1] if bracket else value).strip().lower()[:_LONGEST_NAME]


def _received_at(headers: Headers) -> datetime:
    """The mail's date in UTC, else the newest server's, else now."""
    for value in (headers.raw("date"), *(r.rpartition(";")[2] for r in headers.all("received"))):
        if moment := _moment(value):
            return moment
    return datetime.now(UTC)


def _moment(value: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(value[:100])
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):  # all four seen on hostile dates
        return None
