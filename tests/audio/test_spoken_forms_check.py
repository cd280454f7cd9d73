"""The check of what a voice said accepts every right reading of a figure, and no other figure."""

import re
from itertools import pairwise

import pytest
from audiobrew.audio.transcript_check import is_reworded
from audiobrew.lang.language import language_or_default
from audiobrew.lang.number_spelling import spell_cardinals
from audiobrew.script.speech_text import speech_text

from tests.script.spoken_forms import FORMS, HELD_OUT, Form

ALL = [*FORMS, *HELD_OUT]
IN_WORDS = [
    form
    for form in ALL
    if form.kind.split()[-1] in {"money", "percent", "sign", "unit", "score", "math", "magnitude"}
    and not re.search(r"\d[.,]\d{3}(?!\d)", form.spoken)
]
NUMBER = re.compile(r"(?<![A-Za-z\d.,])\d+(?:[.,]\d+)?(?![\d.,]*\d)")


def in_words(text: str, language: str) -> str:
    """The text with its numbers in words, digit by digit after the decimal separator."""
    point = (*language_or_default(language).numbers.point, "")[0]

    def words(match: re.Match[str]) -> str:
        whole, _, decimals = match[0].replace(",", ".").partition(".")
        parts = [spell_cardinals(int(whole), language)[0]]
        if decimals:
            parts += [point, *(spell_cardinals(int(digit), language)[0] for digit in decimals)]
        return " ".join(parts)

    return NUMBER.sub(words, text)


def changed_figures(text: str) -> list[str]:
    """The text with one of its numbers changed, for each of them and in two ways."""
    changes = []
    for match in re.finditer(r"\d+", text):
        for value in (int(match[0]) + 1, int(match[0]) * 10 + 3):
            number = str(value).zfill(len(match[0]))
            changes.append(text[: match.start()] + number + text[match.end() :])
    return changes


@pytest.mark.parametrize("form", ALL, ids=str)
def test_a_transcript_may_have_the_spoken_or_the_written_form(form: Form) -> None:
    assert not is_reworded(form.spoken, form.spoken, form.language)
    assert not is_reworded(form.spoken, form.written, form.language)
    assert not is_reworded(form.spoken, form.spoken.upper(), form.language)


@pytest.mark.parametrize("form", IN_WORDS, ids=str)
def test_a_transcript_may_have_words_for_numbers(form: Form) -> None:
    words = in_words(form.spoken, form.language)

    assert words != form.spoken
    assert not is_reworded(form.spoken, words, form.language)


@pytest.mark.parametrize("form", ALL, ids=str)
def test_another_figure_is_rejected(form: Form) -> None:
    for text in changed_figures(form.spoken):
        assert is_reworded(form.spoken, text, form.language), text
    for text in changed_figures(form.written):
        if speech_text(text, form.language) != form.spoken:
            assert is_reworded(form.spoken, text, form.language), text


@pytest.mark.parametrize("form", IN_WORDS, ids=str)
def test_another_figure_in_words_is_rejected(form: Form) -> None:
    for text in changed_figures(form.spoken):
        words = in_words(text, form.language)
        assert is_reworded(form.spoken, words, form.language), words


def test_another_magnitude_or_currency_is_rejected() -> None:
    transcripts = [
        "30.1 million US dollars",
        "30.1 billion euros",
        "30.1 US dollars",
        "$30.1m",
        "€30.1bn",
        "thirty point one million dollars",
        "thirty point one billion Canadian dollars",
        "minus 30.1 billion US dollars",
    ]

    for text in transcripts:
        assert is_reworded("30.1 billion US dollars", text, "en"), text
    for one, other in pairwise(["$30.1bn", "30.1 billion dollars", "30.1 billion US dollars"]):
        assert not is_reworded(one, other, "en")
