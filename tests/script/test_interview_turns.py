"""In an interview, nobody hears a label twice, and each turn has its own voice."""

import pytest
from audiobrew.mail.newsletter import Block, BlockKind
from audiobrew.script.extractive_segments import INTERVIEWER
from audiobrew.script.interviews import is_same_person, split_exchange
from audiobrew.script.items import items_of
from audiobrew.script.suspects import split_suspects

from tests.mail.mails import html, read
from tests.script.test_suspects import with_doubt
from tests.script.test_voices import GUEST, voices_of

PAGE = (
    "<h1>The tuner of Marrow hall</h1><p>Agnes Thorvald has tuned one organ for thirty years.</p>"
    "<p>Jonah: Why do you begin at seven?</p><p>Agnes: Because at eight they turn the heating on.</p>"
    "<p>Jonah: How did you come to it?</p><p>Agnes: A man came in with a cracked tooth and a knife.</p>"
    "<h2>The money, since I asked</h2>"
    "<p>Jonah: What does the hall pay you?</p><p>Agnes: Forty crowns an hour, when I stopped asking.</p>"
    "<p>Jonah: Is that enough for you?</p><p>Agnes: It is for me, and for the cat.</p>"
    "<h2>Quick ones for the end</h2>"
    "<p>Favourite stop? The flute on the choir. It sounds like milk.</p>"
    "<p>Worst? The trumpet.</p>"
    "<p>Jonah: Last one, what will you do in May?</p><p>Agnes: There are carols at four.</p>"
)


def lines_of(page: str) -> list[str]:
    return [line.text for item in items_of(read(html(page))) for line in item.lines]


def test_a_guest_who_was_named_before_is_not_named_again() -> None:
    assert not any(text.startswith("Agnes:") for text in lines_of(PAGE))


def test_a_guest_of_whom_nothing_was_told_is_named_once() -> None:
    page = PAGE.replace("Agnes Thorvald has", "Somebody here has")

    assert [text for text in lines_of(page) if text.startswith("Agnes:")] == [
        "Agnes: Because at eight they turn the heating on."
    ]


def test_somebody_else_who_answers_is_named() -> None:
    page = PAGE.replace("Agnes: It is for me", "Bruno: It is for her").replace(
        "one organ", "one organ with Bruno Hale"
    )

    assert "Bruno: It is for her, and for the cat." in lines_of(page)


def test_short_questions_with_their_answers_have_two_voices() -> None:
    voices = voices_of(read(html(PAGE)))

    assert voices["Favourite stop?"] is voices["Worst?"] is INTERVIEWER
    assert voices["The flute on the choir."] is voices["It sounds like milk."] is GUEST
    assert voices["The trumpet."] is GUEST


@pytest.mark.parametrize(
    ("text", "question", "answer"),
    [
        ("Salt? Never.", "Salt?", "Never."),
        ("Liebstes Werkzeug? Die Feile. Sie lügt nicht.", "Liebstes Werkzeug?", "Die Feile. Sie lügt nicht."),
        ("Votre outil ? La lime.", "Votre outil ?", "La lime."),
        ("¿Su herramienta? La lima.", "¿Su herramienta?", "La lima."),
        ("Il suo attrezzo? La lima.", "Il suo attrezzo?", "La lima."),
    ],
)  # fmt: skip
def test_a_question_and_its_answer_in_one_paragraph(text: str, question: str, answer: str) -> None:
    turns = split_exchange(Block("1", BlockKind.PARAGRAPH, text))

    assert turns is not None
    assert [turn.text for turn in turns] == [question, answer]


@pytest.mark.parametrize(
    "text", ["Who knows?", "Is it late? Is it early?", "We asked why. Why not? Nobody said."]
)
def test_other_paragraphs_are_no_exchange(text: str) -> None:
    assert split_exchange(Block("1", BlockKind.PARAGRAPH, text)) is None


def test_a_doubtful_exchange_in_an_interview_is_told() -> None:
    mail = with_doubt(read(html(PAGE)), "Worst?", 0.4)

    assert not any("Worst?" in suspect.text for suspect in split_suspects(mail).suspects)


def test_a_label_with_part_of_a_name_is_the_same_person() -> None:
    assert is_same_person("Agnes Thorvald", "Agnes")
    assert not is_same_person("Agnes", "Bruno")
    assert not is_same_person("Agnes", "")


@pytest.mark.parametrize(
    "below",
    ["Ines Hale, in the hall at nine", "Ines Hale", "Alois Prandl, am Montag um 22.15 Uhr."],
)
def test_who_is_quoted_may_stand_below_without_a_dash(below: str) -> None:
    story = "<p>The council of Velmora met on Monday and talked about the old harbour for nine hours.</p>"
    page = f"{story}<p>“We sold the ladder. It was wet.”</p><p>{below}</p>"
    name = below.rstrip(".")

    assert lines_of(page)[1:] == [f"{name}: “We sold the ladder.", "It was wet.”"]
