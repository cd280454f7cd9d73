"""Abbreviations in full."""

import re
from collections.abc import Iterable
from functools import cache

from audiobrew.lang.function_words import FUNCTION_WORDS
from audiobrew.lang.language import language_or_default, symbols_of
from audiobrew.script.notation import any_of
from audiobrew.script.spoken_amounts import final_point

_INNER_POINT = re.compile(r"\\\.(?:\\ )?(?=.)")
# After an amount or a noun, a capital begins another sentence: `3 mos. Thaw`.
_NEXT_SENTENCE = re.compile(r"\s(?P<word>[A-ZÀ-Þ][’']?[a-zß-ÿ]{1,20}|[A-ZÀ-Þ][’'])")
_INITIALS = re.compile(r"[A-Z]\.\s[A-Z]\.")
# Parties of British councillors: `Moira Lamb (Lab, Netherton)`.
PARTIES = {
    "Lab": "Labour",
    "Con": "Conservative",
    "LD": "Liberal Democrat",
    "Lib Dem": "Liberal Democrat",
    "Grn": "Green",
    "Ind": "Independent",
}
_PARTY = re.compile(
    r"(?<=[a-z] \()(?:Lab|Con|LD|Lib Dem|Grn|Ind)(?=\)|,\s[A-Z][a-z]|\s[A-Z][a-z]|\/)"
)
# Codes of states: `mostly OK/KS/MO`. Alone after a comma, some of them are words.
STATES = {
    "AK": "Alaska", "HI": "Hawaii", "ID": "Idaho", "IN": "Indiana", "IA": "Iowa", "LA": "Louisiana",
    "ME": "Maine", "OH": "Ohio", "OK": "Oklahoma", "OR": "Oregon",
}  # fmt: skip
_CODES = re.compile(r"(?<![\w/])[A-Z]{2}(?:/[A-Z]{2}){1,7}(?![\w/])")
# The number of a street, and one direction before it or before the name of a street: `S. 5th`, `N. Elm St.`
_ORDINAL = r"\d{1,3}(?:st|nd|rd|th)"
_DIRECTION = re.compile(
    rf"(?<![\w.])(?P<letter>[NSEW])\.\s(?={_ORDINAL}(?!\w)|(?:[A-Z][a-z]{{1,15}}\s){{1,2}}(?:St|Ave|Blvd|Rd|Street|Avenue|Road)\b)"
)
DIRECTIONS = {"N": "North", "S": "South", "E": "East", "W": "West"}
_SPACES = re.compile(r"\s+")
# A letter that is not a small one, and a name that begins with it.
CAPITAL = r"[^\W\d_a-zß-öø-ÿ]"
NAME = rf"{CAPITAL}[\w'’-]{{0,30}}"


def written_forms(short: str) -> str:
    """A regular expression for an abbreviation: with or without a space after its inner points, and, if it
    has such points, also with a capital at the beginning of a sentence."""
    pattern = _INNER_POINT.sub(r"\\.\\s?", re.escape(short))
    if "." in short[:-1] and short[0].islower():
        return f"[{short[0]}{short[0].upper()}]{pattern[1:]}"
    return pattern.replace(r"\ ", r"\s")


def any_written(shorts: Iterable[str]) -> str:
    longest_first = sorted(shorts, key=lambda short: (-len(short), short))
    return "|".join(map(written_forms, longest_first)) or "(?!)"


def compact(short: str) -> str:
    return _SPACES.sub("", short)


@cache
def full_words(language: str) -> dict[str, str]:
    """The words for each abbreviation, without its spaces."""
    symbols = symbols_of(language)
    words = {}
    for short, full in (symbols.abbreviations | symbols.nouns).items():
        form = compact(short)
        words[form] = full
        words.setdefault(form[0].upper() + form[1:], full)
    return words


