"""How clear a sentence is by ear: every token of it must be one that a listener understands.

A list of what a voice cannot say is never complete, because each newsletter brings notations of its own. So
this lists what a voice can say: words that can be pronounced, names, numbers, abbreviations in capitals, and
ordinary punctuation. The rest is doubtful or unclear.
"""

import re
import unicodedata
from enum import IntEnum
from functools import cache, lru_cache
from itertools import pairwise
from typing import NamedTuple

from audiobrew.lang.function_words import FUNCTION_WORDS
from audiobrew.lang.language import CompleteLanguage, language_or_default
from audiobrew.lang.word_shapes import SYLLABIC, has_vowel, is_word_shape, known_words
from audiobrew.script.notation import UNSPACED, notation_of
from audiobrew.script.plain_notation import find_unusual, is_plain
from audiobrew.script.speech_text import speech_text

# Consonants with which a word may begin before its first vowel, if there are three or more.
_LONG_ONSETS = re.compile(
    r"(?:s[pctkqh][rlhw]|sch[lmnrwt]?|spl|spr|str|thr|chr?[rlt]?|phr|phl|sph[rl]?|ph|pf[rl]|schr|schl|zwr|ts[ch]|dsch"
    r"|tch|tsch|shch|gh|vr|wr|kn|mc?[a-z]|sgh|sbr|sgr|scr|sdr|sfr|dj|str[jw]|skj|hj|tj|kj|fj|bj|nj|lj|mn|gn)[a-z]{0,2}"
)
_NUMBER = re.compile(
    r"[+−-]?\d{1,15}(?:[.,'’:\u00a0\u202f]\d{1,9}){0,6}"
    r"(?:st|nd|rd|th|d|s|er|ers|ern|re|res|e|es|ère|ème|èmes|nde?|ste?n?|de|te|ten|ter|tes|a|o|as|os|ª|º|n|mal|h|k|\.)?"
)
_DECADE = re.compile(r"['’]\d0s")
# `20-minute`, `3-bed`, `4-4-2`, `100-Jährige`, `1990er-Jahre`
_JOINED_NUMBER = re.compile(
    r"\d{1,4}(?:[.,]\d{1,3})?(?:er|ers|th|st|nd|rd)?(?:-(?:\d{1,3}|[^\W\d_]{2,30})){1,4}"
)
# Words of one letter, which may stand after a number.
_ONE_LETTER_WORDS = frozenset("aAàÀéèeiIoOóuUyYwzkvs")
# Letters and digits that people say as a name: `A97`, `H5N1`, `KR-2214`, `G7`, `7A`, `4K`, `B-52s`
_CODE = re.compile(
    r"[A-Z]{1,5}-?\d{1,5}(?:-?[A-Z]{0,2}\d{0,2}|s|er)?|\d{1,3}-?[A-Z]{1,2}|[A-Z][a-zß-ÿ]{2,15}-?\d{1,4}[A-Z]?"
    r"|[A-Z]{1,4}\d[A-Z]\d{0,2}|v\d{1,3}|\d{1,2}\.[a-zA-Z]|[A-Z][a-z]?\d{1,3}[A-Z]{1,3}"
)
_INITIALS = re.compile(r"(?:[^\W\d_]\.){1,5}[^\W\d_]?\.?")
_CAPITALS = re.compile(r"(?:[A-ZÀ-Þ]&?){1,12}(?:['’]?s|['’]?er|en)?")
_PARTS = re.compile(r"[-‐‑–—'’ʼ/&.·…]+")
_WORD = re.compile(r"[^\W\d_]+")
_LATIN = re.compile(r"[A-Za-zÀ-ɏ]+")
# Words, and marks that are not said.
_PLAIN = re.compile(r"(?:[^\W\d_]|[\s.,;:!?'’‘“”„«»()–—…¿¡\"-])*+")
# Marks around a word.
_MARKS = ".,;:!?…()[]{}\"'“”„«»‘’‚‹›–—-¿¡·،؛؟。、，！？：；（）「」『』《》"
# A letter of a script in which words have no spaces between them.
_UNSPACED = re.compile(rf"[{UNSPACED}]")
# Marks that no voice says. Symbols of mathematics, money and the like are recognized by their category.
_UNSPOKEN = re.compile(r"[*\\|@#_\[\]{}″′§‰%°†‡•¶µ]")
_SYMBOLS = frozenset(["Sm", "Sc", "So", "Sk", "No"])
_SPOKEN_SYMBOLS = frozenset("´`½¼¾")
# Greek capitals among Latin letters stand for quantities: `Δ −57 %`.
_QUANTITY = re.compile(r"[ΔΣΩΦΨΘΛΞΠΓ∆](?![α-ω])")
_EDITORIAL = re.compile(
    r"\[(?:[^\W\d_][^\W\d_ .'’-]{0,30}|…|\.\.\.)(?: [^\W\d_]{1,20}){0,4}\]|\[(?=…)"
)
# A figure beside one in brackets: `14 (6) – 9 (5)`.
_BRACKETED_FIGURES = re.compile(r"\d\s\(\d{1,4}\)|\d\s[–—]\s\d|\)\s[–—]\s\d")
# Names with marks or numbers: `Gauld 5, Mackie 6, Reekie 7`.
_NAME_WITH_NUMBER = re.compile(r"[A-ZÀ-Þ][\w’'-]{1,20}\s\d{1,2}(?=\s?[,;().]|$)")
MAX_NAMES_WITH_NUMBERS = 3
# Letters of an abbreviation in capitals that are said one by one, and of a short word with a capital within.
MAX_INITIALS, MAX_SHORT_MIXED = 5, 3
# Letters of a short form that may be a word, and the consonants with which long words end.
MAX_SHORT_FORM = 6
MAX_REMARK_WORDS = 3
LAST_CONSONANTS = frozenset((
    "cht", "rch", "chs", "rst", "nst", "bst", "pst", "mpf", "rnt", "rkt", "lkt", "hlt", "hrt", "ngs", "nds",
    "rds", "rts", "lts", "cks", "tch", "lch", "nch", "sch", "ght", "rth", "nth", "lth", "xth", "ths", "dth",
    "tht", "rld", "rms", "rns", "rls", "nks", "sts", "sks", "rks", "lls", "ngt", "nkt", "lgt", "rgt", "hnt",
    "hst", "rps", "mps", "lms",
))  # fmt: skip
# Names of a line-up, and what stands between them.
MIN_LINE_UP = 7
_BETWEEN_NAMES = re.compile(r"[,;:]\s|\s[–—-]\s|\s?\([^()]{1,30}\)")
_DASH_BETWEEN = re.compile(r"[^\W\d_)]\)?\s[–—-]\s[^\W\d_]")
# Figures of a row of a table, of which a sentence has fewer or more words beside them.
MIN_FIGURES = 3
# What `find_problems` calls a text that has hardly any words among its figures.
MANY_FIGURES = "figures"
CENTURIES = frozenset(["17", "18", "19", "20"])
# Codes and figures in brackets.
_REMARK = re.compile(r"\s?\(([^()]{1,60})\)")
_BARE_REMARK = re.compile(
    r"[\d.,;:/ +–-]{1,20}|[A-Z]{1,6}-?\d{0,6}|[A-Z]{2,8}(?::|,)\s?[A-Z0-9.]{1,8}|[a-z]{1,2}\.?"
    r"|[b-df-hj-np-tv-xz]{3}\.?|[A-Z][a-z]{1,2}\.?|[A-Z]{2,8},\s[^()]{0,20}\d[^()]{0,20}"
)
# A time with a point that was not put into words.
_POINTED_TIME = re.compile(
    r"\b(?:[Aa]t|until|till|um|ab|bis|gegen|alle|dalle|ore|las|kl\.?|om|vanaf|vers)\s(?:[01]?\d|2[0-3])\.[0-5]\d(?![\d.,]?\d|\s?[^\W\d_]|\s?[%°$€£])"
)
_TWO_AMOUNTS = re.compile(
    r"\d[\d.,]{0,12}(?P<unit>(?:\s[^\W\d_]{1,20}){0,2}),\s\d[\d.,]{0,12}(?P=unit)(?=[.;)!?]|$)"
)
# A short word with a point, and what follows it in the same sentence.
_POINTED_WORD = re.compile(
    r"(?<![\w.&])(?P<word>[^\W\d_]{1,24})\."
    r"(?=(?P<next>[,;:)]|\s[„“«\"]?(?:[&(]|\d|[^\W\d_]{1,30})|[\s”\"»)]{0,3}$))"
)
# Points of these are not heard.
_POINTED_NAMES = frozenset(
    ["inc", "ltd", "co", "corp", "llc", "plc", "bros", "cie", "jr", "sr", "st", "no", "e"]
)
# A name of a club with an initial that has no words: `Galt W.: 11 points`.
_CLUB = re.compile(r"(?<=[a-z]{2}\s)[A-Z]\.(?=:\s\d|\s\d{1,3}(?:,|\.?$|\s[A-Z–-]))")
# What is left where a sign was that is not said: `it went against .`
_HOLE = re.compile(r"(?<=[^\W\d_]{2}\s)\.(?=\s\S)|\(\s?\)")
# Figures with two long dashes between them, and noughts of a unit: `5–6—11`, `’000`.
_JOINED_FIGURES = re.compile(r"\d{1,3}[–—−]\d{1,3}[–—−]\d{1,3}|['’]0(?:\s0){2}")
# The letter of a unit or a magnitude that lost its figure: `Housing starts, m, adjusted`.
_LOST_UNIT = re.compile(r"(?<=,\s)[b-df-hj-np-tvxz](?=,\s|[.;]?$)")
# Figures and amounts with a slash between them: `13 kilometres / 720 metres`, `fan)/gas 3`.
_SLASHED = re.compile(r"\s/\s|[\d)]/|/\d")
# A value of a player by letters: `2G, 1A`.
_STATISTICS = re.compile(r"\d[A-Z],\s\d[A-Z](?!\w)")
# Capitals without a vowel after a figure that count something: `in 14 GP`.
_COUNTED_CAPITALS = re.compile(
    r"(?<![\w.,:])\d{1,3}\s(?!TVs?\b|CDs?\b|DVDs?\b|PCs?\b|GMT\b|BC\b|MPs?\b|BTS\b)[B-DF-HJ-NP-TV-Z]{2,3}(?![\w-])"
    r"|\d\s(?!TV\b|GMT\b|UTC\b|CES?T\b|[ECMP]T\b|BC\b|AD\b|MPs?\b|PS\b|HP\b|E?[UK]K?\b|US\b|[AFP]M\b|AI\b)"
    r"[A-Z]{2,5}(?=[,;).]|$)"
)
# An option of a command: `-q`. The code of a player's place: `traded F Rae-Anne Morin`. Capitals by which a
# row of values is called: `PIM: Penner 47`.
_OPTION = re.compile(
    r"(?<!\S)-[A-Za-z](?=[\s.,;:!?)]|$)|(?<!\S)--(?=[a-z]{2})[a-z-]{2,30}(?=[\s.,;:!?)]|$)"
)
_PLACE_OF_PLAYER = re.compile(
    r"(?:^|(?<=[a-z]{3}\s))(?<!and\s)(?<!for\s)(?<!von\s)(?<!par\s)(?<!und\s)(?<!vitamin\s)(?<!with\s)"
    r"(?:[B-HJ-NP-TV-Z]|[LR][WBD]|[A-Z]B)\s[A-Z][a-z][\w’'-]{0,20}\s[A-Z][a-z][\w’'-]{0,20}"
)
_ROW_OF_CODE = re.compile(
    r"^[A-Z]{2,5}:\s[A-Z][a-z][\w’'-]{0,20}(?:\s\([A-Z]{2,4}\))?\s\d[\d.]{0,8}(?=,\s|\.?$)"
)
# `H.W. 6.42`
_INITIALS_WITH_FIGURE = re.compile(r"(?<![\w.])(?:[A-Z]\.){2,3}\s\d")
_LONG_CODE = re.compile(r"[A-Z]{2,6}\s\d{2,5}\s\d{2,7}")


