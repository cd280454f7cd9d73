"""Find what a newsletter says about itself: calls to share, reply, rate or support it, polls, referrals."""

import re
from collections.abc import Sequence

from audiobrew.mail.cuts.mail_context import (
    MailContext,
    begins_with_quotation,
    coverage,
    is_in_last_part,
    share_of_sentences,
    split_sentences,
)
from audiobrew.mail.cuts.self_reference import (
    find_self_references,
    is_advice,
    signs_in_words,
)
from audiobrew.mail.newsletter import BlockKind
from audiobrew.mail.raw_block import RawBlock

_MAX_WORDS = 45
_MAX_PLATFORM_WORDS = 40
# Sentences with a request must make up this share of a block, or of a block at the end of the mail.
_MIN_SHARE, _MIN_LATE_SHARE = 0.6, 0.45
_NEIGHBOURS, _MIN_LINE_WORDS = 2, 3
# Answers of a poll: their words, and their number.
_MAX_ANSWER_WORDS = 7
_MIN_ANSWERS, _MAX_ANSWERS = 2, 12
# The share of a block that links make up, and that phrases do, if they show that it is about the newsletter.
_MIN_LINK_SHARE, _MIN_COVERAGE = 0.1, 0.5
# The same for a sentence with at most so many characters.
_MIN_SHORT_COVERAGE, _MAX_SHORT_SENTENCE = 0.25, 45
# What a platform adds is recognized by so many words of its own, or by this share of the first sentence.
_MIN_PLATFORM_MATCH = 6
_MIN_PLATFORM_COVERAGE = 0.4
# A counter of referrals that stands at zero: "Your count so far: 0".
_COUNTER = re.compile(r"(?<![\d.,:])\s0[.!]?$|:\s?0[.!]?$")
_ZERO = re.compile(r"(?<![\d.,:–-])\b0\b(?![\d.,:–-])")
_MAX_COUNTER_WORDS = 30
# Words of a line that says when the newsletter appears, and of a block about the newsletter.
_MAX_SCHEDULE_WORDS = 25
_MAX_ABOUT_WORDS = 40
_ADDRESS = re.compile(r"[\w.+-]{1,64}+@([\w-]{1,63}(?:\.[\w-]{1,63}){1,4})")
# Times and dates, which invitations have.
_TIME = re.compile(r"\d{1,2}[:.h]\d{2}|\b\d{1,2}\.? [^\W\d_]{3,}")
_STARS = re.compile(r"[⭐🌟★☆👍👎😀🙂😐🙁😍😊😞❤️🔥💛✅❌\ufe0f]{1,10}\s*.{0,30}")
_PICTOGRAMS = re.compile(
    r"[\u2600-\u27bf\u2b50\U0001f300-\U0001faff]\ufe0f?(?:[\u2600-\u27bf\u2b50\U0001f300-\U0001faff]\ufe0f?){0,5}"
)
# A line that ends in the answers of a poll; what separates them; and words of the line and of each answer.
_QUESTION = re.compile(r".{4,160}[?？:：؟]\s(?P<answers>[^?？:：]{3,120})$")
_OPTIONS = re.compile(r"\s[/|·•–—]\s|\s?[👉➡▶]\ufe0f?\s?")
_MAX_POLL_WORDS, _MAX_LINE_ANSWER_WORDS = 32, 3
_SCALE_ENDS = re.compile(r"\s?[/|·•↔…]\s?|\s[–—-]\s")
_NUMBERS = re.compile(r"(?:\d{1,2}[\s|/·•]{1,5}){2,10}\d{1,2}")
_LINE_WITH_LINK = re.compile(r".{0,60}https?://\S+", re.IGNORECASE)
_REFERRAL_PARAMETER = re.compile(r"[?&/](?:ref|referral|rh_ref|r)\b", re.IGNORECASE)
# A line that counts pages, or says that the next one goes on.
_PAGE = re.compile(
    r"\W{0,3}(?:page|seite|p[áà]gina|sida|side|sivu|strona|strana|stránka|oldal|pag\.?|σελίδα|страница|сторінка"
    r"|sayfa|trang|halaman|ページ|페이지|صفحة|עמוד|पृष्ठ)\s?\d{1,3}(?:\s?(?:/|\w{1,4})\s?\d{1,3})?\W{0,3}"
    r"|\W{0,3}第?\s?\d{1,3}\s?[页頁]\W{0,3}|\((?:more|continued|mehr|suite|continúa|segue|vervolg)\)",
    re.IGNORECASE,
)
_SENTENCE_ENDS = (".", "!", "?", "。", "！", "？", "؟", "।")
_QUESTION_MARKS = ("?", "？", "؟", ";")


