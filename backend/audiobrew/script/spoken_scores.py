"""Results of games and minutes of play as they are spoken."""

import re
from decimal import Decimal
from functools import cache

from audiobrew.lang.cldr import has_dotted_dates, unit_pattern
from audiobrew.lang.function_words import FUNCTION_WORDS
from audiobrew.lang.language import language_or_default, symbols_of
from audiobrew.script.notation import HYPHENS, join_words, notation_of
from audiobrew.script.spoken_amounts import score
from audiobrew.script.spoken_dates import calendar_names

_WORD = r"(?:[^\W\d_]{1,3}\.|[^\W_][\w’'&-]{0,30})"
_NAME = rf"{_WORD}(?:\s{_WORD}){{0,3}}?"
_FIGURES = rf"(?P<a>\d{{1,3}})\s?(?:[{HYPHENS}]|(?P<colon>:))\s?(?P<b>\d{{1,3}})"
# `Kelham 2–3 Strand` and `Kelham – Strand 2:3`, as a whole clause.
_RESULT = re.compile(
    rf"(?:(?<=[;:,.]\s)|^)(?P<home>{_NAME})\s(?:{_FIGURES}\s(?P<away>{_NAME})"
    rf"|[{HYPHENS}]\s(?P<guest>{_NAME})\s{_FIGURES.replace('P<', 'P<final_')})(?=\s?[.;,:(]|\s?$)"
)
# `Quay United 2, Fort 1`, as a whole line.
_SIDE = rf"(?=[A-ZÀ-Þ]){_NAME}\s\d{{1,3}}"
_TWO_SIDES = re.compile(rf"{_SIDE},\s{_SIDE}\.?")
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
# At the start of an entry, and before a capital: `38' A goal!`. What follows a height is in lower case.
_MINUTE_FIRST = re.compile(
    r"(?:^|(?<=[.!?;]\s))(?P<minute>\d{1,3}(?:\+\d{1,2})?)(?:['′’]|\.\s?min\b\.?)[:.]?\s(?:[–—-]\s)?(?=[\"“„«‘¡¿(]?[A-ZÀ-Þ])"
)
# Minutes in the sheet of a team: `Lomax (Fairweather 31)`, `Mbatha 🟥 52`.
_SUBSTITUTE = re.compile(rf"\((?P<name>{_NAME})\s(?P<minute>\d{{1,3}}(?:\+\d{{1,2}})?)['’′]?\)")
_CARD = re.compile(
    r"\s?(?P<card>[■🟥🟨])\ufe0f?\s?(?P<minute>\d{1,3}(?:\+\d{1,2})?)['’′]?(?![\w.,]*\d)"
)
# The same without a sign, which the mail may have as a picture.
_BARE_MINUTE = re.compile(rf"(?<=[,;:]\s)(?P<name>{_NAME})\s(?P<minute>\d{{1,3}})(?=[,;.])")
# Substitutes and commas of such a sheet, and how many players may have a minute without a sign.
MIN_SUBSTITUTES, MIN_PLAYERS, MAX_BARE = 2, 6, 3
# A match to come, at home or away, in English: `Corby Moor (H), Lge, 3 p.m.`
_VENUE = re.compile(r"(?<=[a-z.])\s\((?P<venue>[HA])\)(?=[\s,.;]|$)")
_DAY_OR_TIME = re.compile(r"\b(?:\d{1,2}(?:[:.]\d\d)?\s?[ap]\.?m\b|\d{1,2}:\d\d|noon)|day\b")
_FIXTURE_WORDS = {"Lge": "league", "Lge.": "league", "Fr.": "friendly"}
_FIXTURE_WORD = re.compile(r"(?<=,\s)(?:Lge|Fr)\b\.?(?=[,;.\s]|$)|\bR(?P<round>[1-9])(?=:|,|\s|$)")
# Attempts that succeeded, and all: `(tries: Latu; goals: Pugh 3/5)`.
_ATTEMPTS = re.compile(
    r"\b(?:goals|kicks|penalties|pens|conversions|throws|shots|tiros|triples|tiri|lancers|tirs|transformations|Würfe)\b",
    re.IGNORECASE,
)
_ATTEMPT = re.compile(
    r"(?<=[a-zß-öø-ÿ]\s)(?P<hits>\d{1,2})/(?P<all>\d{1,2})(?=[,;.)\s])(?!\s?of\b)"
)
LAST_MINUTE = 130
HOURS_OF_DAY = 24
# `2:2 (1:0)`, also of two names: `Alm 2, Berg 2 (1:0)`.
_HALF_TIME = re.compile(
    rf"(?<![\d.,:/-])(?P<a>\d{{1,2}})(?:\s?[:{HYPHENS}]\s?|,\s{_NAME}\s)(?P<b>\d{{1,2}})"
    rf"\s\((?P<first>\d{{1,2}})\s?[:{HYPHENS}]\s?(?P<second>\d{{1,2}})\)"
)
# The points of a match of chess: `3,5:4,5`.
_POINTS = re.compile(
    r"(?<![\d.,:/-])(?P<first>\d{1,2}(?:[.,]5|½)):(?P<second>\d{1,2}(?:[.,]5|½)?)(?![\d:/]|[.,]\d|\w)"
)
# `W6 D1 L0`
_RECORD = re.compile(r"(?<!\w)W(?P<won>\d{1,2}),?\sD(?P<drawn>\d{1,2}),?\sL(?P<lost>\d{1,2})(?!\w)")
# Cards and goals outside brackets: `Bremer 34’, Dutt 90+3’`.
_BOOKING = re.compile(
    r"(?:(?<=[^\W\d_]\s)|(?<=[’'′],\s))(?P<minute>\d{1,3}(?:\+\d{1,2})?)[’'′](?=[,;.)]|\s\(|\s?$)"
)
_BOOKED = re.compile(r"[A-ZÀ-Þ][\w-]{1,20}\s\d{1,3}(?:\+\d{1,2})?[’'′](?=[,;.)]|\s\(|\s?$)")
_ON_MINUTE = re.compile(
    r"(?:^|(?<=[.!?]\s))(?P<before>On|After)\s(?P<minute>\d{1,3})\smin\.\s(?=[A-Z])"
)
# Minutes that follow the last one: `90+4`, `90.+4`.
_ADDED = re.compile(
    r"(?<![\w.,:/+-])(?P<whole>\d{1,3}\.?)\+(?P<added>\d{1,3})(?![\w.,:/+-]*\d)(?!\w)"
)

