"""Lies and honest sentences, in seven languages: what the gate catches, and its false alarms.

`python -m tests.script.test_claims` prints the figures by class, of the paragraphs that were kept apart, too.
"""

import sys
import tomllib
from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from audiobrew.mail.newsletter import Block, BlockKind
from audiobrew.script.gate.gate import find_rejections
from audiobrew.script.script import Rejection, Segment, Sentence, Speaker
from audiobrew.script.writer import Brief

from tests.script.mails import roast

TABLE = Path(__file__).with_name("claims.toml")
PARAGRAPHS: list[dict[str, Any]] = tomllib.loads(TABLE.read_text(encoding="utf-8"))["paragraph"]
BRIEF = Brief(5, "AudioBrew", date(2026, 11, 23), {})
LIES = [(one, kind, said) for one in PARAGRAPHS for kind, said in one["lies"]]
HONEST = [(one, said) for one in PARAGRAPHS for said in one["honest"]]


def wrong(paragraph: dict[str, Any], said: str) -> list[Rejection]:
    block = Block("b1", BlockKind.PARAGRAPH, paragraph["text"])
    newsletter = replace(roast(), language=paragraph["language"], blocks=(block,))
    sentence = Sentence(said, Speaker.FIRST, cites=("b1",))
    return find_rejections(Segment("s", paragraph["language"], (sentence,)), [newsletter], BRIEF)


def test_there_are_enough_of_each() -> None:
    apart = [one for one in LIES if one[0].get("apart")]

    assert len(LIES) >= 100
    assert len(HONEST) >= 60
    assert len(apart) >= 40
    assert {one["language"] for one in PARAGRAPHS} >= {"en", "de", "fr", "es", "it", "pt"}


@pytest.mark.parametrize(("paragraph", "kind", "said"), LIES)
def test_a_lie_is_not_spoken(paragraph: dict[str, Any], kind: str, said: str) -> None:
    assert wrong(paragraph, said), kind


@pytest.mark.parametrize(("paragraph", "said"), HONEST)
def test_an_honest_sentence_is_spoken(paragraph: dict[str, Any], said: str) -> None:
    assert not wrong(paragraph, said)


def main() -> None:
    for apart in (False, True):
        caught, every = Counter[str](), Counter[str]()
        for paragraph, kind, said in LIES:
            if bool(paragraph.get("apart")) is apart:
                every[kind] += 1
                caught[kind] += bool(wrong(paragraph, said))
        honest = [one for one in HONEST if bool(one[0].get("apart")) is apart]
        alarms = [said for paragraph, said in honest if wrong(paragraph, said)]
        told = ", ".join(f"{kind} {caught[kind]}/{count}" for kind, count in sorted(every.items()))
        where = "kept apart" if apart else "looked at"
        print(f"{where}: caught {sum(caught.values())}/{sum(every.values())} ({told});", end=" ")
        print(f"false alarms {len(alarms)}/{len(honest)}")


if __name__ == "__main__":
    sys.exit(main())
