"""Results of games and minutes of play as they are spoken."""

import re
from decimal import Decimal
from functools import cache

from audiobrew.lang.cldr import has_dotted_dates, unit_pattern
from audiobrew.lang.function_words import FUNCTION_WORDS
from audiobrew.lang.language import symbols_of
from audiobrew.script.notation import HYPHENS, join_words
from audiobrew.script.spoken_dates import calendar_names

_WORD = r"(?:[^\W\d_]{1,3}\.|[^\W_][\w’'&-]{0,30})"
_NAME = rf"{_WORD}(?:\s{_WORD}){{0,3}}?"
_FIGURES = rf"(?P<a>\d{{1,3}})\s?(?:[{HYPHENS}]|(?P<colon>:))\s?(?P<b>\d{{1,3}})"
# `Kelham 2–3 Strand` and `Kelham – Strand 2:3`, as a whole clause.
_RESULT = re.compile(
    rf"(?:(?<=[;:,.]\s)|^)(?P<home>{_NAME})\s(?:{_FIGURES}\s(?P<away>{_NAME})"
    rf"|[{HYPHENS}]\s(?P<guest>{_NAME})\s{_FIGURES.replace('P<', 'P<final_')})(?=\s?[.;,:(]|\s?$)"
)
_REMARK = re.compile(r"[(（][^()（）]{1,120}[)）]")
# A minute of play: `12'`, `90+2'`.
_MINUTE = re.compile(r"(?<![\w.,+])(?P<minute>\d{1,3}(?:\+\d{1,2})?)['′’](?=[\s,;./)）]|$)")
# The same as an ordinal, beside a result: `(12., 39.)`.
_DOTTED_MINUTE = re.compile(r"(?<![\w.,:+])(?P<minute>\d{1,3}(?:\+\d{1,2})?)\.(?=[,;/)])(?!\)\s\d)")
_RESULTS = re.compile(r"(?<![\d:.,-])\d{1,3}[:–-]\d{1,3}(?![\d:.,-]*\d)")
# Where nobody measures in feet, `al 88'` is a minute in any sentence.
MINUTES_IN_PROSE = frozenset(["it", "es", "pt", "ca"])
_MINUTE_IN_PROSE = re.compile(
    r"(?<=[^\W\d_] )(?P<minute>\d{1,3}(?:\+\d{1,2})?)['’′](?=[\s,;.:)]|$)"
)
LAST_MINUTE = 130
# Minutes that follow the last one: `90+4`, `90.+4`.
_ADDED = re.compile(
    r"(?<![\w.,:/+-])(?P<whole>\d{1,3}\.?)\+(?P<added>\d{1,3})(?![\w.,:/+-]*\d)(?!\w)"
)


def speak_scores(text: str, language: str) -> str:
    """`Kelham 2–3 Strand` as `Kelham 2, Strand 3`, and `(12')` as `(minute 12)`."""
    if symbols_of(language).spaces and not text.isupper():
        text = _RESULT.sub(lambda match: result_or_text(match, language), text)
    if language in MINUTES_IN_PROSE:
        text = _MINUTE_IN_PROSE.sub(lambda match: minute_of_play(match, language), text)
    text = _REMARK.sub(
        lambda remark: _MINUTE.sub(lambda match: minute_of_play(match, language), remark[0]), text
    )
    if has_dotted_dates(language) and _RESULTS.search(text):
        text = _REMARK.sub(
            lambda remark: _DOTTED_MINUTE.sub(
                lambda match: minute_of_play(match, language), remark[0]
            ),
            text,
        )
    plus = symbols_of(language).signs.get("+")
    return _ADDED.sub(rf"\g<whole> {plus} \g<added>", text) if plus else text


def result_or_text(match: re.Match[str], language: str) -> str:
    """Each side with its figure. Names have capitals, and are no months, days, or pages."""
    home, away = match["home"], match["away"] or match["guest"]
    first, second = match["a"] or match["final_a"], match["b"] or match["final_b"]
    is_time = (match["colon"] or match["final_colon"]) and len(second) > 1 and int(first) < 25
    if is_time or not all(map(is_name_of_side, (home, away))):
        return match[0]
    if {*home.split()[-1:], *away.split()[:1]} & words_before_ranges(language):
        return match[0]
    point = "." if away.endswith(".") and not match.string[match.end() :].strip() else ""
    return f"{home} {first}, {away.removesuffix(point)} {second}{point}"


def is_name_of_side(text: str) -> bool:
    """Whether a text consists of words with capitals, and perhaps short words between them."""
    words = text.split()
    return any(word.casefold() not in FUNCTION_WORDS for word in words) and all(
        word[0].isupper()
        or (place and word.isdecimal())
        or (0 < place < len(words) - 1 and word in FUNCTION_WORDS)
        for place, word in enumerate(words)
    )


@cache
def words_before_ranges(language: str) -> frozenset[str]:
    """Words such as "May" and "Chapter", between which and a name two numbers are no result."""
    symbols = symbols_of(language)
    words = {
        *symbols.parts,
        *symbols.labels,
        *symbols.labels.values(),
        *calendar_names("weekday", language),
        *calendar_names("month", language),
    }
    return frozenset(word[:1].upper() + word[1:] for word in words if word)


def minute_of_play(match: re.Match[str], language: str) -> str:
    minute = match["minute"]
    if int(minute.partition("+")[0]) > LAST_MINUTE:
        return match[0]
    form = unit_pattern("duration-minute", Decimal(1), language)
    if "{}" in form and (" " not in form or not symbols_of(language).spaces):
        return form.replace("{}", minute).replace(" ", "")
    return join_words(language, form.replace("{}", "").strip(), minute)
