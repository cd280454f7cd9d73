"""A reader's letter and the reply in the same paragraph are read by two hosts, without the signature."""

import pytest
from audiobrew.script.items import items_of
from audiobrew.script.line import LineKind
from audiobrew.script.readers_letters import ReadersLetter, readers_letter
from audiobrew.script.script import Speaker

from tests.mail.mails import html, read
from tests.script.test_voices import voices_of


@pytest.mark.parametrize(
    ("text", "letter", "reply"),
    [
        ("“Why is the mill shut?” Mrs. B. F., Corran. It has no wheel. We asked.",
         "Why is the mill shut?", "It has no wheel. We asked."),
        ('"What is a weir?"— T. A low wall in a river.', "What is a weir?", "A low wall in a river."),
        ("Dear Ada, was that a record? — P. Hollin. Yes, by nine metres.",
         "Dear Ada, was that a record?", "Yes, by nine metres."),
        ("„Warum fährt kein Bus?“ Herta M., Gfäll. Weil die Brücke zu ist.",
         "Warum fährt kein Bus?", "Weil die Brücke zu ist."),
        ("« Votre carte était à l'envers. » G. de M., Tours. Hélas, oui.",
         "Votre carte était à l'envers.", "Hélas, oui."),
        ("«¿Cuándo abre la piscina?» (R. T.) En mayo, si llueve.", "¿Cuándo abre la piscina?",
         "En mayo, si llueve."),
        ("«Perché il mulino è chiuso?» (Gino, Pavia) Manca la ruota.", "Perché il mulino è chiuso?",
         "Manca la ruota."),
    ],
)  # fmt: skip
def test_a_letter_and_its_reply(text: str, letter: str, reply: str) -> None:
    assert readers_letter(text) == ReadersLetter(letter, reply)


@pytest.mark.parametrize(
    "text",
    [
        "“We sold the ladder,” said Ada Brook. She left at nine.",
        "“It is over.” He left. The room was dark.",
        "“We open in May.” The mayor, Ada Brook, said so. Nobody believed her.",
        "“Great.” – Ada Brook, mayor",
        "The dog ran away in May — it came back. Then it slept.",
    ],
)
def test_a_quotation_is_no_letter(text: str) -> None:
    assert readers_letter(text) is None


STORY = (
    "<p>The mill at Corran opened again on Monday after nine years, the council said.</p>"
    "<p>Two bakers came to see it with their children, and one of them brought a goat.</p>"
)
LETTERS = (
    "<h2>Letters</h2><p>“Who pays for the wheel? I hear that it is us.” (M. L.) The county pays for it. "
    "The town adds the bolts.</p><p>“What is a weir?”— T. A low wall in a river.</p>"
)
AUTHOR = "<p>I went to the mill in May, and my sister came with me. I was afraid of the wheel.</p>"


@pytest.mark.parametrize("opening", [STORY, STORY + AUTHOR + AUTHOR.replace("May", "June")])
def test_two_hosts_read_the_letter_and_the_reply(opening: str) -> None:
    voices = voices_of(read(html(opening + LETTERS)))

    for letter, reply in (
        ("Who pays for the wheel?", "The county pays for it."),
        ("I hear that it is us.", "The town adds the bolts."),
        ("What is a weir?", "A low wall in a river."),
    ):
        assert {voices[letter], voices[reply]} == {Speaker.FIRST, Speaker.SECOND}
    assert not any("M. L." in text for text in voices)


def test_a_question_above_its_reply_is_read_by_the_other_host() -> None:
    letter = "“I am 71. Who pays for the wheel of the mill?” — Dot Ray, Corran"
    reply = "Dot, the county pays for the wheel, and the town adds the bolts."
    voices = voices_of(read(html(f"{STORY}<h2>Mailbag</h2><p>{letter}</p><p>{reply}</p>")))
    question = next(text for text in voices if "Who pays" in text)

    assert {voices[question], voices[reply]} == {Speaker.FIRST, Speaker.SECOND}


def test_a_question_with_its_reader_in_brackets_is_read_by_the_other_host() -> None:
    letter = "« Who pays for the wheel of the mill? » (Yvon, 67, Corran)"
    reply = "Dear Yvon, the county pays for the wheel, and the town adds the bolts."
    voices = voices_of(read(html(f"{STORY}<h2>Mailbag</h2><p>{letter}</p><p>{reply}</p>")))

    question = "Who pays for the wheel of the mill?"
    assert {voices[question], voices[reply]} == {Speaker.FIRST, Speaker.SECOND}


def test_a_question_in_a_heading_is_asked_and_answered() -> None:
    page = (
        "<h2>From the post bag of the bakery</h2>"
        "<h4>Q. Why was my rye loaf raw after an hour? – Hanne, Skarholm</h4>"
        "<p>A. Your oven is too cold. Mine was, too, for 12 years.</p>"
        "<h4>Q. May I use honey for the syrup? – Bo, Ness</h4><p>A. You may, but it burns sooner.</p>"
    )
    lines = [line for item in items_of(read(html(page))) for line in item.lines]

    assert [line.text for line in lines if line.kind is LineKind.QUESTION] == [
        "Hanne, Skarholm: Why was my rye loaf raw after an hour?",
        "Bo, Ness: May I use honey for the syrup?",
    ]
    assert "You may, but it burns sooner." in [
        line.text for line in lines if line.kind is LineKind.ANSWER
    ]
