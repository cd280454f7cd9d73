"""Fractions, marks and ratios as they are spoken."""

import re
from decimal import Decimal
from functools import cache

from audiobrew.lang.language import language_or_default, symbols_of
from audiobrew.lang.number_spelling import spell_count, spell_ordinal
from audiobrew.script.notation import LETTER, any_of, join_words, notation_of
from audiobrew.script.spoken_amounts import final_point, plain, score
from audiobrew.script.spoken_dates import calendar_names
from audiobrew.script.unit_forms import unit_form

# `1:250,000` is always a ratio, `1:12` may be a time.
_RATIO = re.compile(
    rf"(?<!{LETTER})(?<![\d:.,/-])(?P<first>\d{{1,3}}):"
    rf"(?P<second>\d{{1,3}}(?:[.,\u00a0\u202f ’']\d{{3}}){{1,3}}|\d{{2,7}})(?![\d:]|[.,]\d|{LETTER})"
)
_MARK = re.compile(
    rf"(?<!{LETTER})(?<![/.,])(?P<mark>\d{{1,3}}(?:[.,]\d)?)/(?P<most>100?|(?<=[.,]\d/)5|5(?=\s(?:stars?|Sterne|étoiles|estrellas|stelle|sterren)\b))(?!{LETTER}|[/%]|[.,]\d|\s(?:of|der|des|de|di|van|av)\b)"
)
# A chance: `1/12 000`, `1/250,000`.
_CHANCE = re.compile(
    rf"(?<!{LETTER})(?<![\d/.,])1/(?P<second>\d{{1,3}}(?:[.,\u00a0\u202f ’']\d{{3}}){{1,3}})"
    rf"(?![\d/]|[.,]\d|{LETTER})"
)
# Of numbered parts, the last one: `1/3, 2/3, 3/3`.
_LAST_OF_SERIES = re.compile(r"(?<![\w/.,])(?P<count>[2-9])/(?P=count)(?![\w/]|[.,]\d)")
_PART = re.compile(r"(?<![\w/.,])(?P<part>\d)/(?P<count>[2-9])(?![\w/]|[.,]\d)")
# `1/20th`, `3/10ths`, `1/20e`: a fraction that ends as an ordinal does.
_ORDINAL_FRACTION = re.compile(
    r"(?<![\w/.,])(?P<above>[1-9]\d?)/(?P<below>\d{1,4})(?P<ending>st|nd|rd|th|ème|e)(?P<plural>s?)(?!\w)"
)
# `1/20 of it`, where no word for the fraction is known.
_PART_OF = re.compile(
    r"(?<![\w/.,])(?P<above>[1-9])/(?P<below>\d{2,4})(?P<ending>)(?P<plural>)(?=\sof\b)"
)
# The endings of ordinals, in languages in which `1/20` has the name of an ordinal.
ORDINAL_FRACTIONS = {
    "en": ("", "st", "nd", "rd", "th"),
    "fr": ("e", "ème"),
    "nl": ("e",),
}
# How far before and after a ratio the words are that name it.
NEAR = 40
# Before a time, in any language.
BEFORE_TIMES = frozenset(
    [
        *(
            "at",
            "um",
            "om",
            "à",
            "alle",
            "las",
            "às",
            "kl.",
            "kl",
            "klo",
            "ab",
            "bis",
            "gegen",
            "uhr",
        ),
        *(
            "o",
            "v",
            "ve",
            "в",
            "о",
            "la",
            "ora",
            "saat",
            "pukul",
            "lúc",
            "στις",
            "klokken",
            "klockan",
        ),
        *("godz.", "by", "until", "from", "before", "after", "since"),
    ]
)
# The minutes at which most things begin and end.
_QUARTERS = frozenset(["00", "15", "30", "45"])
_GOES_ON = re.compile(r"\s?[–—-]\s?\d")


def speak_ratios(text: str, language: str) -> str:
    """`1:250,000` as `1 to 250,000`; `1:12` only beside words such as "slope", and `12:11`
    beside those for votes and matches."""
    words, mark = ratio_word_pattern(language), after_time_pattern(language)

    def replacement(match: re.Match[str]) -> str:
        second = re.sub(r"[\u00a0\u202f ’']", "", match["second"])
        if len(second) < 3:
            near = match.string[max(0, match.start() - NEAR) : match.end() + NEAR]
            before = match.string[: match.start()].rstrip().rpartition(" ")[2].casefold()
            is_time = before in BEFORE_TIMES or mark.match(match.string, match.end())
            is_vote = not is_time and is_result(match, near, before, language)
            if is_time or not (is_vote or words.search(near)):
                return match[0]
        return score(match["first"], second, language)

    return _RATIO.sub(replacement, text)


def is_result(match: re.Match[str], near: str, before: str, language: str) -> bool:
    """Whether `12:11`, with what is near it and the word before it, is of a vote or a match."""
    words = vote_word_pattern(language)
    if words.match(match.string[match.end() :].lstrip()):
        return True
    dates = {*calendar_names("weekday", language), *calendar_names("month", language)}
    is_date = before.rstrip(",.").capitalize() in {name.capitalize() for name in dates}
    return not (
        is_date
        or before[-1:] in ",:–—"
        or match["second"] in _QUARTERS
        or _GOES_ON.match(match.string, match.end())
        or not words.search(near)
    )


