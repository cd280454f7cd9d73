"""What the script does with tables, code, captions, interviews and lists of links."""

import pytest
from audiobrew.script.extractive_segments import remaining_entries
from audiobrew.script.items import Item, items_of
from audiobrew.script.line import LineKind
from audiobrew.script.openai.prompts import newsletter_as_data
from audiobrew.script.salience import choose_lines
from audiobrew.script.tables import MAX_VALUE_ROWS, ROWS_OF_LARGE_TABLE, say_table

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


def rows_of(page: str) -> str:
    return " ".join(told(page)[2:])


def test_the_rows_of_a_table_are_sentences_and_columns_are_named_once() -> None:
    assert told(STORY + table(2))[2:] == [
        "Boat A: 0 crowns (Price), 40 seats (Room)",
        "Boat B: 1 crowns, 41 seats.",
    ]


def test_of_a_large_table_the_first_rows_are_told() -> None:
    assert rows_of(STORY + table(MAX_VALUE_ROWS)).count("Boat") == MAX_VALUE_ROWS
    assert rows_of(STORY + table(MAX_VALUE_ROWS + 1)).count("Boat") == ROWS_OF_LARGE_TABLE


def test_a_table_without_header_keeps_its_signs() -> None:
    cells = "<tr><td>FTSE 100</td><td>+0.4%</td></tr><tr><td>DAX</td><td>−1.2%</td></tr>"

    assert told(f"{STORY}<table>{cells}</table>")[2:] == ["FTSE 100: +0.4%.", "DAX: −1.2%."]


def page_with_table(head: str, *rows: str) -> str:
    """A page with a table; the cells of a row are separated by bars."""
    cells = "".join(f"<tr><td>{row.replace('|', '</td><td>')}</td></tr>" for row in rows)
    return f"{STORY}<table><tr><th>{head.replace('|', '</th><th>')}</th></tr>{cells}</table>"


def test_a_programme_is_told_without_the_names_of_its_columns() -> None:
    page = page_with_table(
        "Day|What|Where|Seats",
        "Friday|A reading, with music|Town hall, room 3|40",
        "Sunday|Flea market|The old harbour|212",
    )

    assert told(page)[2:] == [
        "Friday: A reading, with music, Town hall, room 3, 40 seats.",
        "Sunday: Flea market, The old harbour, 212 seats.",
    ]


def test_the_names_of_two_columns_are_not_told() -> None:
    page = page_with_table(
        "Place|Holiday hours", "Ferries|Sunday schedule", "Market|8 a.m. to 1 p.m."
    )

    assert told(page)[2:] == ["Ferries: Sunday schedule.", "Market: 8 a.m. to 1 p.m."]


def test_of_several_periods_the_last_one_is_told_with_the_change() -> None:
    page = page_with_table(
        "Source|Week 46|Week 47|Change",
        "Wind|9.6|14.8|+54%",
        "Gas|6.8|5.2|−24%",
        "Total|16.4|20.0|+22%",
    )

    introduced = page.replace("<table>", "<p>Gigawatt hours by source:</p><table>")

    assert told(page)[2:] == ["Wind: +54%.", "Gas: −24%.", "Total: +22%."]
    assert told(introduced)[3:] == [
        "Wind: 14.8 (Week 47), Change +54%.",
        "Gas: 5.2 (Week 47), −24%.",
        "Total: 20.0 (Week 47), +22%.",
    ]


def test_of_a_long_table_of_values_the_largest_change_and_the_total_are_told() -> None:
    changes = ["+0.6%", "+0.2%", "−0.1%", "+0.9%", "+1.4%", "+0.3%", "−2.3%", "+0.1%", "+0.4%"]
    rows = [f"Share {chr(65 + n)}|{n + 10}.5|{change}" for n, change in enumerate(changes)]
    page = page_with_table("Name|Price, €/MWh|Change", *rows, "Total|90.5|+0.2%")

    assert told(page)[2] == "Share A: Price €10.5/MWh, Change +0.6%."
    assert [line[6:7] for line in told(page)[2:]] == ["A", "B", "C", "D", "E", "G", " "]


