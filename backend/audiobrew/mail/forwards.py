"""Find the newsletter in a mail that was forwarded inline, below the fields of its head.

Mail programs write these fields in the language of whoever forwards. What is above them are the
forwarder's own words, which are not told.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import chain

from audiobrew.lang.language import all_languages
from audiobrew.lang.mail_sections import ForwardedHead
from audiobrew.mail.forward_dates import parse_forward_date
from audiobrew.mail.mime.envelope import REPLY_PREFIX, Envelope, parse_address
from audiobrew.mail.newsletter import BlockKind
from audiobrew.mail.raw_block import RawBlock

RawBlocks = Sequence[RawBlock]

# Forwards in forwards that are unwrapped.
MAX_LEVELS = 10
# Times that a mail is read again without the marks of quotation.
MAX_READS = 4
# The forwarder's own words have at most as many blocks and characters.
MAX_OWN_BLOCKS = 40
MAX_OWN_CHARACTERS = 3_000
# Blocks of a head, and characters of one of them that are looked at.
MAX_HEAD_BLOCKS = 16
MAX_FIELD_CHARACTERS = 4_000
# A longer value is not a subject or a sender: a story is glued to it.
MAX_VALUE_CHARACTERS = 400
# Fields of a head. Below a line that says "Forwarded message", fewer are enough.
MIN_FIELDS = 3
MIN_MARKED_FIELDS = 2
_KINDS = ("sender", "date", "to", "subject", "other")
# A line such as "-----Original Message-----" above the fields.
_DASHED_LINE = re.compile(
    r"[\s>*]{0,10}[-–—_=]{2,60}+[ *]{0,3}[^-–—_=\n]{2,80}+[-–—_=]{2,60}+\s{0,5}"
)
_MAILTO = re.compile(r"\[mailto:([^\]\s]{1,300})\]", re.IGNORECASE)
# Outlook's words between the address of a service and the newsletter's own name.
_ON_BEHALF = re.compile(
    r"\b(?:on behalf of|im auftrag von|de la part de|en nombre de|per conto di|em nome de|namens)\b",
    re.IGNORECASE,
)


@dataclass(slots=True)
class ForwardHead:
    """The fields above a forwarded mail.

    `start` and `end` are the numbers of its first block and of the first block after it.
    """

    start: int
    end: int
    marked: bool
    fields: dict[str, str] = field(default_factory=dict)

    @property
    def is_complete(self) -> bool:
        count = len(self.fields)
        lengths = [len(self.fields.get(name, "")) for name in ("sender", "subject", "date")]
        return (
            bool(self.fields.get("sender"))
            and count >= (MIN_MARKED_FIELDS if self.marked else MIN_FIELDS)
            and bool(self.fields.keys() & {"subject", "date"})
            and max(lengths) <= MAX_VALUE_CHARACTERS
        )


def unwrap_forwards(
    envelope: Envelope, blocks: RawBlocks, read_unquoted: Callable[[int], RawBlocks]
) -> tuple[Envelope, RawBlocks]:
    """The envelope and the blocks of the newsletter in a forwarded mail; those of any other mail unchanged.

    `read_unquoted` reads the mail again, without so many marks of quotation around its text.
    """
    reads = 0
    for level in range(MAX_LEVELS):
        if reads < MAX_READS and has_quoted_head(blocks):
            reads += 1
            unquoted = read_unquoted(reads)
            candidates = unquoted[skip_forwards(unquoted, level) :]
        else:
            candidates = blocks
        head = find_forward(envelope, candidates, is_outermost=level == 0)
        if head is None:
            break
        envelope = read_forwarded_envelope(envelope, head)
        blocks = candidates[head.end :]
    return envelope, blocks


def has_quoted_head(blocks: RawBlocks) -> bool:
    """Whether a block that is marked as a quotation begins with a field of a head."""
    return any(
        block.kind is BlockKind.QUOTATION and split_fields(strip_marker(block.text)[0])
        for block in blocks[:MAX_OWN_BLOCKS]
    )


def skip_forwards(blocks: RawBlocks, count: int) -> int:
    """The number of the block after the first `count` heads."""
    start = 0
    for _ in range(count):
        head = find_head(blocks[start:])
        if head is None:
            break
        start += head.end
    return start


def find_forward(
    envelope: Envelope, blocks: RawBlocks, *, is_outermost: bool
) -> ForwardHead | None:
    """The head of a forwarded mail, unless the mail is a reply or itself a newsletter that quotes a mail."""
    head = find_head(blocks)
    if head is None or head.end >= len(blocks):
        return None
    if has_forward_prefix(envelope.subject):
        return head
    if REPLY_PREFIX.match(envelope.subject) or (is_outermost and envelope.bulk):
        return None
    return head if head.marked or head.start == 0 else None


def has_forward_prefix(subject: str) -> bool:
    return prefix_pattern().match(subject) is not None


def find_head(blocks: RawBlocks) -> ForwardHead | None:
    """The first head of a forwarded mail."""
    characters = 0
    marked = False
    for number, block in enumerate(blocks[:MAX_OWN_BLOCKS]):
        if characters > MAX_OWN_CHARACTERS:
            return None
        text, has_marker = strip_marker(block.text)
        if text or not has_marker:
            head = read_head(blocks, number, text, marked or has_marker)
            if head.is_complete:
                return head
        characters += len(block.text)
        # A line with the marker only is right above the fields.
        marked = has_marker and not text
    return None


def strip_marker(text: str) -> tuple[str, bool]:
    """The text after a line such as "Forwarded message", and whether there was one."""
    text = text[:MAX_FIELD_CHARACTERS]
    if marker := marker_pattern().match(text):
        return text[marker.end() :], True
    dashed = _DASHED_LINE.match(text)
    return (text[dashed.end() :] if dashed else text), False


def read_head(blocks: RawBlocks, start: int, first_text: str, marked: bool) -> ForwardHead:
    """The fields from a block on. The head has none if the block does not begin with a field."""
    head = ForwardHead(start, start, marked)
    last_kind = ""  # of a field whose value is still to come
    for number in range(start, min(start + MAX_HEAD_BLOCKS, len(blocks))):
        text = first_text if number == start else blocks[number].text[:MAX_FIELD_CHARACTERS]
        fields = split_fields(text)
        if not fields:
            if not last_kind:
                break
            head.fields[last_kind], last_kind = text, ""
        elif fields[0][0] in head.fields and fields[0][0] != "other":
            break  # the head of the mail that was forwarded before
        else:
            for kind, value in fields:
                head.fields.setdefault(kind, value)
            last_kind = "" if fields[-1][1] else fields[-1][0]
        head.end = number + 1
    return head


def split_fields(text: str) -> list[tuple[str, str]]:
    """The fields of a text that begins with one, as kinds and values. A kind occurs once."""
    matches: list[tuple[str, re.Match[str]]] = []
    kinds: set[str] = set()
    for match in label_pattern().finditer(text):
        kind = label_kinds()[fold_label(match[1])]
        if not matches and text[: match.start()].strip(" \u00a0>*_|"):
            return []
        if kind not in kinds or kind == "other":
            kinds.add(kind)
            matches.append((kind, match))
    ends = [*(match.start() for _, match in matches[1:]), len(text)] if matches else []
    return [
        (kind, text[match.end() : end].strip(" \u00a0*_|"))
        for (kind, match), end in zip(matches, ends, strict=True)
    ]


def read_forwarded_envelope(outer: Envelope, head: ForwardHead) -> Envelope:
    """The envelope of the forwarded mail, as far as its head has the fields."""
    value = _MAILTO.sub(r"<\1>", head.fields["sender"])
    sender, address = parse_address(_ON_BEHALF.split(value)[-1])
    if not address:
        address = parse_address(value)[1]
    sender = sender or address
    subject = head.fields.get("subject") or prefix_pattern().sub("", outer.subject)
    date = parse_forward_date(head.fields.get("date", ""), outer.received_at)
    return replace(
        outer,
        key=address or sender.lower() or outer.key,
        sender=sender or outer.sender,
        address=address or outer.address,
        subject=subject.strip(),
        received_at=date or outer.received_at,
    )


def alternatives(names: set[str]) -> str:
    """The longest first, because some names begin with others."""
    by_length = sorted(names, key=lambda name: (-len(name), name))
    return "|".join(map(re.escape, by_length))


def all_heads() -> list[ForwardedHead]:
    return [language.forwarded for language in all_languages()]


def fold_label(label: str) -> str:
    """The label in lower case. The Turkish letters İ and ı count as i, as in regular expressions."""
    return label.replace("\u0130", "i").replace("\u0131", "i").casefold()


@cache
def label_kinds() -> dict[str, str]:
    """What each label means, by the label as `fold_label` writes it."""
    return {
        fold_label(label): kind
        for head in all_heads()
        for kind in _KINDS
        for label in getattr(head, kind)
    }


@cache
def label_pattern() -> re.Pattern[str]:
    labels = alternatives(set(label_kinds()))
    return re.compile(
        rf"(?<![^\s>*_|])({labels})[ \u00a0]?[*_]{{0,2}}(?:[ \u00a0]?[:：]){{1,2}}[*_]{{0,2}}",
        re.IGNORECASE,
    )


@cache
def marker_pattern() -> re.Pattern[str]:
    markers = alternatives(set(chain.from_iterable(head.markers for head in all_heads())))
    return re.compile(
        rf"[\s\-–—_=*>]{{0,60}}+(?:{markers})(?!\w)[\s\-–—_=*:：]{{0,60}}+", re.IGNORECASE
    )


@cache
def prefix_pattern() -> re.Pattern[str]:
    prefixes = alternatives(set(chain.from_iterable(head.prefixes for head in all_heads())))
    return re.compile(
        rf"\s{{0,5}}(?:(?:{prefixes})\s?[:：]\s{{0,5}}|\[fwd?:?\s{{0,5}})++", re.IGNORECASE
    )
