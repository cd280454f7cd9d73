"""A paragraph is split where sentences end, and nowhere else."""

import pytest
from audiobrew.script.sentences import sentences


@pytest.mark.parametrize(
    "expected",
    [
        ["Dr. Smith paid 4.5 percent.", "He left at 5 p.m. yesterday."],
        ["It grew, e.g. in Spain, by 3.2 points.", "That is new."],
        ["Das gilt z. B. für Züge.", "Die Bahn fährt am 3. Mai wieder."],
        ["M. Dupont est parti.", "Il revient demain."],
        ["¿Qué pasó?", "El Sr. Gómez no lo sabe."],
        ["See example.com for more.", "It is free."],
    ],
)
def test_sentences_of_a_paragraph(expected: list[str]) -> None:
    assert sentences(" ".join(expected)) == expected


def test_nothing_is_lost() -> None:
    text = "One. Two! Three? “Four.” Five…  six"

    assert "".join("".join(sentences(text)).split()) == "".join(text.split())


def test_contractions_stay_as_they_are() -> None:
    text = "The ferry doesn't run. It isn't cheap, and you can't complain."

    assert " ".join(sentences(text)) == text
