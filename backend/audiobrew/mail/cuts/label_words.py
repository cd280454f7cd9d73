"""Recognize a label by its words: a line of which all words are those of labels, besides a sponsor's name.

The phrases of labels cannot have all constructions. A line such as "With the kind support of our partners"
has only words for sponsors, for the newsletter itself, and small words.
"""

import re
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from unicodedata import normalize

from audiobrew.mail.cuts.mail_context import MailContext
from audiobrew.mail.cuts.ornaments import ORNAMENTS
from audiobrew.mail.text_cleanup import strip_accents

_MAX_CHARACTERS, _MAX_WORDS = 150, 14
_MAX_INNER_NAME_WORDS = 2
_MAX_NAME_WORDS, _MIN_NAME_CHARACTERS = 7, 2
_GAPS = rf"{ORNAMENTS},;!?\"“”„«»‹›"
_WORD = re.compile(rf"[^{_GAPS}](?:[^{_GAPS}]|(?<=[^\W\d_])[·\-](?=[^\W\d_]))*")
# Thanks go to sponsors, and to other people.
_THANKS = re.compile(
    r"\W{0,3}(?:our |many |big |a )?(?:special )?"
    r"(?:thank|dank|merci|gracias|grazie|grâce|obrigad|agradec|graças|tack|tak |takk|kiit"
    r"|děkuj|ďakuj|díky|dzięk|dziek|köszön|mulțum|ευχαριστ|спасибо|благодар|дякує|teşekkür|شكر|תודה|धन्यवाद"
    r"|감사|고맙|感谢|感謝|鸣谢|鳴謝|cảm ơn|terima kasih|gràcies|täna[mn]|dėkoj|paldies|hvala|zahvalj|хвала)",
    re.IGNORECASE,
)
_PARTS = re.compile(r"[-'’·]")
_OPENING_QUOTATION_MARKS = '"“„«‹「『《'
_VERSIONS = 2
PAID, PARTNER, ISSUE, LABEL, NAME = "paid", "partner", "issue", "label", "name"


def name_among_label_words(text: str, mail: MailContext) -> str:
    """The first word of the sponsor's name in a label; `*` if it names none, empty if it is no label."""
    if len(text) > _MAX_CHARACTERS:
        return ""
    plain = normalize("NFKC", text)
    # The same in two languages: "Petites annonces / Classifieds".
    if len(versions := plain.split(" / ")) == _VERSIONS:
        names = {name_among_label_words(version, mail) for version in versions}
        return "*" if names == {"*"} else ""
    if len(_WORD.findall(plain)) > _MAX_WORDS:
        return ""
    for pattern in mail.phrases["label_words"]:
        kinds = list(kinds_of_words(plain, pattern, mail))
        if len(kinds) <= _MAX_WORDS and (name := sponsor_among(kinds, plain)):
            return name
    return ""


def has_partner_words(text: str, mail: MailContext) -> bool:
    """Whether a text has only words of labels, and one for sponsors, partners or support."""
    for pattern in mail.phrases["label_words"]:
        kinds = {kind for kind, _ in kinds_of_words(normalize("NFKC", text), pattern, mail)}
        if NAME not in kinds and kinds & {PAID, PARTNER}:
            return len(text) <= _MAX_CHARACTERS
    return False


def has_paid_words(text: str, mail: MailContext) -> bool:
    """Whether a short text has a word for advertising or sponsors."""
    plain = normalize("NFKC", text[:_MAX_CHARACTERS])
    return any(
        kind == PAID
        for pattern in mail.phrases["label_words"]
        for kind, _ in kinds_of_words(plain, pattern, mail)
    )


def kinds_of_words(
    text: str, pattern: re.Pattern[str], mail: MailContext
) -> Iterator[tuple[str, str]]:
    """Each word with its kind. In languages without spaces between words, the words in it."""
    sender_words = plain_words(mail.sender_words)
    for word in _WORD.findall(text):
        kind = kind_of_word(word, pattern) or kind_of_parts(word, pattern)
        if kind:
            yield kind, word
        elif strip_accents(word.casefold()) in sender_words:
            yield ISSUE, word
        elif ord(word[0]) > _FIRST_UNSPACED:
            yield from kinds_in_run(word, pattern)
        else:
            yield NAME, word


_FIRST_UNSPACED = 0x0E00


@lru_cache(maxsize=64)
def plain_words(words: frozenset[str]) -> frozenset[str]:
    """The words without accents."""
    return frozenset(map(strip_accents, words))


@lru_cache(maxsize=16_384)
def kind_of_word(word: str, pattern: re.Pattern[str]) -> str:
    match = pattern.fullmatch(strip_accents(word))
    return (match and match.lastgroup) or ""


def kind_of_parts(word: str, pattern: re.Pattern[str]) -> str:
    """The kind of a compound or elided word, all parts of which are words of labels: "l'annonce"."""
    if not _PARTS.search(word):
        return ""
    parts = [part for part in _PARTS.split(word) if part]
    kinds = [kind_of_word(part, pattern) for part in parts]
    if len(parts) < 2 or not all(kinds):
        return ""
    return next((kind for kind in (PAID, PARTNER, ISSUE) if kind in kinds), LABEL)


def kinds_in_run(word: str, pattern: re.Pattern[str]) -> Iterator[tuple[str, str]]:
    """The words of labels in a run of letters, and the runs between them."""
    start = place = 0
    while place < len(word):
        match = pattern.match(word, place)
        if not match or not match[0]:
            place += 1
            continue
        if start < place:
            yield NAME, word[start:place]
        yield match.lastgroup or LABEL, match[0]
        start = place = match.end()
    if start < place:
        yield NAME, word[start:place]


def sponsor_among(kinds: list[tuple[str, str]], text: str) -> str:
    """As `name_among_label_words`, for words with their kinds."""
    counts = Counter(kind for kind, _ in kinds)
    if not (counts[PAID] or counts[PARTNER]):
        return ""
    places = [place for place, (kind, _) in enumerate(kinds) if kind == NAME]
    if not places:
        return "*" if counts[PAID] or counts[ISSUE] or counts[PARTNER] > 1 else ""
    run = kinds[places[0] : places[-1] + 1]
    # In languages with the verb at the end, a short name stands between the other words.
    is_at_edge = not places[0] or places[-1] == len(kinds) - 1 or len(run) <= _MAX_INNER_NAME_WORDS
    signs = counts[PAID] + counts[PARTNER] + thanks_somebody(text)
    is_about_issue = counts[ISSUE] or signs > 1
    if not is_about_issue or not is_at_edge or len(run) > _MAX_NAME_WORDS:
        return ""
    if any(kind not in (NAME, LABEL) for kind, _ in run):
        return ""
    names = [word for kind, word in run if kind == NAME]
    has_cases = any(word[0].isupper() or word[0].islower() for word in names)
    is_quoted = any(f"{mark}{names[0]}" in text for mark in _OPENING_QUOTATION_MARKS)
    if has_cases:
        is_name = all(word[0].isupper() or word[0].isdigit() or word == "&" for word in names)
    else:
        is_name = signs > 1
    if not (is_name or is_quoted):
        return ""
    first = next((word for word in names if len(word) >= _MIN_NAME_CHARACTERS), names[0])
    return first.casefold()


def thanks_somebody(text: str) -> bool:
    return _THANKS.match(text) is not None