@cache
def abbreviation_pattern(language: str) -> re.Pattern[str]:
    """An abbreviation. That of "number" needs a number after it, and that of a title a name: `No.` may be a
    whole sentence, and `St.` may end the name of a street."""
    symbols = symbols_of(language)
    numbers, titles, others = [], [], [*symbols.nouns]
    for short, words in symbols.abbreviations.items():
        if words.casefold() == symbols.number_sign.casefold():
            numbers.append(short)
        elif words[0].isupper() and compact(short).count(".") < 2 and short[-1] != "-":
            titles.append(short)
        else:
            others.append(short)
    # At the beginning of a sentence, others have a capital, too.
    capitalized = {
        short[0].upper() + short[1:] for short in others if short[0].islower() and short[-1] == "."
    }
    return re.compile(
        rf"(?<![\w.])(?:(?:{any_written(numbers)})(?=\s?\d)"
        rf"|(?:{any_written(titles)})(?=\s{CAPITAL})|(?:{any_written(others)})(?!\w)"
        rf"|(?:(?<![\s\S])|(?<=[.!?:;]\s))(?:{any_written(capitalized)})(?=\s\S))"
    )


@cache
def label_pattern(language: str) -> re.Pattern[str]:
    """An abbreviation before a number: `p. 12`, `vol. II`."""
    symbols = symbols_of(language)
    forms = [
        f"[{short[0].lower()}{short[0].upper()}]{re.escape(short[1:])}"
        if len(short.rstrip(".")) > 1
        and short[0].islower()
        and short[0].swapcase() + short[1:] not in symbols.abbreviations
        else re.escape(short)
        for short in sorted(symbols.labels, key=lambda short: (-len(short), short))
    ]
    # At the beginning of a sentence, one letter has a capital, too: `P. 88 is about bread.`
    letters = [
        re.escape(short.upper())
        for short in symbols.labels
        if len(short) == len("p.") and short[0].islower() and short[1] == "."
    ]
    return re.compile(
        rf"(?<![\w.])((?:(?<![\s\S])|(?<=[a-z][.!?:]\s))(?:{'|'.join(letters) or '(?!)'})"
        rf"|{'|'.join(forms) or '(?!)'})\s?(?=\d|[IVXL]{{1,7}}\b"
        r"|(?<=\bref\.\s)[A-Z]{1,4}[\s/-]?\d)"
    )


@cache
def name_pattern(language: str) -> re.Pattern[str]:
    """An abbreviation after a name, and one between two names."""
    symbols = symbols_of(language)
    after, between = any_written(symbols.after_names), any_written(symbols.between_names)
    return re.compile(
        rf"(?<!\w)(?P<name>(?:{NAME}|{_ORDINAL}),?)\s(?:(?P<after>{after})(?![\w-])(?:(?=\s(?P<next>\w{{1,30}}))|(?!\s?\w))"
        rf"|(?P<between>{between})(?=\s{CAPITAL}))"
    )


@cache
def before_name_pattern(language: str) -> re.Pattern[str]:
    """An abbreviation after an article or a preposition and before a name."""
    shorts = any_written(symbols_of(language).before_names)
    return re.compile(
        rf"(?:(?<=[^\W\d_]['’])|(?<!\w)(?P<before>[^\W\d_]{{1,8}}\s))(?P<short>{shorts})(?=\s{CAPITAL})"
    )


@cache
def comma_pattern(language: str) -> re.Pattern[str]:
    """An abbreviation after a name and a comma."""
    shorts = any_written(symbols_of(language).after_commas)
    return re.compile(
        rf"(?<!\w)(?P<name>{NAME},\s)(?P<short>{shorts})(?=\s?[,;:)\].!?]|\s\d|\s?$|(?<=\.)\s[a-z])"
    )


@cache
def ending_pattern(language: str) -> re.Pattern[str]:
    endings = any_of(symbols_of(language).endings) or "(?!)"
    return re.compile(rf"(?<=[^\W\d_]{{3}})(?:{endings})(?=\s?[\da-zß-ÿ,;)])")


