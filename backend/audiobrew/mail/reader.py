"""The door of the inbox: the bytes of a mail become a newsletter."""

import hashlib

from audiobrew.mail.blocks import build_blocks
from audiobrew.mail.body import read_body
from audiobrew.mail.cuts.boilerplate import find_cuts
from audiobrew.mail.language import detect_language
from audiobrew.mail.limits import Limits
from audiobrew.mail.mime.envelope import Envelope, read_envelope
from audiobrew.mail.mime.parts import Part, parse_parts
from audiobrew.mail.newsletter import Cut, Newsletter
from audiobrew.mail.raw_block import RawBlock
from audiobrew.mail.source_mail import MailTooLarge, UnreadableMail


def read_mail(raw: bytes, *, limits: Limits) -> Newsletter:
    """Read one mail, newsletter or not.

    What is not told (sponsors, footers, …) stays in `blocks`, with the reason in `cut`.
    Raises UnreadableMail and MailTooLarge, and nothing else, whatever the bytes are.
    """
    _check_size(raw, limits)
    mail = parse_parts(raw, limits)
    envelope = read_envelope(mail.headers)
    drafts = read_body(mail)
    if len(drafts) > limits.blocks:
        raise MailTooLarge(
            f"This mail has more than {limits.blocks:,} paragraphs, and no newsletter has as many."
            " Save only the part you want to hear."
        )
    return _newsletter(hashlib.sha256(raw).hexdigest(), mail, envelope, drafts)


def _check_size(raw: bytes, limits: Limits) -> None:
    if not raw.strip():
        raise UnreadableMail("This file is empty. Save the mail again from your mail program.")
    if len(raw) > limits.mail_bytes:
        raise MailTooLarge.of(len(raw), limits.mail_bytes)


def _newsletter(
    digest: str, mail: Part, envelope: Envelope, drafts: tuple[RawBlock, ...]
) -> Newsletter:
    reasons = find_cuts(drafts, envelope.sender)
    return Newsletter(
        digest=digest,
        key=envelope.key,
        sender=envelope.sender,
        address=envelope.address,
        subject=envelope.subject,
        language=detect_language(_told(drafts, reasons), mail.headers),
        received_at=envelope.received_at,
        bulk=envelope.bulk,
        blocks=build_blocks(digest, drafts, reasons),
    )


def _told(drafts: tuple[RawBlock, ...], reasons: tuple[Cut | None, ...]) -> str:
    """What is told; where all is cut, all there is, for its language."""
    told = [draft.text for draft, cut in zip(drafts, reasons, strict=True) if cut is None]
    return "\n".join(told or [draft.text for draft in drafts])