_ROMAN = re.compile(r"[IVX]+")
# Letters for what players did: `Marsh: T: Venn, Ito 2; C: Holm`.
_LETTERED_LIST = re.compile(r"[:;,]\s[A-Z]{1,3}:\s|^[A-Z]{1,2}:\s[^.;]{1,60};\s[A-Z]{1,2}:\s")
# A short word with a point at the end of a remark that is no sentence: `(veg. opt. avail.)`
_SHORT_END = re.compile(
    r"\([^\W\d_]{2,24}\.\)|\([a-zß-ÿ0-9][^()!?]{0,60}(?<=[\s(])[^\W\d_]{2,5}\.\)"
)


UNCLEAR_PATTERNS = (
    *(_BRACKETED_FIGURES, _CLUB, _HOLE, _JOINED_FIGURES, _LOST_UNIT, _SLASHED, _STATISTICS),
)
DOUBTFUL_PATTERNS = (
    *(_POINTED_TIME, _LONG_CODE, _TWO_AMOUNTS, _SHORT_END, _COUNTED_CAPITALS),
    *(_INITIALS_WITH_FIGURE, _LETTERED_LIST, _OPTION, _PLACE_OF_PLAYER, _ROW_OF_CODE),
)


class Clarity(IntEnum):
    """Whether a sentence can be told: not at all, only if there is nothing better, or freely."""

    UNCLEAR = 0
    DOUBTFUL = 1
    CLEAR = 2


