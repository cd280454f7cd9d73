"""Roman numerals as they are spoken, where they number something."""

import re
from functools import cache
from itertools import pairwise

from audiobrew.lang.cldr import has_dotted_dates
from audiobrew.lang.function_words import FUNCTION_WORDS
from audiobrew.lang.language import language_or_default, symbols_of
from audiobrew.lang.number_spelling import spell_count, spell_ordinal
from audiobrew.script.notation import HYPHENS, any_of

_ROMAN = re.compile(r"(?:XL|L?X{0,3})(?:IX|IV|V?I{0,3})")
_VALUES = {"I": 1, "V": 5, "X": 10, "L": 50}
# `I–IV`, and `I to V`. A curve between current and voltage is no range.
_RANGE = re.compile(
    rf"(?<![{HYPHENS}\w.'’/])(?P<low>[IVXL]{{1,7}})\s?[{HYPHENS}]\s?(?P<high>[IVXL]{{1,7}})(?![{HYPHENS}\w'’/])"
    r"(?!\s(?:curves?|characteristic|Kennlinien?|Kurven?|courbes?))"
)
_IN_LIST = re.compile(r"(?<!\w)[IVX]{1,6}(?!\w)")
# One of several that a text counts: `the I's and II's`.
_COUNTED = re.compile(r"(?<![\w.'’])(?P<numeral>[IVX]{1,5})['’]s(?!\w)")
# A numeral after a noun in lower case, which is nobody's name: `sala II`.
_AFTER_NOUN = re.compile(
    r"(?<![\w.'’-])(?P<noun>[a-zß-öø-ÿ]{2,20})\s(?P<numeral>[IVX]{2,6})(?![\w'’/&+-]|\.\w)"
)
# A label and its numeral at the start of a text: `Take I: …`.
_LABEL = re.compile(
    r"(?:^|(?<=[.!?;]\s))(?P<noun>[A-ZÀ-Þ][a-zß-öø-ÿ]{1,15})\s(?P<numeral>[IVX]{1,5})(?=\s?[:.](?:\s|$))"
)
# The second team of a club, with its goals: `Zarch II 0`.
_TEAM = re.compile(r"(?<=[a-zß-öø-ÿ]\s)(?P<numeral>II|III|IV)(?=\s\d{1,3}(?!\w))")
# An ordinal with a point, in languages that write one so: `im III. Quartal`.
_DOTTED = re.compile(
    r"(?<![\w.'’-])(?P<before>[a-zß-öø-ÿ]{2,15})\s(?P<numeral>[IVX]{1,5})\.(?=\s[A-ZÀ-Þ][a-zß-öø-ÿ])"
)
# The same in languages whose nouns have no capitals: `II. světová válka`.
_DOTTED_BEFORE_WORD = re.compile(r"(?<![\w.'’-])(?P<numeral>[IVX]{2,5})\.(?=\s[a-zß-öø-ÿā-ž])")
# `8.os`, `2.a`, `1.er`
_SPANISH_ORDINAL = re.compile(
    r"(?<![\w.,/-])(?P<number>[1-9]\d?)\.(?P<ending>os|as|[oa](?=\s[a-zà-ÿ])|er)(?!\w)"
)
# `IIIe`, `Ier`
_ORDINAL = re.compile(
    r"(?<![\w.'’-])(?:(?P<first>I)(?=(?:er|ère|re)(?!\w))|(?P<numeral>V|X|[IVX]{2,6})(?=(?:e|ème)(?!\w)))"
)
# Before `I to V`, where `I` is no pronoun.
_BEFORE_NUMERAL = re.compile(r"(?:[,:(]|\bfrom|[a-z]s)\s\Z")
# Parts that are also verbs.
_VERBS = frozenset(["Take"])
# Sizes, chromosomes and other words in these letters.
_NO_NUMERALS = frozenset(["XX", "XXX", "XL", "XXL", "LXX"])
# An infusion.
_MEDICAL = frozenset(
    ["an", "by", "of", "with", "via", "the", "on", "iron", "through", "antibiotic"]
)


