"""A script as Markdown."""

from datetime import date
from uuid import uuid4

import pytest
from audiobrew.episode.markdown import script_markdown
from audiobrew.episode.script_store import StoredScript, StoredSegment, StoredSentence
from audiobrew.script.earlier_episodes import EarlierSentence
from audiobrew.script.script import Outcome, Sentence, Speaker, Verdict

TEXT = "The bakery sells its bread to the two banks."


def script(verdict: Verdict | None) -> StoredScript:
    earlier = EarlierSentence(uuid4(), 3, date(2026, 11, 23))
    sentence = Sentence(TEXT, Speaker.FIRST, cites=("b1",), earlier=earlier, verdict=verdict)
    stored = StoredSentence(0, 0, sentence, None, 0.0, 2.0)
    return StoredScript((StoredSegment(0, "Bread", "en", 0.0, 2.0, (stored,)),), (), ())


@pytest.mark.parametrize(
    ("verdict", "expected"),
    [
        (None, ""),
        (Verdict(Outcome.SUPPORTED), ""),
        (Verdict(Outcome.CONTRADICTED, "banks"), " *(Checked against its source: “banks” does not match.)*"),
        (Verdict(Outcome.NOT_IN_SOURCE), " *(Checked against its source: some of it does not match.)*"),
        (
            Verdict(Outcome.REPLACED, "two <b>*banks*"),
            " *(Replaced by the newsletter’s own sentence, because “two \\<b\\>\\*banks\\*” did not match the"
            " source.)*",
        ),
    ],
)  # fmt: skip
def test_a_verdict_that_matters_is_said_after_its_sentence(
    verdict: Verdict | None, expected: str
) -> None:
    assert script_markdown(script(verdict)) == f"## Bread\n\n**Host:** {TEXT}{expected}"