class Token(NamedTuple):
    """A word or number without the marks around it, and the marks after it."""

    text: str
    end: str

    @property
    def is_number(self) -> bool:
        return bool(_NUMBER.fullmatch(self.text))


@lru_cache(maxsize=8192)
def clarity_of(text: str, language: str) -> Clarity:
    """How clear a sentence is, as a voice of the language says it."""
    problems = find_problems(text, language)
    return min(problems.values(), default=Clarity.CLEAR)


def find_problems(text: str, language: str) -> dict[str, Clarity]:
    """What in a sentence is not clear by ear, and how much."""
    if _PLAIN.fullmatch(text) and is_plain(text, language) and not problems_in(text, language):
        return {}  # nothing that is said otherwise than it is written
    problems = dict.fromkeys(find_unusual(text, language), Clarity.DOUBTFUL)
    return problems | problems_in(_EDITORIAL.sub("", speech_text(text, language)), language)


def problems_in(speech: str, language: str) -> dict[str, Clarity]:
    tokens = tokens_of(speech)
    problems: dict[str, Clarity] = {
        token.text: clarity
        for previous, token in pairwise([Token("", ""), *tokens])
        if (clarity := token_clarity(token, previous, language)) is not Clarity.CLEAR
    }
    unclear = [pattern.search(speech) for pattern in UNCLEAR_PATTERNS]
    shorts = [one for one in _POINTED_WORD.finditer(speech) if is_short_form(one, language)]
    doubtful = [pattern.search(speech) for pattern in DOUBTFUL_PATTERNS]
    remarks = [match for match in _REMARK.finditer(speech) if is_bare_remark(match, language)]
    problems |= {match[0]: Clarity.DOUBTFUL for match in (*doubtful, *remarks) if match}
    problems |= {match[0]: Clarity.UNCLEAR for match in (*unclear, *shorts) if match}
    if len(names := _NAME_WITH_NUMBER.findall(speech)) > MAX_NAMES_WITH_NUMBERS:
        problems[names[0]] = Clarity.UNCLEAR
    for one, other in pairwise(tokens):
        if run_together(one, other):
            is_doubtful = min(len(one.text), len(other.text)) < 2 or is_season(one, other)
            problems[f"{one.text} {other.text}"] = (
                Clarity.DOUBTFUL if is_doubtful else Clarity.UNCLEAR
            )
    if is_line_up(speech):
        problems["line-up"] = Clarity.UNCLEAR
    if is_mostly_initials(tokens):
        problems["initials"] = Clarity.DOUBTFUL
    if is_mostly_figures(tokens):
        problems[MANY_FIGURES] = Clarity.DOUBTFUL
    return problems


