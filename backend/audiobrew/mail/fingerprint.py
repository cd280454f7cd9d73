"""Recognize copies of one issue by what they say: mails that were sent again, corrected or forwarded.

A fingerprint is a sample of a text's shingles, which are runs of three words. The share of shingles that
two texts have in common says how much of them is the same, also if one sentence was corrected or a
paragraph is divided in another way. Short texts are compared exactly, long ones with an error of about two
percent.
"""

import re
import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import blake2b
from heapq import nsmallest
from typing import Self
from unicodedata import normalize

_WORDS_PER_SHINGLE = 3
# Hashes of shingles and of numbers that are kept: 2 KB for a long newsletter.
_MAX_SHINGLES = 512
_MAX_NUMBERS = 64
# Characters that are looked at, so that a mail of ten million takes no longer than a long newsletter.
_MAX_CHARACTERS = 200_000
# Blocks with fewer words are greetings and names of sections, which all issues share.
_MIN_WORDS_OF_BLOCK = 4
# A text with fewer shingles says too little to be recognized: all that is told of it may be a standing
# sentence. An equal subject says more.
_MIN_SHINGLES = 30
_MIN_SHINGLES_WITH_SAME_SUBJECT = 6
# Mails that were sent further apart are never copies.
MAX_APART = timedelta(days=60)
# Mails that share less are not compared further.
_MIN_SHARE = 0.2
# More than a whole text can share.
_NEVER = 2.0
# Texts that differ less are the same, except for a greeting or an address.
_SHARE_OF_UNCHANGED = 0.98

