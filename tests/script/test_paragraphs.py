"""A paragraph is told from its beginning, and a quotation from its beginning to its end."""

from dataclasses import replace

import pytest
from audiobrew.mail.newsletter import Cut
from audiobrew.script.independence import is_independent, only_appeals
from audiobrew.script.items import items_of
from audiobrew.script.line import Line
from audiobrew.script.told_quotations import is_said_by_other, whole_quotations

from tests.mail.mails import html, read

OPENING = (
    "<h2>The ferry pier at Tarbet</h2>"
    "<p>The council of Tarbet bought the old ferry pier on Monday for 41,000 pounds, it said.</p>"
    "<p>Nineteen fishermen from Ardlui had asked for it in a letter of eleven pages in March.</p>"
)
HASH = "run 3f2a9c1b7d5e4f60a1b2c3d4e5f60718 first"


def lines(page: str) -> list[Line]:
    return [line for item in items_of(read(html(page))) for line in item.lines]


def told(page: str) -> list[str]:
    return [line.text for line in lines(page)]


@pytest.mark.parametrize(
    "sentence",
    [
        "Mayor Ines Duarte opened the bridge with a pair of garden shears.",
        "The Bank of Ardlui lent 300,000 pounds for nine years.",
        "In Tarbet, 41 boats were counted by the harbour office in March.",
    ],
)
def test_a_sentence_with_a_subject_of_its_own_is_independent(sentence: str) -> None:
    assert is_independent(sentence, "en")


@pytest.mark.parametrize(
    "sentence",
    [
        "Nineteen votes!",
        "Two of the boats sank.",
        "The firm made 11 million pounds before tax last year.",
        "Nobody had told them about it before the Tuesday meeting.",
        "It was sold to Ada Brook in 1998 for nine pounds.",
    ],
)
def test_a_remark_or_a_reference_is_not(sentence: str) -> None:
    assert not is_independent(sentence, "en")


def test_after_a_german_article_a_name_says_what_is_meant() -> None:
    assert is_independent(
        "Die Stadtwerke Tiefenau senken den Preis um 6,4 Prozent im Januar.", "de"
    )
    assert not is_independent("Die Halle soll ab dem Frühjahr 2027 Strom liefern.", "de")


def test_the_rest_of_a_paragraph_is_not_told_without_a_sentence_before_it() -> None:
    rest = "Top speed in 2025 was nine miles, Ada Brook of the police wrote in her report."
    page = f"{OPENING}<p>To move the cart, {HASH}. {rest}</p><p>Ben Reid sold bread to all of them.</p>"

    assert rest not in told(page)
    assert rest in told(page.replace(HASH, "push it"))


def test_an_inner_sentence_brings_those_before_it() -> None:
    page = f"{OPENING}<p>Ada Brook sold the mill to a baker from Ardlui. The wheel had stopped in May.</p>"

    assert [line.depends_on_previous for line in lines(page)[-2:]] == [False, True]


def test_a_text_without_its_opening_is_not_told() -> None:
    page = (
        f"{OPENING}<h2>The case of the ladder</h2><p>On Tuesday, {HASH}.</p>"
        "<p>The police of Ardlui ask everybody for hints about it until Friday evening.</p>"
    )

    assert all("hints" not in text for text in told(page))


def test_a_remark_after_a_paragraph_comes_with_it() -> None:
    last = lines(
        f"{OPENING}<p>Nineteen of them!</p><p>Ben Reid sold bread at the pier on Monday.</p>"
    )

    remark = next(line for line in last if line.text == "Nineteen of them!")
    assert remark.depends_on_previous


def test_a_quotation_is_told_to_its_end() -> None:
    page = (
        f"{OPENING}<p>Ada Brook laughed: “I get asked every day what it is good for. "
        "I answer that nobody ever asks this about ministers in Ardlui.” Then she left.</p>"
    )
    first = next(line for line in lines(page) if "laughed" in line.text)

    assert first.awaits_next


def test_a_quotation_that_is_not_closed_is_not_begun() -> None:
    page = (
        f"{OPENING}<p>Ada Brook laughed: “I get asked every day what it is good for. "
        f"I always say {HASH}.” Then she left.</p><p>Ben Reid sold bread at the pier on Monday.</p>"
    )

    assert all("laughed" not in text and "she left" not in text for text in told(page))


def test_whole_quotations() -> None:
    texts = [("She said: “No.", False), ("", True), ("Never.”", True), ("Then rain fell.", False)]

    assert whole_quotations(texts) == [
        ("", False),
        ("", True),
        ("", True),
        ("Then rain fell.", False),
    ]


@pytest.mark.parametrize(
    ("sentence", "expectation"),
    [
        ("“We would have gone for another pen.”", True),
        ("« Non, madame. »", True),
        ("„Nie.“", True),
        ("“No,” said Ada, “never.”", False),
        ("Ada said “no”.", False),
    ],
)
def test_a_bare_quotation_belongs_to_what_names_its_speaker(
    sentence: str, expectation: bool
) -> None:
    assert is_said_by_other(sentence) == expectation


def test_a_log_of_readings_is_not_told() -> None:
    log = "Mon 12. 1.4. Wind. Tue 13. 1.3, 9. Wed 14. 1.6, 2. Frost. Thu 15. 1.7."
    page = f"{OPENING}<p>{log}</p><p>Ben Reid sold bread at the pier on Monday.</p>"

    assert len(told(page)) == 4
    assert told(page)[-1] == "Ben Reid sold bread at the pier on Monday."


@pytest.mark.parametrize(
    ("sentence", "language", "expectation"),
    [
        ("But look at the third boat.", "en", True),
        ("There are three, and a half.", "en", True),
        ("There are three boats at the pier.", "en", False),
        ("Look at what the baker who bought the boat paid for it in the end.", "en", False),
        ("Es sind drei.", "de", True),
        ("Mais regardez le troisième bateau.", "fr", True),
        ("Hay dos.", "es", True),
        ("Ma guardate la terza barca.", "it", True),
        ("Maar kijk naar de derde boot.", "nl", True),
        ("Mas veja o terceiro barco.", "pt", True),
    ],
)
def test_what_only_leads_to_the_next_sentence(
    sentence: str, language: str, expectation: bool
) -> None:
    assert only_appeals(sentence, language) == expectation


def test_an_appeal_is_not_told_without_what_follows_it() -> None:
    page = (
        f"{OPENING}<p>Ada Brook sold nine boats to a baker from Ardlui. But look at the third boat. "
        f"It needs {HASH}.</p>"
    )

    assert "But look at the third boat." not in told(page)
    assert "But look at the third boat." in told(page.replace(HASH, "a mast"))


def test_what_is_left_of_a_table_of_contents_is_not_told() -> None:
    entries = "".join(
        f"<li>{text}</li>"
        for text in (
            "The council of Tarbet buys a pier",
            "A heron. There is always a heron.",
            "What is open, and what is closed",
        )
    )
    letter = read(html(f"<p>In today’s issue:</p><ul>{entries}</ul>{OPENING}"))
    blocks = {block.text: block for block in letter.blocks}
    lead = blocks["In today’s issue:"]
    cut = {lead.id, blocks["The council of Tarbet buys a pier"].id}
    letter = replace(
        letter,
        blocks=tuple(
            replace(block, cut=Cut.NAVIGATION) if block.id in cut else block
            for block in letter.blocks
        ),
    )

    assert all("heron" not in line.text for item in items_of(letter) for line in item.lines)
