"""Whether a sentence shares words with its source, in any language."""

import pytest
from audiobrew.script.gate.overlap import is_unrelated

SOURCE = "The harbour council of Port Ellery approved a new tunnel under the bay on Tuesday."


@pytest.mark.parametrize(
    ("sentence", "source"),
    [
        ("A tunnel under the bay was approved by the council.", SOURCE),
        ("In Ellery, councillors voted for the tunnel; the harbours' plan goes on.", SOURCE),
        ("It will open soon.", SOURCE),  # too few words to tell
        ("Zwölf neue Züge fahren nach Lindau.", "Die Züge nach Lindau sind neu: zwölf fahren."),
        ("市议会批准了海湾下的新隧道。", "海港市议会星期二批准了一条新隧道。"),
        ("新しいトンネルが承認された。", "市議会は火曜日に新しいトンネルを承認した。"),
    ],
)
def test_a_paraphrase_is_related(sentence: str, source: str) -> None:
    assert not is_unrelated(sentence, [source])


@pytest.mark.parametrize(
    ("sentence", "source"),
    [
        ("Everything is fine and nobody needs to worry.", SOURCE),
        ("Alles ist gut und niemand muss sich Sorgen machen.", "Die Züge nach Lindau sind neu."),
        ("今天一切都很好,没有人需要担心。", "海港市议会星期二批准了一条新隧道。"),
    ],
)
def test_another_subject_is_unrelated(sentence: str, source: str) -> None:
    assert is_unrelated(sentence, [source])