def find_housekeeping(blocks: Sequence[RawBlock], mail: MailContext) -> set[int]:
    numbers = {
        number
        for number, block in enumerate(blocks)
        if is_platform_phrase(block, mail)
        or is_schedule(block, number, blocks, mail)
        or (
            is_request(block, number, blocks, mail)
            and not is_between_stories(block, number, blocks, mail)
        )
        or (block.kind is not BlockKind.HEADING and _PAGE.fullmatch(block.text))
    }
    numbers |= {
        number
        for number, block in enumerate(blocks)
        if numbers.intersection(neighbours(blocks, number))
        and is_request(block, number, blocks, mail, True)
        and not is_story_below_title(block, number, blocks, mail)
    }
    numbers |= find_polls(blocks, mail, numbers)
    numbers |= find_self_references(blocks, mail, numbers)
    return numbers | find_lists(blocks, numbers)


def is_between_stories(
    block: RawBlock, number: int, blocks: Sequence[RawBlock], mail: MailContext
) -> bool:
    """Whether a request without a link stands between lines of running text, and asks for nothing of ours."""
    beside = [*blocks[max(0, number - 1) : number], *blocks[number + 1 : number + 2]]
    return (
        len(beside) == _NEIGHBOURS
        and not block.links
        and not block.small
        and all(one.is_plain and not may_be_request(one, mail) for one in beside)
        and beside[-1].kind is not BlockKind.HEADING
        and not any(mark in block.text for mark in _QUESTION_MARKS)
        and block.word_count >= _MIN_LINE_WORDS
        and "@" not in block.text
        and sum(1 for _ in mail.phrases["requests"].finditer(block.text)) <= 1
        and is_about_the_world(block, mail)
    )


def is_story_below_title(
    block: RawBlock, number: int, blocks: Sequence[RawBlock], mail: MailContext
) -> bool:
    """Whether a sentence without a link stands below a title that may be a request, too: "Share"."""
    title = blocks[number - 1] if number else None
    return (
        title is not None
        and title.kind is BlockKind.HEADING
        and not title.links
        and block.is_plain
        and block.text.endswith(_SENTENCE_ENDS)
        and not _ZERO.search(block.text)
        and not any(mark in block.text for mark in _QUESTION_MARKS)
        and is_about_the_world(block, mail)
    )


def may_be_request(block: RawBlock, mail: MailContext) -> bool:
    """Whether a text has a request, or speaks to its readers of what newsletters ask for."""
    signs = signs_in_words(block.text, mail)
    return signs["requests"] > 0 or (signs["readers"] > 0 and signs["support"] > 0)


def is_about_the_world(block: RawBlock, mail: MailContext) -> bool:
    """Whether a text has neither "we" nor a word for a newsletter."""
    signs = signs_in_words(block.text, mail)
    return not signs["newsletter_words"] + signs["first_person"]


def neighbours(blocks: Sequence[RawBlock], number: int) -> set[int]:
    """The blocks with which a block belongs together. A title belongs to what is below it."""
    return {number + 1} | ({number - 1} if blocks[number].kind is not BlockKind.HEADING else set())


