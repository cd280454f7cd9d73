"""Content that resembles boilerplate is told: poems about unsubscribing, calendars, quizzes, letters."""

import json
import re
from pathlib import Path

import pytest
from audiobrew.mail.limits import Limits
from audiobrew.mail.reader import read_mail

TRAPS = Path(__file__).parent / "labelled" / "traps"
NAMES = sorted(path.stem for path in TRAPS.glob("*.eml"))
# The most blocks of content that may be cut in all mails: what was measured. Lower it when it gets better.
MOST_CUT = 60


def normalize(text: str) -> str:
    return re.sub(r"[\W_]+", "", text.casefold())


def count_cut_content(name: str) -> tuple[int, int]:
    """How many blocks with content are cut, and how many there are."""
    labels = json.loads((TRAPS / f"{name}.labels.json").read_text(encoding="utf-8"))
    newsletter = read_mail((TRAPS / f"{name}.eml").read_bytes(), limits=Limits())
    uncut = normalize(" ".join(block.text for block in newsletter.blocks if block.cut is None))
    content = [block["text"] for block in labels["blocks"] if block["label"].startswith("told")]
    return sum(normalize(text) not in uncut for text in content), len(content)


@pytest.mark.parametrize("name", NAMES)
def test_most_of_a_mail_of_content_is_told(name: str) -> None:
    cut, content = count_cut_content(name)

    assert cut * 2 < content


def test_content_that_resembles_boilerplate_is_told() -> None:
    assert sum(count_cut_content(name)[0] for name in NAMES) <= MOST_CUT
