"""A letter's salutation is not spoken."""

import pytest
from audiobrew.mail.newsletter import Block, BlockKind
from audiobrew.script.salutations import MAX_PLACE, without_salutations

STORY = Block(
    "s", BlockKind.PARAGRAPH, "The council of Corve voted on Tuesday to rebuild the bridge."
)


def paragraph(text: str) -> Block:
    return Block("p", BlockKind.PARAGRAPH, text)


@pytest.mark.parametrize(
    "text",
    [
        "Hi friends,",
        "Morning.",
        "Dear readers of the Corve Letter,",
        "¡Hola, gente de buen diente!",
        "Liebe Leserinnen und Leser,",
        "Chères lectrices, chers lecteurs,",
        "Cari lettori,",
        "Добрий день, друзі!",
        "Hej allihopa!",
        "こんにちは。",
        "안녕하세요!",
        "مرحباً بكم،",
    ],
)
def test_a_salutation_is_left_out(text: str) -> None:
    assert without_salutations([paragraph(text), STORY]) == [STORY]


@pytest.mark.parametrize(
    "text",
    [
        "Dear old Corve is 900 years old.",
        "Hi-fi shops are closing again.",
        "Hello was the first word that Edison wrote on a telephone, and he meant it as an order.",
        "Hey Jude turned out to be the song of the summer, again.",
        "The mayor said good morning.",
    ],
)
def test_a_story_stays(text: str) -> None:
    assert without_salutations([paragraph(text), STORY]) == [paragraph(text), STORY]


def test_within_a_story_somebody_may_greet() -> None:
    blocks = [STORY] * MAX_PLACE + [paragraph("Hello, Ada!")]

    assert without_salutations(blocks) == blocks
