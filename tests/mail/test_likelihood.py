"""The model that cuts what resembles boilerplate."""

from collections.abc import Sequence

import pytest
from audiobrew.mail.cuts.block_features import MailFeatures
from audiobrew.mail.cuts.likelihood import (
    MAX_BLOCKS,
    MIN_PROBABILITY,
    find_doubts,
    find_likely_boilerplate,
    load_model,
)
from audiobrew.mail.cuts.mail_context import MailContext
from audiobrew.mail.cuts.phrases import PhraseBook
from audiobrew.mail.newsletter import BlockKind, Cut
from audiobrew.mail.raw_block import RawBlock

STORY = (
    "The council voted on Tuesday to rebuild the bridge over the Aller, which was closed in March after"
    " engineers found cracks in two of its five arches. The work will take fourteen months and cost 3.2"
    " million euros."
)
FOOTER = "Unsubscribe. Corve Letter, 12 Mill Lane, Corve."


def letter(*closing: str) -> list[RawBlock]:
    """Three stories with headings, then these lines, then a footer."""
    blocks = []
    for title in ("A bridge", "A harbour", "A school"):
        blocks.append(RawBlock(BlockKind.HEADING, title, level=2))
        blocks += [RawBlock(BlockKind.PARAGRAPH, f"{title}: {STORY}")] * 2
    blocks += [RawBlock(BlockKind.PARAGRAPH, text) for text in closing]
    return [*blocks, RawBlock(BlockKind.PARAGRAPH, FOOTER, small=True)]


def likely(blocks: Sequence[RawBlock], language: str = "en") -> dict[int, Cut]:
    mail = MailContext(sender="Corve Letter", phrases=PhraseBook([language]))
    cuts = {len(blocks) - 1: Cut.FOOTER}
    return find_likely_boilerplate(blocks, cuts, find_doubts(blocks, cuts, mail))


def test_the_model_knows_every_feature() -> None:
    blocks = letter()
    features = MailFeatures(blocks, {}, MailContext()).of(0)

    assert set(load_model().names) == set(features)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Thank you all for reading, and see you next week,", "en"),
        ("Bis nächste Woche, bleiben Sie trocken!", "de"),
        ("Bonne semaine à vous, on se retrouve dimanche,", "fr"),
    ],
)
def test_a_farewell_in_new_words_is_cut(text: str, language: str) -> None:
    blocks = letter(text, "Ada Corve")

    assert len(blocks) - 3 in likely(blocks, language)


def test_stories_and_headings_stay() -> None:
    blocks = letter("The next council is on Tuesday.")

    assert not set(range(9)) & set(likely(blocks))


def test_the_title_of_a_list_that_is_told_stays() -> None:
    blocks = letter("Thank you all for reading, and see you next week,")
    title = len(blocks) - 2
    items = [RawBlock(BlockKind.LIST_ITEM, "The mill opens at nine."), blocks[-1]]

    assert title in likely(blocks)
    assert title not in likely([*blocks[:-1], *items])


def test_a_mail_with_very_many_blocks_is_not_judged() -> None:
    blocks = letter(*["Same place next week,"] * MAX_BLOCKS)

    assert likely(blocks) == {}


def test_a_mail_in_which_no_rule_cuts_is_not_judged() -> None:
    blocks = letter("Thank you all for reading, and see you next week,")

    assert find_doubts(blocks, {}, MailContext(phrases=PhraseBook(["en"]))) == {}


def test_an_empty_mail_has_no_blocks() -> None:
    assert likely([RawBlock(BlockKind.PARAGRAPH, "")]) == {}


def test_probabilities_are_probabilities() -> None:
    features = MailFeatures(blocks := letter("Yours, Ada"), {}, MailContext())
    probabilities = [load_model().probability(features.of(n)) for n in range(len(blocks))]

    assert all(0 <= one <= 1 for one in probabilities)
    assert any(one < 1 - MIN_PROBABILITY for one in probabilities)
