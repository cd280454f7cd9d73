"""Names in a sentence, and whether a source has them: also inflected, and as initials."""

from collections.abc import Iterable, Iterator, Sequence
from functools import cache, lru_cache

from audiobrew.lang.function_words import FUNCTION_WORDS
from audiobrew.lang.language import language_or_default
from audiobrew.script.gate.dates import is_date_word, is_year
from audiobrew.script.gate.lookalikes import is_foreign
from audiobrew.script.gate.numbers import number_at
from audiobrew.script.gate.same_names import MIN_COMMON, common_length, fold, is_same_country
from audiobrew.script.gate.tokens import Token, compile_words, is_inside, normalize_word, stem_of

MIN_INITIALS, MAX_INITIALS = 2, 6
# Words of a phrase that initials may stand for, at most, small words included.
MAX_PHRASE = 8
# A compound must have this many letters in common with a word of the source.
MIN_COMPOUND = 5
# An inflected name keeps this many letters, and its endings have at most this many.
MIN_NAME_STEM = 3
# Letters of the shorter of two forms of a word that may differ at its end.
MAX_FORM_ENDING = 3
# Greta is no form of Grete, and Martha none of Marthe.
NAME_VOWELS = "aio"
# Endings of German adjectives that verbs do not have.
ADJECTIVE_ENDINGS = ("es", "em", "er")


def find_names(
    tokens: Sequence[Token], text: str, language: str, unit_places: set[int]
) -> Iterator[tuple[int, str]]:
    """The place of every word that is a name, with the word normalized.

    The first word of a sentence has a capital anyway. It is a name unless it is a frequent word, or has an
    ending that common words have. So is a noun in a language that capitalizes nouns, unless something before
    it, such as an article, shows that it is a common noun.
    """
    meaning = language_or_default(language).meaning
    last = -1  # the place of the last name
    for place, token in enumerate(tokens):
        word = token.text
        lower = word.casefold()
        if not (word[0].isupper() or is_foreign(word, language)) or word.endswith("'"):
            continue
        is_common_word = lower in FUNCTION_WORDS or lower in meaning.common_nouns
        if place in unit_places or is_date_word(lower, language):
            continue
        if is_common_word and not follows_first_name(tokens, text, place, last):
            continue
        if number_at([token.text for token in tokens[place : place + 2]], 0, language)[0]:
            continue
        if has_common_capital(tokens, text, place, language):
            continue
        last = place
        yield place, normalize_word(word)


def has_common_capital(tokens: Sequence[Token], text: str, place: int, language: str) -> bool:
    """Whether a word has a capital because it begins a sentence, or because nouns have one."""
    meaning = language_or_default(language).meaning
    token = tokens[place]
    first = not is_inside(text, token.start)
    if len(token.text) == 1:
        return first
    if token.text.isupper():
        return False
    if first and is_common_form(token.text.casefold(), language):
        return True
    if (first or meaning.capitalized_nouns) and is_common(normalize_word(token.text), language):
        return True
    is_compound_part = text[token.end : token.end + 1] == "-"
    return (
        meaning.capitalized_nouns
        and not first
        and not is_compound_part
        and is_noun(tokens, place, language)
    )


def follows_first_name(tokens: Sequence[Token], text: str, place: int, last: int) -> bool:
    """Whether a noun may be a family name, because a first name is directly before it: Karin Berg.

    A noun after a genitive is none: Annas Berg. `last` is the place of the last name.
    """
    if place == 0 or last != place - 1 or text[tokens[last].end : tokens[place].start] != " ":
        return False
    first, following = tokens[last].text, tokens[place + 1 : place + 2]
    is_part = bool(following) and following[0].text[0].isupper()
    return not (is_part or first.isupper() or first.casefold().endswith(("s", "x", "z")))


