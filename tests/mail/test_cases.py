"""Mails of the kinds that were once read wrong: `cases/NAME.eml` with `NAME.expected.json` beside it.

The keys, all optional: `told` and `cut` are texts that blocks without a cut must hold (`told` in this order)
or must not hold; `first_told`, what the first of these blocks holds; `paragraphs`, what those of them hold
that are paragraphs; `language`, `sender`, `address` and `subject` are the newsletter's; `newsletter`, whether
it is one. Of the script that is written without a model, `spoken` and `not_spoken` are texts that its
sentences must hold or must not hold; `title` and `not_titles`, what one of its titles is, and what none of
them holds; `brew`, whether there is one.
"""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from audiobrew.mail.newsletter import BlockKind, Newsletter
from audiobrew.script.extractive import ExtractiveWriter
from audiobrew.script.items import items_of
from audiobrew.script.script import Script
from audiobrew.script.writer import Brief, NothingToTell

from tests.mail.mails import read
from tests.script.no_cache import no_cache

CASES = Path(__file__).parent / "cases"
FIELDS = ("language", "sender", "address", "subject")
OF_SCRIPT = {"spoken", "not_spoken", "title", "not_titles", "brew"}
KEYS = {*FIELDS, *OF_SCRIPT, "kind", "told", "cut", "first_told", "paragraphs", "newsletter"}


@pytest.mark.parametrize("name", sorted(path.stem for path in CASES.glob("*.eml")))
def test_a_case_is_read_as_expected(name: str) -> None:
    expected = json.loads((CASES / f"{name}.expected.json").read_text(encoding="utf-8"))
    newsletter = read((CASES / f"{name}.eml").read_bytes())

    assert differences(expected, newsletter) == []


@pytest.mark.parametrize("name", sorted(path.stem for path in CASES.glob("*.eml")))
async def test_a_case_is_told_as_expected(name: str) -> None:
    expected = json.loads((CASES / f"{name}.expected.json").read_text(encoding="utf-8"))
    assert expected.keys() <= KEYS
    if OF_SCRIPT.isdisjoint(expected):
        return
    newsletter = read((CASES / f"{name}.eml").read_bytes())

    script = await write_script(newsletter)

    assert (script is not None) is expected.get("brew", True)
    if script is not None:
        assert differences_of_script(expected, script, newsletter) == []


async def write_script(newsletter: Newsletter) -> Script | None:
    """The script of an episode of this newsletter alone; None if there is nothing to tell."""
    brief = Brief(5, "AudioBrew", date(2026, 11, 23), {newsletter.language: 15.0}, 2)
    writer = ExtractiveWriter()
    try:
        rundown = await writer.plan([newsletter], brief, no_cache)
    except NothingToTell:
        return None
    numbers = range(len(rundown.stories))
    segments = await writer.write(rundown, numbers, [newsletter], brief, no_cache)
    return Script(rundown.title, rundown.language, tuple(segments))


def differences_of_script(
    expected: dict[str, Any], script: Script, newsletter: Newsletter
) -> list[str]:
    spoken = normalize(" ".join(one.text for part in script.segments for one in part.sentences))
    items = [item.title for item in items_of(newsletter)]
    chapters = [segment.title for segment in script.segments]
    titles = [script.title, *items, *chapters]
    found = [f"not spoken: {text}" for text in expected.get("spoken", []) if text not in spoken]
    found += [f"spoken: {text}" for text in expected.get("not_spoken", []) if text in spoken]
    found += [f"a title: {text}" for text in expected.get("not_titles", []) if holds(titles, text)]
    title = expected.get("title")
    if title and not (title in items and title in chapters and title in script.title):
        found.append(f"{title} is not among the titles: {titles}")
    return found


def differences(expected: dict[str, Any], newsletter: Newsletter) -> list[str]:
    blocks = [(block.kind, normalize(block.text)) for block in newsletter.uncut_blocks]
    texts = [text for _, text in blocks]
    paragraphs = [text for kind, text in blocks if kind is BlockKind.PARAGRAPH]
    found = [
        f"{field} is {getattr(newsletter, field)!r}"
        for field in FIELDS
        if expected.get(field) not in (None, getattr(newsletter, field))
    ]
    if expected.get("newsletter") not in (None, newsletter.bulk):
        found.append(f"bulk is {newsletter.bulk}")
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