@cache
def roman_pattern(language: str) -> re.Pattern[str]:
    """A Roman numeral after a word that has one."""
    symbols = symbols_of(language)
    parts = any_of(symbols.parts) or "(?!)"
    rulers = any_of(name for names in symbols.rulers.values() for name in names) or "(?!)"
    centuries = any_of(symbols.centuries) or "(?!)"
    return re.compile(
        rf"(?<!\w)(?:(?P<part>{parts})|(?P<ruler>{rulers}))\s(?P<numeral>[IVXL]{{1,7}})\b"
        rf"(?P<dot>\.(?=\s[a-zß-ÿ]|,))?"
        rf"|(?<!\w)(?P<century>[IVX]{{1,5}})(?P<suffix>e|ème|\.)?(?=\s(?:{centuries})(?!\w))"
    )


@cache
def list_pattern(language: str) -> re.Pattern[str]:
    """`I and II`, `I, II or IV`"""
    words = any_of(filter(None, [symbols_of(language).ampersand, "&"]))
    joint = rf"(?:,\s|,?\s(?:{words})\s)"
    return re.compile(
        rf"(?<![\w.'’-])(?P<list>[IVX]{{1,6}}(?:{joint}[IVX]{{1,6}}(?![\w'’-])){{1,8}})"
    )


@cache
def words_range_pattern(language: str) -> re.Pattern[str]:
    """`grades I to V`"""
    dash = symbols_of(language).dash
    word = "(?!)" if not dash or "{}" in dash else re.escape(dash)
    return re.compile(
        rf"(?<![\w.'’-])(?P<low>[IVXL]{{1,7}})\s{word}\s(?P<high>[IVXL]{{1,7}})(?![\w'’-])"
    )


def speak_roman_numerals(text: str, language: str) -> str:
    """`Louis XIV`, `Chapter IV`, `Wards I–IV` and `room II`: only beside what shows that it is a numeral."""
    forms = {name: form for form, names in symbols_of(language).rulers.items() for name in names}

    def replacement(match: re.Match[str]) -> str:
        numeral = match["numeral"] or match["century"]
        part = match["part"] or ""
        is_pronoun = numeral == "I" and (part.islower() or part in _VERBS)
        if is_pronoun or not _ROMAN.fullmatch(numeral):
            return match[0]
        number = roman_value(numeral)
        if match["century"]:
            return spoken_ruler(symbols_of(language).century, number, language) + (
                match["suffix"] or ""
            )
        if match["part"]:
            return f"{match['part']} {number}{match['dot'] or ''}"
        return f"{match['ruler']} {spoken_ruler(forms[match['ruler']], number, language)}"

    if not symbols_of(language).spaces:
        return roman_pattern(language).sub(replacement, text)
    text = roman_pattern(language).sub(replacement, speak_ranges(text, language))
    return speak_numbers_of_things(text, language)


def speak_list(match: re.Match[str]) -> str:
    """Numerals in ascending order, of which one is no pronoun or initial, and which follow nobody's name."""
    numerals = _IN_LIST.findall(match["list"])
    if not all(map(is_numeral, numerals)) or max(map(len, numerals)) == 1:
        return match[0]
    values = [roman_value(numeral) for numeral in numerals]
    is_ascending = all(low < high for low, high in pairwise(values))
    before = match.string[: match.start()].rstrip().rpartition(" ")[2]
    if not is_ascending or (before[:1].isupper() and before.isalpha()):
        return match[0]
    return _IN_LIST.sub(lambda one: str(roman_value(one[0])), match[0])