@pytest.mark.parametrize(
    ("head", "row", "spoken"),
    [
        ("Town|Rent (£)|1 yr (%)", "Dale|1,612|+5.8", "Dale: Rent £1,612, +5.8% (1 yr)"),
        ("Crop|Yield, t|Change, %", "Rye|41|−3", "Rye: Yield 41 t, Change −3%."),
        ("Stadt|Miete in €|Anstieg in %", "Ulm|12,40|+2,1", "Ulm: Miete €12,40, Anstieg +2,1%."),
        ("Kreis|Umsatz (Mio. €)|Plus (%)", "Aue|12|+2", "Aue: Umsatz 12 Mio. €, Plus +2%."),
        ("Ville|Loyer (€/m²)|Hausse (%)", "Brest|12|+2", "Brest: Loyer €12/m², Hausse +2%."),
        ("Ciudad|Lluvia (mm)|Media (mm)", "Vigo|90|70", "Vigo: 90 mm (Lluvia), 70 mm (Media)"),
    ],
)
def test_a_unit_in_the_name_of_a_column_is_said_with_each_number(
    head: str, row: str, spoken: str
) -> None:
    page = page_with_table(head, row, row.replace("|", "-Nord|", 1))

    assert told(page)[2] == spoken


def test_the_unit_of_a_table_with_two_columns_is_in_the_row_with_their_names() -> None:
    page = page_with_table("District|Rent (£)", "Harbour|1,612", "Old Town|1,390*")

    assert told(page)[2:] == ["Harbour: £1,612.", "Old Town: £1,390."]


def test_numbers_without_unit_or_explanation_are_not_told() -> None:
    rows = ("Harbour|12|14", "Old Town|8|9")

    assert told(page_with_table("Line|2025|Week 48", *rows))[2:] == []
    assert told(page_with_table("Line|2025|Delays 2026", *rows))[2:] == [
        "Harbour: 14 (Delays 2026)",
        "Old Town: 9 (Delays 2026)",
    ]


def test_a_league_with_gaps_is_told_with_its_last_rank() -> None:
    texts = [f"{n}: Club {TEAMS[m]}, P 14, Pts {m + 1}*" for m, n in ((1, 1), (2, 2), (3, 12))]

    assert [text for text, _ in say_table(texts, "en")] == [
        "Weald: 2 points",
        "Vale: 3 points",
        "At the bottom: Tring: 4 points",
    ]


TEAMS = ["", "Weald", "Vale", "Tring", "Hythe", "Marlow", "Ockley", "Penn"]


@pytest.mark.parametrize(
    ("language", "points", "bottom"),
    [
        ("en", "Pts", "At the bottom: Ockley: 5 points."),
        ("de", "Pkt.", "Am Tabellenende: Ockley: 5 Punkte."),
        ("fr", "Pts", "En bas du classement : Ockley: 5 points."),
        ("es", "Ptos.", "Al final de la tabla: Ockley: 5 puntos."),
    ],
)
def test_of_a_league_the_first_three_and_the_last_two_are_told(
    language: str, points: str, bottom: str
) -> None:
    texts = [
        f"{n}: Club {TEAMS[n]}, P 14, GD {9 - n:+d}, {points} {35 - 5 * n}" for n in range(1, 8)
    ]
    table = say_table(texts, language)

    assert [row for _, row in table] == [0, 1, 2, 5, 6]
    assert f"{table[3][0]}." == bottom


def test_a_league_is_told_with_its_ranks_in_a_language_without_words_for_it() -> None:
    texts = [f"{n}: Joukkue {TEAMS[n]}, P {35 - 5 * n}, Maalit 4" for n in range(1, 4)]

    assert [text for text, _ in say_table(texts, "fi")] == [
        "1: Weald",
        "2: Vale",
        "3: Tring",
    ]


def test_who_is_quoted_is_said_before_the_quotation() -> None:
    page = f"{STORY}<blockquote>“We sold the ladder.”</blockquote><p>— Sami Haddad, councillor</p>"

    assert told(page)[2:] == ["Sami Haddad, councillor: “We sold the ladder.”"]


def test_bullets_in_a_column_of_their_own_are_not_read_aloud() -> None:
    cells = "".join(
        f"<tr><td>•</td><td>{text}</td></tr>"
        for text in ("The mayor resigned on Monday.", "The bridge stays closed until June.")
    )

    assert told(f"{STORY}<table>{cells}</table>")[2:] == [
        "The mayor resigned on Monday.",
        "The bridge stays closed until June.",
    ]


RECIPE = (
    "<h1>A stew for the first cold evening</h1>"
    "<p>My father repaired lifts. He cooked this stew in the machine room every November.</p>"
    "<h2>Ingredients</h2><ul><li>200 g lentils</li><li>2 onions</li><li>Salt</li></ul>"
    "<h2>Method</h2><ol><li>Chop the onions.</li><li>Simmer at 90°C for 40 minutes.</li></ol>"
)