def find_lists(blocks: Sequence[RawBlock], housekeeping: set[int]) -> set[int]:
    """The items of lists of which at least two items and half of all are requests: rewards, ways to share."""
    numbers: set[int] = set()
    run: list[int] = []
    for number in range(len(blocks) + 1):
        if number < len(blocks) and blocks[number].kind is BlockKind.LIST_ITEM:
            run.append(number)
            continue
        requests = len(housekeeping.intersection(run))
        if requests >= 2 and requests * 2 >= len(run):
            numbers.update(run)
        run = []
    return numbers


def is_platform_phrase(block: RawBlock, mail: MailContext) -> bool:
    """Whether the platform that sent the mail added the block."""
    if block.word_count > _MAX_PLATFORM_WORDS or block.kind is BlockKind.QUOTATION:
        return False
    text = block.text.strip(" →›»>▸▶↗.|·")
    matches = [
        match
        for platform in mail.platforms
        if platform.phrases and (match := platform.phrases.match(text))
    ]
    if block.kind is BlockKind.HEADING and block.level <= 3:
        # A headline may begin with such words.
        return any(len(match[0]) >= _MIN_COVERAGE * len(text) for match in matches)
    # A story may begin with such words: a sentence without a link is cut only if it says little else.
    is_sentence = block.text.endswith((".", "!", "?")) and not (
        block.button or block.small or block.link_share > _MIN_LINK_SHARE
    )
    return any(
        not is_sentence
        or len(match[0].split()) >= _MIN_PLATFORM_MATCH
        or len(match[0]) >= _MIN_PLATFORM_COVERAGE * len(split_sentences(text)[0])
        for match in matches
    )


def is_request(
    block: RawBlock,
    number: int,
    blocks: Sequence[RawBlock],
    mail: MailContext,
    beside_another: bool = False,
) -> bool:
    """Whether a short block asks its readers to do something for the newsletter, and little else.

    `beside_another`: whether the block is next to one that does.
    """
    if block.kind in (BlockKind.QUOTATION, BlockKind.TABLE_ROW) or block.word_count > _MAX_WORDS:
        return False
    if block.kind is BlockKind.HEADING and block.level <= 1:
        return False
    label = block.text.strip(" :：?!.→›»>▸▶↗🗳📣📊💬⬇️👇✨🎁")
    is_label = any(mail.phrases[purpose].fullmatch(label) for purpose in ("polls", "sections"))
    if block.word_count <= 6 and is_label:
        # The title of a poll may also be that of its results.
        return beside_another or (block.kind is not BlockKind.HEADING and block.word_count <= 3)
    if begins_with_quotation(block.text):
        return False
    if block.kind is BlockKind.HEADING and not (beside_another or is_mostly_request(label, mail)):
        return False
    if _LINE_WITH_LINK.fullmatch(block.text) and _REFERRAL_PARAMETER.search(block.text):
        return True
    late = is_in_last_part(number, blocks)
    if late and is_counter(block, beside_another, mail):
        return True
    return is_about_newsletter(block, number, blocks, mail) or asks_mostly(
        block, number, blocks, mail, beside_another
    )


def is_counter(block: RawBlock, beside_another: bool, mail: MailContext) -> bool:
    """Whether a line counts what its reader has done. The result of a match has a zero, too."""
    if block.word_count > _MAX_COUNTER_WORDS or not _COUNTER.search(block.text):
        return False
    return beside_another or bool(signs_in_words(block.text, mail)["readers"])


def asks_mostly(
    block: RawBlock,
    number: int,
    blocks: Sequence[RawBlock],
    mail: MailContext,
    beside_another: bool,
) -> bool:
    """Whether requests make up most of a block, and other signs show that they are the newsletter's."""
    late = is_in_last_part(number, blocks)
    share = share_of_sentences(mail.phrases["requests"], block.text)
    if not share:
        return False
    if share < (_MIN_LATE_SHARE if late else _MIN_SHARE):
        return False
    if not beside_another and is_advice(block, number, blocks, mail):
        return False
    # One phrase in a long sentence may be a story's; two, or a sentence of few words, are not.
    longest = max(len(sentence.split()) for sentence in split_sentences(block.text))
    phrases = sum(1 for _ in mail.phrases["requests"].finditer(block.text))
    strong = [
        beside_another,
        phrases >= 2,
        block.link_share > _MIN_LINK_SHARE,
        block.small,
        number + 1 < len(blocks) and blocks[number + 1].button,
        any(is_mostly_request(sentence, mail) for sentence in split_sentences(block.text)),
        not block.text.rstrip("\"'”’»)").endswith(_SENTENCE_ENDS),
    ]
    weak = [
        longest <= 14,
        begins_with_phrase(block.text, mail),
        "?" in block.text,
        late,
    ]
    return any(strong) and sum(strong) + sum(weak) >= 2


