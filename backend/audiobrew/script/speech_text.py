"""Text for a voice: without markup and web addresses, with words for symbols and units.

Numbers stay in digits, which voices read. A symbol for which the language has no word stays, too.
"""

import re
import unicodedata
from functools import cache, lru_cache

from audiobrew.lang.function_words import FUNCTION_WORDS
from audiobrew.lang.language import language_or_default, symbols_of
from audiobrew.lang.spoken_numbers import parse_number
from audiobrew.script.notation import HYPHENS, LETTER, NUMBER, UNSPACED, any_of
from audiobrew.script.spoken_abbreviations import expand_abbreviations
from audiobrew.script.spoken_amounts import (
    join_range,
    score,
    speak_counts,
    speak_magnitudes,
    speak_measures,
    speak_money,
    speak_percent,
)
from audiobrew.script.spoken_code import speak_code
from audiobrew.script.spoken_dates import (
    LAST_SHORT_YEAR,
    full_year,
    speak_calendar,
    speak_dates,
)
from audiobrew.script.spoken_days import speak_days_and_weeks
from audiobrew.script.spoken_durations import speak_durations
from audiobrew.script.spoken_fractions import (
    speak_fractions,
    speak_marks,
    speak_ordinal_fractions,
    speak_ratios,
)
from audiobrew.script.spoken_francs import speak_francs
from audiobrew.script.spoken_listings import speak_listings
from audiobrew.script.spoken_names import (
    speak_addresses,
    speak_identifiers,
    speak_moves,
    speak_signs_of_names,
)
from audiobrew.script.spoken_numerals import speak_roman_numerals
from audiobrew.script.spoken_old_money import speak_old_money
from audiobrew.script.spoken_packs import speak_packs
from audiobrew.script.spoken_pointed_times import with_colons
from audiobrew.script.spoken_rates import speak_rates
from audiobrew.script.spoken_scores import speak_scores
from audiobrew.script.spoken_times import speak_times

