"""The benchmark of voices counts what sounds different, not what is spelled in another way."""

import pytest

from benchmarks.understood_words import count_misheard, spoken_words


def misheard(expected: str, heard: str, language: str = "en") -> int:
    return count_misheard(spoken_words(expected, language), spoken_words(heard, language))


@pytest.mark.parametrize(
    ("expected", "heard", "language"),
    [
        ("This was AudioBrew.", "This was Audio Brew.", "en"),
        ("On to One Square Yard.", "Onto OneSquareYard.", "en"),
        ("It bends 40 percent more.", "It bends 40% more.", "en"),
        ("Monday, November 30.", "Monday, November 30th.", "en"),
        ("On 12 March the harbour froze.", "On 12th March, the harbor froze.", "en"),
        ("The ferry of 5:50.", "The ferry of five fifty.", "en"),
        ("A quarter past nine.", "A quarter passed 9.", "en"),
        ("Ils mangent trois pommes.", "Il mange trois pomme.", "fr"),
        ("Zwölf Stunden lang.", "12 Stunden lang.", "de"),
    ],
)
def test_other_spellings_are_no_errors(expected: str, heard: str, language: str) -> None:
    assert misheard(expected, heard, language) == 0


@pytest.mark.parametrize(
    ("expected", "heard", "count"),
    [
        ("4 gigawatt-hours of cells.", "4 gigawatt towers of cells.", 1),
        ("The ferry sails at nine.", "The ferry sails.", 2),
        ("The ferry sails.", "The big old ferry sails.", 2),
        ("It costs 14 euros.", "It costs 40 euros.", 1),
        ("This is AudioBrew for Monday.", "This is Audio Brew from Monday.", 1),
        ("", "Thank you.", 2),
        ("Nobody listens.", "", 2),
    ],
)
def test_what_sounds_different_is_an_error(expected: str, heard: str, count: int) -> None:
    assert misheard(expected, heard) == count
