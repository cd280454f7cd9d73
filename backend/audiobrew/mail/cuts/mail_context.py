"""What the rules for cuts know of a mail besides its blocks."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from audiobrew.mail.cuts.phrases import PhraseBook, Phrases, compile_phrases
from audiobrew.mail.cuts.platforms import Platform
from audiobrew.mail.raw_block import RawBlock

_SENTENCE_END = re.compile(
    r"(?<=[.!?])(?<!\s[A-ZÀ-Þ]\.)[\"'”’»)]*\s+(?=[^\s\d])|(?<=[。！？।])\s*+(?=\S)"
)
SENTENCE_ENDS = (".", "!", "?", "。", "！", "？", "।")
QUESTION_MARKS = ("?", "？", "؟")
# A Greek question ends with a semicolon, after which a sentence begins or the text ends.
_GREEK_QUESTION = re.compile(r";(?=[\s\"»”]*(?:$|[A-ZΑ-ΩΆΈΉΊΌΎΏ]))")
QUOTATION_MARKS = tuple("“„«‹‘\"'「『")
# The name of a speaker before what is quoted: "Ada Brook: «…»".
_SPEAKER = re.compile(r"[^.!?:：]{2,40}[:：]\s?(?=[“„«‹\"「『])")
_PRONOUNS = ("first_person", "readers")
# The last two fifths of a mail begin here.
_LAST_PART = 0.6


@dataclass(frozen=True, slots=True)
class MailContext:
    """`sender` is the newsletter's display name, `domain` that of its address; `sent_on`, the mail's day.

    `is_reply`: whether it answers another mail.
    """

    sender: str = ""
    domain: str = ""
    sent_on: date | None = None
    phrases: PhraseBook = field(default_factory=PhraseBook)
    platforms: Sequence[Platform] = ()
    is_reply: bool = False
    # What `signs_in_words` found in a text, because many rules ask for it.
    signs: dict[str, Counter[str]] = field(
        init=False, default_factory=dict, compare=False, repr=False
    )

    @property
    def sender_words(self) -> frozenset[str]:
        return frozenset(re.findall(r"\w{4,}", self.sender.casefold()))


def begins_with_quotation(text: str) -> bool:
    """Whether a text begins with a quotation, perhaps after the name of its speaker."""
    return text.startswith(QUOTATION_MARKS) or _SPEAKER.match(text) is not None


def split_sentences(text: str) -> list[str]:
    return _SENTENCE_END.split(text)


def has_question(text: str) -> bool:
    return any(mark in text for mark in QUESTION_MARKS) or bool(_GREEK_QUESTION.search(text))


def unquoted_matches(phrases: Phrases, text: str) -> Iterator[re.Match[str]]:
    """The phrases that the text does not quote. A text that quotes one is about it."""
    for match in phrases.finditer(text):
        if text[match.start() - 1 : match.start()] not in QUOTATION_MARKS:
            yield match


def contains_unquoted(phrases: Phrases, sentence: str) -> bool:
    return any(unquoted_matches(phrases, sentence))


def is_in_last_part(number: int, blocks: Sequence[RawBlock]) -> bool:
    """Whether a block is in the last two fifths of the mail."""
    return number >= len(blocks) * _LAST_PART


def share_of_sentences(phrases: Phrases, text: str) -> float:
    """The share of the text that sentences with a phrase make up, from 0 to 1."""
    if not text:
        return 0.0
    matching = sum(
        len(sentence) for sentence in split_sentences(text) if contains_unquoted(phrases, sentence)
    )
    return matching / len(text)


def mostly_contains(phrases: Phrases, text: str) -> bool:
    """Whether the sentences that contain a phrase make up at least half of the text."""
    return share_of_sentences(phrases, text) >= 0.5


def coverage(phrases: Phrases, text: str) -> float:
    """The share of the text that the phrases themselves make up, from 0 to 1."""
    return sum(len(match[0]) for match in phrases.finditer(text)) / len(text) if text else 0.0


def normalize(text: str) -> str:
    """The words of a text, without marks between them."""
    return re.sub(r"\W+", " ", text).strip().casefold()


def has_phrase(mail: MailContext, purpose: str, text: str) -> bool:
    """Whether a text has a phrase of one of the mail's languages; for pronouns, of the first of them.

    A pronoun may be another word in a related language.
    """
    patterns = [
        pattern
        for code in mail.phrases.own_codes
        if (pattern := compile_phrases(code, purpose)) is not None
    ]
    if purpose in _PRONOUNS:
        return any(len(match[0]) > 1 for one in patterns[:1] for match in one.finditer(text))
    return any(pattern.search(text) is not None for pattern in patterns)
