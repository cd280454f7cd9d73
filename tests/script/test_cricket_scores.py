"""Scores of cricket are said in words in a newsletter about the game, and nowhere else."""

import pytest
from audiobrew.script.clear_notation import with_clear_notation
from audiobrew.script.cricket_scores import speak_cricket

from tests.script.mails import newsletter

GAME = "Ness won the toss, and their opener was bowled. Two more wickets fell in six overs of the innings. {}"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("They were 3/88, then 7/140.", "They were 3 for 88, then 7 for 140."),
        ("Skarholm made 212-7 in reply.", "Skarholm made 212 for 7 in reply."),
        ("Ode finished on 64*.", "Ode finished on 64 not out."),
        ("Holm 5/201 d. Ness 9/160.", "Holm 5 for 201 beat Ness 9 for 160."),
        ("We play on 13–14 March.", "We play on 13–14 March."),
        ("In 1998/99 the fee was 3/4 of this.", "In 1998/99 the fee was 3/4 of this."),
        ("I tipped 24/37.", "I tipped 24/37."),
    ],
)
def test_scores_in_words(text: str, words: str) -> None:
    assert speak_cricket(text) == words


def test_only_a_newsletter_about_cricket_has_them() -> None:
    game = newsletter("Ness Cricket", "Round 3", GAME.format("It ended 9/140."))
    other = newsletter(
        "Ness Post", "The rate", "The ratio was 9/140 in May, and the town was glad."
    )

    assert any("9 for 140" in block.text for block in with_clear_notation(game).blocks)
    assert with_clear_notation(other) is other