_IMAGE = re.compile(r"!\[([^\]]{0,500}+)\]\([^)]{0,2000}+\)")
_LINK = re.compile(r"\[([^\]]{1,500}+)\]\([^)]{0,2000}+\)")
_CODE = re.compile(r"`+([^`]*)`+")
_LINE_MARKER = re.compile(r"(?m)^(?:\s{0,3}(?:#{1,6}|>|[-*+•])\s+)+")
_STRONG = re.compile(r"(\*\*|__|~~)(?=\S)(.{1,1000}?)(?<=\S)\1")
_EMPHASIS = re.compile(r"(?<!\w)([*_])(?=\S)(.{1,1000}?)(?<=\S)\1(?!\w)")
# Marks of notes: `[1]`, `*` and `†` after a word, and superscripts that are no part of a unit.
_NOTE = re.compile(r"(?<=\S)\[(?:\d{1,3}|[a-z])\](?!\()|(?<=[\w.,;:!?”\"')])[†‡*]+(?!\w)|[†‡]")
_SUPERSCRIPT = re.compile(
    r"(?<=[^\W\d_][^\W\d_])[¹²³⁰⁴-⁹]{1,9}(?!\w)|(?<=[.,;:!?”\"')»%])[¹²³⁰⁴-⁹]{1,9}(?!\w)"
    r"|(?<=\b(?:19|20)\d\d)[¹²³⁰⁴-⁹]{1,9}(?!\w)"
)
_RAISED_UNITS = re.compile(r"(?<![^\W\d_])[kcmdhµ]?m[²³]")
_GROUPED = re.compile(
    r"(?<![\d.,:/+-])(?<!\d\s)\d{1,3}(?:([\u00a0\u202f\u2009'’])\d{3})(?:\1\d{3}){0,8}(?!\d)"
)
_GROUPED_BY_SPACES = re.compile(
    rf"(?<!{LETTER})(?<![.,:/+-])(?<!\d\s)\d{{1,3}}(?: \d{{3}}){{1,9}}(?![\d:])(?! \d)"
)
_MINUS = re.compile(rf"(?<![^\s(\[„“\"'«/:{UNSPACED}])(?:−\s?|[{HYPHENS}])(?=\d)")
_BELOW_ZERO = re.compile(rf"(?<!\d)(?<!\d\s)[{HYPHENS}]\s?(?={NUMBER}\s?°)")
_MINUS_BETWEEN = re.compile(r"(?<=\d)\s−\s(?=\d)")
_PLUS = re.compile(
    rf"(?<![^\s(\[„“\"'«/:{UNSPACED}])\+\s?(?=\d|[a-z]+ (?:half|third|quarter|fourth|eighth)\b)"
)
_PLUS_AFTER = re.compile(r"(?<=\d)\+(?=\s|$|[.,;:!?)])")
_RANGE = re.compile(
    rf"(?<!{LETTER})(?<![{HYPHENS}/+.,:])(?<!{LETTER}[{HYPHENS}])(?P<low>{NUMBER})(?P<point>\.)?"
    rf"(?:\s?[{HYPHENS}]\s?)(?P<high>{NUMBER})(?!{LETTER}|[{HYPHENS}/]|[.,:]?\d)"
)
_HALF_DAY_RANGE = re.compile(rf"(?<=\d [ap]\.m\.)\s?[{HYPHENS}]\s?(?=\d)")
_TIME_RANGE = re.compile(
    rf"(?P<low>\d:\d\d|(?<![\d.,:/{HYPHENS}])\d{{1,2}})\s?[{HYPHENS}]\s?(?=\d{{1,2}}:\d\d)"
)
_HOUR_RANGE = re.compile(
    rf"(?:(?<=\dh)|(?<=\d h)|(?<=\dh\d\d)|(?<=\d h \d\d))\s?[{HYPHENS}]\s?(?=\d{{1,2}}\s?h)"
)
# Decimals in groups: `0,000 3`.
_GROUPED_DECIMALS = re.compile(
    r"(?<![\d.,])(?<!\d\s)(?P<whole>\d{1,3},\d{3})[\u00a0\u202f ](?P<rest>\d{1,3})(?![\d,])"
)
# Two prices, of which one is reduced: `7 €/4 €`, `£7/£4`.
_PRICES = re.compile(
    r"(?:(?<=[€$£])|(?<=[€$£]\d)|(?<=[€$£]\d\d)|(?<=[€$£]\d\.\d\d))\s?/\s?(?=[$£€]\s?\d|\d{1,4}(?:[.,]\d\d)?\s?€)"
)
# With two digits after the colon and at most 24 before it, it is a time.
_SCORE = re.compile(
    rf"(?<!{LETTER})(?<![:.,/])(?:(\d{{1,3}}):(\d)|(2[5-9]|[3-9]\d|\d{{3}}):(\d{{2,3}}))(?!{LETTER}|[:/]|[.,]\d)"
)
_TIMES = re.compile(rf"(?<!{LETTER})(?<![.,])({NUMBER})\s?[xX×](?=\s|$|[.,;:!?)])(?!\s\d)")
_BY = re.compile(rf"(?<!{LETTER})(?<![.,])({NUMBER})\s?[x×]\s?(?={NUMBER}(?!{LETTER}))")
_SEASON = re.compile(rf"(?<!{LETTER})(?<![/.,])((?:19|20)\d\d)/(\d\d)(?!{LETTER}|/)")
_SLASHED_NUMBERS = re.compile(
    rf"(?<!{LETTER})(?<![/.,])(\d{{1,3}})/(\d{{1,3}})(?!{LETTER}|/|[.,]\d)"
)
# The number of a file at the start of an entry, and one in brackets: `26/02218/FUL: 86 flats`.
_FILE_NUMBER = re.compile(
    r"(?:^|(?<=[.;]\s))\d\d/\d{4,6}/[A-Z]{2,5}:\s(?=\S)|\s?\((?:[Rr]ef\.?:?\s)?\d\d/\d{4,6}/[A-Z]{2,5}\)"
)
# `AP/4471/26`
_SLASHED_CODE = re.compile(
    r"(?<![\w/])(?P<letters>[A-Z]{1,5})/(?P<number>\d{2,7})/(?P<rest>\d{2,4})(?![\w/])"
)
# `a 2" strip`, in a text in which other such marks are in pairs.
_INCHES = re.compile(
    r"(?<=\d)(?<!['’′]\d)(?<!['’′]\d\d)(?<!['’′]\s\d)(?<!['’′]\s\d\d)[\"″”](?P<noun>\s[a-z]{2,20}\b)?(?=[\s,.;:)×x]|$)"
)
_MARK_OF_QUOTATION = re.compile(r"(?<!\d)\"")
# `7.15mm` in a text that counts people or jobs.
_MILLIONS = re.compile(
    r"(?<![\w.,])(?P<number>\d{1,4}(?:\.\d{1,3})?)\s?mm(?=\s?[,;.)]|\s?$|\s(?:jobs|people|users)\b)"
)
_COUNTED = re.compile(
    r"(?i)\b(?:jolts|(?:job )?openings|payrolls|claims|jobs|hires|layoffs|users|subscribers"
    r"|shares|households|barrels)\b"
)
# `30 hrs./wk.`
_POINTED_RATE = re.compile(r"(?<=[a-z])\.(?=/[a-z])")
_STAR = re.compile(r"(?<=\bGrade )(I{1,3})\*(?!\w)")
_OTHER_UNIT = re.compile(r"(?<=[a-z])\./(?=\d)")
_PLUS_BETWEEN_WORDS = re.compile(r"(?<=[a-z])\s\+\s(?=an?\s|\d)")
_NUMBERED = re.compile(r"#(?=\d)")
_ARROWS = re.compile(r"\s?[→⇒➜➔]\s?")
# Joiners are part of words in some scripts, and glue emoji.
_LOOSE_JOINERS = re.compile(
    r"(?<![\w\u0900-\u0dff])[\u200c\u200d]|[\u200c\u200d](?![\w\u0900-\u0dff])"
)
_SPACES = re.compile(r"\s+")
# A fraction before a unit that describes something: `a 2½-yr deal`, `1½cm dice`.
_FRACTION_OF_UNIT = re.compile(
    r"(?<![\d.,])(\d{1,3})([½¼¾])(?:-(?=[a-z]{1,5}\s)|(?=(?!p\s)[a-z]{1,3}\s))"
)
_DECIMALS = {"½": "5", "¼": "25", "¾": "75"}
# Half of something, where the word for it has a gender: `½ limón`, `½ cebolla`.
_HALF_OF = re.compile(r"(?<![\w½¼¾.,/])½\s(?=[^\W\d_]{2,20}(?P<ending>[aeio])(?!\w))")
# `89th-min.` and `417k`, which no noun follows.
_MINUTE_OF_PLAY = re.compile(r"(?<=\dth|\dst|\dnd|\drd)-min\b\.?")
# `20k to 175k`, where the second one is said as a whole number.
_THOUSANDS_RANGE = re.compile(r"(?<![\w.,$€£])(\d{1,3})k(?=\s(?:to|and|or)\s[+−-]?\d{3}k(?!\w))")
_THOUSANDS = re.compile(r"(?<![\w.,$€£])(\d{3})k(?=\s?[.,;:)]|\s?$)")
_SLASH_BETWEEN_WORDS = re.compile(
    r"(?<=[^\W\d_][^\W\d_])\s/\s(?=[^\W\d_])|(?<=\d)\s/\s(?=[+−–-]\s?\d)"
)
# `fan/170°C`
_SLASH_BEFORE_DEGREES = re.compile(r"(?<=[^\W\d_]{3})/(?P<degrees>\d{2,3})\s?°?(?=[CF](?!\w))")
# What stands between the parts of a line: `Serves 6 · 20 minutes`.
_SEPARATOR = re.compile(r"(?<=[^\s,;:.·•|])\s+(?:[·•∙|]\s+)+(?=\S)")
# What a paper or an exchange adds: `(W+)` after a link for subscribers, `(NYSE: ABC)` after a company.
_MARKER = re.compile(r"\s?\((?:[A-Z]{1,3}\+|[A-Z]{2,10}:\s?[A-Z0-9.]{1,8})\)")
# Digits below the line, and characters that stand for a dash or for µ between and after digits.
LOWERED = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")
_WAVE = re.compile(r"(?<=\d)(?:[~〜～]|\s[~〜～]\s)(?=\d)")
_WAVE_OF_WORDS = re.compile(
    r"(?<=[\u3040-\u30ff\u3400-\u9fff])[〜～](?=[\d\u3040-\u30ff\u3400-\u9fff])"
)
_MICRO = re.compile(r"(?<=[\d\s])μ(?=[gmslFWVA](?!\w))")
_ARROW_OF_HYPHENS = re.compile(r"\s?(?<![\w-])(?:-{1,2}|=)>\s?")
# Triangles and arrows before a change: `▲ 3 %`.
_TRENDS = re.compile(r"(?P<sign>[▲△▼▽↑↓⬆⬇⏶⏷])\ufe0f?\s?(?=[^\s\d]{0,3}\d)")
TRENDS = dict.fromkeys("▲△↑⬆⏶", "▲") | dict.fromkeys("▼▽↓⬇⏷", "▼")
_ARROW_BETWEEN = re.compile(
    r"(?:(?<=[\d%€$£])|(?<=\d\s[^\W\d_])|(?<=\d\s[^\W\d_]{2})|(?<=\d\s[^\W\d_]{3}))\s?[→⇒➜➔]\s?(?=[$€£¥+−-]?\d)"
)
_POWER = re.compile(r"(?<![\d.,])(?P<base>10|2)(?P<minus>⁻)?(?P<raised>[⁰¹²³⁴-⁹]{1,4})(?!\w)")
# Before a power, the sign is that of a product: `2 × 10⁶`.
_PRODUCT = re.compile(r"(?<=\d)\s?×\s?(?=10⁻?[⁰¹²³⁴-⁹])")
# Languages in which the sign between two sides is also that of a product.
PRODUCTS_BY = frozenset(["it", "es", "ca"])
_CARET = re.compile(r"(?<=[^\W_])\^(?=[−-]?[\da-z])")
_SQUARE = re.compile(r"(?<![^\W\d_])(?P<letter>π?[A-Za-ln-zπ]|mc)(?P<raised>[²³])(?!\w)")
_TIMES_PER = re.compile(r"(?<=\d)\s?[x×]\s?/\s?(?=[^\W\d_])")
# `Q3'26`
_SHORT_YEAR = re.compile(r"(?<=\b[QHTS][1-4])\s?['’](\d\d)(?!\w)")
_QUARTER_FIRST = re.compile(r"(?<![\w.,'’-])([1-4])([QH])(\d\d)(?!\w)")
# `in ’27`, which is no decade, no quotation and no inch.
_YEAR = re.compile(
    r"(?:(?<=[\s(–-])|^)['’](?P<year>\d\d)(?=[\s,.;:!?)–-]|$)(?![^'’]{0,40}['’](?!\w))"
)
# Another short year before or after one: `’14, ’15`, `’14 or ’15`.
_YEAR_BEFORE = re.compile(r"(?:['’]|\b20)\d\d(?:,\s|\s?[–—/-]\s?|,?\s\w{1,3}\s)\Z")
_YEAR_AFTER = re.compile(r"(?:,\s|\s?[–—/-]\s?|,?\s\w{1,3}\s)['’]\d\d(?!\w)")
_WORDS = re.compile(r"[^\W\d_]{1,20}(?:['’][a-z]{1,2})?")
# Who would remember the century before.
_ANCESTORS = re.compile(
    r"(?i:grand|great-|ancest|\bwar\b|krieg|guerre|guerra|opa\b|oma\b|abuel|nonn[oa])"
)
_DECADE = re.compile(r"(?<!\w)['’](?=\d0s\b)")
_INNER_SPACE = re.compile(r"\(\s+")
_DOUBLE_POINT = re.compile(r"(?<=[^\W\d_]\.[^\W\d_]\.)\.(?!\.)")
# Years between which a text hardly passes to the next century.
GENERATION = 40
# Nested symbols such as `$$0` need one pass for each layer.
MAX_PASSES = 9
# Unicode categories of characters that are not spoken, and the exceptions.
SILENT_CATEGORIES = {"So", "Sk", "Cs", "Co", "Cf", "Cc", "Cn", "Me"}
SPOKEN_SYMBOLS = {"°", "\u200c", "\u200d"}
VARIATION_SELECTORS = range(0xFE00, 0xFE10)


