"""A model judges what rules cannot, and sentences that fail are written again or replaced by their source."""

from dataclasses import replace
from typing import Any

import pytest
from audiobrew.script.gate.gate import Sources, check_sentence
from audiobrew.script.judging import judge_segment
from audiobrew.script.script import Outcome, Segment, Sentence, Speaker, Verdict

from tests.script.mails import newsletter
from tests.script.no_cache import no_cache
from tests.script.test_openai_writer import brief, writer_for
from tests.standins.openai import OpenAI
from tests.standins.openai.fake_model import FakeModel

MAIL = newsletter(
    "Harbour Notes",
    "Week 48",
    "The bakery on Mill Street sells its bread to the two schools of the village every morning.\n\n"
    "Its owner has kept the recipe in a drawer since her mother gave it to her.",
)
TRUE = "Every morning the bakery on Mill Street supplies both schools of the village with bread."
FREE = "Pupils there eat rolls from a local oven."
LIE = "The bakery on Mill Street sells its bread to the two banks of the village every morning."


def sentence(text: str, block: int = 0) -> Sentence:
    return Sentence(text, Speaker.FIRST, cites=(MAIL.uncut_blocks[block].id,))


async def judge(model: FakeModel, *sentences: Sentence) -> Any:
    segment = Segment("The bakery", "en", sentences)
    async with writer_for(OpenAI(model)) as writer:
        return await judge_segment(segment, writer, [MAIL], brief(), no_cache)


def test_rules_alone_accept_both_sentences() -> None:
    sources = Sources.of([MAIL], brief())

    assert check_sentence(sentence(TRUE), "en", sources) is None
    assert check_sentence(sentence(LIE), "en", sources) is None


async def test_a_supported_sentence_keeps_its_words_and_gets_its_verdict() -> None:
    result = await judge(FakeModel(), sentence(TRUE))

    [spoken] = result.segment.sentences
    assert spoken.text == TRUE
    assert spoken.verdict is not None and spoken.verdict.outcome is Outcome.SUPPORTED
    assert result.dropped == ()


async def test_the_sources_own_sentence_is_not_judged() -> None:
    own = sentence(MAIL.uncut_blocks[0].text)
    stand_in = OpenAI(FakeModel())
    async with writer_for(stand_in) as writer:
        segment = Segment("The bakery", "en", (own,))
        result = await judge_segment(segment, writer, [MAIL], brief(), no_cache)

    assert result.segment.sentences == (own,)
    assert not stand_in.ledger.calls


async def test_a_failing_sentence_is_written_again() -> None:
    result = await judge(FakeModel(false_texts={LIE}), sentence(LIE), sentence(TRUE))

    first, second = result.segment.sentences
    assert first.text == MAIL.uncut_blocks[0].text
    assert second.text == TRUE
    assert LIE not in {one.text for one in result.segment.sentences}


async def test_a_sentence_that_fails_twice_is_replaced_by_the_nearest_source_sentence() -> None:
    again = "The bakery sells its bread to the two churches of the village every morning."
    model = FakeModel(false_texts={LIE, again})
    model._mend = lambda items, _: {"texts": [again for _ in items]}  # type: ignore[method-assign]

    result = await judge(model, sentence(LIE))

    [spoken] = result.segment.sentences
    assert spoken.text == MAIL.uncut_blocks[0].text
    assert spoken.verdict is not None and spoken.verdict.outcome is Outcome.REPLACED
    [rejection] = result.dropped
    assert rejection.sentence.text == again and rejection.missing


async def test_a_replacement_is_not_told_twice() -> None:
    again = "The bakery sells its bread to the two churches of the village every morning."
    model = FakeModel(false_texts={LIE, again})
    model._mend = lambda items, _: {"texts": [again for _ in items]}  # type: ignore[method-assign]

    result = await judge(model, sentence(MAIL.uncut_blocks[0].text), sentence(LIE))

    assert [one.text for one in result.segment.sentences] == [MAIL.uncut_blocks[0].text]
    assert [one.sentence.text for one in result.dropped] == [again]


@pytest.mark.parametrize("misbehaviour", ["malformed", "agree", "other"])
async def test_a_judge_that_misbehaves_neither_fails_the_episode_nor_overrules_the_rules(
    misbehaviour: str,
) -> None:
    negated = sentence("The bakery on Mill Street does not sell its bread to the two schools.")

    result = await judge(FakeModel(judge=misbehaviour), sentence(TRUE), negated)

    texts = [one.text for one in result.segment.sentences]
    assert texts[0] == TRUE
    assert negated.text not in texts
    assert texts[1] == MAIL.uncut_blocks[0].text


async def test_a_free_sentence_that_rules_doubt_is_spoken_if_the_judge_supports_it() -> None:
    rejection = check_sentence(sentence(FREE), "en", Sources.of([MAIL], brief()))
    assert rejection is not None and rejection.doubtful

    result = await judge(FakeModel(), sentence(FREE))

    [spoken] = result.segment.sentences
    assert spoken.text == FREE
    assert spoken.verdict is not None and spoken.verdict.outcome is Outcome.SUPPORTED
    assert check_sentence(spoken, "en", Sources.of([MAIL], brief())) is None
    assert result.dropped == ()


async def test_a_free_sentence_is_replaced_without_a_verdict() -> None:
    result = await judge(FakeModel(judge="malformed"), sentence(FREE))

    assert [one.text for one in result.segment.sentences] == [MAIL.uncut_blocks[0].text]


def test_a_verdict_does_not_support_a_figure_that_no_source_has() -> None:
    supported = replace(
        sentence("Pupils there eat 300 rolls from a local oven."),
        verdict=Verdict(Outcome.SUPPORTED),
    )

    rejection = check_sentence(supported, "en", Sources.of([MAIL], brief()))

    assert rejection is not None and not rejection.doubtful


async def test_a_sentence_in_another_language_is_replaced() -> None:
    foreign = sentence("Questa frase è scritta in una lingua diversa da quella della trasmissione.")

    result = await judge(FakeModel(judge="agree"), replace(foreign))

    assert [one.text for one in result.segment.sentences] == [MAIL.uncut_blocks[0].text]
