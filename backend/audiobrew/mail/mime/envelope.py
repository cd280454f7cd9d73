"""Read from a mail's headers who sent it, when, and whether it went to a list."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from audiobrew.mail.mime.encoded_words import decode_encoded_words
from audiobrew.mail.mime.headers import Headers
from audiobrew.mail.source_mail import UnreadableMail

_LIST_HEADERS = ("list-id", "list-unsubscribe", "list-post")
_ADDRESS = re.compile(r"[^\s<>()\[\],;:\"@]{1,64}@[^\s<>()\[\],;:\"@]{1,255}")
_COMMENT = re.compile(r"\(([^()]{1,300})\)")
_MAX_NAME_CHARACTERS = 300
# The beginning of a reply's subject, which the name of a list may precede: "[roast] Re:".
REPLY_PREFIX = re.compile(
    r"\s{0,5}(?:\[[^\]\n]{1,60}\]\s{0,5})?"
    r"(?:re|aw|sv|antw|odp|res|ynt|vá|ref|rif|vs|回复|答复|回覆|返信|답장|отв)(?:\s?[\[(]\d{1,3}[\])])?\s?[:：]",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Envelope:
    """See `Newsletter` for the fields."""

    key: str
    sender: str
    address: str
    subject: str
    received_at: datetime
    bulk: bool


def read_envelope(headers: Headers) -> Envelope:
    """Raises UnreadableMail if the mail has no sender."""
    sender, address = _sender(headers)
    if not sender:
        raise UnreadableMail("This mail does not say who sent it. Save it again, with its headers.")
    return Envelope(
        key=_list_id(headers) or address or sender.lower(),
        sender=sender,
        address=address,
        subject=headers.text("subject")[:_MAX_NAME_CHARACTERS],
        received_at=_received_at(headers),
        bulk=is_bulk(headers),
    )


def is_bulk(headers: Headers) -> bool:
    """Whether the headers say that the mail went to a list, and is not the answer of a program."""
    if any(headers.text(name) for name in _LIST_HEADERS):
        return True
    if headers.raw("auto-submitted").strip().lower().startswith("auto-replied"):
        return False
    precedence = headers.raw("precedence").strip().lower()
    return precedence in ("bulk", "list") or bool(headers.raw("feedback-id").strip())


def is_reply(headers: Headers, envelope: Envelope) -> bool:
    """Whether a mail answers another one, by its headers or its subject."""
    answers = any(headers.raw(name).strip() for name in ("in-reply-to", "references"))
    return answers or REPLY_PREFIX.match(envelope.subject) is not None


def _sender(headers: Headers) -> tuple[str, str]:
    """The display name, or else the address; and the address in lower case."""
    for field in ("from", "sender", "reply-to", "return-path"):
        display_name, address = parse_address(headers.raw(field))
        if display_name or address:
            return display_name or address, address
    return "", ""


def parse_address(value: str) -> tuple[str, str]:
    """The display name and the address, in lower case, of the first mailbox in a field."""
    bracket = re.search(r"<\s*([^<>\s]+)\s*>", value)
    match = _ADDRESS.search(bracket[1] if bracket else value)
    address = match[0].lower() if match else ""
    before = value[: bracket.start()] if bracket else (value if not match else "")
    if not before.strip("\"' ") and (comment := _COMMENT.search(value)):
        before = comment[1]  # the notation of RFC 822: ada@example.com (Ada Brook)
    name = decode_encoded_words(before.strip().strip('"').replace('\\"', '"'))
    return name.strip("\"' ")[:_MAX_NAME_CHARACTERS], decode_encoded_words(address)


def _list_id(headers: Headers) -> str:
    """The identifier in angle brackets (RFC 2919); the words before it may change with every issue."""
    value = headers.text("list-id")
    bracket = re.search(r"<([^<>]+)>", value)
    return (bracket[1] if bracket else value).strip().lower()[:_MAX_NAME_CHARACTERS]


def _received_at(headers: Headers) -> datetime:
    """The Date header in UTC, or else the time of the last server that received it, or else now."""
    for value in (headers.raw("date"), *(r.rpartition(";")[2] for r in headers.all("received"))):
        if moment := parse_date(value):
            return moment
    return datetime.now(UTC)


def parse_date(value: str) -> datetime | None:
    """A header's date in UTC; None if it is malformed."""
    try:
        moment = parsedate_to_datetime(value[:100])
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):  # malformed dates raise all four
        return None