def speak_ranges(text: str, language: str) -> str:
    """`I–IV` as `1 to 4`, and `the I's and II's` as `the ones and twos`."""
    text = list_pattern(language).sub(speak_list, text)
    dash = symbols_of(language).dash

    def span(match: re.Match[str]) -> str:
        numerals = match["low"], match["high"]
        is_pronoun = (
            language == "en"
            and match["low"] == "I"
            and match[0][1] == " "
            and not _BEFORE_NUMERAL.search(match.string, max(0, match.start() - 10), match.start())
        )
        if not dash or is_pronoun or not all(map(_ROMAN.fullmatch, numerals)):
            return match[0]
        low, high = map(roman_value, numerals)
        return f"{low} {dash} {high}" if low < high and "{}" not in dash else match[0]

    text = words_range_pattern(language).sub(span, _RANGE.sub(span, text))
    if language == "en" and any(len(match["numeral"]) > 1 for match in _COUNTED.finditer(text)):
        text = _COUNTED.sub(
            lambda match: (
                plural(spell_count(roman_value(match["numeral"]), language))
                if is_numeral(match["numeral"])
                else match[0]
            ),
            text,
        )
    return text


def plural(number: str) -> str:
    """The plural of an English number in words."""
    return number + ("es" if number.endswith("x") else "s")


def speak_numbers_of_things(text: str, language: str) -> str:
    """Numerals after nouns, after a label, of teams, and as ordinals."""

    def after_noun(match: re.Match[str]) -> str:
        noun, numeral = match["noun"], match["numeral"]
        is_word = (numeral == "IV" and language == "en" and noun in _MEDICAL) or (
            noun == symbols_of(language).ampersand  # `Elizabeth I and II`
        )
        if is_word or not is_numeral(numeral):
            return match[0]
        return f"{noun} {roman_value(numeral)}"

    def label(match: re.Match[str]) -> str:
        is_word = match["noun"].casefold() in FUNCTION_WORDS and match["numeral"] in "IVX"
        if is_word or not is_numeral(match["numeral"]):
            return match[0]
        return f"{match['noun']} {roman_value(match['numeral'])}"

    text = _TEAM.sub(lambda match: spell_count(roman_value(match["numeral"]), language), text)
    text = _LABEL.sub(label, _AFTER_NOUN.sub(after_noun, text))
    if language_or_default(language).meaning.capitalized_nouns:
        text = _DOTTED.sub(
            lambda match: (
                f"{match['before']} {roman_value(match['numeral'])}."
                if is_numeral(match["numeral"])
                else match[0]
            ),
            text,
        )
    elif has_dotted_dates(language):
        text = _DOTTED_BEFORE_WORD.sub(
            lambda match: (
                f"{roman_value(match['numeral'])}." if is_numeral(match["numeral"]) else match[0]
            ),
            text,
        )
    if language == "es":
        text = _SPANISH_ORDINAL.sub(spanish_ordinal, text)
    if language == "fr":
        text = _ORDINAL.sub(
            lambda match: str(roman_value(match[0])) if is_numeral(match[0]) else match[0],
            text,
        )
    return text


def spanish_ordinal(match: re.Match[str]) -> str:
    """`8.os` as `octavos`, and `1.er` as `primer`."""
    number, ending = int(match["number"]), match["ending"]
    if ending == "er":
        return {1: "primer", 3: "tercer"}.get(number, match[0])
    gender = "feminine" if ending.startswith("a") else "masculine"
    return spell_ordinal(number, "es", gender) + ("s" if ending.endswith("s") else "")


def is_numeral(text: str) -> bool:
    return bool(text) and text not in _NO_NUMERALS and _ROMAN.fullmatch(text) is not None


def spoken_ruler(form: str, number: int, language: str) -> str:
    """What a ruler's numeral, or that of a century, becomes."""
    return form.format(
        number=number,
        ordinal=spell_ordinal(number, language),
        masculine=spell_ordinal(number, language, "masculine"),
        feminine=spell_ordinal(number, language, "feminine"),
    )


def roman_value(numeral: str) -> int:
    values = [_VALUES[letter] for letter in numeral]
    following = [*values[1:], 0]
    return sum(-one if one < other else one for one, other in zip(values, following, strict=True))
