"""A sentence that points to something is told only if that is told, too."""

import pytest
from audiobrew.script.items import items_of

from tests.mail.mails import html, read

ENGLISH = (
    "<p>The mill at Corran opened again on Monday after nine years, the council said.</p>"
    "<p>Two bakers came to see it with their children, and one of them brought a goat.</p>"
)
GERMAN = (
    "<p>Die Zahlen des Hafens sind in diesem Herbst besser als im Jahr davor, sagt das Amt.</p>"
    "<p>Am Montag hat es die ersten davon gezeigt, und der Rat war sehr zufrieden mit ihnen.</p>"
)


def told(page: str) -> list[str]:
    return [line.text for item in items_of(read(html(page))) for line in item.lines]


@pytest.mark.parametrize(
    ("story", "untold", "told_text", "pointer"),
    [
        (
            ENGLISH,
            "Run millctl --snapshot=wheel first.",
            "The wheel turns for nine hours every day.",
            "Nobody can go back without restoring that snapshot, so keep it.",
        ),
        (
            GERMAN,
            "Bitte kran --all=hafen mit der Sicherung starten.",
            "Der Kran steht am Kai und wird dort gewartet.",
            "Ohne diese Sicherung geht es im Hafen nicht zurück, sagt das Amt.",
        ),
    ],
)
def test_what_points_to_text_that_is_not_told_is_left_out(
    story: str, untold: str, told_text: str, pointer: str
) -> None:
    lines = told(f"{story}<p>{untold}</p><p>{told_text}</p><p>{pointer}</p>")

    assert told_text in lines
    assert pointer not in lines


def test_what_points_to_text_that_is_told_stays() -> None:
    lines = told(
        f"{ENGLISH}<p>The town made a snapshot of the wheel on Friday.</p>"
        "<p>Nobody can go back without restoring that snapshot, so keep it.</p>"
        "<p>The council said that bakers come back.</p>"
    )

    assert len(lines) == 5


def test_a_last_name_is_not_told_without_the_full_one() -> None:
    secret = "Run millctl --snapshot=wheel first, says Winifred Okafor of the mill."
    later = "Then Okafor poured the milk over it, and nobody at the mill was surprised."
    other = "In November Ada Brook sold nine loaves to the council."

    assert later not in told(f"{ENGLISH}<p>{secret}</p><p>{later}</p><p>{other}</p>")
    assert other in told(f"{ENGLISH}<p>{secret}</p><p>{other}</p>")
    named = "On Friday the baker Winifred Okafor told the council about the mill."
    assert "Okafor asked for nine loaves and for two weeks." in told(
        f"{ENGLISH}<p>{named}</p><p>Okafor asked for nine loaves and for two weeks.</p>"
    )
