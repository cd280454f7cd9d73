"""A newsletter divided into items, and an item into sentences that can be told."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from audiobrew.mail.newsletter import Block, BlockKind, BlockRole, Cut, Newsletter
from audiobrew.mail.text_cleanup import count_words
from audiobrew.script.clarity import Clarity
from audiobrew.script.content_words import content_words
from audiobrew.script.earlier_episodes import EarlierSentence
from audiobrew.script.item_sections import Section, sections_by_language
from audiobrew.script.line import Line, LineKind, only_asks
from audiobrew.script.line_collector import ATTRIBUTION
from audiobrew.script.newsletter_name import spoken_name
from audiobrew.script.page_references import is_about_page
from audiobrew.script.pull_quotes import letters_of, without_pull_quotes
from audiobrew.script.relative_days import is_date_of, without_day_clause
from audiobrew.script.salutations import without_salutations
from audiobrew.script.section_lines import lines_of
from audiobrew.script.sentence_filter import SENTENCE_ENDS, opens_with_reference, spoken_length
from audiobrew.script.spoken_scores import is_result
from audiobrew.script.title_exclusions import is_no_title
from audiobrew.script.titles import (
    LIST_NUMBER,
    clean_title,
    heading_line,
    is_title,
    shorten,
)
from audiobrew.script.untold_references import without_untold_references

# Characters of one newsletter that are considered: several times what the longest episode can tell.
# Without this limit, a hostile newsletter took a minute, and delayed a server's shutdown.
MAX_CHARACTERS = 300_000
# Characters. A section with less text to tell is not an item.
MIN_ITEM_CHARACTERS = 40
MIN_TITLE_CHARACTERS = 3
# Characters of what a newsletter says before its first heading to lead to its items.
MAX_GREETING = 100
# Among so many first blocks, a newsletter's name is a heading.
MAX_NAME_PLACE = 6
# The lines of a section among which its newsletter may say what day it is.
MAX_DATE_PLACE = 3
# Words of an opening that needs its heading, even if that is a single word: `Prices. No changes.`
MAX_SHORT_OPENING = 4
# A footnote's number in a text, and at the beginning of its own: `rose.3`, `rose [3]`, `[3] The bank`.
FOOTNOTE_NUMBER = re.compile(
    r"(?<=[^\W\d_]{2}[.,;:!?…”\"’)])(\d{1,2})(?!\S)|\[(\d{1,2})\]"
    r"|(?<=[^\W\d_]{2}|[^\W\d_][.,;:!?…”\"’)»])([¹²³⁰⁴-⁹]{1,2})(?![\w¹²³⁰⁴-⁹])"
)
FOOTNOTE_TEXT = re.compile(r"(?:\[(\d{1,2})\]|(\d{1,2})[.):]?)\s+\S")
RAISED_NUMBER = re.compile(r"[¹²³⁰⁴-⁹]{1,2}\s?[^\W\d_]")
WORD = re.compile(r"\w+")
# A word that may be a name.
CAPITALIZED = re.compile(r"\b[A-ZÀ-ÞΑ-ΩА-Я][\w’'-]{1,30}")
# What is shown to the listener, but is not news.
_SILENT_ROLES = (
    BlockRole.CODE,
    BlockRole.IMAGE,
    BlockRole.CAPTION,
    BlockRole.BYLINE,
    BlockRole.FOOTNOTE,
)


@dataclass(frozen=True, slots=True)
class Item:
    """What a newsletter tells under one heading in one language. `place` is the section's number in it.

    `headlines`: whether it is a list of links, which says less than a story. `heading` is the heading as a
    sentence, if it says what the item is about; a short one may only name the subject. `numbered`: whether
    the heading has a number. A model adds how much the story matters to this listener (`value`, 0 to 10), a
    `hook` for the start of the show, and whether it is an essay.

    If an earlier episode told the story, `update` is the sentence that did, `background` are the lines that
    the listener knows, and `lines` are those that are new.
    """

    title: str
    newsletter: Newsletter
    place: int
    lines: tuple[Line, ...]
    language: str
    headlines: bool = False
    value: float | None = None
    hook: Line | None = None
    essay: bool = False
    heading: Line | None = None
    level: int = 0
    numbered: bool = False
    update: EarlierSentence | None = None
    background: tuple[Line, ...] = ()

    @property
    def unspoken_heading(self) -> Line | None:
        """The heading, unless the first line says it."""
        is_told = bool(self.heading and self.lines and self.lines[0].text == self.heading.text)
        return None if is_told else self.heading

    @property
    def has_title(self) -> bool:
        """Whether the heading is more than a short one that names the subject."""
        return self.heading is not None and is_title(self.heading.text)

    @property
    def characters(self) -> int:
        return sum(len(line.text) + 1 for line in self.lines)


@lru_cache(maxsize=256)
def items_of(newsletter: Newsletter) -> tuple[Item, ...]:
    """The newsletter's items in order. Sections with too little to tell are left out.

    No item opens with a sentence that depends on what is not told, unless there is nothing else.
    """
    blocks = tellable_and_code(without_rests_of_lists(newsletter))
    blocks = without_signatures(without_footnotes(blocks), newsletter.sender)
    blocks = without_pull_quotes(without_own_name(without_salutations(blocks), newsletter))
    parts = [
        part
        for part in sections_by_language(list(truncate(blocks)), newsletter)
        if part.heading is None or not is_about_page(part.heading.text, part.language)
    ]
    tries = (make_items(newsletter, parts, clarity) for clarity in sorted(Clarity, reverse=True))
    return next(filter(None, tries), ())


def make_items(
    newsletter: Newsletter, parts: Sequence[Section], clarity: Clarity = Clarity.UNCLEAR
) -> tuple[Item, ...]:
    """The items of these sections. `clarity`: see `lines_of`."""
    sections = []
    names: frozenset[str] = frozenset()
    for part in parts:
        lines = section_lines(part.heading, part.body, part.language, clarity, names)
        if clarity is not Clarity.UNCLEAR:
            heading = part.heading.text if part.heading else ""
            rest = without_untold_references(lines, heading, part.body, part.language, names)
            lines = renumber(rest) if len(rest) < len(lines) else lines
        sections.append((part, lines))
        names |= frozenset(name for line in lines for name in CAPITALIZED.findall(line.text))
    sections[:2] = [
        (part, without_date(lines, newsletter, part.language)) for part, lines in sections[:2]
    ]
    openings = [
        (
            part,
            open_independently(
                part.heading, lines, part.language, "" if number else newsletter.subject
            ),
        )
        for number, (part, lines) in enumerate(sections)
    ]
    first = next((place for place, (_, lines) in enumerate(sections) if lines), 0)
    items = [
        make_item(newsletter, place, part, lines, is_first=place == first)
        for place, (part, lines) in enumerate(openings)
        if has_enough(lines) and not only_asks(lines)
    ]
    is_above = len(items) > 1 and (items[0].level == 0 or items[0].level < items[1].level)
    if is_above and is_greeting(items[0]):
        del items[0]
    return without_repeated_headings(items) or tuple(
        make_item(newsletter, place, part, lines, is_first=place == first)
        for place, (part, lines) in enumerate(sections)
        if has_enough(lines)
    )


def has_enough(lines: Sequence[Line]) -> bool:
    """Whether a section says enough for an item. The result of a game is short, and news."""
    is_long = text_length(lines) >= MIN_ITEM_CHARACTERS
    return is_long or any(is_result(line.text) for line in lines)


def without_repeated_headings(items: Sequence[Item]) -> tuple[Item, ...]:
    """The items, without a heading that the heading of a later one begins with: it is told there."""
    result = []
    for number, item in enumerate(items):
        own = letters_of(item.heading.text) if item.heading else ""
        later = (letters_of(one.heading.text) for one in items[number + 1 :] if one.heading)
        is_repeated = bool(own) and any(text.startswith(own) for text in later)
        result.append(replace(item, heading=None) if is_repeated else item)
    return tuple(result)


def make_item(
    newsletter: Newsletter,
    place: int,
    part: Section,
    lines: Sequence[Line],
    is_first: bool = True,
) -> Item:
    heading, body = part.heading, part.body
    words = " ".join(block.text for block in body)
    # A letter begins with its own name rather than with a subject.
    is_subject = (
        not is_first and heading is not None and not is_no_title(heading.text, part.language)
    )
    return Item(
        choose_title(newsletter, part, lines[0], is_first),
        newsletter,
        place,
        tuple(lines),
        part.language,
        headlines=sum(block.role is BlockRole.LINK for block in body) * 2 > len(body),
        heading=heading_line(heading, words, part.language, is_label=is_subject),
        level=heading.level if heading else 0,
        numbered=bool(heading and LIST_NUMBER.match(heading.text)),
    )


def choose_title(newsletter: Newsletter, part: Section, line: Line, is_first: bool) -> str:
    """The heading, the subject or the first line: the first of them that can be a title.

    The subject is about the first section rather than about a later one, and about none in another language.
    If none of them can be a title, it is the newsletter's name.
    """
    heading = part.heading.text if part.heading else ""
    body = " ".join(block.text for block in part.body)
    subject = newsletter.subject if part.language == newsletter.language else ""
    others = (subject, line.text) if is_first else (line.text, subject)
    for text in (heading, *others):
        title = clean_title(text, body)
        if len(title) >= MIN_TITLE_CHARACTERS and not is_no_title(text, part.language):
            return shorten(title)
    return spoken_name(newsletter)


def without_date(lines: Sequence[Line], newsletter: Newsletter, language: str) -> list[Line]:
    """The lines without the day on which the newsletter is sent: `It is Monday, and the mill is open.`"""
    result: list[Line] = []
    follows = is_dropped = False
    for line in lines:
        text = line.text
        if line.place < MAX_DATE_PLACE:
            text = without_day_clause(text, newsletter.received_at, language)
        is_dropped = is_dropped and line.depends_on_previous
        if text and not is_dropped:
            # What follows the day says nothing about it.
            is_dependent = line.depends_on_previous and not follows
            result.append(replace(line, text=text, depends_on_previous=is_dependent))
        follows = not text and is_date_of(line.text, newsletter.received_at, language)
        is_dropped = is_dropped or (not text and not follows)
    return renumber(result)


def section_lines(
    heading: Block | None,
    body: Sequence[Block],
    language: str,
    clarity: Clarity = Clarity.UNCLEAR,
    names: frozenset[str] = frozenset(),
) -> list[Line]:
    """The lines of a section. If there are hardly any sentences, its paragraphs are headlines.

    `clarity` and `names`: see `lines_of`.
    """
    lines = lines_of(body, language, clarity=clarity, names=names)
    is_prose = any(block.text.rstrip().endswith(SENTENCE_ENDS) for block in body)
    if is_prose and text_length(lines) >= MIN_ITEM_CHARACTERS * 2:
        return lines
    headlines = lines_of(body, language, with_headlines=True, clarity=clarity, names=names)
    return max(lines, headlines, key=text_length)


def open_independently(
    heading: Block | None, lines: list[Line], language: str, subject: str = ""
) -> list[Line]:
    """The lines after their heading, if the first one needs it, or else from the first independent one.

    The heading of a numbered part is always told. A letter may begin with a reference to its subject.
    """
    if not lines:
        return lines
    second = WORD.findall(lines[0].text)[1:2]
    names_subject = bool(second) and second[0].casefold() in content_words(subject)
    leads_to_name = bool(subject) and not opens_with_reference(lines[0].text, language)
    if heading is None and (names_subject or leads_to_name):
        return [replace(lines[0], depends_on_previous=False), *lines[1:]]
    tiny = text_length(lines) < 2 * MIN_ITEM_CHARACTERS
    numbered = heading is not None and LIST_NUMBER.match(heading.text)
    if lines[0].is_heading and not (heading and LIST_NUMBER.match(heading.text)):
        return lines  # nothing is told before the first heading within the section
    body = " ".join(line.text for line in lines)
    asks = lines[0].kind in (LineKind.QUESTION, LineKind.ANSWER)
    is_kicker = heading is not None and not is_title(heading.text)
    short = is_kicker and count_words(lines[0].text) <= MAX_SHORT_OPENING
    if lines[0].depends_on_previous or tiny or numbered or asks or short:
        title = clean_title(heading.text) if heading else ""
        names_it = lines[0].depends_on_previous and count_words(title) > 1
        is_label = lines[0].series is not None or tiny or asks or short or names_it
        opening = heading_line(heading, body, language, is_label=is_label)
        if opening:
            return renumber([replace(opening, awaits_next=True), *lines])
    first = next((line.place for line in lines if not line.depends_on_previous), len(lines))
    return renumber(lines[first:])


def renumber(lines: Iterable[Line]) -> list[Line]:
    return [replace(line, place=place) for place, line in enumerate(lines)]


def tellable_blocks(blocks: Sequence[Block]) -> list[Block]:
    """The blocks without code, bylines and captions; the texts of images only if there is nothing else."""
    tellable = [block for block in blocks if block.role not in _SILENT_ROLES]
    return tellable or [block for block in blocks if block.role is BlockRole.IMAGE]


def tellable_and_code(blocks: Sequence[Block]) -> list[Block]:
    """The tellable blocks, and among them what is not told itself: code, which is named, and rows that
    name the columns of a table, which say what its numbers are."""
    tellable = {block.id for block in tellable_blocks(blocks)}
    return [
        block
        for block in blocks
        if block.id in tellable
        or block.role is BlockRole.CODE
        or (block.kind is BlockKind.TABLE_ROW and block.role is BlockRole.CAPTION)
    ]


def without_rests_of_lists(newsletter: Newsletter) -> list[Block]:
    """The blocks without the rest of a table of contents whose lead-in and first entry are cut as such."""
    result: list[Block] = []
    is_list = is_rest = is_navigation = False
    for block in newsletter.blocks:
        is_entry = block.kind is BlockKind.LIST_ITEM
        if not is_entry or not is_list:
            is_rest = is_entry and is_navigation and block.cut is Cut.NAVIGATION
        is_list, is_navigation = is_entry, block.cut is Cut.NAVIGATION
        if block.cut is None and (block.restored or not is_rest):
            result.append(block)
    return result


def without_own_name(blocks: Sequence[Block], newsletter: Newsletter) -> list[Block]:
    """The blocks without a heading that is only the newsletter's name: a host has just said it."""
    names = {letters_of(name) for name in (spoken_name(newsletter), newsletter.sender)}
    return [
        block
        for place, block in enumerate(blocks)
        if place >= MAX_NAME_PLACE
        or block.kind is not BlockKind.HEADING
        or letters_of(block.text) not in names
    ]


