"""Find the newsletter in a mail that was forwarded as an attachment."""

from collections.abc import Callable, Iterator

from audiobrew.mail.limits import Limits
from audiobrew.mail.mime.headers import Headers
from audiobrew.mail.mime.parts import Part, find_charset, parse_parts
from audiobrew.mail.mime.transfer import decode_transfer
from audiobrew.mail.source_mail import UnreadableMail

# Forwards in forwards that are unwrapped.
MAX_LEVELS = 10
_MESSAGE_KINDS = ("message/rfc822", "message/global")
_FILE_KINDS = ("application/octet-stream", "application/eml", "text/plain", "application/x-eml")
_LIST_FIELDS = ("list-id", "list-unsubscribe", "list-post")


def unwrap_attached_mail(mail: Part, limits: Limits, is_forward: Callable[[str], bool]) -> Part:
    """The innermost mail that was forwarded as an attachment; any other mail unchanged.

    `is_forward` says whether a subject is that of a forward. Raises MailTooLarge.
    """
    for _ in range(MAX_LEVELS):
        attached = find_attached_mail(mail, limits, is_forward)
        if attached is None:
            break
        mail = attached
    return mail


def find_attached_mail(
    mail: Part, limits: Limits, is_forward: Callable[[str], bool]
) -> Part | None:
    """The mail in a forward. A post to a list may have mails attached, and a digest has many."""
    if mail.kind in _MESSAGE_KINDS:
        return read_attached(mail, limits)
    if mail.kind != "multipart/mixed":
        return None
    is_post = any(name in mail.headers for name in _LIST_FIELDS)
    if is_post and not is_forward(mail.headers.text("subject")):
        return None
    attachments = list(message_parts(mail))
    return read_attached(attachments[0], limits) if len(attachments) == 1 else None


def message_parts(container: Part, depth: int = 3) -> Iterator[Part]:
    """The attached mails of a multipart/mixed, and of those in it."""
    for part in container.parts:
        if part.kind in _MESSAGE_KINDS or is_mail_file(part):
            yield part
        elif part.kind == "multipart/mixed" and depth > 0:
            yield from message_parts(part, depth - 1)


def is_mail_file(part: Part) -> bool:
    """Whether the part is a mail that a program attached as a file of an unknown kind."""
    if part.kind not in _FILE_KINDS:
        return False
    names = (
        part.headers.parameter("content-disposition", "filename"),
        part.headers.parameter("content-type", "name"),
    )
    return any(name.lower().endswith(".eml") for name in names)


def read_attached(part: Part, limits: Limits) -> Part | None:
    """The mail in an attachment; None if it is none, or does not say who sent it."""
    if part.parts:
        inner = part.parts[0]
        inner.headers.charset = find_charset(inner)
    else:
        encoding = part.headers.raw("content-transfer-encoding")
        try:
            inner = parse_parts(decode_transfer(part.body, encoding), limits)
        except UnreadableMail:
            return None
    return inner if has_sender(inner.headers) else None


def has_sender(headers: Headers) -> bool:
    return any(headers.raw(name).strip() for name in ("from", "sender", "reply-to"))
