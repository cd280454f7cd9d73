"""Who asks and who answers in an interview."""

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from audiobrew.mail.newsletter import Block, BlockRole

# Who speaks, before what they say in an interview.
SPEAKER = re.compile(
    r"\s{0,3}([^\W\d_](?:[\w.’'-]{0,20} ?){1,3}(?:& (?:[\w.’'-]{1,20} ?){1,3})?|[^\W\d_]{1,2})"
    r"\s?[:：]\s+(?=\S)|"
    r"\s{0,3}([QAFPRDVОВ])\.\s+(?=\S)"
)
# Initials for a question and its answer, in English, German, French, Spanish, Italian, Dutch and Russian.
_INITIALS = (("Q", "A"), ("F", "A"), ("Q", "R"), ("P", "R"), ("D", "R"), ("V", "A"), ("В", "О"))
_NAME = re.compile(r"\b[A-ZÀ-ÞΑ-Ω][\w’'-]{1,20} [A-ZÀ-ÞΑ-Ω][\w’'-]{1,20}")


def interviewees(blocks: Sequence[Block]) -> frozenset[str]:
    """Names of two words before the first question of an interview."""
    first = next((place for place, one in enumerate(blocks) if one.role is BlockRole.QUESTION), 0)
    return frozenset(match[0] for one in blocks[:first] for match in _NAME.finditer(one.text))


def speakers_of(blocks: Sequence[Block]) -> frozenset[str]:
    """The names or initials before the questions of an interview and before their answers."""
    pairs = [
        one for one in pairwise(blocks) if one[0].role is BlockRole.QUESTION and one[1].role is None
    ]
    matches = [SPEAKER.match(block.text.lstrip("*")) for pair in pairs for block in pair]
    labels = Counter((match[1] or match[2]).strip() for match in matches if match)
    repeated = {label for label, count in labels.items() if count > 1 or len(label) <= 2}
    every = (SPEAKER.match(block.text.lstrip("*")) for block in blocks)
    firsts = {(match[1] or match[2]).strip() for match in every if match}
    initials = {label for pair in _INITIALS if firsts.issuperset(pair) for label in pair}
    return frozenset(repeated | initials)


def question_initials(speakers: frozenset[str]) -> frozenset[str]:
    return frozenset(one for one, other in _INITIALS if speakers.issuperset((one, other)))


def answer_initials(speakers: frozenset[str]) -> frozenset[str]:
    return frozenset(other for one, other in _INITIALS if speakers.issuperset((one, other)))