@lru_cache(maxsize=2048)
def speech_text(text: str, language: str) -> str:
    """The text as a voice of the language (ISO 639-1) should read it. Repeating the call changes nothing."""
    for _ in range(MAX_PASSES):
        result = convert_once(text, language)
        if result == text:
            break
        text = result
    return text


def convert_once(text: str, language: str) -> str:
    """One pass of all replacements."""
    text = _STAR.sub(r"\1 star", unicodedata.normalize("NFC", text))
    text = _POINTED_RATE.sub("", remove_notes(strip_markup(text)))
    point = "." if language_or_default(language).numbers.decimal_point else ","
    text = _FRACTION_OF_UNIT.sub(
        lambda match: f"{match[1]}{point}{_DECIMALS[match[2]]}-", unify_notation(text, language)
    )
    if language == "en":
        text = _THOUSANDS_RANGE.sub(r"\1,000", text)
        text = _THOUSANDS.sub(r"\1,000", _MINUTE_OF_PLAY.sub("-minute", text))
    if halves := symbols_of(language).halves:
        text = _HALF_OF.sub(lambda match: f"{halves[match['ending'] == 'a']} ", text)
    text = _SLASH_BEFORE_DEGREES.sub(r", \g<degrees>°", text)
    text = _SLASHED_CODE.sub(r"\g<letters> \g<number> \g<rest>", _FILE_NUMBER.sub("", text))
    if language == "en":
        text = speak_packs(speak_inches(_OTHER_UNIT.sub(", ", text)))
        if _COUNTED.search(text):
            text = _MILLIONS.sub(r"\g<number> million", text)
    text = with_colons(speak_listings(speak_francs(text, language), language), language)
    text = speak_scores(_SLASH_BETWEEN_WORDS.sub(", ", text), language)
    if symbols_of(language).dash:
        text = _ARROW_BETWEEN.sub(join_range("", "", language), text)
    text = speak_addresses(speak_code(speak_signs_of_names(text), language), language)
    text = speak_ordinal_fractions(speak_old_money(text, language), language)
    text = speak_dates(speak_days_and_weeks(text, language), language)
    text = speak_calendar(text, language)
    text = speak_durations(text, language)
    text = speak_ratios(text, language)
    text = ungroup_numbers(text, language)
    text = speak_moves(speak_identifiers(text, language), language)
    text = _HOUR_RANGE.sub(join_range("", "", language), text)
    text = _TIME_RANGE.sub(lambda match: join_range(match["low"], "", language), text)
    text = speak_times(text, language)
    text = _PRICES.sub(", ", text)
    text = speak_money(text, language)
    text = speak_magnitudes(text, language)
    text = speak_counts(text, language)
    text = speak_marks(text, language)
    text = speak_fractions(text, language)
    if below_zero := symbols_of(language).below_zero:
        text = _BELOW_ZERO.sub(below_zero, text)
    text = _HALF_DAY_RANGE.sub(join_range("", "", language), speak_measures(text, language))
    text = speak_rates(text, language)
    text = speak_percent(text, language)
    text = speak_signs(text, language)
    text = speak_roman_numerals(text, language)
    text = expand_abbreviations(text, language)
    return _INNER_SPACE.sub("(", _DOUBLE_POINT.sub("", remove_silent_characters(text)))


