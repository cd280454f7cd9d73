"""Find who asks and who answers in an interview: by labels, or by how the questions are printed.

A question may also be a statement that the interviewee answers: `You had a close call in 2018.` Its label
shows that, or that it is printed like the questions around it.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from audiobrew.mail.cuts.mail_context import MailContext
from audiobrew.mail.newsletter import BlockKind, BlockRole
from audiobrew.mail.raw_block import RawBlock

_MAX_QUESTION_CHARACTERS = 400
# In Greek, the question mark is a semicolon. A reader's name may stand after it: `Why? – Ada, Leeds`.
_QUESTION_END = re.compile(
    r"(?:[?？؟\u037e]|(?<=[\u0370-\u03ff\u1f00-\u1fff]);)[\"”»)*_]{0,3}"
    r"(?:\s[—–-]{1,2}\s?(?=[A-ZÀ-Þ])[^?!:]{2,60})?$"
)
_SENTENCE_END = re.compile(r"[.!…:。！][\"'”’»)*_]{0,3}$")
_QUOTED = re.compile(r"[*_]{0,3}[\"“„«»].{1,400}[\"“”«»][.!]?[*_]{0,3}")
# A remark on how something is said may stand in brackets: `NOOR (from the yard): No.`
_LABEL = re.compile(r"\**([^\W\d_][^:：?!\n*()]{0,30})(?:\([^()\n]{1,60}\)\s?)?[:：]\**\s")
# Labels that may end with a full stop, as `Q.` does.
LABEL_WORDS = "Question|Answer|Frage|Antwort|Réponse|Pregunta|Respuesta|Domanda|Risposta|Vraag"
_POINTED_LABEL = re.compile(rf"\**([A-ZÀ-ÞА-Я]|{LABEL_WORDS})\.\**\s")
# Somebody else, who answers in their place: `Ada Brook. I kept the keys.`
_OTHER_SPEAKER = re.compile(r"\**[A-ZÀ-Þ][\w’'-]{1,20} [A-ZÀ-Þ][\w’'-]{1,20}[.:]\**\s(?=\S)")
QUESTION_LABELS = frozenset(
    (
        "q",
        "f",
        "frage",
        "question",
        "pregunta",
        "p",
        "domanda",
        "d",
        "vraag",
        "v",
        "fråga",
        "в",
        "вопрос",
    )
)
ANSWER_LABELS = frozenset(("a", "r", "о", "answer", "antwort", "réponse", "respuesta", "risposta"))
# Questions of a mail that are printed as such, without a label. A single one is rhetorical.
_MIN_QUESTIONS = 2
# Headings and lines in italics are questions if at least this many and this share of them are.
_MIN_STYLED_QUESTIONS, _MIN_QUESTION_SHARE = 3, 0.66
# The share if the questions address somebody who answers with “I” or “we”, and the share that does.
_MIN_SHARE_OF_CONVERSATION, _MIN_PERSONAL_SHARE = 0.5, 0.2
# Headings of these levels are titles of sections, unless there is a conversation below them.
_SECTION_LEVELS = (1, 2)
_NAME = re.compile(r"\b[A-ZÀ-ÞΑ-Ω][\w’'-]{1,20} [A-ZÀ-ÞΑ-Ω][\w’'-]{1,20}")

# The heading of a part that is counted is no question of an interview.
_NUMBERED = re.compile(r"\s{0,3}\d{1,2}[.):]\s")

# How a block is printed: a heading's level, or what all of it is.
Print = int | str


def find_interview(
    blocks: Sequence[RawBlock], numbers: Sequence[int], mail: MailContext
) -> Iterator[tuple[int, BlockRole]]:
    """The questions of an interview and the blocks that answer them. `numbers` are those to consider."""
    labelled = labelled_questions(blocks, numbers)
    printed = printed_questions(blocks, [one for one in numbers if one not in labelled], mail)
    if len(labelled) + len(printed) < _MIN_QUESTIONS and not labelled:
        return
    questions = labelled | printed
    for number in sorted(questions):
        yield number, BlockRole.QUESTION
    for number in answers_to(blocks, questions, labelled, numbers):
        yield number, BlockRole.ANSWER


def labelled_questions(blocks: Sequence[RawBlock], numbers: Sequence[int]) -> set[int]:
    """What the interviewer says, if a label precedes it: `Q:` or the label that most questions have."""
    labels = {number: label for number in numbers if (label := label_of(blocks[number].text))}
    labels = merge_initials(labels)
    counts = Counter(labels.values())
    asks = Counter(labels[number] for number in labels if is_question(blocks[number]))
    answered = {number for number in labels if is_answered(blocks, number)}
    askers = {
        label
        for label, count in asks.items()
        if any(labels[number] == label for number in answered)
        and (
            (label in QUESTION_LABELS and (len(label) > 1 or not counts.keys() <= {label}))
            or (count >= _MIN_QUESTIONS and count * 2 >= counts[label])
            or (count >= _MIN_QUESTIONS and takes_turns(label, labels, asks))
        )
    }
    return {
        number
        for number, label in labels.items()
        if label in askers and len(blocks[number].text) <= _MAX_QUESTION_CHARACTERS
    }


def takes_turns(label: str, labels: dict[int, str], asks: Counter[str]) -> bool:
    """Whether a label is every second one, about, and asks more than all others together."""
    sequence = [labels[number] for number in sorted(labels)]
    share = sequence.count(label) / len(sequence)
    return 0.35 <= share <= 0.65 and asks[label] * 2 > asks.total()


def merge_initials(labels: dict[int, str]) -> dict[int, str]:
    """The labels, with initials and single names replaced by the full name: `tr` by `tom reddy`."""
    full = [label for label in dict.fromkeys(labels.values()) if " " in label]
    names: dict[str, list[str]] = defaultdict(list)
    for label in full:
        words = label.replace("-", " ").split()
        names["".join(word[0] for word in words)].append(label)
        for word in label.split():
            names[word].append(label)
    return {
        number: names[short][0]
        if len(names.get(short := label.replace(".", ""), ())) == 1
        else label
        for number, label in labels.items()
    }


def label_of(text: str) -> str:
    """Who speaks: `FQ: And the price?`. In lower case; empty if nobody is named."""
    match = _LABEL.match(text)
    label = match[1].strip().casefold() if match else ""
    if label and len(label.split()) <= 3:
        return label
    pointed = _POINTED_LABEL.match(text)
    return pointed[1].casefold() if pointed else ""


def printed_questions(
    blocks: Sequence[RawBlock], numbers: Sequence[int], mail: MailContext
) -> set[int]:
    """Questions in bold, in italics or in headings, and the statements among them that are printed alike."""
    styles: dict[Print, list[int]] = defaultdict(list)
    for number in numbers:
        if (style := print_of(blocks[number])) is not None:
            styles[style].append(number)
    result: set[int] = set()
    for style, members in styles.items():
        questions = [
            number
            for number in members
            if is_question(blocks[number]) and is_answered(blocks, number)
        ]
        if not is_style_of_questions(style, members, questions, blocks, mail):
            continue
        questions = [
            number
            for region in regions_of(blocks, questions, style)
            for number in region
            if len(region) > 1 or is_conversation(blocks, region, mail)
        ]
        result |= set(questions)
        if len(questions) >= _MIN_QUESTIONS:
            result |= set(statements(blocks, style, numbers, questions, mail))
    return result


def regions_of(
    blocks: Sequence[RawBlock], questions: Sequence[int], style: Print
) -> Iterator[list[int]]:
    """The questions between two headings: a single one may be the first line of a story."""
    region: list[int] = []
    for number in questions:
        between = blocks[region[-1] + 1 : number] if region else ()
        if any(one.kind is BlockKind.HEADING and print_of(one) != style for one in between):
            yield region
            region = []
        region.append(number)
    if region:
        yield region


def print_of(block: RawBlock) -> Print | None:
    if len(block.text) > _MAX_QUESTION_CHARACTERS:
        return None
    if block.kind is BlockKind.HEADING:
        return None if _NUMBERED.match(block.text) else block.level
    if block.kind is not BlockKind.PARAGRAPH:
        return None
    return "bold" if block.bold else "italic" if block.italic else None


def is_style_of_questions(
    style: Print,
    members: Sequence[int],
    questions: Sequence[int],
    blocks: Sequence[RawBlock],
    mail: MailContext,
) -> bool:
    if style == "bold":
        return bool(questions)
    share = len(questions) / len(members)
    if len(questions) < _MIN_STYLED_QUESTIONS:
        return False
    if style not in _SECTION_LEVELS and share >= _MIN_QUESTION_SHARE:
        return True
    return share >= _MIN_SHARE_OF_CONVERSATION and is_conversation(blocks, questions, mail)


def is_conversation(
    blocks: Sequence[RawBlock], questions: Sequence[int], mail: MailContext
) -> bool:
    """Whether questions address somebody, and what follows them is told by that person."""
    asks = sum(addresses_reader(blocks[number], mail) for number in questions)
    tells = sum(
        mail.phrases["first_person"].search(blocks[number + 1].text) is not None
        for number in questions
    )
    return min(asks, tells) >= max(1, _MIN_PERSONAL_SHARE * len(questions))


def addresses_reader(block: RawBlock, mail: MailContext) -> bool:
    return mail.phrases["readers"].search(block.text) is not None


def statements(
    blocks: Sequence[RawBlock],
    style: Print,
    numbers: Sequence[int],
    questions: Sequence[int],
    mail: MailContext,
) -> Iterator[int]:
    """The blocks that are printed like the questions and are answered like them.

    Beside the first and the last question, they must address the interviewee. A quotation that is printed
    large is none.
    """
    texts = [block.text for block in blocks]
    for number in numbers:
        block = blocks[number]
        alike = print_of(block) == style or (
            # A short line in bold without a full stop is a heading.
            style == "bold" and block.kind is BlockKind.HEADING and block.bold and block.level == 4
        )
        if not alike or number in questions or not is_followed(blocks, number, style):
            continue
        ended = bool(_SENTENCE_END.search(block.text)) or is_question(block)
        within = questions[0] < number < questions[-1]
        if not (within and ended) and not addresses_reader(block, mail):
            continue
        is_quotation = bool(_QUOTED.fullmatch(block.text))
        repeats = sum(block.text.strip('“”"«»„ ') in text for text in texts) > 1
        if not is_quotation and not repeats and block.word_count > 1:
            yield number


def is_followed(blocks: Sequence[RawBlock], number: int, style: Print) -> bool:
    """Whether a paragraph that is printed otherwise follows. Below a rule, it is no answer."""
    following = blocks[number + 1] if number + 1 < len(blocks) else None
    return (
        following is not None
        and following.kind is not BlockKind.HEADING
        and print_of(following) != style
    )


def is_question(block: RawBlock) -> bool:
    return (
        block.kind in (BlockKind.PARAGRAPH, BlockKind.HEADING)
        and len(block.text) <= _MAX_QUESTION_CHARACTERS
        and bool(_QUESTION_END.search(block.text))
    )


def is_answered(blocks: Sequence[RawBlock], number: int) -> bool:
    block = blocks[number]
    following = blocks[number + 1] if number + 1 < len(blocks) else None
    if following is None or following.kind is BlockKind.HEADING:
        return False
    if (following.bold and block.bold) or (following.italic and block.italic):
        return False
    return (
        block.kind is BlockKind.HEADING
        or block.bold
        or block.italic
        or not (_QUESTION_END.search(following.text))
    )


def answers_to(
    blocks: Sequence[RawBlock],
    questions: set[int],
    labelled: set[int],
    numbers: Sequence[int],
) -> Iterator[int]:
    """The paragraphs and quotations that answer the questions.

    An answer ends before a heading. The last one also ends before a rule, a paragraph in italics, and a
    paragraph that names who answers: a note about the interview.
    """
    first, last = min(questions), max(questions)
    names = {match[0] for block in blocks[:first] for match in _NAME.finditer(block.text)}
    labels = {number for number in numbers if number > first and label_of(blocks[number].text)}
    all_labelled = bool(labelled) and len(labels - questions) * 2 >= len(labelled)
    answers = is_open = False
    allowed = set(numbers)
    for number in range(first, len(blocks)):
        block = blocks[number]
        if number in questions:
            answers = is_open = True
            continue
        if block.kind is BlockKind.HEADING:
            answers = is_open = False
        after_question = number - 1 in questions
        if all_labelled and is_open and (after_question or number in labels):
            # A round of printed questions has no labels.
            is_other = after_question and _OTHER_SPEAKER.match(block.text) is not None
            answers = number in labels or is_other or number - 1 in questions - labelled
        elif all_labelled and block.italic and number not in labels:
            answers = False
        if number > last and block.after_rule:
            answers = False
        if number > last and not after_question:
            ends = (block.italic and not blocks[last + 1].italic) or any(
                name in block.text for name in names
            )
            answers = answers and not ends
        is_text = block.kind in (BlockKind.PARAGRAPH, BlockKind.QUOTATION)
        if answers and is_text and number in allowed:
            yield number