def is_about_newsletter(
    block: RawBlock, number: int, blocks: Sequence[RawBlock], mail: MailContext
) -> bool:
    """Whether a short block in the second half has the newsletter's address, or its name in a request.

    An organization's news name it, too; so a second sign is needed.
    """
    if number < len(blocks) * 0.5 or block.kind is not BlockKind.PARAGRAPH:
        return False
    if block.word_count > _MAX_ABOUT_WORDS:
        return False
    text = block.text.casefold()
    own_address = any(
        domain == mail.domain or domain.endswith("." + mail.domain)
        for domain in _ADDRESS.findall(text)
    ) and bool(mail.domain)
    if own_address and not _TIME.search(text):
        return True
    names_itself = bool(mail.sender_words) and all(word in text for word in mail.sender_words)
    if not names_itself:
        return False
    if mail.phrases["requests"].search(block.text):
        return True
    signs = signs_in_words(block.text, mail)
    addresses_reader = signs["readers"] + signs["first_person"] + signs["support"] > 0
    return addresses_reader and ("?" in block.text[:-20] or bool(block.links) or block.mails)


def is_mostly_request(sentence: str, mail: MailContext) -> bool:
    share = coverage(mail.phrases["requests"], sentence)
    is_short = len(sentence) <= _MAX_SHORT_SENTENCE
    return share >= _MIN_COVERAGE or (is_short and share >= _MIN_SHORT_COVERAGE)


def begins_with_phrase(text: str, mail: MailContext) -> bool:
    return any(mail.phrases["requests"].match(sentence) for sentence in split_sentences(text))


def find_polls(blocks: Sequence[RawBlock], mail: MailContext, housekeeping: set[int]) -> set[int]:
    """Questions with two or more short answers that are links or stars, and those answers."""
    numbers: set[int] = set()
    for start, block in enumerate(blocks):
        follows_question = start - 1 in housekeeping or start - 1 in numbers
        if (
            is_poll_line(block, start in housekeeping, mail)
            or is_linked_poll(block)
            or (follows_question and (is_answer_line(block) or is_scale(block)))
        ):
            numbers.add(start)
        asks = block.text.rstrip(' ”"»').endswith(_QUESTION_MARKS) or start in housekeeping
        # A question in a list of links is a headline like its neighbours.
        if not asks or block.word_count > 30 or is_linked_item(block):
            continue
        first = start + 1
        # "Choose one:" may stand between the newsletter's question and the answers.
        if start in housekeeping and first < len(blocks) and is_instruction(blocks[first]):
            first += 1
        end = first
        last = min(len(blocks), first + _MAX_ANSWERS)
        is_own = start in housekeeping or asks_about_newsletter(block, mail)
        while end < last and is_answer(blocks[end], is_own):
            end += 1
        if end - first >= _MIN_ANSWERS:
            numbers.update(range(start, end))
    return numbers


def asks_about_newsletter(block: RawBlock, mail: MailContext) -> bool:
    """Whether a short question has "we" or "you", or a word for the newsletter."""
    signs = signs_in_words(block.text, mail)
    return bool(signs["readers"] + signs["first_person"] + signs["newsletter_words"])