_URL = re.compile(r"(?:https?://|www\.)\S{1,2000}")
# A letter of a script without spaces between words counts as a word.
_WORD = re.compile("[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]|[^\\W_]+")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_CORRECTION_WORDS = (
    "correct(?:ion|ed)s?|corrigend(?:um|a)|errat(?:um|a)|re-?sen[dt](?:ing)?|sent again|oops|updated?"
    "|korrektur|korrigierte? ?(?:fassung|version|ausgabe)?|berichtigung|berichtigte?"
    "|erneut(?: gesendet| versandt)?"
    "|rectificatif|rectification|corrigée?|renvoi|correcci[oó]n|corregido|reenv[ií]o|fe de erratas"
    "|correzione|corretto|rettifica|errata corrige|corre[cç][aã]o|corrigido|reenviad[oa]"
    "|correctie|gecorrigeerd|rectificatie|opnieuw verzonden|rättelse|rettelse|korreksjon|oikaisu|korjaus"
    "|korekta|sprostowanie|oprava|helyesbítés|javítás|corectare|düzeltme|διόρθωση|исправлен(?:ие|о)|поправка"
    "|повторно|виправлен(?:ня|о)|訂正|再送|更正|重[发發]|정정|재발송|תיקון|تصحيح|सुधार|đính chính"
    "|koreksi|ralat"
)
# "[Correction] …", "Resent: …", "… (corrected)", "Oops! …".
_CORRECTION = re.compile(
    rf"[\[(【（]\s{{0,3}}(?:{_CORRECTION_WORDS})[^\])】）]{{0,40}}[\])】）]"
    rf"|^\s{{0,5}}(?:{_CORRECTION_WORDS})(?!\w)[^:：!–—|\n]{{0,40}}?(?:[:：!–—|]|\s-\s)"
    rf"|(?:[:：–—|]|\s-)\s{{0,3}}(?:{_CORRECTION_WORDS})\s{{0,3}}$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """`count` is the number of different shingles. `shingles` and `numbers` are the smallest of their hashes:
    all of a short text, a random sample of a long one."""

    count: int
    shingles: frozenset[int]
    numbers: frozenset[int]

    @classmethod
    def of(cls, texts: Iterable[str]) -> Self:
        """The fingerprint of the blocks with these texts."""
        plain_texts = list(normalize_texts(texts))
        words = [word for text in plain_texts for word in _WORD.findall(text)]
        shingles = {
            hash_text(" ".join(words[start : start + _WORDS_PER_SHINGLE]))
            for start in range(len(words) - _WORDS_PER_SHINGLE + 1)
        }
        numbers = {hash_text(number) for text in plain_texts for number in _NUMBER.findall(text)}
        return cls(
            len(shingles),
            frozenset(nsmallest(_MAX_SHINGLES, shingles)),
            frozenset(nsmallest(_MAX_NUMBERS, numbers)),
        )

    def to_bytes(self) -> bytes:
        hashes = (*sorted(self.shingles), *sorted(self.numbers))
        return struct.pack(f">IH{len(hashes)}I", self.count, len(self.shingles), *hashes)

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """Raises struct.error."""
        count, shingles = struct.unpack_from(">IH", data)
        hashes = struct.unpack_from(f">{(len(data) - 6) // 4}I", data, 6)
        return cls(count, frozenset(hashes[:shingles]), frozenset(hashes[shingles:]))

    def share_with(self, other: Self) -> float:
        """The share of the longer text that both texts have in common, from 0 to 1. Small shares count as 0,
        because a mail is compared with many others."""
        shorter = min(len(self.shingles), len(other.shingles))
        if not shorter or len(self.shingles & other.shingles) < _MIN_SHARE * shorter:
            return 0.0
        sample = set(nsmallest(_MAX_SHINGLES, self.shingles | other.shingles))
        similarity = len(sample & self.shingles & other.shingles) / len(sample)
        common = similarity / (1 + similarity) * (self.count + other.count)
        return min(1.0, common / max(self.count, other.count))

    def shares_numbers_with(self, other: Self, least: float) -> bool:
        """Whether this share of the numbers, rounded down, is in both texts."""
        most = max(len(self.numbers), len(other.numbers))
        return len(self.numbers & other.numbers) >= int(least * most)

    def differs_from(self, other: Self) -> bool:
        """Whether more than a greeting differs."""
        return self.numbers != other.numbers or self.share_with(other) < _SHARE_OF_UNCHANGED


@dataclass(frozen=True, slots=True)
class CopyRule:
    """Two mails are copies if they were sent within this time and share as much of their text and numbers."""

    within: timedelta
    share: float
    share_with_same_subject: float
    numbers: float = 0.0
    # Whether a subject must say that it is a correction.
    for_corrections: bool = False


# The more subject and date say that two mails are copies, the more their texts may differ. Without such signs
# they must be equal, numbers included: a weather report is not that of yesterday because only its figures
# changed. The next issue of a daily newsletter comes more than 18 hours later.
_COPY_RULES = (
    CopyRule(timedelta(days=14), 0.7, 0.5, for_corrections=True),
    CopyRule(timedelta(hours=18), 0.85, 0.6),
    CopyRule(timedelta(days=4), _NEVER, 0.75, numbers=0.5),
    CopyRule(MAX_APART, 0.95, 0.95, numbers=1.0),
)
_LEAST_SHARE = min(rule.share_with_same_subject for rule in _COPY_RULES)


@dataclass(frozen=True, slots=True)
class Issue:
    """What is compared of two mails of one newsletter."""

    subject: str
    received_at: datetime
    fingerprint: Fingerprint


def is_copy(one: Issue, other: Issue) -> bool:
    """Whether two mails of one newsletter are the same issue."""
    share = one.fingerprint.share_with(other.fingerprint)
    if share < _LEAST_SHARE:  # most mails of a newsletter; their subjects need not be read
        return False
    subjects = {normalize_subject(one.subject), normalize_subject(other.subject)}
    has_same_subject = len(subjects) == 1 and subjects != {""}
    least_count = _MIN_SHINGLES_WITH_SAME_SUBJECT if has_same_subject else _MIN_SHINGLES
    if min(one.fingerprint.count, other.fingerprint.count) < least_count:
        return False
    apart = abs(one.received_at - other.received_at)
    is_correction = any(_CORRECTION.search(issue.subject) for issue in (one, other))
    return any(
        apart <= rule.within
        and share >= (rule.share_with_same_subject if has_same_subject else rule.share)
        and one.fingerprint.shares_numbers_with(other.fingerprint, rule.numbers)
        for rule in _COPY_RULES
        if is_correction or not rule.for_corrections
    )


def corrects_figures(one: Issue, other: Issue) -> bool:
    """Whether a mail says that it corrects an earlier one and has another number."""
    says_so = one.received_at > other.received_at and _CORRECTION.search(one.subject)
    return bool(says_so and one.fingerprint.numbers - other.fingerprint.numbers)


def normalize_subject(subject: str) -> str:
    """The words of a subject without "Fwd:", "[Correction]" and the like."""
    from audiobrew.mail.forwards import prefix_pattern  # reads the files of all languages

    subject = prefix_pattern().sub("", normalize("NFKC", subject))
    subject = prefix_pattern().sub("", _CORRECTION.sub(" ", subject))
    return " ".join(_WORD.findall(subject.casefold()))


def normalize_texts(texts: Iterable[str]) -> Iterator[str]:
    """The texts that have more than a few words, in lower case and without addresses."""
    room = _MAX_CHARACTERS
    for text in texts:
        if room <= 0:
            break
        plain = normalize("NFKC", _URL.sub(" ", text[:room])).casefold()
        room -= len(text)
        if len(_WORD.findall(plain)) >= _MIN_WORDS_OF_BLOCK:
            yield plain


def hash_text(text: str) -> int:
    return int.from_bytes(blake2b(text.encode(), digest_size=4).digest())