def sure_names(
    tokens: Sequence[Token], text: str, language: str, unit_places: set[int]
) -> frozenset[str]:
    """The words that are names and no common words: they have a capital everywhere.

    In a language that capitalizes nouns, they also occur more than once, because some nouns pass for names.
    """
    names = [name for _, name in find_names(tokens, text, language, unit_places)]
    lower = {token.text for token in tokens if token.text.islower()}
    least = 2 if language_or_default(language).meaning.capitalized_nouns else 1
    return frozenset(name for name in names if name not in lower and names.count(name) >= least)


def is_common_form(word: str, language: str) -> bool:
    """Whether a word has a form that only common words have."""
    forms = compile_words(language_or_default(language).meaning.first_words)
    return bool(forms and forms.fullmatch(word))


def is_frequent(word: str, language: str) -> bool:
    return word in FUNCTION_WORDS or word in language_or_default(language).meaning.words


def is_common(word: str, language: str) -> bool:
    """Whether a word is frequent, or ends as common words do."""
    meaning = language_or_default(language).meaning
    return word in meaning.words | rounding_words(language) or any(
        word.endswith(ending) and len(word) > len(ending) + 2 for ending in meaning.noun_endings
    )


@cache
def rounding_words(language: str) -> frozenset[str]:
    """The words of phrases such as "just over" and "minus", with which sentences begin."""
    meaning = language_or_default(language).meaning
    phrases = (*meaning.approximations, *meaning.above, *meaning.below, *meaning.minus)
    return frozenset(word for phrase in phrases for word in phrase.split())


def is_noun(tokens: Sequence[Token], place: int, language: str) -> bool:
    """Whether what is before a capitalized word shows that it is a common noun: the train, 36 new trains."""
    meaning = language_or_default(language).meaning
    texts = [token.text for token in tokens]
    noun, adjectives = place, 0
    while place and adjectives < 3:
        if tokens[place].start - tokens[place - 1].end > 1:  # a comma
            return False
        place -= 1
        before = texts[place]
        if is_year(before) and place + 1 < noun:
            return False
        if before[0].isdigit() or number_at(texts[place : place + 1], 0, language)[0]:
            return True
        if before.casefold() in meaning.determiners:
            return True
        if (
            before.islower()
            and before.endswith(ADJECTIVE_ENDINGS)
            and not is_frequent(before, language)
        ):
            return True
        if before in meaning.words and not before.endswith("en"):
            continue
        is_measure = place + 1 == noun and place and number_at(texts, place - 1, language)[0]
        if is_measure and before[0].isupper():
            return True
        if before[0].isupper() or not before.endswith(("e", "en", "er", "es", "em")):
            return False
        adjectives += 1
    return False


def is_weak_name(tokens: Sequence[Token], text: str, place: int, language: str) -> bool:
    """Whether a word has a capital perhaps only because it begins a sentence, or because nouns have one.

    A capitalized word beside it, or a preposition or verb that stands before names, shows more. So does the
    same word elsewhere in the sentence.
    """
    meaning = language_or_default(language).meaning
    token = tokens[place]
    begins = not is_inside(text, token.start)
    if (
        token.text.isupper()
        or "'" in token.text
        or any(
            other.text == token.text and is_inside(text, other.start)
            for other in (*tokens[:place], *tokens[place + 1 :])
        )
    ):
        return False
    beside = [tokens[one] for one in (place - 1, place + 1) if 0 <= one < len(tokens)]
    if token.text.casefold() in meaning.common_nouns:
        return True
    if meaning.capitalized_nouns and follows_genitive(tokens, text, place):
        return True
    if any(
        one.text[0].isupper()
        and is_inside(text, one.start)
        and not text[min(one.end, token.end) : max(one.start, token.start)].strip(" -")
        for one in beside
    ):
        return False
    before = tokens[place - 1].text.casefold() if place and not begins else ""
    return begins or (meaning.capitalized_nouns and before not in meaning.before_names)


