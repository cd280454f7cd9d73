"""A sentence that announces a table or a number of things is told with them, or not at all."""

import pytest
from audiobrew.script.announcements import announced_count, announces_table
from audiobrew.script.items import items_of
from audiobrew.script.salience import choose_lines

from tests.mail.mails import html, read
from tests.script.test_structure import STORY, told

TABLE = (
    "<table><tr><th>Boat</th><th>Price</th></tr><tr><td>Ada</td><td>$40</td></tr>"
    "<tr><td>Ida</td><td>$50</td></tr><tr><td>Eda</td><td>$60</td></tr></table>"
)
ANNOUNCED = "If you wonder why, here’s the table that the pilots made."


@pytest.mark.parametrize(
    ("language", "text", "count"),
    [
        ("en", "Three things I learned at the pier.", 3),
        ("en", "Two corrections.", 2),
        ("en", "Two points were added to the fee.", 0),
        ("de", "Vier Dinge habe ich gelernt.", 4),
        ("de", "Zwei Punkte holte der Verein.", 0),
        ("fr", "Trois remarques :", 3),
        ("fr", "Trois remarques.", 3),
        ("es", "Dos cosas que vi en el muelle.", 2),
        ("it", "Tre domande.", 3),
    ],
)
def test_how_many_things_a_sentence_announces(language: str, text: str, count: int) -> None:
    assert announced_count(text, language) == count


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Here are the figures that I kept."),
        ("de", "Hier ist die Tabelle dazu."),
        ("fr", "Voici le tableau complet."),
        ("es", "Aquí está la tabla de precios."),
        ("it", "Ecco la tabella dei prezzi."),
    ],
)
def test_what_announces_a_table(language: str, text: str) -> None:
    assert announces_table(text, language)


def test_a_table_that_is_announced_is_told() -> None:
    page = f"<h2>The fees of the harbour</h2>{STORY}<p>{ANNOUNCED}</p>{TABLE}"
    item = items_of(read(html(page)))[-1]
    place = next(line.place for line in item.lines if line.text == ANNOUNCED)

    assert item.lines[place].awaits_next
    for budget in (200, 300, 400):
        texts = [line.text for line in choose_lines(item, budget)]
        assert (ANNOUNCED in texts) == any("Ada" in text for text in texts)


def test_a_table_that_is_not_told_is_not_announced() -> None:
    assert ANNOUNCED not in told(f"{STORY}<p>{ANNOUNCED}</p><p>The pilots went home at noon.</p>")


def test_things_that_are_counted_are_told_together() -> None:
    things = "".join(
        f"<li>The {name} of the harbour was painted by the pilots on a cold Monday in May.</li>"
        for name in ("lamp", "crane", "door")
    )
    item = items_of(read(html(f"{STORY}<p>Three things I saw there.</p><ul>{things}</ul>")))[-1]
    place = next(line.place for line in item.lines if line.text.startswith("Three"))

    assert item.lines[place].brings == 3


def test_the_title_of_a_table_within_a_section_begins_no_story() -> None:
    page = (
        f"<h2>The fees of the harbour</h2>{STORY}<h4>Fees in the port of Velmora</h4>{TABLE}"
        "<p>The pilots find that these fees are far too low for their boats.</p>"
    )
    items = items_of(read(html(page)))

    assert [item.title for item in items] == ["The fees of the harbour"]
    assert "Fees in the port of Velmora." in [line.text for line in items[0].lines]
