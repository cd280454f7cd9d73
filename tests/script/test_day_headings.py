"""The days of a calendar are told before what happens on them."""

import pytest
from audiobrew.script.day_headings import is_day_heading
from audiobrew.script.items import items_of
from audiobrew.script.salience import choose_lines

from tests.mail.mails import html, read

PAGE = """<h2>What is on at the harbour</h2>
<h3>Friday 4</h3><p>The choir sings in the old boathouse from seven, and the soup is free.</p>
<h3>Saturday 5</h3><p>A fair of model boats opens at ten. Children build their own from two o’clock on.</p>
<h3>Sunday 6</h3><p>The pilots swim to the island and back at noon, whatever the weather is.</p>"""


@pytest.mark.parametrize(
    ("text", "language", "is_day"),
    [
        ("Friday 27", "en", True),
        ("Sat 28", "en", True),
        ("Sat. 11/28", "en", True),
        ("Sunday, 6 December", "en", True),
        ("Sunday lunch", "en", False),
        ("Samstag, 5. Dezember", "de", True),
        ("Dienstag im Rathaus", "de", False),
        ("Vendredi 4 décembre", "fr", True),
        ("Sábado 5", "es", True),
        ("Domenica 6 dicembre", "it", True),
    ],
)
def test_what_is_a_day(text: str, language: str, is_day: bool) -> None:
    assert is_day_heading(text, language) == is_day


def test_what_happens_on_a_day_is_told_after_its_name() -> None:
    items = items_of(read(html(PAGE)))
    assert len(items) == 1
    for budget in range(100, 500, 20):
        day = ""
        for line in choose_lines(items[0], budget):
            day = line.text if line.is_heading else day
            days = {"boathouse": "Friday 4.", "boats": "Saturday 5.", "Children": "Saturday 5."}
            days["island"] = "Sunday 6."
            assert all(day == name for word, name in days.items() if word in line.text)