def expand_abbreviations(text: str, language: str) -> str:
    """Replace abbreviations such as `e.g.` by their words."""
    symbols = symbols_of(language)

    def label(match: re.Match[str]) -> str:
        short = match[1]
        words = symbols.labels.get(short) or ""
        if not words:
            words = symbols.labels[short[0].swapcase() + short[1:]]
            words = words[0].upper() + words[1:] if short[0].isupper() else words
        return f"{words} " if symbols.spaces else words

    def beside_name(match: re.Match[str]) -> str:
        if between := match["between"]:
            return f"{match['name']} {symbols.between_names[between]}"
        following = match["next"] or ""
        short = match["after"]
        is_title = short in symbols.abbreviations and following[:1].isupper()
        if is_title and following.casefold() not in FUNCTION_WORDS:
            return match[0]
        ends = "." if following[:1].isupper() and short.endswith(".") else ""
        return f"{match['name']} {symbols.after_names[short]}{final_point(match) or ends}"

    text = speak_parties_and_directions(text, language)
    if symbols.labels:
        text = label_pattern(language).sub(label, text)
    text = speak_before_names(text, language)
    if symbols.after_commas:
        text = comma_pattern(language).sub(
            lambda match: match["name"] + symbols.after_commas[match["short"]] + final_point(match),
            text,
        )
    if symbols.after_names or symbols.between_names:
        text = name_pattern(language).sub(beside_name, text)
    if symbols.endings:
        text = ending_pattern(language).sub(lambda match: symbols.endings[match[0]], text)
    text = _CODES.sub(lambda match: speak_slashed_codes(match, language), text)
    return abbreviation_pattern(language).sub(lambda match: full_form(match, language), text)


def speak_before_names(text: str, language: str) -> str:
    """`l'ass. Rossi` as `l'assessore Rossi`."""
    words = symbols_of(language).before_names

    def replacement(match: re.Match[str]) -> str:
        before = match["before"] or ""
        if before and before.strip().casefold() not in FUNCTION_WORDS:
            return match[0]
        return before + words[match["short"]]

    return before_name_pattern(language).sub(replacement, text) if words else text


def speak_slashed_codes(match: re.Match[str], language: str) -> str:
    """The states of `OK/KS/MO`, if all of them are some."""
    names = STATES | symbols_of(language).after_commas
    codes = match[0].split("/")
    return ", ".join(names[code] for code in codes) if names.keys() >= {*codes} else match[0]


def speak_parties_and_directions(text: str, language: str) -> str:
    if language != "en":
        return text
    text = _DIRECTION.sub(lambda match: f"{DIRECTIONS[match['letter']]} ", text)
    return _PARTY.sub(lambda match: PARTIES[match[0]], text)


def is_somebody(match: re.Match[str], language: str) -> bool:
    """Whether letters with a space between them are initials: `Mrs B. C. Cole`."""
    before = match.string[: match.start()].rstrip()[-1:]
    return language == "en" and _INITIALS.fullmatch(match[0]) is not None and not before.isdecimal()


def full_form(match: re.Match[str], language: str) -> str:
    """The words for an abbreviation, with its point where that ends a sentence."""
    if is_somebody(match, language):
        return match[0]
    is_amount = match.string[: match.start()][-2:-1].isdecimal()
    is_noun = is_amount or match[0] in symbols_of(language).nouns
    following = _NEXT_SENTENCE.match(match.string, match.end())
    if language_or_default(language).meaning.capitalized_nouns and not is_amount:
        # A capital begins a name as well: `der Fa. Lenk`.
        following = (
            following if following and following["word"].casefold() in FUNCTION_WORDS else None
        )
    else:
        is_noun = is_noun or match[0].casefold() == "etc."
    ends = is_noun and match[0][-1] == "." and following
    return full_words(language)[compact(match[0])] + ("." if ends else final_point(match))
