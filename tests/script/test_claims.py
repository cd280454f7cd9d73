"""False and true sentences in seven languages: what the gate detects, and its false alarms.

`python -m tests.script.test_claims` prints the results by class. Paragraphs with `apart` were not looked at
while the gate was written; their results are printed separately.
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
FALSE_SENTENCES = [(one, kind, text) for one in PARAGRAPHS for kind, text in one["lies"]]
TRUE_SENTENCES = [(one, text) for one in PARAGRAPHS for text in one["honest"]]


def rejections(paragraph: dict[str, Any], text: str) -> list[Rejection]:
    block = Block("b1", BlockKind.PARAGRAPH, paragraph["text"])
    newsletter = replace(roast(), language=paragraph["language"], blocks=(block,))
    sentence = Sentence(text, Speaker.FIRST, cites=("b1",))
    return find_rejections(Segment("s", paragraph["language"], (sentence,)), [newsletter], BRIEF)


def test_there_are_enough_sentences_of_each_kind() -> None:
    apart = [one for one in FALSE_SENTENCES if one[0].get("apart")]

    assert len(FALSE_SENTENCES) >= 100
    assert len(TRUE_SENTENCES) >= 60
    assert len(apart) >= 40
    assert {one["language"] for one in PARAGRAPHS} >= {"en", "de", "fr", "es", "it", "pt"}


@pytest.mark.parametrize(("paragraph", "kind", "text"), FALSE_SENTENCES)
def test_a_false_sentence_is_rejected(paragraph: dict[str, Any], kind: str, text: str) -> None:
    assert rejections(paragraph, text), kind


@pytest.mark.parametrize(("paragraph", "text"), TRUE_SENTENCES)
def test_a_true_sentence_is_accepted(paragraph: dict[str, Any], text: str) -> None:
    assert not rejections(paragraph, text)


def main() -> None:
    for apart in (False, True):
        detections, totals = Counter[str](), Counter[str]()
        for paragraph, kind, text in FALSE_SENTENCES:
            if bool(paragraph.get("apart")) is apart:
                totals[kind] += 1
                detections[kind] += bool(rejections(paragraph, text))
        true_sentences = [one for one in TRUE_SENTENCES if bool(one[0].get("apart")) is apart]
        alarms = [text for paragraph, text in true_sentences if rejections(paragraph, text)]
        by_kind = ", ".join(
            f"{kind} {detections[kind]}/{count}" for kind, count in sorted(totals.items())
        )
        label = "kept apart" if apart else "looked at"
        print(
            f"{label}: caught {sum(detections.values())}/{sum(totals.values())} ({by_kind});",
            end=" ",
        )
        print(f"false alarms {len(alarms)}/{len(true_sentences)}")


if __name__ == "__main__":
    sys.exit(main())
