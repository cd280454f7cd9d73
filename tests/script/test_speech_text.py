"""Shown text becomes text for a voice."""

import pytest
from audiobrew.script.speech_text import speech_text
from hypothesis import given, settings
from hypothesis import strategies as st


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("See https://www.example.com/a?b=1.", "See example dot com."),
        ("Mail bob.jones@example.co.uk!", "Mail bob dot jones at example dot co dot uk!"),
        ("**Bold** and [a link](https://x.example)", "Bold and a link"),
        ("## Top", "Top"),
        ("Party 🎉👍🏽 time", "Party time"),
        ("It costs €5.", "It costs 5 euros."),
        ("It costs €1.", "It costs 1 euro."),
        ("Raised $1.2bn", "Raised 1.2 billion dollars"),
        ("At 20°C and 90 km/h", "At 20 degrees Celsius and 90 kilometers per hour"),
        ("Up 4.5%", "Up 4.5 percent"),
        ("Rooms 3–4", "Rooms 3 to 4"),
        ("R&D", "R and D"),
        ("Dr. Ruiz, e.g. here", "Doctor Ruiz, for example here"),
        ("#3 of 5", "number 3 of 5"),
        ("snake_case_name stays", "snake_case_name stays"),
    ],
)
def test_english(text: str, expected: str) -> None:
    assert speech_text(text, "en") == expected


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        (
            "de",
            "12 Mio. € bei 3,5 %, z. B. heute",
            "12 Millionen Euro bei 3,5 Prozent, zum Beispiel heute",
        ),
        ("de", "Von 3–4 Uhr", "Von 3 bis 4 Uhr"),
        ("fr", "Prix : 5 €, soit 3 %", "Prix : 5 euros, soit 3 pour cent"),
        ("es", "Cuesta 5 € y sube un 3 %", "Cuesta 5 euros y sube un 3 por ciento"),
    ],
)
def test_other_languages(language: str, text: str, expected: str) -> None:
    assert speech_text(text, language) == expected


# The first call of a language compiles its patterns.
@given(st.text(max_size=200), st.sampled_from(["en", "de", "fr", "xx"]))
@settings(deadline=None)
def test_a_second_conversion_changes_nothing(text: str, language: str) -> None:
    result = speech_text(text, language)

    assert speech_text(result, language) == result


@given(st.text(alphabet=st.characters(categories=["L", "N"]), min_size=1, max_size=50))
@settings(deadline=None)
def test_words_are_not_removed(text: str) -> None:
    assert speech_text(text, "en")
