"""Recognize the lines that say when a newsletter was sent, and which issue it is."""

import re
from collections.abc import Sequence
from datetime import timedelta

from audiobrew.mail.block_pattern import long_date_words
from audiobrew.mail.cuts.mail_context import SENTENCE_ENDS, MailContext
from audiobrew.mail.newsletter import BlockKind
from audiobrew.mail.raw_block import RawBlock
from audiobrew.mail.text_cleanup import count_words

# Parts of a masthead: "The Corve Letter / Issue 140", "Corve Letter, November 2026". Issues are numbered in
# many languages; a volume may be a title's: "Kill Bill, vol. 2".
_MASTHEAD_PARTS = re.compile(r"\s?[|·•∙,]\s|\s[–—/-]\s|｜")
_ISSUE_NUMBER = re.compile(
    r"(?:(?:issue|bulletin|newsletter|letter|edition|edición|edição|edizione|editie|ausgabe|rundbrief|brief|heft|folge"
    r"|lettre|numéro|número|numero|nummer|numer|număr\w{0,3}|numărul|numero|utgåva|utgave|udgave|číslo|выпуск|номер"
    r"|випуск|число|τεύχος|sayı|edisi|số|العدد|גיליון|अंक)(?: (?:no|nr|n)\.?)?|no\.?|nr\.?|n\.?[°ºo]|nº|№|#)"
    r"\s?#?\d{1,5}|\d{1,5}\.? (?:szám|sayı|ausgabe|numero)|第\s?\d{1,5}\s?[号號期回]|제?\s?\d{1,5}\s?호",
    re.IGNORECASE,
)
_MAX_NAME_WORDS = 7
# A label and what it introduces, as in "Date: 28 May".
_LABELLED = re.compile(r"(?!\S{0,12}\d)[^\W\d_][^:\d]{0,40}[:：]\s")
_NUMBER = (
    r"(?:issue|no\.?|n\.|nr\.?|number|vol\.?|volume|edition|ausgabe|folge|numéro|n[°º]|número|"
    r"numero|edição|editie|nummer|#)"
)
_MONTH = (
    r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|mär|mai|okt|dez|janv|févr|mars|avr|juin"
    r"|juil|août|déc|ene|abr|ago|dic|gen|mag|giu|lug|set|ott|fev|out|mrt|mei)[a-zéûôçäö]*\.?"
)
_DATE = re.compile(
    rf"(?<!\w){_NUMBER}\s*#?\d{{1,5}}|(?<!\w)\d{{1,2}}(?:st|nd|rd|th|\.|º)?\s+(?:de\s+)?{_MONTH}(?!\w)"
    rf"|(?<!\w){_MONTH}\s+\d{{1,2}}(?!\d)|(?<!\d)\d{{1,4}}[-/.]\d{{1,2}}[-/.]\d{{2,4}}(?!\d)",
    re.IGNORECASE,
)
# Characters of a line with the newsletter's motto, its number and its date.
_MAX_MASTHEAD = 160
_EAST_ASIAN_DATE = re.compile(
    r"(?:.{0,20}第\s?\d{1,5}\s?[号號期]\s?)?(?:\d{4}\s?[年년]\s?)?\d{1,2}\s?[月월]\s?\d{1,2}\s?[日일].{0,8}"
)
# A number before a title, which is no day: "2. Letters". The name of a month follows a day.
_NUMBERED_TITLE = re.compile(r"\s*(?:\d{1,2}[)．、:]|#?\d{1,2}\.\s)\s*(?P<word>[^\W\d_]{1,30})")
# A second year is not the number of an issue: "1931–2026".
_MIN_YEAR, _MAX_YEAR = 1500, 2100
_TIME_OF_DAY = re.compile(
    r"(?<![\d.])\d{1,2}[:.h]\d{2}(?![\d.])|(?<!\w)\d{1,2} ?(?:a\.?m\.?|p\.?m\.?|uhr|h|ч)(?!\w)"
    r"|(?<!\w)kl\. ?\d|\d ?[時시點点]",
    re.IGNORECASE,
)
# Parts of a line of several: "No. 12 · Tuesday, 21 May · 6 minutes".
_PARTS = re.compile(r"\s[|·•∙–—]\s|｜")
_MAX_PART_WORDS = 7
# Words of a dateline that are neither numbers nor names of months and days.
_MAX_DATELINE_WORDS, _MAX_DATELINE_OTHERS = 9, 1


def is_dateline(block: RawBlock, mail: MailContext) -> bool:
    """Whether the block is the issue's number or date, with few words around it and no sentence."""
    text = block.text
    parts = _PARTS.split(text)
    if len(parts) > 1 and block.level != 1 and is_masthead(text, parts, mail):
        return True
    if len(parts) > 1 and max(len(part.split()) for part in parts) <= _MAX_PART_WORDS:
        text = next((part for part in parts if _DATE.search(part)), text)
    if len(text.split()) > 14 or len(text) > 120 or block.level == 1 or _LABELLED.match(text):
        return False
    if block.level:
        return block.word_count <= 9 and has_date_of_mail(text, mail) and not is_numbered_part(text)
    if not text.endswith(SENTENCE_ENDS) and _DATE.search(text) is not None:
        return True
    if _EAST_ASIAN_DATE.fullmatch(text) or is_calendar_line(text, _MAX_DATELINE_OTHERS):
        return True
    return block.word_count <= 9 and has_date_of_mail(text, mail)