def test_a_recipe_is_one_story_in_its_own_order() -> None:
    assert [item.title for item in items(RECIPE)] == ["A stew for the first cold evening"]
    assert told(RECIPE) == [
        "My father repaired lifts.",
        "He cooked this stew in the machine room every November.",
        "Ingredients.",
        "200 g lentils, 2 onions, Salt.",
        "Method.",
        "Chop the onions.",
        "Simmer at 90°C for 40 minutes.",
    ]


def test_steps_are_never_told_without_those_before_them() -> None:
    [item] = items(RECIPE)

    for budget in range(20, 400, 20):
        places = [line.place for line in choose_lines(item, budget)]
        assert 6 not in places or {4, 5} <= set(places)
        assert 5 not in places or 4 in places


def test_numerals_as_headings_do_not_divide_an_essay() -> None:
    page = "".join(f"<h2>{numeral}</h2>{STORY}" for numeral in ("I", "II", "III."))

    assert len(items(page)) == 1
    assert len(told(page)) == 6


CODE = "<pre><code>def harbour(boats):\n    return boats</code></pre>"


def test_code_is_named_once_after_the_sentence_before_it() -> None:
    page = f"{STORY}<p>The new command lists all boats of the harbour.</p>{CODE}<p>Boats sleep.</p>{CODE}"
    lines = [line for item in items(page) for line in item.lines]

    assert [line.kind for line in lines].count(LineKind.CODE) == 1
    assert lines[2].text == "The new command lists all boats of the harbour."
    assert lines[3].kind is LineKind.CODE


def test_what_only_leads_to_code_is_not_told_and_neither_is_what_depends_on_it() -> None:
    page = (
        f"{STORY}<p>The town moved. To list all boats, run:</p>{CODE}<p>It prints forty names.</p>"
    )

    assert told(page)[2:] == ["The town moved."]


SOUP = (
    "<h2>A soup of leeks for the winter</h2><p>Leeks are thick and cheap at every market now.</p>"
    "<h3>{0}</h3><ul><li>Six leeks</li><li>Butter</li><li>A litre of stock</li></ul>"
    "<h3>{1}</h3><ol><li>Slice all the leeks and wash them well.</li>"
    "<li>Soften them in the butter for twelve minutes.</li>"
    "<li>Add the stock and cook the soup for half an hour.</li></ol>"
)


@pytest.mark.parametrize("budget", range(60, 420, 40))
@pytest.mark.parametrize("names", [("Ingredients", "Method"), ("You need", "Steps")])
def test_a_recipe_is_told_to_its_end_or_not_at_all(budget: int, names: tuple[str, str]) -> None:
    [item] = items(SOUP.format(*names))
    steps = [line.text for line in choose_lines(item, budget)][1:]

    assert len(steps) in (0, 6)
    assert not steps or (steps[1].startswith("Six leeks") and steps[-1].startswith("Add the stock"))


def test_a_list_that_is_cut_says_how_many_entries_are_left() -> None:
    sentences = "".join(
        f"<li>The boat of {name} came to the harbour with bread and lanterns.</li>"
        for name in ("Ada", "Bo", "Cem", "Dov")
    )
    [item] = items(f"{STORY}<p>These boats were seen on the water:</p><ul>{sentences}</ul>")
    lines = item.lines[:5]

    assert [line.entries for line in lines[3:]] == [1, 1]
    assert remaining_entries(item, lines, lines[-1]) == 2


def test_lines_of_one_paragraph_with_labels_are_told_apart() -> None:
    page = f"{STORY}<h2>The next concert</h2><p>Date: 5 December<br>Place: the old mill<br>Price: free</p>"

    assert told(page)[-4:] == [
        "The next concert.",
        "Date: 5 December.",
        "Place: the old mill.",
        "Price: free.",
    ]


def test_who_is_quoted_is_said_before_a_quotation_of_the_same_paragraph() -> None:
    page = f"{STORY}<h2>What they said</h2><p>“I saw the boats. They were late.”<br>— Ada Brook</p>"

    assert told(page)[-2:] == ["Ada Brook: “I saw the boats.", "They were late.”"]


def test_a_correction_that_is_hardly_more_than_its_figure_is_told() -> None:
    page = f"{STORY}<p>The letter said that Norway has 2 million boats. It has 1,200.</p>"

    assert told(page)[-1] == "It has 1,200."