def strip_markup(text: str) -> str:
    """Markdown's text without its marks, images and link targets."""
    text = _LINK.sub(r"\1", _IMAGE.sub(r"\1", text))
    text = _LINE_MARKER.sub("", _CODE.sub(r"\1", text))
    return _EMPHASIS.sub(r"\2", _STRONG.sub(r"\2", text))


def remove_notes(text: str) -> str:
    """The text without the marks that point to notes."""
    units = {
        match.start() + len(match[0]) - 1
        for pattern in (_RAISED_UNITS, _SQUARE)
        for match in pattern.finditer(text)
    }
    text = _SUPERSCRIPT.sub(lambda match: match[0] if match.start() in units else "", text)
    return _NOTE.sub("", text)


def unify_notation(text: str, language: str) -> str:
    """The text with one character for each of several that mean the same in figures."""
    text = _MICRO.sub("µ", _WAVE.sub("–", text.translate(LOWERED)))
    text = _SHORT_YEAR.sub(r" 20\1", _QUARTER_FIRST.sub(r"\2\1 20\3", text))
    text = _YEAR.sub(lambda match: apostrophized_year(match, language), text)
    text = _SEPARATOR.sub(", ", _MARKER.sub("", text))
    return _DECADE.sub("", _ARROW_OF_HYPHENS.sub(" → ", text))


