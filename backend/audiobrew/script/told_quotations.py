"""Quotations of several sentences: they are told together, from the beginning to the end, or not at all."""

from collections.abc import Sequence

# Sentences of a quotation that is told together. A longer one is a text of its own.
MAX_TOGETHER = 5
_MARKS = frozenset('“”„«»‹›"「」『』')

# A sentence, which is empty if it is not told, and whether it goes on in a quotation that began before it.
QuotedSentence = tuple[str, bool]


def whole_quotations(texts: Sequence[QuotedSentence]) -> list[QuotedSentence]:
    """The sentences of a paragraph without quotations of which one is not told."""
    result = list(texts)
    for start, end in quotations_in(texts):
        part = texts[start:end]
        if end - start <= MAX_TOGETHER and not all(sentence for sentence, _ in part):
            result[start:end] = [("", quoted) for _, quoted in part]
    return result


def places_before_rest(texts: Sequence[QuotedSentence]) -> frozenset[int]:
    """The places of sentences that are told together with the next one, in the same quotation."""
    return frozenset(
        place
        for start, end in quotations_in(texts)
        if end - start <= MAX_TOGETHER
        for place in range(start, end - 1)
    )


def quotations_in(texts: Sequence[QuotedSentence]) -> list[tuple[int, int]]:
    """The places of the first sentence of each quotation of several, and of the one after its last."""
    result: list[tuple[int, int]] = []
    for number, (_, quoted) in enumerate(texts):
        if not quoted or not number:
            continue
        if result and result[-1][1] == number:
            result[-1] = result[-1][0], number + 1
        else:
            result.append((number - 1, number + 1))
    return result


def is_said_by_other(sentence: str) -> bool:
    """Whether a sentence is nothing but a quotation, so that only the text before it says who speaks."""
    text = sentence.strip(" .,")
    marks = [place for place, character in enumerate(text) if character in _MARKS]
    return marks == [0, len(text) - 1]
