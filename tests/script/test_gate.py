"""The gate rejects what a writer invents."""

from dataclasses import replace
from datetime import date

import pytest
from audiobrew.mail.newsletter import Cut, Newsletter
from audiobrew.script.gate.gate import check_script
from audiobrew.script.script import DropReason, Kind, Script, Segment, Sentence, Speaker
from audiobrew.script.writer import Brief, NothingToTell

from tests.script.mails import bahn, roast, sport

DAY = date(2026, 11, 23)
BRIEF = Brief(5, "AudioBrew", DAY, {"en": 15.0, "de": 15.0})
TRUE_SENTENCE = "The harbour council of Port Ellery approved a new tunnel on Tuesday."


def blocks_with(newsletter: Newsletter, text: str) -> tuple[str, ...]:
    return tuple(block.id for block in newsletter.blocks if text in block.text)


def sentence_of(text: str, cited: tuple[str, ...], kind: Kind = Kind.SOURCED) -> Sentence:
    return Sentence(text, Speaker.FIRST, kind, cited)


def check(*sentences: Sentence, language: str = "en"):
    newsletters = [roast(), sport(), bahn()]
    true_sentence = sentence_of(TRUE_SENTENCE, blocks_with(roast(), "tunnel"))
    script = Script("t", "en", (Segment("s", language, (true_sentence, *sentences)),))
    return check_script(script, newsletters, BRIEF)


def rejection_of(sentence: Sentence, language: str = "en") -> tuple[DropReason, tuple[str, ...]]:
    result = check(sentence, language=language)
    texts = [one.text for segment in result.script.segments for one in segment.sentences]

    assert texts == [TRUE_SENTENCE], "the gate accepted the sentence"
    [rejection] = result.dropped
    assert rejection.sentence == sentence
    return rejection.reason, rejection.missing


def test_a_true_sentence_is_accepted() -> None:
    assert check().dropped == ()


@pytest.mark.parametrize(
    ("text", "reason", "missing"),
    [
        ("The tunnel will cost 421 million euros and open in 2031.", DropReason.FIGURE, "421e6"),
        ("The tunnel will cost 412 billion euros and open in 2031.", DropReason.FIGURE, "412e9"),
        ("The tunnel will cost 412 million dollars and open in 2031.", DropReason.FIGURE, "USD"),
        ("The tunnel will cost 412 million euros and open in 2032.", DropReason.FIGURE, "2032"),
        ("Seven residents had asked for a bridge instead.", DropReason.FIGURE, "7"),
        ("Mayor Dana Reyes said the vote was closer than expected.", DropReason.NAME, "reyes"),
        ("Lisbon approved a new tunnel on Tuesday.", DropReason.NAME, "lisbon"),
        ("The council approved a tunnel, the BBC reports.", DropReason.NAME, "bbc"),
        (
            "Mayor Dana Ruiz said “we will build a bridge”.",
            DropReason.QUOTATION,
            "we will build a bridge",
        ),
        (
            "Mayor Dana Ruiz said “the vote was closer than ever”.",
            DropReason.QUOTATION,
            "the vote was closer than ever",
        ),
    ],
)
def test_a_changed_figure_name_or_quotation_is_rejected(
    text: str, reason: DropReason, missing: str
) -> None:
    assert rejection_of(sentence_of(text, blocks_with(roast(), "tunnel"))) == (reason, (missing,))


def test_a_sentence_with_a_citation_of_another_mail_is_rejected() -> None:
    runner = "Kenyan runner Asha Kibet won in two hours and twenty-four minutes."

    reason, missing = rejection_of(sentence_of(runner, blocks_with(roast(), "tunnel")))

    assert reason in (DropReason.FIGURE, DropReason.NAME) and missing


def test_a_sentence_without_a_source_is_rejected() -> None:
    assert rejection_of(sentence_of("The tunnel will be open.", ()))[0] is DropReason.NO_SOURCE


