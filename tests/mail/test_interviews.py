"""Who asks and who answers in an interview, however it is printed and in whatever language."""

import pytest
from audiobrew.mail.newsletter import BlockRole

from tests.mail.mails import blocks, html, mail

INTRO = "<p>Iris Tallantire has repaired thirty lenses. She talked to us in October at her workshop.</p>"
TURNS = (
    ("How do you break a lens that weighs two tonnes?", "Slowly. We found 46 cracked pieces."),
    ("A ring?", "From 1911, engraved. I gave it to the museum."),
    ("People say that your trade is pointless.", "It is rarer. A lens costs me eight months."),
    ("Where do you buy the glass?", "I buy it from three places, and some I cast myself."),
)


def turns(template: str) -> str:
    return INTRO + "".join(template.format(*turn) for turn in TURNS)


def conversation(page: str) -> list[tuple[str, str | None]]:
    return [(block.text, block.role) for block in blocks(html(page))]


@pytest.mark.parametrize(
    "template",
    [
        "<p><b>{}</b></p><p>{}</p>",
        "<p><em>{}</em></p><p>{}</p>",
        '<p style="font-style: italic">{}</p><p>{}</p>',
        "<h2>{}</h2><p>{}</p>",
        "<h4>{}</h4><p>{}</p>",
        "<p>Q: {}</p><p>A: {}</p>",
        "<p><b>P.</b> {}</p><p><b>R.</b> {}</p>",
        "<p><b>Tom Reddy:</b> {}</p><p><b>Iris Tallantire:</b> {}</p>",
        "<p>TR: {}</p><p>IT: {}</p>",
    ],
)
def test_a_statement_that_is_answered_is_a_question_however_it_is_printed(template: str) -> None:
    expected = [None, *[BlockRole.QUESTION, BlockRole.ANSWER] * len(TURNS)]

    assert [role for _, role in conversation(turns(template))] == expected


def test_questions_in_a_plain_text_in_italics() -> None:
    text = "\n\n".join(f"*{question}*\n\n{answer}" for question, answer in TURNS)

    assert [block.role for block in blocks(mail(text))] == [
        BlockRole.QUESTION,
        BlockRole.ANSWER,
    ] * len(TURNS)


def test_names_become_initials() -> None:
    page = turns("<p>TR: {}</p><p>IT: {}</p>").replace("TR: How", "Tom Reddy: How")

    assert [role for _, role in conversation(page)].count(BlockRole.QUESTION) == len(TURNS)


@pytest.mark.parametrize(
    "note",
    [
        "<hr><p>The exhibition opens in Anstruther on 12 December.</p>",
        "<p><em>The exhibition opens in Anstruther on 12 December.</em></p>",
        "<p>Iris Tallantire's exhibition opens in Anstruther on 12 December.</p>",
        "<h2>And finally</h2><p>The ferry to Anstruther stops on 12 December.</p>",
    ],
)
def test_a_note_below_the_interview_is_no_answer(note: str) -> None:
    *_, last = conversation(turns("<p><b>{}</b></p><p>{}</p>") + note)

    assert last[1] is None


def test_a_quotation_that_is_printed_large_is_no_question() -> None:
    quotation = "<p><b>“A lens costs me eight months.”</b></p><p>And a winter.</p>"
    page = turns("<p><b>{}</b></p><p>{}</p>").replace("<p><b>Where", f"{quotation}<p><b>Where")

    assert dict(conversation(page))["“A lens costs me eight months.”"] is not BlockRole.QUESTION


@pytest.mark.parametrize(
    "page",
    [
        # Parts of a how-to, a single kicker, and headlines that ask.
        "".join(f"<h2>{n}. {q}</h2><p>{a}</p>" for n, (q, a) in enumerate(TURNS, 1)),
        f"{INTRO}<p><b>The topic: Who pays for the hall?</b></p>{INTRO}<h3>Trams</h3>{INTRO}"
        "<p><b>Who pays for the tram?</b></p>" + INTRO,
        "".join(
            f"<h2>{q}</h2><p>The town opened the harbour on Monday.</p>"
            for q in ("Is the harbour too dear?", "Are boats?", "Bread", "Who pays?")
        ),
    ],
)
def test_headlines_that_ask_are_no_interview(page: str) -> None:
    assert BlockRole.QUESTION not in [role for _, role in conversation(page)]


def test_a_round_of_printed_questions_in_an_interview_with_labels_is_answered() -> None:
    labelled = "".join(
        f"<p><b>DO: {question}</b></p><p><b>IV:</b> {answer}</p>"
        for question, answer in [
            ("Where do you begin?", "With the oldest bell of the five."),
            ("And then?", "Then I take metal off the inside."),
            ("Is that final?", "Every cut is final."),
            ("How many are there?", "About two hundred for each bell."),
        ]
    )
    quick = "".join(
        f"<p><strong>{question}</strong><br>{answer}</p>"
        for question, answer in [
            ("Best bell you have heard?", "Not mine. A cracked one in the valley."),
            ("Worst?", "The van that sells ice cream."),
            ("Which tool would you save?", "The forks. There are 41 of them."),
        ]
    )

    page = f"{INTRO}{labelled}<h2>Quick ones</h2>{quick}<p><em>On the second day I strike one.</em></p>"

    assert [role for _, role in conversation(page)][-7:] == [
        *[BlockRole.QUESTION, BlockRole.ANSWER] * 3,
        None,
    ]


def test_initials_of_a_double_name_and_remarks_on_how_something_is_said() -> None:
    page = (
        "<p>MARTA LIND-OLSEN: Do you sleep here?</p><p>PER AAS: In the loft, since the flood.</p>"
        "<p>MLO: And in winter?</p><p>PA: By the stove. It holds until four.</p>"
        "<p>MLO: Who cooks?</p><p>SIRI AAS (from the kitchen): He never has.</p>"
        "<p>MLO: Will you stay?</p><p>PA: (Long silence.) Listen: I was born here.</p>"
    )

    roles = [role for _, role in conversation(page)]

    assert roles == [BlockRole.QUESTION, BlockRole.ANSWER] * 4


def test_somebody_else_answers_without_a_colon() -> None:
    page = "".join(
        f"<p><b>P.</b> {question}</p><p>{answer}</p>"
        for question, answer in (
            ("¿Desde cuándo pesca usted aquí?", "<b>R.</b> Desde los nueve años."),
            ("¿Es verdad lo de la barca?", "<b>Rosa Medina.</b> La tengo yo en el patio."),
            ("¿Y la vende?", "<b>R.</b> Ni loco."),
        )
    )

    assert [role for _, role in conversation(page)] == [BlockRole.QUESTION, BlockRole.ANSWER] * 3
