"""Read the bytes of a mail into a `Newsletter`."""

import hashlib
import re
from collections.abc import Sequence
from functools import partial
from itertools import pairwise

from audiobrew.mail.blocks import build_blocks
from audiobrew.mail.body import read_body
from audiobrew.mail.cuts.boilerplate import judge_blocks
from audiobrew.mail.cuts.likelihood import Judgement
from audiobrew.mail.cuts.mail_context import MailContext
from audiobrew.mail.cuts.phrases import PhraseBook
from audiobrew.mail.cuts.platforms import recognize_platforms
from audiobrew.mail.forwards import has_forward_prefix, unwrap_forwards
from audiobrew.mail.language import detect_language, detect_languages
from audiobrew.mail.limits import Limits
from audiobrew.mail.mime.attached_mail import unwrap_attached_mail
from audiobrew.mail.mime.envelope import is_reply, read_envelope
from audiobrew.mail.mime.parts import parse_parts
from audiobrew.mail.newsletter import BlockRole, Cut, Newsletter
from audiobrew.mail.raw_block import RawBlock
from audiobrew.mail.roles import assign_roles
from audiobrew.mail.source_mail import MailTooLarge, UnreadableMail
from audiobrew.mail.unsubscribe_links import has_unsubscribe_link

# Roles of blocks whose text says little about the language of a mail.
_NO_PROSE = (BlockRole.CODE, BlockRole.IMAGE)


def read_mail(raw: bytes, *, limits: Limits) -> Newsletter:
    """Read one mail, whether it is a newsletter or not.

    Blocks that are not read aloud (sponsors, footers, …) stay in `blocks`, with the reason in `cut`.
    Raises only UnreadableMail and MailTooLarge, whatever the bytes are.
    """
    if not raw.strip():
        raise UnreadableMail("This file is empty. Save the mail again from your mail program.")
    if len(raw) > limits.mail_bytes:
        raise MailTooLarge.of(limits.mail_bytes)
    mail = unwrap_attached_mail(parse_parts(raw, limits), limits, has_forward_prefix)
    envelope = outer_envelope = read_envelope(mail.headers)
    raw_blocks: Sequence[RawBlock] = read_body(mail)
    envelope, raw_blocks = unwrap_forwards(envelope, raw_blocks, partial(read_body, mail))
    if len(raw_blocks) > limits.blocks:
        raise MailTooLarge(
            f"This mail has more than {limits.blocks:,} paragraphs, and no newsletter has as many."
            " Save only the part you want to hear."
        )
    phrases = PhraseBook(detect_languages([block.text for block in raw_blocks]))
    context = MailContext(
        sender=envelope.sender,
        domain=envelope.address.rpartition("@")[2].lower(),
        sent_on=envelope.received_at.date(),
        phrases=phrases,
        platforms=recognize_platforms(mail.headers, raw_blocks),
        # A forward keeps the headers of a reply, and what it quotes is what was forwarded.
        is_reply=envelope is outer_envelope
        and not has_forward_prefix(envelope.subject)
        and is_reply(mail.headers, envelope),
    )
    judgements = judge_all_blocks(raw_blocks, context)
    cuts = [judgement.cut for judgement in judgements]
    raw_blocks = assign_roles(raw_blocks, cuts, context)
    uncut_texts = [
        block.text
        for block, cut in zip(raw_blocks, cuts, strict=True)
        if cut is None and block.role not in _NO_PROSE
    ]
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
        bulk=envelope.bulk or has_unsubscribe_link(raw_blocks, phrases),
        blocks=build_blocks(digest, raw_blocks, judgements),
    )


def judge_all_blocks(blocks: Sequence[RawBlock], mail: MailContext) -> list[Judgement]:
    """Which blocks are cut, and why. The rules judge text; an image is cut with the text around it."""
    texts = [number for number, block in enumerate(blocks) if block.role is not BlockRole.IMAGE]
    judgements = [Judgement()] * len(blocks)
    for number, judgement in zip(
        texts, judge_blocks([blocks[number] for number in texts], mail), strict=True
    ):
        judgements[number] = judgement
    # Images stand before the first text, between two texts, or after the last one.
    for start, end in pairwise([-1, *texts, len(blocks)]):
        before = judgements[start].cut if start >= 0 else None
        after = judgements[end].cut if end < len(blocks) else before
        is_first = start < 0
        cut = after if is_first else before if after or before is Cut.SPONSOR else None
        for number in range(start + 1, end):
            names_sender = is_first and texts and shares_name(blocks[number].text, mail)
            judgements[number] = Judgement(Cut.NAVIGATION if names_sender else cut)
    return judgements


def shares_name(text: str, mail: MailContext) -> bool:
    """Whether an image's text names the sender, as that of a masthead does."""
    return not mail.sender_words.isdisjoint(re.findall(r"\w{4,}", text.casefold()))
