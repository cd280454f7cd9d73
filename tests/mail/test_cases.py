"""Mails of the kinds that were once read wrong: `cases/NAME.eml` with `NAME.expected.json` beside it.

The keys, all optional: `told` and `cut` are texts that blocks without a cut must hold (`told` in this order)
or must not hold; `first_told`, what the first of these blocks holds; `paragraphs`, what those of them hold
that are paragraphs; `language`, `sender`, `address` and `subject` are the newsletter's.
"""

import json
from pathlib import Path
from typing import Any

import pytest
from audiobrew.mail.newsletter import BlockKind, Newsletter

from tests.mail.mails import read

CASES = Path(__file__).parent / "cases"
FIELDS = ("language", "sender", "address", "subject")


@pytest.mark.parametrize("name", sorted(path.stem for path in CASES.glob("*.eml")))
def test_a_case_is_read_as_expected(name: str) -> None:
    expected = json.loads((CASES / f"{name}.expected.json").read_text(encoding="utf-8"))
    newsletter = read((CASES / f"{name}.eml").read_bytes())

    assert differences(expected, newsletter) == []


def differences(expected: dict[str, Any], newsletter: Newsletter) -> list[str]:
    blocks = [(block.kind, normalize(block.text)) for block in newsletter.uncut_blocks]
    texts = [text for _, text in blocks]
    paragraphs = [text for kind, text in blocks if kind is BlockKind.PARAGRAPH]
    found = [
        f"{field} is {getattr(newsletter, field)!r}"
        for field in FIELDS
        if expected.get(field) not in (None, getattr(newsletter, field))
    ]
    position = 0
    for text in map(normalize, expected.get("told") or []):
        rest = range(position, len(texts))
        position = next((number for number in rest if text in texts[number]), -1)
        if position < 0:
            found.append(f"not told, or in another order: {text}")
            position = 0
    found += [f"told: {text}" for text in expected.get("cut") or [] if holds(texts, text)]
    found += [
        f"no paragraph: {text}"
        for text in expected.get("paragraphs") or []
        if not holds(paragraphs, text)
    ]
    first = expected.get("first_told")
    return found + ([f"the first is {texts[:1]}"] if first and not holds(texts[:1], first) else [])


def holds(texts: list[str], text: str) -> bool:
    return any(normalize(text) in one for one in texts)


def normalize(text: str) -> str:
    return " ".join(text.split())
