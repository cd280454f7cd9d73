"""Read the bytes of a mail into a `Newsletter`."""

import hashlib

from audiobrew.mail.blocks import build_blocks
from audiobrew.mail.body import read_body
from audiobrew.mail.cuts.boilerplate import find_cuts
from audiobrew.mail.cuts.mail_context import MailContext
from audiobrew.mail.cuts.phrases import PhraseBook
from audiobrew.mail.cuts.platforms import recognize_platforms
from audiobrew.mail.language import detect_language, detect_languages
from audiobrew.mail.limits import Limits
from audiobrew.mail.mime.envelope import read_envelope
from audiobrew.mail.mime.parts import parse_parts
from audiobrew.mail.newsletter import Newsletter
from audiobrew.mail.source_mail import MailTooLarge, UnreadableMail


def read_mail(raw: bytes, *, limits: Limits) -> Newsletter:
    """Read one mail, whether it is a newsletter or not.

    Blocks that are not read aloud (sponsors, footers, …) stay in `blocks`, with the reason in `cut`.
    Raises only UnreadableMail and MailTooLarge, whatever the bytes are.
    """
    if not raw.strip():
        raise UnreadableMail("This file is empty. Save the mail again from your mail program.")
    if len(raw) > limits.mail_bytes:
        raise MailTooLarge.of(len(raw), limits.mail_bytes)
    mail = parse_parts(raw, limits)
    envelope = read_envelope(mail.headers)
    raw_blocks = read_body(mail)
    if len(raw_blocks) > limits.blocks:
        raise MailTooLarge(
            f"This mail has more than {limits.blocks:,} paragraphs, and no newsletter has as many."
            " Save only the part you want to hear."
        )
    context = MailContext(
        sender=envelope.sender,
        sent_on=envelope.received_at.date(),
        phrases=PhraseBook(detect_languages([block.text for block in raw_blocks])),
        platforms=recognize_platforms(mail.headers, raw_blocks),
    )
    cuts = find_cuts(raw_blocks, context)
    uncut_texts = [block.text for block, cut in zip(raw_blocks, cuts, strict=True) if cut is None]
    digest = hashlib.sha256(raw).hexdigest()
    return Newsletter(
        digest=digest,
        key=envelope.key,
        sender=envelope.sender,
        address=envelope.address,
        subject=envelope.subject,
        # A mail of which everything is cut still has a language.
        language=detect_language(uncut_texts or [block.text for block in raw_blocks], mail.headers),
        received_at=envelope.received_at,
        bulk=envelope.bulk,
        blocks=build_blocks(digest, raw_blocks, cuts),
    )
