"""A translated sentence must have the figures and universal names of its mail, and must not quote."""

from datetime import date

import pytest
from audiobrew.script.gate.gate import find_rejections
from audiobrew.script.script import DropReason, Rejection, Segment, Sentence, Speaker
from audiobrew.script.writer import Brief

from tests.script.mails import bahn, roast

BRIEF = Brief(5, "AudioBrew", date(2026, 11, 23), {"en": 15.0, "de": 15.0, "fr": 15.0})


def rejections(text: str, language: str) -> list[Rejection]:
    newsletters = [roast(), bahn()]
    source = bahn() if language == "en" else roast()
    cited = (source.uncut_blocks[0].id,)
    segment = Segment("s", language, (Sentence(text, Speaker.FIRST, cites=cited),))
    return find_rejections(segment, newsletters, BRIEF)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "The regional railway buys 36 new trains for the line to Lindau."),
        (
            "en",
            "The journey becomes twelve minutes shorter, says a Spokeswoman from December 2027 on.",
        ),
        ("de", "Der Tunnel kostet 412 Millionen Euro und öffnet im Jahr 2031."),
        ("de", "Der Hafenrat hat am Dienstag einen Tunnel genehmigt, das Bürgeramt plant schon."),
        ("fr", "Le tunnel coûtera 412 millions d’euros et ouvrira en 2031."),
    ],
)
def test_a_faithful_translation_is_accepted(language: str, text: str) -> None:
    assert not rejections(text, language)


@pytest.mark.parametrize(
    ("language", "text", "reason"),
    [
        ("en", "The regional railway buys 63 new trains.", DropReason.FIGURE),
        ("en", "The journey becomes twenty minutes shorter.", DropReason.FIGURE),
        ("de", "Der Tunnel kostet 412 Milliarden Euro.", DropReason.FIGURE),
        ("fr", "Le tunnel coûtera 412 millions de dollars.", DropReason.FIGURE),
        ("en", "Anna Vogel said “the first trains run from December”.", DropReason.QUOTATION),
        ("de", "Die Bürgermeisterin sagte „es war knapper als gedacht“.", DropReason.QUOTATION),
        ("de", "Der Tunnel wird von OpenDig gebaut.", DropReason.NAME),
    ],
)
def test_an_unfaithful_translation_is_rejected(
    language: str, text: str, reason: DropReason
) -> None:
    assert [one.reason for one in rejections(text, language)] == [reason]


def test_literal_quotations_in_the_original_language_are_accepted() -> None:
    text = "Der Hafenrat nennt es “a new tunnel” und meint es so."

    assert not rejections(text, "de")