def test_a_figure_as_a_heading_is_told_with_the_paragraph_that_explains_it() -> None:
    page = f"{STORY}<h2>Number of the day</h2><h3>61%</h3><p>That is the share of boats that came late.</p>"

    assert told(page)[-2:] == ["61%.", "That is the share of boats that came late."]


def test_a_quotation_in_another_language_is_not_told_nor_what_leads_to_it() -> None:
    page = (
        f"{STORY}<p>The mayor of Lyon wrote to the town:</p>"
        "<blockquote>« Nous sommes très heureux que le port de Velmora soit enfin ouvert. »</blockquote>"
    )

    assert len(told(page)) == 2


def test_texts_of_footnotes_are_not_told() -> None:
    page = (
        f"{STORY}<p>The bank paid the whole bill.<sup>1</sup> Nobody asked who owned the bank.[2]</p>"
        "<p>1 See the archive, box 14.</p><p>[2] Reid et al., 2026.</p><p>3 boats sank on Sunday.</p>"
    )

    assert told(page)[2:] == [
        "The bank paid the whole bill.",
        "Nobody asked who owned the bank.",
        "3 boats sank on Sunday.",
    ]


def test_the_parts_of_a_how_to_are_told_with_their_headings() -> None:
    page = "".join(f"<h2>{number}. Set the angle</h2>{STORY}" for number in (1, 2))

    assert [item.lines[0].text for item in items(page)] == ["Set the angle."] * 2
    assert all(item.numbered for item in items(page))


def test_dates_in_a_list_keep_their_day() -> None:
    page = f"{STORY}<ul><li>6. Dezember: Tag der Werkstatt</li><li>13. Dezember: Guss</li></ul>"

    assert told(page)[2:] == ["6. Dezember: Tag der Werkstatt, 13. Dezember: Guss."]


def test_a_sentence_after_one_that_is_not_told_is_not_told_if_it_depends_on_it() -> None:
    page = f"{STORY}<p>The commit is 9f86d081884c7d659a2feaa0c55ad015 on Monday. It fixes the harbour.</p>"

    assert len(told(page)) == 2


def test_short_sentences_and_corrections_are_kept() -> None:
    page = "<h2>Corrections</h2><p>We wrote that the ferry costs 4 crowns. Wrong. It costs 6.</p>"

    assert told(page)[-3:] == ["We wrote that the ferry costs 4 crowns.", "Wrong.", "It costs 6."]


def test_a_story_never_opens_with_a_sentence_that_depends_on_another_one() -> None:
    page = f"<p>This is why they left so early. But it rained.</p>{STORY}"

    assert told(page) == told(STORY)


def test_rows_are_chosen_from_the_first_one_on_after_what_introduces_them() -> None:
    [item] = items(STORY + table(3))
    last = item.lines[-1]
    lines = choose_lines(item, 10_000)

    assert lines == list(item.lines)
    assert last.depends_on_previous


@pytest.mark.parametrize(
    "silent",
    [
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


def test_questions_are_told_before_their_answers_and_the_first_answer_names_who_speaks() -> None:
    assert told(INTERVIEW) == [
        "The builder of the harbour speaks.",
        "Why so late?",
        "Kowalski: The steel was late, and the town changed the doors.",
        "And the price?",
        "The price of the harbour doubled in nine years.",
    ]


def test_a_question_does_not_say_which_paper_asks() -> None:
    page = INTERVIEW.replace("FQ:", "Orchard &amp; Press:")

    assert told(page)[1::2] == ["Why so late?", "And the price?"]


def test_initials_of_questions_and_answers_are_not_read_aloud() -> None:
    page = (
        "<h2>The builder of the harbour speaks</h2><p>Q. Why so late?</p><p>A. The steel was late.</p>"
        "<p>Q. And the price?</p><p>A. It doubled in nine years, as the town had said it would.</p>"
    )

    assert told(page) == [
        "The builder of the harbour speaks.",
        "Why so late?",
        "The steel was late.",
        "And the price?",
        "It doubled in nine years, as the town had said it would.",
    ]


def test_a_question_is_chosen_with_its_answer_and_with_who_answers() -> None:
    [item] = items(INTERVIEW)
    heading, question, answer = (line.text for line in choose_lines(item, 110))

    assert heading == "The builder of the harbour speaks."
    assert question.endswith("?")
    assert not answer.endswith("?")
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
