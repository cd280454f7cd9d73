"""What the script does with tables, code, captions, interviews and lists of links."""

import pytest
from audiobrew.script.extractive_segments import remaining_entries
from audiobrew.script.items import Item, items_of
from audiobrew.script.line import LineKind
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


def rows_of(page: str) -> str:
    return " ".join(told(page)[2:])


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

    assert told(page)[2:] == ["6. Dezember: Tag der Werkstatt.", "13. Dezember: Guss."]


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


@pytest.mark.parametrize(
    ("asks", "answers"),
    [("DOP:", "IVH:"), ("Pregunta.", "Respuesta."), ("Frage:", "Antwort:"), ("Q.", "A.")],
)
def test_neither_initials_nor_stage_directions_are_told(asks: str, answers: str) -> None:
    page = (
        f"<h2>The builder of the harbour speaks</h2><p>{asks} Why so late?</p>"
        f"<p>{answers} [She gets up, closes the door and sits down again.] The steel was late.</p>"
        f"<p>{asks} And the price?</p><p>{answers} (Looks for a paper.) It doubled in nine years.</p>"
    )

    assert told(page) == [
        "The builder of the harbour speaks.",
        "Why so late?",
        "The steel was late.",
        "And the price?",
        "It doubled in nine years.",
    ]


def test_names_in_capitals_are_told_once_before_initials() -> None:
    page = (
        INTERVIEW.replace("FQ: Why", "FRIDA QUAST: Why")
        .replace("Kowalski: The steel", "JAN KOWALSKI (laughing): The steel")
        .replace("Kowalski: The price", "JK: The price")
    )

    assert told(page)[1:] == [
        "Why so late?",
        "Jan Kowalski: The steel was late, and the town changed the doors.",
        "And the price?",
        "The price of the harbour doubled in nine years.",
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


def test_steps_below_ingredients_without_a_heading_are_told_together() -> None:
    ingredients = "".join(f"<li>{one}</li>" for one in ("200 g flour", "2 eggs", "50 ml milk"))
    steps = "".join(
        f"<li>{one}</li>"
        for one in (
            "Beat the eggs.",
            "Melt butter in <code>pan_2</code> and add milk.",
            "Bake for 40 minutes. It will rise.",
        )
    )
    lines = items(f"{STORY}<h2>A plain cake</h2><ul>{ingredients}</ul><ol>{steps}</ol>")[-1].lines
    groups = {line.group for line in lines if "Beat" in line.text or "Bake" in line.text}

    assert groups == {0}


def test_what_only_code_names_is_not_told_after_it() -> None:
    code = "<pre><code>[rope]\nlimit = 72\n</code></pre>"
    page = f"{STORY}{code}<p>The limit setting is new. The ropes of the harbour hold for years.</p>"

    assert "The limit setting is new." not in told(page)
