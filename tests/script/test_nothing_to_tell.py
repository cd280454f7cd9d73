"""Say why there is nothing to tell."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from audiobrew.mail.newsletter import Block, BlockKind, BlockRole, Cut, Newsletter
from audiobrew.script.nothing_to_tell import explain_nothing_to_tell

EMPTY = Newsletter(
    digest="d",
    key="k",
    sender="The Pier",
    address="a@pier.example",
    subject="The quay closes",
    language="en",
    received_at=datetime(2026, 11, 2, tzinfo=UTC),
    bulk=True,
    blocks=(),
)


def explain(*blocks: Block) -> str:
    return explain_nothing_to_tell([replace(EMPTY, blocks=blocks)])


def block(
    kind: BlockKind = BlockKind.PARAGRAPH, cut: Cut | None = None, role: BlockRole | None = None
) -> Block:
    return Block("1", kind, "Text", cut=cut, role=role)


HEADING, ROW = block(BlockKind.HEADING), block(BlockKind.TABLE_ROW)
AD, FOOTER, MINE = (block(cut=cut) for cut in (Cut.SPONSOR, Cut.FOOTER, Cut.LISTENER))


@pytest.mark.parametrize(
    ("blocks", "reason", "step"),
    [
        ([], "the body is empty", "Save it again"),
        ([HEADING] * 6, "6 headlines, no sentences", "Choose another"),
        ([HEADING, ROW, ROW], "2 table rows, 1 headline, no sentences", "Choose another"),
        ([block(role=BlockRole.IMAGE)] * 2, "2 images, no sentences", "Choose another"),
        ([AD] * 7, "all 7 blocks are marked as advertising", "restore"),
        ([AD], "its only block is marked as advertising", "restore"),
        ([MINE] * 2, "all 2 blocks are cut by you", "restore"),
        ([AD, FOOTER, FOOTER], "all 3 blocks are cut: 2 footers, 1 advertising", "restore"),
        ([HEADING, FOOTER], "1 headline, no sentences, and 1 block cut", "restore"),
        ([block()], "1 short line, no sentences", "Choose another"),
    ],
)
def test_the_cause_and_the_next_step_are_named(blocks, reason, step) -> None:
    text = explain(*blocks)

    assert text.startswith(f"There is nothing to tell in “The quay closes”: {reason}. ")
    assert step in text


def test_the_first_of_many_newsletters_are_named() -> None:
    many = [replace(EMPTY, subject=f"Letter {number}") for number in range(5)]

    assert explain_nothing_to_tell(many) == (
        "There is nothing to tell in “Letter 0”: the body is empty; “Letter 1”: the body is empty;"
        " “Letter 2”: the body is empty; and 2 more. Save it again from your mail program, with its text."
    )


def test_without_newsletters_that_is_said() -> None:
    assert "no newsletter was chosen" in explain_nothing_to_tell([])