def follows_genitive(tokens: Sequence[Token], text: str, place: int) -> bool:
    """Whether a noun follows a name in the genitive: Annas Vorgesetzter, Polens Präsident Duda."""
    before = tokens[place - 1].text if place else ""
    is_close = bool(before) and text[tokens[place - 1].end : tokens[place].start] == " "
    return is_close and before[0].isupper() and before.endswith(("s", "x", "z"))


def lacks_name(
    word: str,
    words: frozenset[str],
    allowed: frozenset[str],
    language: str,
    *,
    first: bool,
    names: frozenset[str] = frozenset(),
) -> bool:
    """Whether a source lacks a name in every form. `first`: it may be a common word with a capital.

    A common word has other forms than those of names: Forschung and Forscher. `names` of the source have not.
    """
    if word in words or word in allowed:
        return False
    if any(word in group and not group.isdisjoint(words) for group in same_names(language)):
        return False
    endings = language_or_default(language).meaning.name_endings
    if any(is_inflected(word, other, endings) for other in words):
        return False
    if any(is_declined(word, other, language) for other in words):
        return False
    if (bare := without_suffix(word)) != word:
        return lacks_name(bare, words, allowed, language, first=first, names=names)
    demonyms = tuple(ending for ending in endings if len(ending) >= MIN_NAME_STEM)
    if any(is_demonym(word, other, demonyms) for other in words):
        return False
    if any(is_same_country(word, other, language) for other in words if other[0].isalpha()):
        return False
    if language_or_default(language).meaning.capitalized_nouns or first:
        stem = stem_of(word)
        return not any(
            is_compound(word, other)
            or (
                stem_of(other) == stem
                and is_form(word, other)
                and other not in names
                and not (word[-1] in NAME_VOWELS and word[:-1] == other[:-1])
            )
            for other in words
        )
    return True


def is_form(word: str, other: str) -> bool:
    """Whether two words have all but the last letters in common."""
    beginning = next(
        (place for place, (one, two) in enumerate(zip(word, other, strict=False)) if one != two),
        min(len(word), len(other)),
    )
    return beginning >= min(len(word), len(other)) - MAX_FORM_ENDING


def is_inflected(word: str, other: str, endings: Sequence[str]) -> bool:
    """Whether two words differ only in the endings that names have: Ruiz and Ruiz's, Anna and Anny."""
    short, long = sorted((word, other), key=len)
    if len(short) < MIN_NAME_STEM or not short[0].isalpha():
        return False
    if long.startswith(short):
        return long[len(short) :].lstrip("'") in endings
    stem = short[:-1]
    is_vowel = short[-1] in "aeiouyąęě"
    return (
        is_vowel
        and len(stem) >= MIN_NAME_STEM
        and long.startswith(stem)
        and long[len(stem) :] in endings
    )


def without_suffix(word: str) -> str:
    """A name without the ending that an apostrophe separates from it, as in Turkish: Ankara'da."""
    name, apostrophe, _ = word.partition("'")
    return name if apostrophe and len(name) >= MIN_NAME_STEM else word


def is_declined(word: str, other: str, language: str) -> bool:
    """Whether two words are forms of one name: Warszawa and Warszawie, Mäkinen and Mäkisen."""
    return word[:MIN_NAME_STEM] == other[:MIN_NAME_STEM] and not stems_by_paradigm(
        without_suffix(word), language
    ).isdisjoint(stems_by_paradigm(without_suffix(other), language))


@lru_cache(maxsize=8192)
def stems_by_paradigm(word: str, language: str) -> frozenset[tuple[int, str]]:
    """What is left of a word without an ending, for each way of inflecting that has this ending."""
    return frozenset(
        (number, stem)
        for number, endings in enumerate(language_or_default(language).meaning.name_paradigms)
        for ending in endings
        for stem in [word if ending == "_" else word.removesuffix(ending)]
        if (ending == "_" or stem != word) and len(stem) >= MIN_NAME_STEM
    )