def without_signatures(blocks: Iterable[Block], sender: str) -> list[Block]:
    """The blocks without `— Ada`, with which the sender signs: that is not who was quoted before it."""
    names = set(WORD.findall(sender.casefold()))
    return [
        block
        for block in blocks
        if not (match := ATTRIBUTION.fullmatch(block.text.strip()))
        or not names.issuperset(WORD.findall(match[1].casefold()))
    ]


def without_footnotes(blocks: Sequence[Block]) -> list[Block]:
    """The blocks without the texts of footnotes: those that begin with a number to which a text refers.

    The number may be a block of its own, before the text.
    """
    numbers: set[str] = set()
    result = []
    follows_number = False
    for block in blocks:
        note = FOOTNOTE_TEXT.match(block.text)
        is_note, follows_number = (
            follows_number,
            unicodedata.normalize("NFKC", block.text.strip("[]. ↩")) in numbers,
        )
        if is_note or follows_number or RAISED_NUMBER.match(block.text):
            continue
        if not note or (note[1] or note[2]) not in numbers:
            result.append(block)
        numbers.update(
            unicodedata.normalize("NFKC", match[match.lastindex or 0])
            for match in FOOTNOTE_NUMBER.finditer(block.text)
        )
    return result


def truncate(blocks: Iterable[Block]) -> Iterator[Block]:
    """The first blocks, with about `MAX_CHARACTERS` characters."""
    remaining = MAX_CHARACTERS
    for block in blocks:
        if remaining <= 0:
            return
        yield block
        remaining -= len(block.text)


def is_greeting(item: Item) -> bool:
    """Whether a newsletter's first item only leads to the others: few words, no heading, no figures."""
    text = " ".join(line.text for line in item.lines)
    return (
        item.heading is None
        and spoken_length(text) <= MAX_GREETING
        and not any(map(str.isdigit, text))
    )


def announces(heading: str, item: Item) -> bool:
    """Whether a heading says what its item tells: the item has most of its words."""
    words = set(content_words(heading))
    body = {word for line in item.lines for word in content_words(line.text)}
    return len(words & body) * 2 >= max(len(words), 2)


def text_length(lines: Iterable[Line]) -> int:
    return sum(spoken_length(line.text) for line in lines if line.kind is not LineKind.CODE)