def tokens_of(speech: str) -> list[Token]:
    tokens = []
    for part in speech.split():
        text = part.strip(_MARKS)
        end = part[part.rfind(text) + len(text) :] if text else part
        if text:
            tokens.append(Token(text, end))
        elif tokens:
            tokens[-1] = tokens[-1]._replace(end=tokens[-1].end + end)
    return tokens


def token_clarity(token: Token, previous: Token, language: str) -> Clarity:
    """How clear one word, number or code is."""
    text = token.text
    is_after_figure = previous.is_number and previous.text[-1].isdecimal() and not previous.end
    if is_after_figure and len(text) == 1 and _LATIN.fullmatch(text):
        # A short form of a unit or a count, or a word of one letter.
        return Clarity.CLEAR if text in _ONE_LETTER_WORDS else Clarity.DOUBTFUL
    if is_spoken(text) or text.casefold() in FUNCTION_WORDS or _UNSPACED.search(text):
        return Clarity.CLEAR
    if has_sign(text, language):
        return Clarity.UNCLEAR
    if any(map(str.isdigit, text)):
        return figure_clarity(text)
    if _INITIALS.fullmatch(text + token.end[:1]):
        return Clarity.CLEAR
    if "/" in text and min(map(len, text.split("/"))) < 2:
        return Clarity.UNCLEAR
    parts = [part for part in _PARTS.split(text) if part]
    for part in parts:
        clarity = word_clarity(part, language, is_alone=len(parts) == 1, after=previous)
        if clarity is not Clarity.CLEAR:
            return clarity
    return Clarity.CLEAR