def apostrophized_year(match: re.Match[str], language: str) -> str:
    """`’27` in four digits. `’17` may be of either century, and loses only its apostrophe, unless one of the
    last century follows it within a generation: `in ’17 and in ’42`. Of several years in a row, somebody who
    speaks of themselves remembers this century: `my left ear went first, ’14, ’15`."""
    year = match["year"]
    if int(year) > LAST_SHORT_YEAR or int(year) < 10:
        return full_year(year)
    later = (one["year"] for one in _YEAR.finditer(match.string, match.end()))
    if any(LAST_SHORT_YEAR < int(one) < int(year) + GENERATION for one in later):
        return f"19{year}"
    if int(year) < 20 and not (is_in_row(match) and speaks_of_self(match.string, language)):
        return year
    return full_year(year)


def is_in_row(match: re.Match[str]) -> bool:
    """Whether another short year stands directly beside this one."""
    before, after = match.string[: match.start()], match.string[match.end() :]
    return bool(_YEAR_BEFORE.search(before[-12:]) or _YEAR_AFTER.match(after))


def speaks_of_self(text: str, language: str) -> bool:
    words = {word.casefold() for word in _WORDS.findall(text)}
    first_person = language_or_default(language).structure.first_person
    return not words.isdisjoint(first_person) and not _ANCESTORS.search(text)