# A game that a shootout or overtime decided: `Lakeview 2 (SO)`.
_DECIDED = re.compile(
    rf"(?<![\w.,:])(?P<result>\d{{1,2}}(?:\s?[{HYPHENS}]\s?|\sto\s|,\s(?:[A-Z][\w.’'-]{{0,20}}\s){{1,4}})\d{{1,2}})"
    r"\s\((?P<code>SO|OT)\)"
)
# Hockey: the label of a row of players, the mark of a place that is certain, and what a player does.
_ROW_OF_PLAYERS = re.compile(
    r"^(?P<code>PIM|GAA):(?=\s[A-Z][\w’'-]{1,20}(?:\s\([A-Z]{2,4}\))?\s\d)"
)
_CLINCHED = re.compile(r"(?<=^\d\.\s)[xyz]-(?=[A-Z][a-z])")
_GAMES = re.compile(r"(?<=\d\s)GP(?![\w-])")
_HOCKEY = re.compile(
    r"\b(?:shutouts?|saves|power play|hat trick)\b|-round pick\b|\bin \d{1,3} GP\b"
)
_PLAYER = re.compile(r"(?<=[a-z]\s)(?P<code>[FDG])\s(?=[A-Z][a-z][\w’'-]{0,20}\s[A-Z][a-z])")
PLAYERS = {"F": "forward", "D": "defender", "G": "goaltender"}
ROWS_OF_PLAYERS = {"PIM": "Penalty minutes", "GAA": "Goals-against average"}
DECISIONS = {"SO": " after a shootout", "OT": " in overtime"}


def is_result(text: str) -> bool:
    """Whether a line says how a game ended, and nothing else."""
    match = _RESULT.match(text)
    is_whole = match is not None and not text[match.end() :].strip(" .")
    return is_whole or _TWO_SIDES.fullmatch(text) is not None


def speak_hockey(text: str) -> str:
    """`Holm 3 (SO)` as `Holm 3 after a shootout`, and `G Ada Venn made 19 saves` as `goaltender Ada Venn`."""
    text = _DECIDED.sub(lambda match: match["result"] + DECISIONS[match["code"]], text)
    text = _ROW_OF_PLAYERS.sub(lambda match: f"{ROWS_OF_PLAYERS[match['code']]}:", text)
    if _HOCKEY.search(text):
        text = _PLAYER.sub(lambda match: f"{PLAYERS[match['code']]} ", text)
        text = _GAMES.sub("games", text)
    return _CLINCHED.sub("", text)


def speak_scores(text: str, language: str) -> str:
    """`Kelham 2–3 Strand` as `Kelham 2, Strand 3`, and `(12')` as `(minute 12)`."""
    text = speak_half_times(text, language)
    if symbols_of(language).spaces and not text.isupper():
        text = _RESULT.sub(lambda match: result_or_text(match, language), text)
    if symbols_of(language).spaces:
        text = speak_team_sheet(text, language)
    if symbols_of(language).out_of:
        text = _REMARK.sub(lambda remark: speak_attempts(remark[0], language), text)
    if language == "en":
        text = speak_fixture(speak_hockey(text))
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
    if symbols_of(language).spaces:
        text = _MINUTE_FIRST.sub(lambda match: first_minute(match, language), text)
    text = speak_bookings(text, language)
    plus = symbols_of(language).signs.get("+")
    return _ADDED.sub(rf"\g<whole> {plus} \g<added>", text) if plus else text


