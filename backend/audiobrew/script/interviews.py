"""The names before what is said in an interview, and what else is not said in it."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from audiobrew.mail.interviews import ANSWER_LABELS, LABEL_WORDS, QUESTION_LABELS
from audiobrew.mail.newsletter import Block, BlockKind, BlockRole
from audiobrew.mail.text_cleanup import count_words
from audiobrew.script.lead_ins import QUESTION_MARKS
from audiobrew.script.sentences import sentences

# Who speaks, before what they say in an interview.
SPEAKER = re.compile(
    r"\s{0,3}([^\W\d_](?:[\w.’'-]{0,20} ?){1,3}(?:& (?:[\w.’'-]{1,20} ?){1,3})?|[A-Z]&[A-Z]|[^\W\d_]{1,2})"
    r"\s?(?:\([^()]{1,60}\)\s?)?[:：]\**\s+(?=\S)|"
    rf"\s{{0,3}}([QAFPRDVОВ]|{LABEL_WORDS})\.\**\s+(?=\S)"
)
# A remark on how something is said: `(Laughs.)`, `[lacht]`.
_STAGE_DIRECTION = re.compile(
    r"(?:(?<=[.!?…:])\s|^)[(\[][_*]{0,2}[^\W\d_][^()\[\]\d]{1,30}[(\[]?[.…]?[_*]{0,2}[)\]]\.?(?=\s|$)"
)
MAX_DIRECTION_WORDS = 6
# A remark of sentences, which stands between sentences: `[Long pause. She peels an apple.]`
_SCENE = re.compile(r"(?:(?<=[.!?…:”\"»])\s|^)\[[^\W\d_][^\[\]]{1,200}[.!?…]\](?=\s|$)")
# A longer remark before what is said: `[She closes the door.] You can ask.`
_OPENING_DIRECTION = re.compile(r"^(?:\([^()]{1,120}[.!…]\)|\[[^\[\]]{1,120}\])\.?\s+(?=\S)")
# Words of a question and its answer in one paragraph, and of the question.
MAX_EXCHANGE_WORDS, MAX_SHORT_QUESTION_WORDS = 45, 8
# Letters of initials.
MAX_INITIALS = 4
_TURNS = (BlockRole.QUESTION, BlockRole.ANSWER)


def split_exchange(block: Block) -> tuple[Block, Block] | None:
    """A short question and its answer in one paragraph, as a round of them has: `Salt? Never.`"""
    if block.kind is not BlockKind.PARAGRAPH or count_words(block.text) > MAX_EXCHANGE_WORDS:
        return None
    question, *answer = sentences(block.text)
    short = count_words(question) <= MAX_SHORT_QUESTION_WORDS
    if not answer or not short or not question.endswith(QUESTION_MARKS):
        return None
    if " ".join(answer).endswith(QUESTION_MARKS):
        return None
    return (
        replace(block, text=question, role=BlockRole.QUESTION),
        replace(block, text=" ".join(answer), role=BlockRole.ANSWER),
    )


def speakers_of(blocks: Sequence[Block]) -> frozenset[str]:
    """The names or initials before questions and answers, if they do not begin a sentence there.

    Who asks has the same label again and again, or initials. In a conversation with labels, most of what is
    said has one.
    """
    labels = {
        role: [label_of(block.text) for block in blocks if block.role is role] for role in _TURNS
    }
    questions, answers = labels[BlockRole.QUESTION], labels[BlockRole.ANSWER]
    if sum(map(bool, questions)) * 2 < len(questions) or not any(questions):
        counts = Counter([*questions, *answers])
        return frozenset(one for one in counts if counts[one] > 1 and is_initials(one))
    return frozenset(filter(None, [*questions, *answers]))


def label_of(text: str) -> str:
    """Who speaks according to the beginning of a text; empty if it does not say so."""
    match = SPEAKER.match(text.lstrip("*"))
    return (match[1] or match[2]).strip() if match else ""


def is_spoken_name(speaker: str) -> bool:
    """Whether a label is a name that says who answers: neither initials nor `Answer`."""
    is_role = speaker.casefold() in QUESTION_LABELS | ANSWER_LABELS
    return len(speaker) > 2 and not is_initials(speaker) and not is_role


def is_initials(speaker: str) -> bool:
    return speaker.isupper() and sum(map(str.isalpha, speaker)) <= MAX_INITIALS


def is_same_person(speaker: str, other: str) -> bool:
    """Whether two labels name the same person: `Ada Brook` and `Ada` do."""
    words, others = speaker.casefold().split(), other.casefold().split()
    return bool(others) and (set(words) <= set(others) or set(others) <= set(words))


def name_of(speaker: str) -> str:
    """A name as it is said: `ILSE VARGA-HOLM` is no abbreviation."""
    return speaker.title() if speaker.isupper() else speaker


def without_stage_directions(text: str) -> str:
    """What is said, without remarks such as `(Laughs.)`."""
    text = _SCENE.sub("", _OPENING_DIRECTION.sub("", text))
    return _STAGE_DIRECTION.sub(
        lambda match: "" if len(match[0].split()) <= MAX_DIRECTION_WORDS else match[0], text
    ).strip()
