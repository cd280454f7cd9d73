"""What the script does with tables, code, captions, interviews and lists of links."""

import pytest
from audiobrew.script.items import MAX_TABLE_ROWS, Item, items_of
from audiobrew.script.openai.prompts import newsletter_as_data
from audiobrew.script.salience import choose_lines

from tests.mail.mails import html, read

STORY = (
    "<p>The harbour of Velmora opened on Monday after nine years of building, the town said.</p>"
    "<p>Forty boats came from the islands with bread, lanterns and a good many musicians.</p>"
)


def items(page: str) -> tuple[Item, ...]:
    return items_of(read(html(page)))


def told(page: str) -> list[str]:
    return [line.text for item in items(page) for line in item.lines]


def table(rows: int) -> str:
    cells = "".join(
        f"<tr><td>Boat {chr(65 + n)}</td><td>{n} crowns</td><td>{n + 40} seats</td></tr>"
        for n in range(rows)
    )
    return f"<table><tr><th>Boat</th><th>Price</th><th>Room</th></tr>{cells}</table>"


def test_a_small_table_is_told_row_by_row_with_its_header_cells() -> None:
    assert told(STORY + table(2))[2:] == [
        "Boat A: Price 0 crowns, Room 40 seats.",
        "Boat B: Price 1 crowns, Room 41 seats.",
    ]


def test_a_large_table_is_not_told() -> None:
    assert len(told(STORY + table(MAX_TABLE_ROWS))) == 2 + MAX_TABLE_ROWS
    assert len(told(STORY + table(MAX_TABLE_ROWS + 1))) == 2


def test_rows_are_chosen_from_the_first_one_on_after_what_introduces_them() -> None:
    [item] = items(STORY + table(3))
    last = item.lines[-1]
    lines = choose_lines(item, 10_000)

    assert lines == list(item.lines)
    assert last.depends_on_previous


@pytest.mark.parametrize(
    "silent",
    [
        "<pre><code>def harbour(boats):\n    return boats  # Forty boats come from the islands.</code></pre>",
        "<p>The town signed the file with 9f86d081884c7d659a2feaa0c55ad015 on Monday.</p>",
        "<p>The change came with the commit f09d01de of the harbour's own program.</p>",
        "<figure><img src=x><figcaption>The mayor cuts a long ribbon on Monday.</figcaption></figure>",
        '<img src=x alt="The mayor cuts a long ribbon on Monday.">',
        "<p>By Jane Doe and Max Brook</p>",
    ],
)
def test_what_is_not_news_is_not_told(silent: str) -> None:
    assert told(STORY + silent + STORY.replace("Monday", "Tuesday")) == told(
        STORY + STORY.replace("Monday", "Tuesday")
    )


def test_images_are_told_if_there_is_nothing_else() -> None:
    page = (
        '<img src=x alt="The harbour of Velmora opens on Monday at nine">'
        '<img src=y alt="Forty boats come from the islands with bread">'
    )

    assert told(page) == [
        "The harbour of Velmora opens on Monday at nine.",
        "Forty boats come from the islands with bread.",
    ]


INTERVIEW = (
    "<h2>The builder of the harbour speaks</h2>"
    "<p><b>FQ: Why so late?</b></p><p>Kowalski: The steel was late, and the town changed the doors.</p>"
    "<p><b>FQ: And the price?</b></p><p>Kowalski: The price of the harbour doubled in nine years.</p>"
)


def test_questions_are_told_before_their_answers_without_names() -> None:
    assert told(INTERVIEW) == [
        "Why so late?",
        "The steel was late, and the town changed the doors.",
        "And the price?",
        "The price of the harbour doubled in nine years.",
    ]


def test_a_question_is_chosen_with_its_answer_and_never_alone() -> None:
    [item] = items(INTERVIEW)
    short = [line.text for line in choose_lines(item, 75)]

    assert len(short) == 2
    assert short[0].endswith("?")
    assert not short[1].endswith("?")
    assert choose_lines(item, 15) == []


LINKS = "".join(
    f'<p><a href="https://x.example/{number}">{text}</a></p>'
    for number, text in enumerate(
        (
            "Velmora opens its tram after nine years of building",
            "Bakers strike for a third day",
            "Ministry delays the wind park off Velmora until next autumn",
        )
    )
)


def test_a_list_of_links_is_told_as_headlines() -> None:
    assert told(f"<h2>Top stories</h2>{LINKS}") == [
        "Velmora opens its tram after nine years of building.",
        "Bakers strike for a third day.",
        "Ministry delays the wind park off Velmora until next autumn.",
    ]
    assert [item.headlines for item in items(f"{STORY}<h2>Top stories</h2>{LINKS}")] == [
        False,
        True,
    ]


def test_a_model_does_not_see_what_is_not_news() -> None:
    page = f"{STORY}<pre><code>harbour();</code></pre><p class='caption'>A long ribbon</p>{STORY}"
    data = newsletter_as_data(read(html(page)))

    assert "musicians" in data
    assert "harbour();" not in data
    assert "ribbon" not in data