def is_masthead(text: str, parts: Sequence[str], mail: MailContext) -> bool:
    """Whether a part of a line is the issue's number, or the date of the mail with its year."""
    if len(text) > _MAX_MASTHEAD or text.endswith(SENTENCE_ENDS):
        return False
    dates = [part for part in parts if is_calendar_line(part, 0) and has_date_of_mail(part, mail)]
    has_year = mail.sent_on is not None and any(str(mail.sent_on.year) in one for one in dates)
    return has_year or any(is_issue(part.strip(), mail) for part in parts)


def names_issue(block: RawBlock, mail: MailContext) -> bool:
    """Whether a block is the sender's name with the issue's number, month or day, or only number or month."""
    parts = [part.strip() for part in _MASTHEAD_PARTS.split(block.text) if part.strip()]
    others = [part for part in parts if not is_issue(part, mail)]
    if days := [one for one in others if is_day_of_issue(one, mail)]:
        others = [part for part in others if part not in days]
        if not others:
            return False  # a day alone may be a title
    if len(others) == len(parts) or any(len(one.split()) > _MAX_NAME_WORDS for one in others):
        return False
    words = [frozenset(re.findall(r"\w{4,}", one.casefold())) for one in others]
    return not others or any(one & mail.sender_words for one in words)


def is_day_of_issue(text: str, mail: MailContext) -> bool:
    """Whether a text is a day, and of no other year than the mail's: "Corve, November 1926" is a title."""
    if not (is_calendar_line(text, 0) or _DATE.fullmatch(text)):
        return False
    years = set(re.findall(r"(?<!\d)\d{4}(?!\d)", text))
    return mail.sent_on is None or years <= {str(mail.sent_on.year)}


def is_issue(text: str, mail: MailContext) -> bool:
    """Whether a text is an issue's number, or the month in which the mail was sent and its year."""
    if _ISSUE_NUMBER.fullmatch(text):
        return True
    words, numbers = re.findall(r"[^\W\d_]{3,}", text.casefold()), re.findall(r"\d+", text)
    has_year = mail.sent_on is not None and numbers == [str(mail.sent_on.year)]
    return has_year and len(words) == 1 and words[0] in long_date_words()


def is_date_of_event(blocks: Sequence[RawBlock], number: int, mail: MailContext) -> bool:
    """Whether a date is that of an event: it has a time of day, or other dates stand below other titles.

    The date of the mail itself is none, unless it has a time.
    """
    block = blocks[number]
    if block.kind is BlockKind.HEADING:
        return False
    if has_time_of_day(block.text):
        return True
    if has_date_of_mail(block.text, mail):
        return False
    return is_below_title(blocks, number) and any(
        other != number and is_below_title(blocks, other) and is_dateline(blocks[other], mail)
        for other in range(len(blocks))
    )


def has_time_of_day(text: str) -> bool:
    return _TIME_OF_DAY.search(text) is not None


def is_below_title(blocks: Sequence[RawBlock], number: int) -> bool:
    """Whether the block before is a title."""
    before = blocks[number - 1] if number else None
    return (
        blocks[number].kind is BlockKind.PARAGRAPH
        and before is not None
        and (before.kind is BlockKind.HEADING or before.bold)
    )


def is_calendar_line(text: str, others: int) -> bool:
    """Whether a line has a number, the name of a month or a day, and at most so many other words."""
    words = re.findall(r"[^\W\d_]{3,}", text.casefold())
    names = [word for word in words if word in long_date_words()]
    return (
        bool(names)
        and len(words) - len(names) <= others
        and len(words) <= _MAX_DATELINE_WORDS
        and any(map(str.isdigit, text))
        and not text.endswith(SENTENCE_ENDS)
    )


def is_own_date(blocks: Sequence[RawBlock], number: int, mail: MailContext) -> bool:
    """Whether a block is the day on which the mail was sent, with its year, and nothing else.

    Below a heading, it is the date of an event.
    """
    block = blocks[number]
    below_heading = number > 0 and blocks[number - 1].kind is BlockKind.HEADING
    return not below_heading and (
        block.kind is BlockKind.PARAGRAPH
        and mail.sent_on is not None
        and str(mail.sent_on.year) in block.text
        and is_calendar_line(block.text, 0)
        and has_date_of_mail(block.text, mail)
    )


def has_date_of_mail(text: str, mail: MailContext) -> bool:
    """Whether all numbers of the text are those of the day on which the mail was sent, or an issue's.

    This recognizes dates in any language. The day may be off by one, as time zones differ.
    """
    numbers = [int(number) for number in re.findall(r"\d{1,5}", text)]
    if not numbers or mail.sent_on is None:
        return False
    sending_day = mail.sent_on
    days = {(sending_day + timedelta(days=offset)).day for offset in (-1, 0, 1)}
    has_day = any(number in days for number in numbers)
    has_year = sending_day.year in numbers
    others = [
        n for n in numbers if n not in days and n not in (sending_day.year, sending_day.month)
    ]
    words = count_words(" ".join(re.findall(r"[^\W\d_]{2,}", text)))
    if others and not (len(others) == 1 and has_year and not _MIN_YEAR <= others[0] <= _MAX_YEAR):
        return False
    return (
        (has_day and has_year)
        or (has_year and words <= 2)
        or (has_day and words <= 2 and len(numbers) == 1 and not is_numbered_title(text))
    )


def is_numbered_part(text: str) -> bool:
    """Whether a title has a small number and no word for a day or a month: "Volume 2"."""
    words = re.findall(r"[^\W\d_]{3,}", text.casefold())
    numbers = re.findall(r"\d+", text)
    return (
        bool(words) and len(numbers) == 1 and not any(word in long_date_words() for word in words)
    )


def is_numbered_title(text: str) -> bool:
    match = _NUMBERED_TITLE.match(text)
    return match is not None and match["word"].casefold() not in long_date_words()
