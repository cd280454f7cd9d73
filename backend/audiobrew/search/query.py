"""What a listener types into the search field.

A text must contain all words. Words in quotation marks, and words with punctuation between them, must
follow each other. The last word may go on, unless it is in quotation marks. Other characters only separate
words.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from unicodedata import normalize

from audiobrew.search.words import find_words

MAX_TERMS = 16
QUOTATION_MARKS = re.compile('["“”„‟«»„]')


@dataclass(frozen=True, slots=True)
class Term:
    """Folded words that must follow each other. `is_prefix`: the last one may go on."""

    words: tuple[str, ...]
    is_prefix: bool = False


def parse_query(text: str) -> tuple[Term, ...]:
    """Nothing is found if there is no term."""
    parts = QUOTATION_MARKS.split(normalize("NFC", text))
    phrases = list[tuple[tuple[str, ...], bool]]()
    for number, part in enumerate(parts):
        is_quotation = number % 2 == 1
        is_closed = is_quotation and number < len(parts) - 1
        for chunk in [part] if is_quotation else part.split():
            if words := tuple(word.text for word in find_words(chunk)):
                phrases.append((words, is_closed))
    last = min(len(phrases), MAX_TERMS) - 1
    terms = (
        Term(words, is_prefix=place == last and not is_closed)
        for place, (words, is_closed) in enumerate(phrases[:MAX_TERMS])
    )
    return tuple(dict.fromkeys(terms))


def fts5_query(terms: Sequence[Term]) -> str:
    """In the language of SQLite's FTS5. Words are letters, digits and marks, so nothing has to be escaped."""
    return " AND ".join(
        f'"{" ".join(term.words)}"{"*" if term.is_prefix else ""}' for term in terms
    )


def postgres_query(terms: Sequence[Term]) -> str:
    """In the syntax of Postgres' type `tsquery`."""

    def quoted(term: Term) -> Iterator[str]:
        for word in term.words[:-1]:
            yield f"'{word}'"
        yield f"'{term.words[-1]}'{':*' if term.is_prefix else ''}"

    return " & ".join(f"({' <-> '.join(quoted(term))})" for term in terms)