def has_sign(text: str, language: str) -> bool:
    """Whether a word has a character that is no letter, no digit and no mark."""
    if text.isalnum() and text.isascii():
        return False
    is_latin = language_or_default(language).latin_script
    return bool(
        _UNSPOKEN.search(text)
        or (is_latin and _QUANTITY.search(text))
        or any(unicodedata.category(one) in _SYMBOLS and one not in _SPOKEN_SYMBOLS for one in text)
    )


def is_short_form(match: re.Match[str], language: str) -> bool:
    """Whether a short word with a point is an abbreviation that has no words.

    In the middle of a sentence any word is one. Where a sentence may begin after it, its letters tell.
    """
    word, following = match["word"], match["next"].strip(' „“«”»"')
    lower = word.casefold()
    if lower in function_words_of(language) or lower in _POINTED_NAMES:
        return False
    if len(word) == 1:
        return word.islower() or following == ":"
    if len(word) > MAX_SHORT_FORM:
        is_inner = following.islower() or following[:1] in {",", ";", ":", "&", "("}
        return is_inner or (bool(following) and is_cut_short(word))
    if following.islower() or following[:1] in {",", ";", ":", "&", "("}:
        return True
    if following[:1].isdecimal():
        is_cut = bool(_LATIN.fullmatch(word)) and not has_vowel(word[-1])
        return is_cut and lower not in known_words(language)
    if following == ")":
        words = match.string[: match.end()].rpartition("(")[2].split()
        is_remark = len(words) <= MAX_REMARK_WORDS and word.islower()
        return lacks_vowel(word) or (is_remark and lower not in known_words(language))
    is_unit = match.string[: match.start()][-2:-1].isdecimal()
    is_name = not word.islower() or following.casefold() in FUNCTION_WORDS
    if is_unit or is_name or language in SYLLABIC:
        return False
    if language_or_default(language).meaning.capitalized_nouns and following and len(word) < 6:
        return lower not in known_words(language)
    if following:
        return not is_word_shape(word, language)
    return lacks_vowel(word) or (len(word) < 3 and lower not in known_words(language))


