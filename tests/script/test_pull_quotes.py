"""What a page prints twice is told once."""

import pytest
from audiobrew.mail.newsletter import Block, BlockKind, BlockRole
from audiobrew.script.pull_quotes import MAX_BLOCKS, without_pull_quotes

BODY = (
    "The keeper did not wait for the tide. “I thought: oh, it's a cathedral. It's dark and there's a hum,”"
    " said Rosa Lind, who had climbed the shaft for the first time. Nobody had been there since 1974."
)


def told(*texts: str, kind: BlockKind = BlockKind.PARAGRAPH) -> list[str]:
    blocks = [
        Block(str(n), BlockKind.PARAGRAPH if text == BODY else kind, text)
        for n, text in enumerate(texts)
    ]
    return [block.text for block in without_pull_quotes(blocks)]


@pytest.mark.parametrize(
    "quote",
    [
        "“I thought: oh, it's a cathedral. It's dark and there's a hum.”",
        "Rosa Lind, in the shaft: “It's dark and there's a hum”",
        "Nobody had been there since 1974.",
        "»The keeper did not wait for the tide.«",
    ],
)
def test_a_pull_quote_is_left_out_wherever_it_stands(quote: str) -> None:
    assert told(quote, BODY) == [BODY]
    assert told(BODY, quote) == [BODY]
    assert told(BODY, quote, kind=BlockKind.QUOTATION) == [BODY]


@pytest.mark.parametrize(
    "text",
    [
        "“I thought it was a chapel,” said her brother.",
        "In 1974.",
        "Rosa Lind was born on the island, went to sea at sixteen and came back for the lamp: “It's dark.”",
    ],
)
def test_another_text_stays(text: str) -> None:
    assert told(BODY, text) == [BODY, text]


def test_a_headline_stays_above_the_text_that_has_its_words() -> None:
    blocks = [
        Block("1", BlockKind.HEADING, "The keeper did not wait"),
        Block("2", BlockKind.PARAGRAPH, BODY),
    ]

    assert without_pull_quotes(blocks) == blocks


def test_a_list_of_very_many_blocks_stays_as_it_is() -> None:
    texts = ["Nobody had been there since 1974."] * MAX_BLOCKS

    assert told(BODY, *texts) == [BODY, *texts]


def test_a_quotation_printed_as_a_title_is_left_out_below_its_text() -> None:
    quote = Block("1", BlockKind.HEADING, "“I thought: oh, it's a cathedral.”")
    body = Block("2", BlockKind.PARAGRAPH, BODY)

    assert without_pull_quotes([body, quote]) == [body]
    assert without_pull_quotes([quote, body]) == [quote, body]


@pytest.mark.parametrize(
    ("answer", "quote", "is_told"),
    [
        ("Theirs costs 9 pence and is rubber in two hours. Mine costs more; the day after it is still bread.",
         "“In two hours theirs is rubber. Mine, the day after, is still bread.”", False),
        ("Esas barras a las dos horas son chicle. La mía es a 1,10 y al día siguiente sigue siendo pan.",
         "«A las dos horas son chicle. La mía, al día siguiente, sigue siendo pan».", False),
        ("Ihres kostet 45 Cent und ist nach zwei Stunden Gummi. Meines ist am Tag danach noch Brot.",
         "„Nach zwei Stunden ist ihres Gummi. Meines ist am Tag danach noch Brot.“", False),
        ("We bake at night, because the bread does not wait for anybody in this town.",
         "“The priest bought nine loaves and paid for none of them.”", True),
    ],
)  # fmt: skip
def test_an_answer_that_a_box_retells_is_told_once(answer: str, quote: str, is_told: bool) -> None:
    blocks = [
        Block("1", BlockKind.PARAGRAPH, "What sells?", role=BlockRole.QUESTION),
        Block("2", BlockKind.PARAGRAPH, answer, role=BlockRole.ANSWER),
        Block("3", BlockKind.PARAGRAPH, quote),
    ]

    assert (blocks[2] in without_pull_quotes(blocks)) == is_told