def result_or_text(match: re.Match[str], language: str) -> str:
    """Each side with its figure. Names have capitals, and are no months, days, or pages."""
    home, away = match["home"], match["away"] or match["guest"]
    first, second = match["a"] or match["final_a"], match["b"] or match["final_b"]
    is_time = (match["colon"] or match["final_colon"]) and len(second) > 1 and int(first) < 25
    if is_time or not all(map(is_name_of_side, (home, away))):
        return match[0]
    beside = {*home.split()[-1:], *away.split()[:1]}
    if (beside | {word.rstrip(".") for word in beside}) & words_before_ranges(language):
        return match[0]
    point = "." if away.endswith(".") and not match.string[match.end() :].strip() else ""
    return f"{home} {first}, {away.removesuffix(point)} {second}{point}"


def speak_half_times(text: str, language: str) -> str:
    """`2:2 (1:0)` with the score at half-time, and points of chess."""
    if symbols_of(language).score:
        text = _POINTS.sub(lambda match: score(match["first"], match["second"], language), text)
    if symbols_of(language).half_time:
        text = _HALF_TIME.sub(lambda match: with_half_time(match, language), text)
    return text


def speak_bookings(text: str, language: str) -> str:
    """Minutes of cards and goals in a list, and, in English, games won and "On 53 min."."""
    if len(_BOOKED.findall(text)) > 1 and '"' not in text and "”" not in text:
        text = _BOOKING.sub(lambda match: minute_of_play(match, language), text)
    if language == "en":
        text = _RECORD.sub(r"won \g<won>, drawn \g<drawn>, lost \g<lost>", text)
        text = _ON_MINUTE.sub(r"\g<before> \g<minute> minutes, ", text)
    return text


def with_half_time(match: re.Match[str], language: str) -> str:
    """A result and the score at half-time, which has no more goals for either side."""
    first, second = match["first"], match["second"]
    if int(first) > int(match["a"]) or int(second) > int(match["b"]):
        return match[0]
    result = match[0].rpartition(" (")[0]
    if result == f"{match['a']}:{match['b']}" and int(match["a"]) < HOURS_OF_DAY:
        result = score(match["a"], match["b"], language)  # rather than a time of day
    return f"{result} ({symbols_of(language).half_time} {score(first, second, language)})"


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
        *(f"{name}." for name in calendar_names("weekday", language)),
        language_or_default(language).numbers.hour,
        "Bft",
        *notation_of(language).units,
        *notation_of(language).spaced_units,
        *notation_of(language).multiples,
        *notation_of(language).currencies,
        *notation_of(language).magnitudes,
        *(f"{name}." for name in notation_of(language).magnitudes),
        *calendar_names("month", language),
    }
    return frozenset(word[:1].upper() + word[1:] for word in words if word)


def speak_attempts(remark: str, language: str) -> str:
    """`goals: Pugh 3/5` as `goals: Pugh 3 out of 5`."""
    if not _ATTEMPTS.search(remark):
        return remark
    return _ATTEMPT.sub(
        lambda match: (
            join_words(language, match["hits"], symbols_of(language).out_of, match["all"])
            if int(match["hits"]) <= int(match["all"])
            else match[0]
        ),
        remark,
    )


def speak_fixture(text: str) -> str:
    """`Corby Moor (H), Lge` as `Corby Moor, home, league`, beside a day or a time."""
    if not _VENUE.search(text) or not _DAY_OR_TIME.search(text):
        return text
    text = _VENUE.sub(lambda match: ", home" if match["venue"] == "H" else ", away", text)
    return _FIXTURE_WORD.sub(
        lambda match: f"round {match['round']}" if match["round"] else _FIXTURE_WORDS[match[0]],
        text,
    )


def speak_team_sheet(text: str, language: str) -> str:
    """The minutes of substitutes and cards, in a text that lists a team."""
    cards = symbols_of(language).cards

    def substitute(match: re.Match[str]) -> str:
        return f"({match['name']}, {minute_of_play(match, language)})"

    def card(match: re.Match[str]) -> str:
        words = cards.get(match["card"], "")
        return "".join(f", {part}" for part in (words, minute_of_play(match, language)) if part)

    if len(re.findall("[,;]", text)) < MIN_PLAYERS:
        return text
    if len(_SUBSTITUTE.findall(text)) >= MIN_SUBSTITUTES:
        text = _SUBSTITUTE.sub(substitute, text)
        if len(_BARE_MINUTE.findall(text)) <= MAX_BARE:
            text = _BARE_MINUTE.sub(
                lambda match: f"{match['name']}, {minute_of_play(match, language)}", text
            )
    return _CARD.sub(card, text)


def first_minute(match: re.Match[str], language: str) -> str:
    """The minute with which an entry begins."""
    words = minute_of_play(match, language)
    return match[0] if words == match[0] else f"{words[0].upper()}{words[1:]}: "


def minute_of_play(match: re.Match[str], language: str) -> str:
    minute = match["minute"]
    if int(minute.partition("+")[0]) > LAST_MINUTE:
        return match[0]
    form = unit_pattern("duration-minute", Decimal(1), language)
    if "{}" in form and (" " not in form or not symbols_of(language).spaces):
        return form.replace("{}", minute).replace(" ", "")
    return join_words(language, form.replace("{}", "").strip(), minute)