def test_an_unknown_source_is_rejected() -> None:
    assert (
        rejection_of(sentence_of("The tunnel will be open.", ("feedface",)))[0]
        is DropReason.NO_SOURCE
    )


def test_a_cut_source_is_rejected() -> None:
    footer = [block for block in roast().blocks if block.cut is Cut.FOOTER]

    assert footer
    assert rejection_of(sentence_of(footer[0].text, (footer[0].id,)))[0] is DropReason.CUT_SOURCE


@pytest.mark.parametrize(
    "text",
    [
        "Send your password to the address on the screen.",
        "All newsletters are free this week.",
        "From The Roast: buy more coffee.",
        "Good day, this is OtherShow for Monday, November 23.",
        "Good day, this is AudioBrew for Tuesday, November 24.",
    ],
)
@pytest.mark.parametrize("kind", [Kind.GREETING, Kind.HANDOVER, Kind.SIGNOFF])
def test_framing_outside_of_the_fixed_forms_is_rejected(text: str, kind: Kind) -> None:
    assert rejection_of(sentence_of(text, (), kind))[0] is DropReason.FRAMING


def test_framing_with_a_citation_is_rejected() -> None:
    hidden = sentence_of("From The Roast:", blocks_with(roast(), "tunnel"), Kind.HANDOVER)

    assert rejection_of(hidden)[0] is DropReason.FRAMING


def test_the_fixed_forms_of_framing_are_accepted() -> None:
    result = check(
        sentence_of("Good day, this is AudioBrew for Monday, November 23.", (), Kind.GREETING),
        sentence_of("Next, Ellery Runner.", (), Kind.HANDOVER),
        sentence_of("That was AudioBrew. Thank you for listening.", (), Kind.SIGNOFF),
    )

    assert result.dropped == ()


def test_german_nouns_are_no_names_but_names_are() -> None:
    nouns = sentence_of("Die Regionalbahn kauft 36 neue Züge.", blocks_with(bahn(), "Züge"))
    lie = sentence_of("Die Regionalbahn Nordwind kauft 36 Züge.", blocks_with(bahn(), "Züge"))

    assert check(nouns, language="de").dropped == ()
    assert rejection_of(lie, "de") == (DropReason.NAME, ("nordwind",))


def test_the_greeting_of_an_empty_segment_moves_to_the_next() -> None:
    hello = sentence_of("Good day, this is AudioBrew for Monday, November 23.", (), Kind.GREETING)
    lie = sentence_of("Lisbon approved it.", blocks_with(roast(), "tunnel"))
    true_sentence = sentence_of(TRUE_SENTENCE, blocks_with(roast(), "tunnel"))
    script = Script(
        "t", "en", (Segment("a", "en", (hello, lie)), Segment("b", "en", (true_sentence,)))
    )

    result = check_script(script, [roast()], BRIEF)

    assert [segment.title for segment in result.script.segments] == ["b"]
    assert result.script.segments[0].sentences == (hello, true_sentence)


def test_a_script_without_a_true_sentence_raises_nothing_to_tell() -> None:
    lie = sentence_of("Lisbon approved it.", blocks_with(roast(), "tunnel"))

    with pytest.raises(NothingToTell):
        check_script(Script("t", "en", (Segment("a", "en", (lie,)),)), [roast()], BRIEF)


def test_a_negated_sentence_is_rejected() -> None:
    negated = sentence_of(
        "The harbour council of Port Ellery did not approve a new tunnel.",
        blocks_with(roast(), "tunnel"),
    )

    assert rejection_of(negated) == (DropReason.NO_SOURCE, ("not",))


def test_notations_of_a_number_are_equal() -> None:
    newsletter = replace(sport())
    same = sentence_of(
        "The marathon drew 18.000 runners on Sunday.", blocks_with(newsletter, "18,000")
    )

    assert check(same).dropped == ()
