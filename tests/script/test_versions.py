"""A version with a full stop is not taken for a time of day."""

import pytest
from audiobrew.script.speech_text import speech_text


@pytest.mark.parametrize(
    "text", ["Ubuntu 04.10 was the first.", "It is the release Ubuntu 04.10, in brown."]
)
def test_a_version_is_said_as_it_is_written(text: str) -> None:
    assert speech_text(text, "en") == text


@pytest.mark.parametrize(
    ("text", "spoken"),
    [
        ("Dinner 06.30 was late.", "Dinner 6:30 was late."),
        ("Bus 06.14 was full.", "Bus 6:14 was full."),
    ],
)
def test_a_time_after_a_noun_is_said_as_a_time(text: str, spoken: str) -> None:
    assert speech_text(text, "en") == spoken