def is_demonym(word: str, other: str, endings: tuple[str, ...]) -> bool:
    """Whether one word may name the people of the other: Kenya and Kenian, Kenia and kenianisch."""
    if word[:MIN_NAME_STEM] != other[:MIN_NAME_STEM]:
        return False
    short, long = sorted((word, other), key=len)
    # Lyon and lyonnaise: the whole name, whose last letter may be doubled.
    is_whole = len(short) > MIN_NAME_STEM and long.startswith(short)
    if is_whole and any(long.removeprefix(short) in (end, short[-1] + end) for end in endings):
        return True
    if len(word) < MIN_COMPOUND:
        return False
    return any(
        one.endswith(ending)
        and two.startswith(one[: -len(ending) - 1])
        and common_length(fold(one[: -len(ending)]), fold(two)) >= max(MIN_COMMON, len(two) - 2)
        for one, two in ((word, other), (other, word))
        for ending in endings
        if len(one) - len(ending) > MIN_NAME_STEM
    )


def is_compound(word: str, other: str) -> bool:
    """Whether one word is the first or the last part of the other."""
    short, long = sorted((word, other), key=len)
    return len(short) >= MIN_COMPOUND and (long.startswith(short) or long.endswith(short))


@cache
def same_names(language: str) -> tuple[frozenset[str], ...]:
    return tuple(
        frozenset(group.casefold().split())
        for group in language_or_default(language).meaning.same_names
    )


def covered_by_initials(spellings: Sequence[str], initials: str) -> int:
    """How many words at the start of a phrase these initials stand for; 0 if they do not.

    Small words are skipped. A letter may also be that of a later part of a compound: EZB is Europäische
    Zentralbank.
    """
    words = [spelling.casefold() for spelling in spellings[:MAX_PHRASE]]
    if not spellings or not spellings[0][:1].isupper():
        return 0
    if len(initials) == MIN_INITIALS:  # too short to tell from two words of a sentence
        return (
            2
            if all(word[0].isupper() for word in spellings[:2])
            and len(words) > 1
            and (words[0][0] + words[1][0] == initials.casefold())
            else 0
        )

    def cover(place: int, letters: str, matches: int) -> int:
        if not letters:
            return place if matches >= MIN_INITIALS else 0
        if place == len(words) or not words[place][0].isalpha():
            return 0
        word = words[place]
        if word[0] == letters[0]:
            if end := cover(place + 1, letters[1:], matches + 1):
                return end
            inside = word.find(letters[1:2], MIN_NAME_STEM) if letters[1:] else -1
            if inside > 0 and (end := cover(place + 1, letters[2:], matches + 1)):
                return end
        is_small = word in FUNCTION_WORDS or word.endswith("'")
        return cover(place + 1, letters, matches) if place and is_small else 0

    return cover(0, initials.casefold(), 0)


def is_initials(word: str) -> bool:
    return MIN_INITIALS <= len(word) <= MAX_INITIALS and word.isalpha() and word.isupper()


def bare_name(spelling: str) -> str:
    """A name without its possessive ending."""
    return spelling.removesuffix("'s")


def has_phrase_for(initials: str, spellings: Sequence[str]) -> bool:
    """Whether a text has a name whose initials these are."""
    return any(
        covered_by_initials(spellings[place : place + MAX_PHRASE], initials)
        for place in range(len(spellings))
    )


def spelled_out_places(tokens: Sequence[Token], spellings: Iterable[str]) -> set[int]:
    """The places of names that a source has as initials only: European Central Bank for ECB."""
    texts = [token.text for token in tokens]
    abbreviations = [word for word in spellings if is_initials(word)]
    places: set[int] = set()
    for place, text in enumerate(texts):
        for initials in abbreviations:
            if text[0].casefold() == initials[0].casefold():
                count = covered_by_initials(texts[place : place + MAX_PHRASE], initials)
                places |= set(range(place, place + count))
    return places
