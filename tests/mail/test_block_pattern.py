"""Blocks that a newsletter repeats with other numbers, dates or names have the same pattern."""

import pytest
from audiobrew.mail.block_pattern import block_pattern


@pytest.mark.parametrize(
    ("one", "other", "language"),
    [
        ("Thanks for reading the Harbour Letter.", "Thanks for reading the  Harbour Letter!", "en"),
        (
            "Issue 12 is brought to you by Acme Coffee.",
            "Issue 13 is brought to you by Notion.",
            "en",
        ),
        ("You are reader #4,120 of this letter", "You are reader #99 of this letter", "en"),
        ("Tuesday, November 24, 2026", "Friday, December 4, 2026", "en"),
        ("Tue, 24 Nov", "Fri, 4 Dec", "en"),
        ("Ausgabe 12 vom 24. November 2026", "Ausgabe 13 vom 1. Dezember 2026", "de"),
        ("Photo of the day: Lake Como", "Photo of the day: Bergen", "en"),
        (
            "Read it at https://a.example/1?u=x today",
            "Read it at https://a.example/2?u=y today",
            "en",
        ),
        ("La lettre du mardi 24 novembre", "La lettre du vendredi 4 décembre", "fr"),
        ("第12号をお届けします", "第13号をお届けします", "ja"),
    ],
)
def test_repeated_blocks_have_one_pattern(one: str, other: str, language: str) -> None:
    assert block_pattern(one, language) == block_pattern(other, language) != ""


@pytest.mark.parametrize(
    ("one", "other", "language"),
    [
        ("Beans are back", "Trees are back", "en"),
        ("Interview with Merkel", "Interview with Obama", "en"),
        (
            "The Senate passed the Budget on Tuesday",
            "The House passed the Farm Bill on Friday",
            "en",
        ),
        ("Exclusive: Apple", "Exclusive: Samsung", "en"),
        ("Der Bundestag hat das Gesetz beschlossen", "Der Senat hat das Budget beschlossen", "de"),
        ("Opinion of the week: why it rains so much", "Opinion of the week: trees grow", "en"),
    ],
)
def test_stories_have_patterns_of_their_own(one: str, other: str, language: str) -> None:
    assert block_pattern(one, language) != block_pattern(other, language)


@pytest.mark.parametrize(
    "text", ["", "3.85%", "• • •", "24.11.2026", "👩‍👩‍👧", "https://a.example"]
)
def test_a_text_without_letters_has_no_pattern(text: str) -> None:
    assert block_pattern(text, "en") == ""
