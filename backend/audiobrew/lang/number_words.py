"""Words for numbers, magnitudes, percentages and currencies in the languages of newsletters.

Number words depend on the language: "once" is eleven in Spanish, and "due" is two in Italian. So does
the long scale, in which a billion is a million millions. All other words count in every language.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache

from audiobrew.lang.language import CompleteLanguage, all_languages, language_or_default

_VEINTI = "uno dós trés cuatro cinco séis siete ocho nueve"


@cache
def number_words(language: str) -> Mapping[str, str]:
    """The numbers below a hundred in digits, by their words."""
    rules = language_or_default(language)
    if not isinstance(rules, CompleteLanguage):
        return {}
    words = rules.number_words
    small, tens = _numbered(words.small, range(20)), _numbered(words.tens, range(20, 100, 10))
    compounds = dict(_compounds(language, words.one, small, tens))
    variants = {word: str(number) for word, number in words.variants.items()}
    return {**small, **tens, **compounds, **variants}


def _numbered(words: Sequence[str], numbers: range) -> dict[str, str]:
    pairs = zip(words, numbers, strict=False)
    return {word: str(number) for word, number in pairs if word != "_"}


def _compounds(
    language: str, one: str, small: dict[str, str], tens: dict[str, str]
) -> Iterator[tuple[str, str]]:
    """Compounds that are one word: fünfundzwanzig, vijfentwintig, ventidue.

    `one` is the word for one in such compounds.
    """
    units = {word: number for word, number in small.items() if 1 < int(number) < 10}
    if language in ("de", "nl"):
        for unit, digit in {**units, one: "1"}.items():
            and_ = "und" if language == "de" else "ën" if unit.endswith("e") else "en"
            yield from ((f"{unit}{and_}{ten}", str(int(n) + int(digit))) for ten, n in tens.items())
    if language == "it":
        for ten, number in tens.items():
            for unit, digit in {**units, one: "1"}.items():
                stem = ten[:-1] if unit in ("uno", "otto") else ten
                yield stem + unit.replace("tre", "tré"), str(int(number) + int(digit))
    if language == "es":
        yield from ((f"veinti{unit}", str(20 + n)) for n, unit in enumerate(_VEINTI.split(), 1))


# The power of ten of each word.
MAGNITUDES = {
    word: power
    for language in all_languages()
    for power, words in language.numbers.powers.items()
    for word in words
}
PERCENT = frozenset("%").union(*(language.numbers.percent for language in all_languages()))


def _percent_phrases() -> dict[str, frozenset[str]]:
    phrases: dict[str, frozenset[str]] = {}
    for language in all_languages():
        for first, others in language.numbers.percent_phrases.items():
            phrases[first] = phrases.get(first, frozenset()) | others
    return phrases


# Two words that mean percent. The second is required: "5 per day" is no percentage.
PERCENT_PHRASES = _percent_phrases()
# The currency of each symbol, code and name.
CURRENCIES = {
    "€": "EUR",
    "$": "USD",
    "£": "GBP",
    "¥": "JPY",
    **{code.casefold(): code for code in ("EUR", "USD", "GBP", "JPY", "CHF")},
    **{
        name: code
        for language in all_languages()
        for code, names in language.currencies.names.items()
        for name in names
    },
}


def power_of_ten(word: str, language: str) -> int:
    """The power of ten by which this word multiplies a number; 0 for other words."""
    if word in ("billion", "billions") and language_or_default(language).numbers.long_scale:
        return 12
    return MAGNITUDES.get(word, 0)