def is_cut_short(word: str) -> bool:
    """Whether a long word ends with three consonants that hardly a word has: `Bismarckstr`, `Ersatzhst`."""
    ending = word[-3:].casefold()
    return bool(_LATIN.fullmatch(word)) and not has_vowel(ending) and ending not in LAST_CONSONANTS


@cache
def function_words_of(language: str) -> frozenset[str]:
    """The function words of a language; those of all languages for one of which we know none."""
    rules = language_or_default(language)
    return rules.sentences.function_words if isinstance(rules, CompleteLanguage) else FUNCTION_WORDS


def lacks_vowel(word: str) -> bool:
    """Whether a word of Latin letters has no vowel and is not said all the same."""
    return bool(_LATIN.fullmatch(word)) and not has_vowel(word) and not is_spoken(word)


def figure_clarity(text: str) -> Clarity:
    """How clear digits are, with the letters that they are glued to."""
    if _NUMBER.fullmatch(text) and text.count(":") < 2:
        return Clarity.CLEAR
    if _DECADE.fullmatch(text) or _JOINED_NUMBER.fullmatch(text) or _CODE.fullmatch(text):
        return Clarity.CLEAR
    parts = [part for part in re.split(r"[-–/’']", text) if part]
    if len(parts) > 1 and "/" not in text:
        clear = all(
            _NUMBER.fullmatch(part) or _CODE.fullmatch(part) or _LATIN.fullmatch(part)
            for part in parts
        )
        return Clarity.CLEAR if clear else Clarity.DOUBTFUL
    if not _LATIN.search(text) and "/" not in text:
        return Clarity.CLEAR  # a script in which words have no spaces
    is_glued = re.search(r"[a-zß-ÿ]{2}\d|\d[a-z]", text)
    return Clarity.UNCLEAR if is_glued or "/" in text else Clarity.DOUBTFUL


def word_clarity(word: str, language: str, *, is_alone: bool, after: Token) -> Clarity:
    """How clear a word of letters is, or a part of one with a hyphen or an apostrophe."""
    if not _LATIN.fullmatch(word) or language in SYLLABIC or is_spoken(word):
        return Clarity.CLEAR
    if len(word) == 1:
        is_unit = is_alone and after.is_number and not after.end and word.islower()
        return Clarity.DOUBTFUL if is_unit else Clarity.CLEAR
    if word.isupper() or _CAPITALS.fullmatch(word):
        clear = len(word) <= MAX_INITIALS or has_vowel(word)
        return Clarity.CLEAR if clear else Clarity.DOUBTFUL
    is_mixed = not word.islower() and not word[1:].islower()
    if is_mixed and not has_vowel(word):
        return (
            Clarity.UNCLEAR if word[1:].upper() != word[1:] or after.is_number else Clarity.DOUBTFUL
        )
    if is_mixed and len(word) <= MAX_SHORT_MIXED:
        return Clarity.DOUBTFUL
    if not has_vowel(word):
        return Clarity.UNCLEAR if word.islower() else Clarity.DOUBTFUL
    if word.islower() and not has_speakable_onset(word):
        return Clarity.UNCLEAR
    return Clarity.CLEAR