def speak_inches(text: str) -> str:
    """`a 2" strip` as `a 2-inch strip`, unless the mark ends a quotation."""
    if len(_MARK_OF_QUOTATION.findall(text)) % 2 or "“" in text:
        return text

    def inches(match: re.Match[str]) -> str:
        noun = match["noun"] or ""
        is_noun = noun and noun.strip() not in FUNCTION_WORDS
        return f"-inch{noun}" if is_noun else f" inches{noun}"

    return _INCHES.sub(inches, text)


def ungroup_numbers(text: str, language: str) -> str:
    """Numbers without the spaces between thousands: voices read two numbers."""
    text = _GROUPED.sub(lambda match: "".join(filter(str.isdecimal, match[0])), text)
    if language_or_default(language).numbers.space_grouping:
        text = _GROUPED_DECIMALS.sub(r"\g<whole>\g<rest>", text)
        text = _GROUPED_BY_SPACES.sub(lambda match: match[0].replace(" ", ""), text)
    return text


def speak_signs(text: str, language: str) -> str:
    """Ranges, scores, signs and operators between and before numbers."""
    symbols = symbols_of(language)
    signs = symbols.signs
    gap = " " if symbols.spaces else ""
    text = speak_powers(text, language)
    season = rf"\1 {symbols.dash} \2" if language == "en" else r"\1 \2"
    text = _SEASON.sub(season, text)
    if symbols.dash:
        text = _SCORE.sub(
            lambda match: score(match[1] or match[3], match[2] or match[4], language), text
        )
        text = _SLASHED_NUMBERS.sub(r"\1 \2", text)
        if not symbols.spaces:
            text = _WAVE_OF_WORDS.sub(symbols.dash, text)
    if "−" in signs:
        text = _MINUS_BETWEEN.sub(f"{gap}{signs['−']}{gap}", text)
        text = _MINUS.sub(f"{signs['−']}{gap}", text)
    text = _RANGE.sub(lambda match: spoken_range(match, language), text)
    if "+" in signs:
        text = _PLUS_BETWEEN_WORDS.sub(f"{gap}{signs['+']}{gap}", text)
        text = _PLUS.sub(f"{signs['+']}{gap}", text)
        text = _PLUS_AFTER.sub(f"{gap}{signs['+']}", text)
    if "×" in signs:
        text = _BY.sub(rf"\1{gap}{signs['×']}{gap}", text)
    if "x" in signs and symbols.per:
        text = _TIMES_PER.sub(f" {signs['x']} {symbols.per} ", text)
    if "x" in signs:
        text = _TIMES.sub(rf"\1{gap}{signs['x']}", text)
    trends = {"▲": signs.get("▲") or signs.get("+"), "▼": signs.get("▼") or signs.get("−")}
    text = _TRENDS.sub(lambda match: f"{trends[TRENDS[match['sign']]] or ''}{gap}".lstrip(), text)
    text = _ARROWS.sub(", ", text)
    text = operator_pattern(language).sub(lambda match: f"{gap}{signs[match[1]]}{gap}", text)
    text = _NUMBERED.sub(f"{symbols.number_sign} ".lstrip(), text)
    return text.replace("&", f" {symbols.ampersand} ") if symbols.ampersand else text


