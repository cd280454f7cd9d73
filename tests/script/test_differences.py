"""Newsletters that tell one story with different figures."""

from dataclasses import replace
from datetime import date

import pytest
from audiobrew.mail.newsletter import Newsletter
from audiobrew.script.differences import find_differences
from audiobrew.script.extractive_segments import build_rundown, build_segment
from audiobrew.script.gate.gate import Sources, check_script, check_sentence
from audiobrew.script.items import items_of
from audiobrew.script.script import DropReason, Kind, Script, Sentence, Speaker
from audiobrew.script.writer import Brief

from tests.script.mails import newsletter

BRIEF = Brief(3, "Brew", date(2026, 11, 24), {"en": 15.0})
LEDGER = """The storm of Sunday night damaged {one} in the harbour of Port Ellery. Harbour master Olga \
Brandt closed the north pier for the week. Insurers of the Ellery Line expect claims until Christmas.
"""
NOTES = """In the harbour of Port Ellery the storm of Sunday night damaged {other}. Harbour master Olga \
Brandt said that the north pier stays closed. The Ellery Line wants to sail again on Friday.
"""


def pair(one: str, other: str) -> list[Newsletter]:
    return [
        newsletter("The Ledger", "Storm over the harbour", LEDGER.format(one=one)),
        newsletter("Harbour Notes", "After the storm", NOTES.format(other=other)),
    ]


def differences(one: str, other: str) -> list[tuple[str, str]]:
    items = [item for own in pair(one, other) for item in items_of(own)]
    return [(each.one.text, each.other.text) for each in find_differences(items)]


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("40 ferries", "31 ferries", [("40", "31")]),
        ("40 wooden ferries", "31 ferries", [("40", "31")]),
        ("forty ferries", "31 ferries", [("forty", "31")]),
        ("property worth $3 million", "property worth $4.5 million", [("$3 million", "$4.5 million")]),
        ("12 percent of all piers", "17 percent of all piers", [("12 percent", "17 percent")]),
        ("40 ferries", "40 ferries", []),
        ("40 ferries", "forty ferries", []),
        ("40 ferries", "31 warehouses", []),
        ("40 ferries", "about 30 ferries", []),
        ("more than 30 ferries", "31 ferries", []),
        ("4,000 boxes", "4,012 boxes", []),
        ("40 ferries", "31 ferries and 40 boats", []),
        ("40 ferries and 12 ferries", "31 ferries", []),
        ("property worth $3 million", "property worth 4 million euros", []),
    ],
)  # fmt: skip
def test_differing_figures_of_the_same_thing_are_found(
    one: str, other: str, expected: list[tuple[str, str]]
) -> None:
    assert differences(one, other) == expected


def test_the_difference_is_said_after_the_figure_and_cites_both() -> None:
    newsletters = pair("40 ferries", "31 ferries")
    rundown = build_rundown(newsletters, BRIEF)
    [story] = rundown.stories
    segment = build_segment(rundown, 0, newsletters, BRIEF)
    texts = [sentence.text for sentence in segment.sentences]
    place = next(n for n, one in enumerate(segment.sentences) if one.kind is Kind.DIFFERENCE)

    assert all(part in texts[place] for part in ("The Ledger", "40", "Harbour Notes", "31"))
    assert "damaged" in texts[place - 1]
    [difference] = story.differences
    sentence_before = segment.sentences[place - 1]
    assert segment.sentences[place].cites[0] in sentence_before.cites
    assert set(segment.sentences[place].cites) == {difference.one.block, difference.other.block}
    script = Script(rundown.title, "en", (segment,))
    assert check_script(script, newsletters, BRIEF).dropped == ()


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("The Ledger says 40, Harbour Notes says 31.", None),
        ("The Ledger says 31, Harbour Notes says 40.", DropReason.FIGURE),
        ("The Ledger says 40, Harbour Notes says 32.", DropReason.FIGURE),
        ("The Ledger says 40 dead, Harbour Notes says 31.", DropReason.FIGURE),
        ("The Ledger says forty, Harbour Notes says 31.", None),
        ("Harbour Notes says 40, The Ledger says 31.", DropReason.FRAMING),
        ("The Ledger says 40, and it is raining.", DropReason.FRAMING),
    ],
)  # fmt: skip
def test_the_gate_checks_each_figure_against_its_own_source(
    text: str, reason: DropReason | None
) -> None:
    newsletters = pair("40 ferries", "31 ferries")
    cites = tuple(one.uncut_blocks[0].id for one in newsletters)
    sentence = Sentence(text, Speaker.FIRST, Kind.DIFFERENCE, cites)
    sources = Sources.of(newsletters, BRIEF)
    rejection = check_sentence(sentence, "en", sources)

    assert (rejection.reason if rejection else None) is reason
    alone = check_sentence(replace(sentence, cites=cites[:1]), "en", sources)
    assert alone is not None