def is_poll_line(block: RawBlock, asked_by_newsletter: bool, mail: MailContext) -> bool:
    """Whether a question and its answers are one line: "Your turn! Which bridge? The old / The new"."""
    if block.kind is not BlockKind.PARAGRAPH or block.word_count > _MAX_POLL_WORDS:
        return False
    match = _QUESTION.match(block.text)
    options = [one for one in _OPTIONS.split(match["answers"]) if one.strip()] if match else []
    return (
        len(options) >= _MIN_ANSWERS
        and all(len(option.split()) <= _MAX_ANSWER_WORDS for option in options)
        and not block.text.endswith(_SENTENCE_ENDS)
        and (bool(block.links) or asked_by_newsletter or asks_about_newsletter(block, mail))
    )


def is_linked_poll(block: RawBlock) -> bool:
    """Whether a line is a question with nothing but links behind it: "How was this one? Great Fine Poor"."""
    if block.kind is not BlockKind.PARAGRAPH or len(block.links) < _MIN_ANSWERS:
        return False
    question, mark, answers = block.text.rpartition(
        next((mark for mark in _QUESTION_MARKS if mark in block.text), "?")
    )
    links = [link.text for link in block.links]
    if not mark or any(len(text.split()) > _MAX_LINE_ANSWER_WORDS + 1 for text in links):
        return False
    for text in links:
        answers = answers.replace(text, "", 1)
    return (
        not any(map(str.isalnum, answers))
        and block.word_count <= _MAX_POLL_WORDS
        and not any(text in question for text in links)
    )


def is_schedule(
    block: RawBlock, number: int, blocks: Sequence[RawBlock], mail: MailContext
) -> bool:
    """Whether a line says when the newsletter appears: "The Courier comes out on Tuesdays"."""
    if block.kind is not BlockKind.PARAGRAPH or block.word_count > _MAX_SCHEDULE_WORDS:
        return False
    match = mail.phrases["schedules"].search(block.text)
    if match is None or not is_in_last_part(number, blocks):
        return False
    signs = signs_in_words(block.text[: match.end()], mail)
    return signs["newsletter_words"] + signs["first_person"] > 0


def is_answer_line(block: RawBlock) -> bool:
    """Whether a line is two or more answers that begin with a pictogram: "😍 great 😴 boring"."""
    pictograms = _PICTOGRAMS.findall(block.text)
    return (
        block.kind in (BlockKind.PARAGRAPH, BlockKind.LIST_ITEM)
        and len(pictograms) >= _MIN_ANSWERS
        and _PICTOGRAMS.match(block.text) is not None
        and block.word_count <= _MAX_LINE_ANSWER_WORDS * len(pictograms)
        and not block.text.endswith(_SENTENCE_ENDS)
    )


def is_scale(block: RawBlock) -> bool:
    """Whether a line has the ends of a scale, or its numbers: "Not likely / Very likely", "1 2 3 4 5"."""
    ends = [end for end in _SCALE_ENDS.split(block.text) if end.strip()]
    is_line = block.kind is BlockKind.PARAGRAPH or block.level > 3
    return is_line and (
        _NUMBERS.fullmatch(block.text) is not None
        or (len(ends) == 2 and all(len(end.split()) <= _MAX_LINE_ANSWER_WORDS for end in ends))
    )


def is_linked_item(block: RawBlock) -> bool:
    return block.kind is BlockKind.LIST_ITEM and block.link_share >= 0.8


def is_instruction(block: RawBlock) -> bool:
    """Whether a line may introduce the answers of a poll."""
    return (
        block.kind is BlockKind.PARAGRAPH and block.text.endswith((":", "：")) and not block.links
    )


def is_answer(block: RawBlock, asked_by_newsletter: bool) -> bool:
    if block.word_count > _MAX_ANSWER_WORDS or block.kind in (
        BlockKind.HEADING,
        BlockKind.QUOTATION,
    ):
        return False
    chosen_by_link = block.link_share >= 0.8 or block.button
    starred = _STARS.fullmatch(block.text) is not None or (
        asked_by_newsletter and _PICTOGRAMS.match(block.text) is not None
    )
    return chosen_by_link or starred