def speak_powers(text: str, language: str) -> str:
    """`10⁶` as `10 to the power of 6`, and `r²` as `r squared`."""
    symbols = symbols_of(language)
    words = {"²": symbols.squared, "³": symbols.cubed}
    text = _CARET.sub(f" {symbols.power} " if symbols.power else " ", text)
    if times := symbols.signs.get("×" if language in PRODUCTS_BY else "x"):
        text = _PRODUCT.sub(f" {times} ", text)
    if symbols.power:
        minus = symbols.signs.get("−", "−") + " "
        text = _POWER.sub(
            lambda match: (
                f"{match['base']} {symbols.power} {minus if match['minus'] else ''}"
                + unicodedata.normalize("NFKC", match["raised"])
            ),
            text,
        )
    if symbols.squared:
        text = _SQUARE.sub(lambda match: f"{match['letter']} {words[match['raised']]}", text)
    return text


@cache
def operator_pattern(language: str) -> re.Pattern[str]:
    """A mathematical sign. Those that are also punctuation need a number after them."""
    signs = set(symbols_of(language).signs) - set("+−x×▲▼")
    always, before_numbers = signs - set("<>~="), signs & set("<>~=")
    return re.compile(
        rf"\s?({any_of(always) or '(?!)'}"
        rf"|(?<![^\s(])(?:{any_of(before_numbers) or '(?!)'})(?=\s?\d))\s?"
    )


def spoken_range(match: re.Match[str], language: str) -> str:
    """Two numbers with a dash between them. Unless they ascend, they are a score."""
    low, high = match["low"], match["high"]
    if not symbols_of(language).dash:
        return match[0]
    if len(high) == 2 and high[0] == "0" and len(low) < 3:
        return join_range(low, high[1], language)  # hours: `21–05`
    if low == high or (parse_number(low, language) > parse_number(high, language) and len(low) < 4):
        return score(low, high, language)
    return join_range(low + (match["point"] or ""), high, language)


def remove_silent_characters(text: str) -> str:
    """Remove symbols and control characters, and collapse white space."""
    text = _LOOSE_JOINERS.sub("", text)
    characters = (
        character if is_spoken(character) else (" " if character.isspace() else "")
        for character in text
    )
    return _LINE_MARKER.sub("", _SPACES.sub(" ", "".join(characters)).strip())


def is_spoken(character: str) -> bool:
    if ord(character) in VARIATION_SELECTORS:
        return False
    return character in SPOKEN_SYMBOLS or unicodedata.category(character) not in SILENT_CATEGORIES
