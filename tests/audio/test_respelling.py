"""A word that is unclear is written as it is read, and nothing else changes."""

import pytest
from audiobrew.audio.hearing.respelling import respell, respell_word
from audiobrew.audio.voice import Utterance
from audiobrew.script.script import Speaker


@pytest.mark.parametrize(
    ("word", "language", "spelling"),
    [
        ("BMW", "de", "B M W"),
        ("OpenAI", "en", "Open AI"),
        ("YouTube", "en", "You Tube"),
        ("Jean-Luc", "en", "Jean Luc"),
        ("O'Brien", "en", "O Brien"),
        ("Łukasz", "en", "Lukasz"),
        ("Ærø", "en", "Aero"),
        ("Müller", "de", "Müller"),
        ("Müller", "en", "Muller"),
        ("Nuñez", "es", "Nuñez"),
        ("Nuñez", "de", "Nunez"),
        ("São", "pt", "São"),
        ("Croft", "en", "Croft"),
        ("61,500 dollars", "en", "sixty-one thousand five hundred dollars"),
        ("61.500 Euro", "de", "einundsechzigtausendfünfhundert Euro"),
        ("312", "pt", "trezentos e doze"),
        ("1987", "de", "neunzehnhundertsiebenundachtzig"),
        ("2026", "en", "twenty twenty-six"),
        ("4.1 billion", "en", "4.1 billion"),
        ("fifteen percent", "en", "fifteen percent"),
        ("9" * 40, "en", "9" * 40),
    ],
)
def test_a_word_is_written_as_it_is_read(word: str, language: str, spelling: str) -> None:
    assert respell_word(word, language) == spelling


def utterance(*sentences: str) -> Utterance:
    return Utterance(sentences, Speaker.FIRST, "en-GB")


def test_only_the_unclear_words_change() -> None:
    spoken = utterance("GPT4 beats OpenAI's rivals in 2026.", "OpenAI and BMW agree on 20.")

    assert respell(spoken, [("GPT", "2026"), ("BMW",)]).sentences == (
        "G P T 4 beats OpenAI's rivals in twenty twenty-six.",
        "OpenAI and B M W agree on 20.",
    )


def test_a_part_of_a_longer_word_or_number_stays() -> None:
    spoken = utterance("GPTs and 120 and 12 and 1,120 and 12.5.")

    assert respell(spoken, [("GPT", "12")]).sentences == (
        "GPTs and 120 and twelve and 1,120 and 12.5.",
    )


def test_without_another_spelling_it_is_the_same() -> None:
    spoken = utterance("Croft came.", "He left.")

    assert respell(spoken, [("Croft",), ()]) == spoken