def is_spoken(word: str) -> bool:
    """Whether everybody can say a word, although it looks like an abbreviation."""
    words = notation_of("en").spoken_words
    return word in words or word.casefold() in words


@lru_cache(maxsize=8192)
def has_speakable_onset(word: str) -> bool:
    """Whether the consonants before the first vowel of a word can be said."""
    plain = unicodedata.normalize("NFD", word.casefold())
    onset = next((plain[:place] for place, letter in enumerate(plain) if has_vowel(letter)), plain)
    return len(onset) < 3 or bool(_LONG_ONSETS.match(onset))


def run_together(one: Token, other: Token) -> bool:
    """Whether two figures stand beside each other without a word or a comma: `2027 28`.

    Not digits of a telephone number, groups of a number, or shares of a hundred.
    """
    if not (one.text.isdecimal() and other.text.isdecimal()) or one.end:
        return False
    is_group = len(other.text) == 3 or len(one.text) > 4
    is_group |= len(one.text) == len(other.text) == 1 or (one.text, other.text) == ("24", "7")
    is_share = len(one.text) == len(other.text) == 2 and int(one.text) + int(other.text) == 100
    return not (is_group or is_share)


def is_season(one: Token, other: Token) -> bool:
    """Whether two figures are a year and the next one: `2027 28`."""
    year, following = one.text, other.text
    return len(year) == 4 and (int(year) + 1) % 100 == int(following[-2:]) and len(following) < 5


def is_mostly_figures(tokens: list[Token]) -> bool:
    """Whether a text has figures and hardly any words around them, as a row of a table."""
    figures = sum(token.text[-1:].isdecimal() and token.is_number for token in tokens)
    words = [token for token in tokens if _WORD.search(token.text) and not token.is_number]
    functions = sum(token.text.casefold() in FUNCTION_WORDS for token in words)
    return figures >= MIN_FIGURES and functions == 0 and figures * 3 > len(words) * 2


def is_line_up(speech: str) -> bool:
    """Whether a text names many people with hardly a word: `Hahn – Ott, Kurz (46. Lang), Weiß – Stein`."""
    pieces = [piece.strip() for piece in _BETWEEN_NAMES.split(speech) if piece.strip()]
    names = [piece for piece in pieces if piece[:1].isupper() and len(piece.split()) < 3]
    is_dashed = len(_DASH_BETWEEN.findall(speech)) > 1 or ";" in speech
    return is_dashed and len(names) >= MIN_LINE_UP and len(names) * 4 >= len(pieces) * 3


def is_mostly_initials(tokens: list[Token]) -> bool:
    """Whether several short forms in capitals have hardly any words around them: `ODJ : DOB 2027, tarifs`."""
    words = [token.text for token in tokens if _WORD.fullmatch(token.text)]
    initials = sum(sum(map(str.isupper, word)) > 1 and not _ROMAN.fullmatch(word) for word in words)
    is_shouted = all(map(str.isupper, words))
    return initials > 1 and initials * 2 > len(words) and not is_shouted


def is_bare_remark(remark: re.Match[str], language: str) -> bool:
    """Whether a remark in brackets holds only figures, letters or a code: `(6)`, `(KRX: 5)`.

    Not an age after a name, a year, or the initials of the words before: `City Council (CC)`.
    """
    content = remark[0].strip(" ()")
    if not _BARE_REMARK.fullmatch(content) or not _BARE_REMARK.fullmatch(
        speech_text(content, language)
    ):
        return False
    words = _WORD.findall(remark.string[max(0, remark.start() - 120) : remark.start()])
    if content.isdigit():
        is_age = bool(words) and words[-1][:1].isupper() and len(content) == 2
        return not is_age and not (len(content) == 4 and content[:2] in CENTURIES)
    letters = content.casefold()
    initials = "".join(word[0] for word in words).casefold()
    capitals = "".join(word[0] for word in words if word[0].isupper()).casefold()
    return not letters.isalpha() or not (initials + " " + capitals).count(letters)