@cache
def vote_word_pattern(language: str) -> re.Pattern[str]:
    words = any_of(symbols_of(language).vote_words) or "(?!)"
    start = r"\b" if symbols_of(language).spaces else ""
    return re.compile(rf"{start}(?:{words})", re.IGNORECASE)


@cache
def ratio_word_pattern(language: str) -> re.Pattern[str]:
    words = any_of(symbols_of(language).ratio_words) or "(?!)"
    return re.compile(rf"\b(?:{words})", re.IGNORECASE)


@cache
def after_time_pattern(language: str) -> re.Pattern[str]:
    mark = symbols_of(language).time_mark or "h"
    return re.compile(rf"\s?(?:{mark}|[ap]\.?m)\b", re.IGNORECASE)


def speak_marks(text: str, language: str) -> str:
    """`9/10` as `9 out of 10`."""
    symbols = symbols_of(language)

    def replacement(match: re.Match[str]) -> str:
        mark, most = match["mark"], match["most"]
        before = match.string[: match.start()].rstrip().rpartition(" ")[2].casefold()
        is_date = most == "10" and before in symbols.before_dates
        if is_date or Decimal(mark.replace(",", ".")) > int(most):
            return match[0]
        return join_words(language, mark, symbols.out_of, most)

    if not symbols.out_of:
        return text
    if last := _LAST_OF_SERIES.search(text):
        text = _PART.sub(
            lambda match: (
                join_words(language, match["part"], symbols.out_of, match["count"])
                if match["count"] == last["count"]
                else match[0]
            ),
            text,
        )
    text = _CHANCE.sub(
        lambda match: join_words(language, "1", symbols.out_of, match["second"]), text
    )
    return _MARK.sub(replacement, text)


def speak_ordinal_fractions(text: str, language: str) -> str:
    """`1/20th` as `one twentieth`, in languages in which the parts have the name of their ordinal."""
    if language not in ORDINAL_FRACTIONS:
        return text
    text = _ORDINAL_FRACTION.sub(lambda match: ordinal_fraction(match, language), text)
    if language == "en":
        text = _PART_OF.sub(lambda match: ordinal_fraction(match, language), text)
    return text


def ordinal_fraction(match: re.Match[str], language: str) -> str:
    above, below = int(match["above"]), int(match["below"])
    endings = ORDINAL_FRACTIONS[language]
    is_fraction = match["ending"] in endings and (language == "en" or not match["plural"])
    if below < 2 or above >= below or not is_fraction:
        return match[0]
    if words := symbols_of(language).fractions.get(f"{above}/{below}"):
        return words
    gender = "masculine" if language == "fr" else ""
    part = spell_ordinal(below, language, gender).replace("\u00ad", "")
    plural = "s" if above > 1 and language != "nl" else ""
    count = "een" if (above, language) == (1, "nl") else spell_count(above, language)
    return f"{count} {part}{plural}"


@cache
def fraction_pattern(language: str) -> re.Pattern[str]:
    """A fraction as one character or with a slash, the whole number before it, and the unit after it."""
    notation, symbols = notation_of(language), symbols_of(language)
    characters = any_of(notation.fractions)
    slashed = any_of(symbols.fractions) or "(?!)"
    unit = any_of({*notation.units, *notation.spaced_units})
    noun = any_of(symbols.fraction_nouns) or "(?!)"
    return re.compile(
        rf"(?<!{LETTER})(?<![/.,])(?:(?P<whole>\d{{1,6}})(?:\s?(?=[¼-¾⅐-⅞])|[\s-](?=\d/\d)))?"
        rf"(?:(?P<character>{characters})|(?P<slashed>{slashed})(?!{LETTER}|/|[.,]\d))"
        rf"(?:(?P<gap>[\s-])?(?:(?P<inch>[\"″])(?=[\s,;.)])|(?P<noun>{noun})|(?P<unit>{unit}))(?!{LETTER}|[/²³]|[’'-]{LETTER})(?P<point>\.(?=\s?[,;)]|\s[a-zß-ÿ\d]))?)?"
    )


def speak_fractions(text: str, language: str) -> str:
    """`½` as `one half`; `2½` as `2 and a half`, or as `2.5`."""
    symbols, characters = symbols_of(language), notation_of(language).fractions
    point = "." if language_or_default(language).numbers.decimal_point else ","

    def replacement(match: re.Match[str]) -> str:
        fraction, whole = match["slashed"] or characters[match["character"]], match["whole"]
        above, below = map(int, fraction.split("/"))
        value = int(whole or 0) + Decimal(above) / Decimal(below)
        mixed = symbols.mixed_fractions.get(fraction)
        if whole and mixed:
            amount = f"{whole} {mixed}"
        elif whole and below in (2, 4, 5, 8):
            amount = plain(value).replace(".", point)
        else:
            words = symbols.fractions.get(fraction, fraction)
            amount = " ".join(filter(None, [whole, words]))
        unit = match["noun"] or ""
        if match["inch"]:
            unit = unit_form("length-inch", max(value, Decimal(1)), language)
            unit = unit.replace("{}", "").strip()
        if match["unit"]:
            form = unit_form(match["unit"], max(value, Decimal(1)), language)
            unit = form.replace("{}", "").strip()
        if unit and not whole and above > 1 and match["gap"] != "-":
            vowel = unit[0].casefold() in "aeiou" and symbols.fraction_of_vowel
            unit = f"{vowel or symbols.fraction_of} {unit}".strip()
        return join_words(language, amount, unit) + final_point(match)

    return fraction_pattern(language).sub(replacement, text)
