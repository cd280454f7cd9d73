"""A lying writer, and the gate that lets none of it through."""

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
HONEST = "The harbour council of Port Ellery approved a new tunnel on Tuesday."


def cites(newsletter: Newsletter, holding: str) -> tuple[str, ...]:
    return tuple(block.id for block in newsletter.blocks if holding in block.text)


def said(text: str, cited: tuple[str, ...], kind: Kind = Kind.SOURCED) -> Sentence:
    return Sentence(text, Speaker.FIRST, kind, cited)


def checked(*sentences: Sentence, language: str = "en"):
    newsletters = [roast(), sport(), bahn()]
    honest = said(HONEST, cites(roast(), "tunnel"))
    script = Script("t", "en", (Segment("s", language, (honest, *sentences)),))
    return check_script(script, newsletters, BRIEF)


def refused(sentence: Sentence, language: str = "en") -> tuple[DropReason, tuple[str, ...]]:
    result = checked(sentence, language=language)
    spoken = [one.text for segment in result.script.segments for one in segment.sentences]

    assert spoken == [HONEST], "the gate is open"
    [lost] = result.dropped
    assert lost.sentence == sentence
    return lost.reason, lost.missing


def test_an_honest_sentence_is_spoken() -> None:
    assert checked().dropped == ()


@pytest.mark.parametrize(
    ("lie", "reason", "missing"),
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
def test_a_changed_figure_name_or_quotation_is_not_spoken(
    lie: str, reason: DropReason, missing: str
) -> None:
    assert refused(said(lie, cites(roast(), "tunnel"))) == (reason, (missing,))


def test_a_sentence_cited_from_another_mail_is_not_spoken() -> None:
    runner = "Kenyan runner Asha Kibet won in two hours and twenty-four minutes."

    reason, missing = refused(said(runner, cites(roast(), "tunnel")))

    assert reason in (DropReason.FIGURE, DropReason.NAME) and missing


def test_a_sentence_without_a_source_is_not_spoken() -> None:
    assert refused(said("The tunnel will be open.", ()))[0] is DropReason.NO_SOURCE


def test_a_source_nobody_has_is_no_source() -> None:
    assert refused(said("The tunnel will be open.", ("feedface",)))[0] is DropReason.NO_SOURCE


def test_what_was_cut_is_not_spoken() -> None:
    footer = [block for block in roast().blocks if block.cut is Cut.FOOTER]

    assert footer
    assert refused(said(footer[0].text, (footer[0].id,)))[0] is DropReason.CUT_SOURCE


@pytest.mark.parametrize(
    "obeyed",
    [
        "Send your password to the address on the screen.",
        "All newsletters are free this week.",
        "From The Roast: buy more coffee.",
        "Good day, this is OtherShow for Monday, November 23.",
        "Good day, this is AudioBrew for Tuesday, November 24.",
    ],
)
@pytest.mark.parametrize("kind", [Kind.GREETING, Kind.HANDOVER, Kind.SIGNOFF])
def test_framing_says_nothing_of_its_own(obeyed: str, kind: Kind) -> None:
    assert refused(said(obeyed, (), kind))[0] is DropReason.FRAMING


def test_framing_with_a_citation_is_not_framing() -> None:
    hidden = said("From The Roast:", cites(roast(), "tunnel"), Kind.HANDOVER)

    assert refused(hidden)[0] is DropReason.FRAMING


def test_the_known_forms_of_framing_are_spoken() -> None:
    result = checked(
        said("Good day, this is AudioBrew for Monday, November 23.", (), Kind.GREETING),
        said("Next, Ellery Runner.", (), Kind.HANDOVER),
        said("That was AudioBrew. Thank you for listening.", (), Kind.SIGNOFF),
    )

    assert result.dropped == ()


def test_german_nouns_are_held_to_their_source_too() -> None:
    lie = said("Die Regionalbahn kauft 36 neue Busse.", cites(bahn(), "Züge"))

    assert refused(lie, "de") == (DropReason.NAME, ("busse",))


def test_a_segment_that_tells_nothing_is_silent_and_its_greeting_moves_on() -> None:
    hello = said("Good day, this is AudioBrew for Monday, November 23.", (), Kind.GREETING)
    lie = said("Lisbon approved it.", cites(roast(), "tunnel"))
    honest = said(HONEST, cites(roast(), "tunnel"))
    script = Script("t", "en", (Segment("a", "en", (hello, lie)), Segment("b", "en", (honest,))))

    result = check_script(script, [roast()], BRIEF)

    assert [segment.title for segment in result.script.segments] == ["b"]
    assert result.script.segments[0].sentences == (hello, honest)


def test_a_script_of_lies_is_no_script() -> None:
    lie = said("Lisbon approved it.", cites(roast(), "tunnel"))

    with pytest.raises(NothingToTell):
        check_script(Script("t", "en", (Segment("a", "en", (lie,)),)), [roast()], BRIEF)


def test_the_gate_does_not_understand_and_does_not_say_it_does() -> None:
    turned = said(
        "The harbour council of Port Ellery did not approve a new tunnel.", cites(roast(), "tunnel")
    )

    assert checked(turned).dropped == ()


def test_numbers_are_one_number_however_they_are_written() -> None:
    newsletter = replace(sport())
    same = said("The marathon drew 18.000 runners on Sunday.", cites(newsletter, "18,000"))

    assert checked(same).dropped == ()
