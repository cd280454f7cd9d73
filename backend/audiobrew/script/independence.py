"""Which sentences can be understood without the ones before them in their paragraph.

A paragraph is told from its beginning. A sentence in it is told without those before it only if it says
itself what it is about.
"""

import re
from functools import cache

from audiobrew.lang.language import language_or_default
from audiobrew.mail.text_cleanup import count_words
from audiobrew.script.sentence_filter import (
    depends_on_paragraph,
    depends_on_previous,
    has_pronoun,
    names_something,
    spoken_length,
)

# Words of a sentence that says too little without the one before it, and characters where words have no
# spaces.
MAX_SHORT_WORDS, MAX_SHORT_LENGTH = 5, 18
# Words after an article among which a name says what is meant: `the small bakery Obuya`.
MAX_NOUN_PHRASE = 3
# Characters of a paragraph in which a name is looked for.
MAX_OWN_TEXT = 2000
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")


def is_independent(sentence: str, language: str) -> bool:
    """Whether a sentence names what it is about: it is long enough, and refers to nothing before it."""
    return (
        not is_remark(sentence)
        and not depends_on_previous(sentence, language)
        and not depends_on_paragraph(sentence, language)
        and names_something(sentence, language)
        and not has_pronoun(sentence, language)
        and not begins_with_known_thing(sentence, language)
    )


def begins_with_name(sentence: str, text: str) -> bool:
    """Whether the first word of a sentence is a name: the text has it within another sentence, too."""
    first, text = _WORD.search(sentence), text[:MAX_OWN_TEXT]
    return first is not None and any(
        word[0] == first[0] and text[: word.start()].rstrip(", ")[-1:].isalnum()
        for word in _WORD.finditer(text)
    )


def is_remark(sentence: str) -> bool:
    """Whether a sentence is a remark on the one before it, as `A goose.` and `Thirteen votes!` are."""
    if spoken_length(sentence) > len(sentence):
        return spoken_length(sentence) <= MAX_SHORT_LENGTH
    return count_words(sentence) <= MAX_SHORT_WORDS


def only_appeals(sentence: str, language: str) -> bool:
    """Whether a sentence only leads to the next one: `But look at Wednesday.`, `There are two.`"""
    pattern = appeal_pattern(language)
    return bool(pattern and pattern.match(sentence.casefold().replace("’", "'")))


@cache
def appeal_pattern(language: str) -> re.Pattern[str] | None:
    patterns = language_or_default(language).references.appeals
    return re.compile("|".join(patterns)) if patterns else None


def begins_with_known_thing(sentence: str, language: str) -> bool:
    """Whether a sentence begins with an article and a noun that no name explains: `The firm made`."""
    rules = language_or_default(language)
    words = _WORD.findall(sentence)
    first = re.split("['’]", words[0])[0].casefold() if words else ""
    if first not in rules.structure.definite_articles:
        return False
    following = words[1 : 1 + MAX_NOUN_PHRASE]
    if rules.meaning.capitalized_nouns:
        # After the noun, a name follows: `Die Stadtwerke Tiefenau`.
        nouns = [number for number, word in enumerate(following) if word[:1].isupper()]
        return not nouns or not any(word[:1].isupper() for word in words[nouns[0] + 2 :][:2])
    return not any(word[:1].isupper() for word in following)
