"""Data of languages: what is offered in one place is known in the others."""

import pytest
from audiobrew.lang import framing, number_words
from audiobrew.lang.espeak_voices import find_voice

LANGUAGES = ["de", "en", "es", "fr", "it", "nl", "pt"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_language_that_is_framed_is_spoken_too(language: str) -> None:
    assert language in framing.PHRASES
    assert find_voice(language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_millions_and_thousands_are_known_by_their_word(language: str) -> None:
    words = {
        "de": ("tausend", "Millionen"),
        "en": ("thousand", "million"),
        "es": ("mil", "millones"),
        "fr": ("mille", "millions"),
        "it": ("mila", "milioni"),
        "nl": ("duizend", "miljoen"),
        "pt": ("mil", "milhões"),
    }[language]

    assert [number_words.power_of_ten(word.lower(), language) for word in words] == [3, 6]
