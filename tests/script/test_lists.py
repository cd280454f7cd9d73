"""How lists, labels, lines set below each other and rests of paragraphs are told."""

import pytest

from tests.script.test_structure import STORY, told


@pytest.mark.parametrize(
    ("text", "entries"),
    [
        ("Serves 4 · Prep 20 min · Freezes? No", "Serves 4, Prep 20 min."),
        ("Für 6 Personen • Zubereitung 25 min • Vegan? Ja", "Für 6 Personen, Zubereitung 25 min."),
        ("Pour 4 | Cuisson 40 min | Congélation ? Oui", "Pour 4, Cuisson 40 min."),
        ("Para 2 · 15 minutos · ¿Congela? No", "Para 2, 15 minutos."),
    ],
)
def test_pieces_of_a_line_are_one_sentence_without_questions(text: str, entries: str) -> None:
    assert told(f"{STORY}<p>{text}</p>")[2:] == [entries]


@pytest.mark.parametrize("label", ["For the base", "Für den Boden", "Pour la pâte", "Para la masa"])
def test_a_short_paragraph_before_a_list_is_its_title(label: str) -> None:
    page = f"{STORY}<p>{label}</p><ul><li>200 g flour</li><li>1 egg</li></ul>"

    assert told(page)[2:] == [f"{label}.", "200 g flour; 1 egg."] or told(page)[2:] == [
        f"{label}.",
        "200 g flour, 1 egg.",
    ]


def test_lines_of_results_set_below_each_other_are_told_apart() -> None:
    page = f"{STORY}<p>Vale 2–1 Tring<br>Hythe 0–0 Penn<br>Ockley 3–2 Weald (frozen pitch)</p>"

    assert told(page)[2:] == [
        "Vale 2–1 Tring.",
        "Hythe 0–0 Penn.",
        "Ockley 3–2 Weald (frozen pitch)",
    ]


def test_entries_that_say_something_are_sentences_and_commands_are_only_shown() -> None:
    page = (
        f"{STORY}<h4>Fixed</h4><ul><li>Feeds were sorted by name (#12)</li><li>Crash under /tmp (#977)</li>"
        "<li>Wide images were dropped</li><li>kiln watch / kiln serve</li></ul>"
    )
    only_code = f"{STORY}<h4>Added</h4><ul><li>--workers N (#12)</li><li>kiln tag</li></ul>"

    assert told(page)[3:] == ["Feeds were sorted by name.", "Wide images were dropped."]
    assert told(only_code)[2:] == []


def test_a_figure_in_a_paragraph_of_its_own_is_told_with_what_explains_it() -> None:
    page = f"{STORY}<p>1,106</p><p>Umbrellas handed in to the ferry since January.</p>"

    assert told(page)[2:] == ["1,106.", "Umbrellas handed in to the ferry since January."]


def test_a_label_without_its_sentence_is_not_told() -> None:
    page = (
        f"{STORY}<p>Pool. Run pool --close first. Police. A man of 34 drove at 90 on Hill Road. "
        "Milk. The price fell by 4%.</p>"
    )

    assert told(page)[2:] == [
        "Police.",
        "A man of 34 drove at 90 on Hill Road.",
        "Milk.",
        "The price fell by 4%.",
    ]


def test_a_question_whose_answer_is_not_told_is_not_told() -> None:
    page = f"{STORY}<p>Can I skip it? Run skip --all first. It makes no difference to anybody.</p>"

    assert told(page)[2:] == []


@pytest.mark.parametrize(
    "text",
    [
        "What has four legs? The answer is below.",
        "Was hat vier Beine? Die Lösung steht morgen hier.",
        "Qui a quatre pieds ? La solution demain.",
        "¿Qué tiene cuatro patas? La respuesta, mañana.",
    ],
)
def test_a_riddle_is_not_told_without_its_answer(text: str) -> None:
    assert told(f"{STORY}<p>{text}</p>")[2:] == []


@pytest.mark.parametrize("sign", ["— Ed.", "– Ada Brook", "— Ro & Ivy"])
def test_a_signature_is_not_told(sign: str) -> None:
    assert told(f"{STORY}<p>{sign}</p>") == told(STORY)


def test_what_a_cut_sentence_leaves_is_told_only_if_it_says_something() -> None:
    page = (
        f"{STORY}<p>A file could write to heron_dir before. No data was lost. It affects everyone. "
        "Jun Castellan of Pelagic found it in May.</p>"
    )

    assert "No data was lost." not in told(page)
    assert "It affects everyone." not in told(page)


def test_the_name_of_the_newsletter_is_no_heading() -> None:
    page = f"<h1>The Roast</h1><h2>{STORY[3:40]}</h2>{STORY}"

    assert "The Roast." not in told(page)
