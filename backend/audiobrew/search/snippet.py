"""Marks the words of a query in a text, and shortens the text around them."""

from collections.abc import Sequence
from dataclasses import dataclass
from unicodedata import normalize

from audiobrew.search.query import Term
from audiobrew.search.words import Word, find_words

MAX_CHARACTERS = 240
# Characters before the first marked word, if the text is shortened.
CONTEXT = 60


@dataclass(frozen=True, slots=True)
class TextPart:
    text: str
    is_match: bool


def count_terms(text: str, terms: Sequence[Term]) -> int:
    """How many of the terms the text contains."""
    words = list(find_words(normalize("NFC", text)))
    return sum(bool(find_term(words, term)) for term in terms)


def mark(text: str, terms: Sequence[Term]) -> list[TextPart]:
    """The text in parts. Words that match the query are parts of their own."""
    text = normalize("NFC", text)
    words = list(find_words(text))
    matching = sorted({place for term in terms for place in find_term(words, term)})
    first, last = choose_extract(text, words[matching[0]].start if matching else 0)
    parts, position = list[TextPart](), first
    for place in matching:
        word = words[place]
        if word.end > last:
            break
        if gap := text[position : word.start]:
            parts.append(TextPart(gap, is_match=False))
        parts.append(TextPart(text[word.start : word.end], is_match=True))
        position = word.end
    if rest := text[position:last]:
        parts.append(TextPart(rest, is_match=False))
    parts = join_neighbours(parts)
    if first > 0:
        parts.insert(0, TextPart("… ", is_match=False))
    if last < len(text):
        parts.append(TextPart(" …", is_match=False))
    return join_neighbours(parts)


def find_term(words: Sequence[Word], term: Term) -> list[int]:
    """The places of all words that match."""
    length, texts = len(term.words), [word.text for word in words]
    *beginning, end = term.words
    places = list[int]()
    for place in range(len(texts) - length + 1):
        last = texts[place + length - 1]
        if (last.startswith(end) if term.is_prefix else last == end) and texts[
            place : place + length - 1
        ] == beginning:
            places.extend(range(place, place + length))
    return places


def choose_extract(text: str, match: int) -> tuple[int, int]:
    """Where the extract that contains the first match begins and ends: between words, where there are any."""
    if len(text) <= MAX_CHARACTERS:
        return 0, len(text)
    first = 0
    if match > CONTEXT:
        first = text.find(" ", match - CONTEXT, match) + 1 or match - CONTEXT
    last = min(first + MAX_CHARACTERS, len(text))
    if last < len(text):
        space = text.rfind(" ", first + MAX_CHARACTERS // 2, last)
        last = space if space > match else last
    return first, last


def join_neighbours(parts: Sequence[TextPart]) -> list[TextPart]:
    """Join parts of the same kind, such as the characters of one Chinese word."""
    joined = list[TextPart]()
    for part in parts:
        if joined and joined[-1].is_match == part.is_match:
            joined[-1] = TextPart(joined[-1].text + part.text, part.is_match)
        else:
            joined.append(part)
    return joined
