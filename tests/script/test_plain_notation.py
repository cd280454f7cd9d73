"""Figures and signs are told if they are written as in running text. Other notations are left out."""

import pytest
from audiobrew.script.clarity import Clarity, clarity_of
from audiobrew.script.items import items_of
from audiobrew.script.plain_notation import find_unusual

from tests.mail.mails import html, read
from tests.script.test_structure import STORY

PLAIN = [
    ("en", "It costs $18.6m, or £12.50/mo., up 3.8% to 281,406 since 1999 and the 1980s."),
    ("en", "A 20-minute film for under-12s starts at 7:45pm on 12/4, 3–1 up after a 5-on-3."),
    ("en", "Route 6A and the A97 meet at 12b Mill Road; 40 × 30cm is 1½ inches less."),
    ("en", "Email ada@mill.example or read mill.example/bread on 5G, 24/7, w/ tea."),
    ("en", "The 2025/26 budget has R&D and he/she, I think, for #87 & #88."),
    ("en", "Disney+ and C++ are names, and so is C#."),
    (
        "en",
        "OpenAI moved GPT-4o, GPT-4.1-mini and o1-preview; Qwen2.5-72B and Llama-3.1-405B wait.",
    ),
    ("en", "Section 230(c) stays, and the A320neo lands with the RX 7900XTX and H.264 on board."),
    ("de", "Am 3.12. um 19.30 Uhr kostet es 5,50 €, für 100-Jährige 0 €, bei −3 °C."),
    ("de", "Alle Leser:innen zahlen nach § 14 je 2,31 €/m³ ab dem 1. Mai."),
    ("fr", "Le 1er mai, à 20h30, l’1,5 km coûte 2,31 €/m³ (+3,6 %) jusqu'au 25/12."),
    ("pt", "Custa R$ 410 mil desde 2019."),
    ("ja", "2024年に3人が来た。"),
    ("hi", "पंजीकरण मान्य है।"),
]
UNUSUAL = [
    ("en", "Marlow is 6-1-2 in its last nine.", "6-1-2"),
    ("en", "Venn had 2G–1A on Friday.", "2G–1A"),
    ("en", "It was plus four (σ ≈ 9) at noon.", "≈"),
    ("en", "Venn (2-0, +3) won.", "+3"),
    ("en", "The limit went from 40 ⇒ 60 on Monday.", "⇒"),
    ("en", "The new scope is mills:read now.", "mills:read"),
    ("en", "It scored 16/20 in the test.", "16/20"),
    ("de", "Offen ist dienstags 6:30–8 h und 14–20 h.", "6:30–8"),
    ("fr", "L’alternat va du PR 4+200 au PR 5+050.", "4+200"),
    ("fr", "Le vin a n = 70 juges.", "="),
]


@pytest.mark.parametrize(("language", "text"), PLAIN)
def test_figures_of_running_text_are_plain(language: str, text: str) -> None:
    assert list(find_unusual(text, language)) == []


@pytest.mark.parametrize(("language", "text", "token"), UNUSUAL)
def test_other_notations_are_not_told_if_there_is_anything_else(
    language: str, text: str, token: str
) -> None:
    assert token in list(find_unusual(text, language))
    assert clarity_of(text, language) is not Clarity.CLEAR


def told(page: str) -> list[str]:
    return [line.text for item in items_of(read(html(page))) for line in item.lines]


def test_a_sentence_with_an_unusual_notation_is_left_out_with_what_hangs_on_it() -> None:
    record = "<p>Marlow is 6-1-2 in its last nine. That is the best since 1988.</p>"
    plain = "<p>The bakery in Marlow opens at seven on Sunday.</p>"

    assert told(STORY + record + plain) == [*told(STORY), *told(STORY + plain)[-1:]]


def test_a_mail_without_any_plain_sentence_is_told_all_the_same() -> None:
    assert "Marlow is 6-1-2" in " ".join(
        told("<p>Marlow is 6-1-2 in its last nine games, and Venn is 4-3-0.</p>")
    )
