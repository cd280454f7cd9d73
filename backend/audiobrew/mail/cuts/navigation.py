"""Find blocks that only lead elsewhere: buttons, menus, contents, calls to share or to follow."""

import re
from collections.abc import Sequence

from audiobrew.mail.cuts.contents import (
    LATEST_CONTENTS,
    find_previews,
    find_table_of_contents,
    is_title_of_story,
)
from audiobrew.mail.cuts.dateline import (
    is_date_of_event,
    is_dateline,
    is_own_date,
    names_issue,
)
from audiobrew.mail.cuts.mail_context import SENTENCE_ENDS, MailContext, normalize
from audiobrew.mail.cuts.phrases import (
    CALL_TO_ACTION,
    FOLLOW_US,
    READING_TIME,
    SHARING,
    SOCIAL,
)
from audiobrew.mail.newsletter import BlockKind
from audiobrew.mail.raw_block import RawBlock

# Blocks that a newsletter's masthead may have: its name, its date, its author.
_MASTHEAD_BLOCKS = 8
# The newsletter's name with the number of its issue is among the first blocks.
_MASTHEAD_TITLES = 4
_MAX_BUTTON_WORDS = 8
# Words of a link that begins as buttons do and ends with an arrow.
_MAX_CALL_WORDS = 11
# Words of a list item that is a button.
_MAX_ITEM_WORDS = 3
# Words of a link below a text of so many words.
_MAX_LINK_WORDS, _MIN_TEXT_WORDS = 6, 8
# Blocks at the top that may be about the mail's display, and their words.
_FIRST_NOTICES, _MAX_NOTICE_WORDS = 3, 25
# The share of a sentence without a link that a call to share must make up.
_MIN_CALL_SHARE = 0.4
# The share of a line without a link and a question that such a call must make up.
_MIN_PLAIN_CALL = 0.7
# Links in a row that are a list, and words of a headline in it.
_MIN_RUN, _MAX_RUN, _MIN_HEADLINE_WORDS = 3, 20, 3
_ARROWS = tuple("→›»>▸▶►➜➔↗⟶⇒")
# Words of a line below the title.
_MAX_LINE_WORDS = 6
_CLAUSES = re.compile(r"[.!?;:,–—]\s+")
_MAX_CONTACT_CHARACTERS = 160
_ADDRESS = re.compile(r"[\w.+-]{1,64}@[\w-]{1,64}(?:\.[\w-]{1,64}){1,4}")
_TELEPHONE = re.compile(
    r"(?<![\w.,/-])(?:\+\d{1,3}[ .(-]{1,2}|\(?0)\d{1,4}[ )./-]{1,3}\d[\d ./-]{4,14}\d(?![\w%])"
    r"|(?<![\w.,/-])\(?\d{3}[).-] ?\d{3}[.-]\d{4}(?!\w)"
)
_CONTACT_WORDS = re.compile(
    r"(?<!\w)(?:e-?mails?|mail|tel(?:efon|éfono|efone)?|phone|fon|mobile?|mobil|handy|fax|ext|call|text|or|and|und|oder"
    r"|ou|et|o|y|e|us|contact|kontakt|contacto"
    r"|telephone|ph|cell|voice|office|no|nr|sac)(?!\w)",
    re.IGNORECASE,
)
# A line of a message's head, as mailing lists print it in a digest.
_HEAD_LINE = re.compile(
    r"(?:message|nachricht|mensaje|messaggio|mensagem|bericht|сообщение):?\s\d{1,4}"
    r"|[^\W\d_]{2,12}:\s[^\W\d_]{2,5}\.?,\s\d{1,2}\s[^\W\d_]{3,9}\.?\s\d{4}\s\d{1,2}:\d{2}(?::\d{2})?(?:\s\S{1,8}){0,2}"
    r"|[^\W\d_]{2,12}:\s[^<>@:]{0,80}<[^\s@<>]{1,64}@[^\s@<>]{1,80}>",
    re.IGNORECASE,
)
_SUBJECT = re.compile(
    r"\s(?:subject|betreff|objet|asunto|oggetto|assunto|onderwerp|тема):.{0,200}$", re.IGNORECASE
)
_DOMAIN = re.compile(r"(?:[\w-]{1,40}\.){1,4}[a-z]{2,10}")
_MINUTES = re.compile(
    r"\d{1,3}\s?(?:[′']|min|мин|хв|分|분|phút|menit|λεπτ|dk|dak|perc|דק|دق|मिनट|sek|นาที)",
    re.IGNORECASE,
)
_MAX_READING_WORDS = 10
# A number, or minutes with a name, as those of a goal: "67' Silva".
_BARE_NUMBER = re.compile(r"\d{1,5}|\d{1,3}\s?[′'’].{0,20}")
_WEB_ADDRESS = re.compile(
    r"(?:https?://)?(?:[\w-]{1,40}\.){1,3}[a-z]{2,10}(?:/[\w/.-]{0,60})?", re.IGNORECASE
)
_SEPARATORS = re.compile(r"\s*[|·•∙/–—>»→,&+]+\s*|\s{2,}")
_MARKS = re.compile(r"[|·•∙]")
_EDGES = re.compile(r"^[\W_]++|(?<![\W_])[\W_]++$")
_EDGE_CHARACTERS = " \t.!:→›»>▶►👉↗⬇️()[]"


def find_navigation(blocks: Sequence[RawBlock], mail: MailContext) -> set[int]:
    """The numbers of the blocks that lead elsewhere."""
    navigation = {
        number for number, block in enumerate(blocks) if is_navigation(block, number, blocks, mail)
    }
    masthead = find_masthead(blocks, mail)
    contents = find_table_of_contents(blocks, mail)
    return navigation | contents | find_previews(blocks, contents) | masthead


def is_navigation(
    block: RawBlock, number: int, blocks: Sequence[RawBlock], mail: MailContext
) -> bool:
    if block.kind is BlockKind.QUOTATION:
        return False
    near_edge = number < 5 or number >= len(blocks) - 10
    return (
        (
            number < _MASTHEAD_BLOCKS
            and block.kind not in (BlockKind.LIST_ITEM, BlockKind.TABLE_ROW)
            and is_dateline(block, mail)
            and not is_date_of_event(blocks, number, mail)
        )
        or (
            block.word_count <= 25
            and (near_edge or block.link_share > 0.4)
            and mail.phrases["view_in_browser"].search(block.text) is not None
        )
        or (block.word_count <= 8 and is_linked_name(block) and number < _MASTHEAD_BLOCKS)
        or (is_button(block, mail) and not is_listed_headline(blocks, number))
        or ends_section(blocks, number)
        or is_notice(blocks, number)
        or is_menu(block)
        or is_contact(block.text)
        or is_own_date(blocks, number, mail)
        or is_reading_time(block, number, mail)
        or is_web_address(block)
        or is_head_line(block)
        or (
            consists_of(SOCIAL, block.text)
            and (
                is_aside(blocks, number)
                or is_beside_another(blocks, number)
                or (block.kind is not BlockKind.HEADING and _MARKS.search(block.text) is not None)
            )
            and not is_title_of_story(blocks, number)
        )
        or is_count(blocks, number)
        or is_call_to_share(block, near_edge)
        or not any(map(str.isalnum, block.text))
    )


def ends_section(blocks: Sequence[RawBlock], number: int) -> bool:
    """Whether a short link stands where buttons do: below a text, and above a heading, a rule or the end.

    A link above a text is its title, and one of several links in a row is an item of a list.
    """
    block = blocks[number]
    if not is_short_link(block) or number == 0:
        return False
    before, after = blocks[number - 1], blocks[number + 1] if number + 1 < len(blocks) else None
    follows_text = before.kind in (BlockKind.PARAGRAPH, BlockKind.LIST_ITEM, BlockKind.QUOTATION)
    return (
        follows_text
        and before.word_count >= _MIN_TEXT_WORDS
        and before.link_share < 0.5
        and (
            after is None
            or after.after_rule
            or after.kind is BlockKind.HEADING
            or after.small != block.small
            or (is_short_link(after) and ends_pair(blocks, number + 1))
        )
    )


def ends_pair(blocks: Sequence[RawBlock], number: int) -> bool:
    after = blocks[number + 1] if number + 1 < len(blocks) else None
    return after is None or after.after_rule or after.kind is BlockKind.HEADING


def is_short_link(block: RawBlock) -> bool:
    is_link = block.link_share >= 0.9 and len(block.links) == 1
    return block.kind is BlockKind.PARAGRAPH and is_link and block.word_count <= _MAX_LINK_WORDS


def is_notice(blocks: Sequence[RawBlock], number: int) -> bool:
    """Whether the first blocks have a line about the mail's display: small, with a link in a few words."""
    block = blocks[number]
    return (
        number < _FIRST_NOTICES
        and block.kind is BlockKind.PARAGRAPH
        and block.small
        and len(block.links) >= 1
        and block.word_count <= _MAX_NOTICE_WORDS
    )


def is_linked_name(block: RawBlock) -> bool:
    """Whether the block is an author's name that is a link as a whole."""
    is_name = block.word_count <= 3 and block.text.istitle() and len(block.text) <= 100
    return block.kind is BlockKind.PARAGRAPH and is_name and block.link_share >= 0.9


def is_button(block: RawBlock, mail: MailContext) -> bool:
    """Whether the block is a bare URL, a link that is drawn as a button, or one that begins as buttons do."""
    if re.fullmatch(r"https?://\S+", block.text):
        return True
    if block.link_share < 0.9 or block.kind is BlockKind.TABLE_ROW:
        return False
    label = _EDGES.sub("", block.text)
    words = len(label.split())
    if block.button and block.word_count <= _MAX_BUTTON_WORDS:
        return True
    if block.kind is BlockKind.HEADING and block.level <= 3:
        return False
    arrow = block.text.rstrip()[-1:] in _ARROWS and block.word_count <= (
        _MAX_CALL_WORDS if CALL_TO_ACTION.fullmatch(label) else 7
    )
    # In a list of links, a headline may begin as buttons do.
    is_item = block.kind is BlockKind.LIST_ITEM
    begins = words <= (_MAX_ITEM_WORDS if is_item else 5) and (
        CALL_TO_ACTION.fullmatch(label) is not None
        or mail.phrases["buttons"].match(label) is not None
    )
    return begins or arrow


def is_listed_headline(blocks: Sequence[RawBlock], number: int) -> bool:
    """Whether a link is one of several below a title, most of which are as long as headlines.

    A button stands below the text that it goes on with.
    """
    if not is_undrawn_link(blocks[number]):
        return False
    start, end = number, number + 1
    while start and number - start < _MAX_RUN and is_undrawn_link(blocks[start - 1]):
        start -= 1
    while end < len(blocks) and end - number < _MAX_RUN and is_undrawn_link(blocks[end]):
        end += 1
    headlines = sum(block.word_count >= _MIN_HEADLINE_WORDS for block in blocks[start:end])
    return (
        start > 0
        and blocks[start - 1].kind is BlockKind.HEADING
        and end - start >= _MIN_RUN
        and headlines * 2 > end - start
    )


def is_undrawn_link(block: RawBlock) -> bool:
    return (
        block.kind is BlockKind.PARAGRAPH
        and len(block.links) == 1
        and block.link_share >= 0.9
        and not block.button
        and not block.small
    )


def is_menu(block: RawBlock) -> bool:
    """Whether the block is two or more links of a few words each, with only marks between them."""
    if block.kind in (BlockKind.TABLE_ROW, BlockKind.HEADING) or len(block.links) < 2:
        return False
    brief = all(len(link.text.split()) <= 4 for link in block.links)
    rest = block.text
    for link in block.links:
        rest = rest.replace(link.text, "", 1)
    return brief and not any(map(str.isalnum, rest))


def is_contact(text: str) -> bool:
    """Whether a text is an email address, perhaps with a name, or only a telephone number."""
    if len(text) > _MAX_CONTACT_CHARACTERS:
        return False
    rest, addresses = _ADDRESS.subn(" ", text)
    rest, numbers = _TELEPHONE.subn(" ", rest)
    words = re.findall(r"[^\W\d_]{2,}", _CONTACT_WORDS.sub(" ", rest))
    return (addresses > 0 and len(words) <= 2) or (numbers > 0 and not words)


def is_web_address(block: RawBlock) -> bool:
    """Whether a block is a domain without anything else, as below the headlines of a digest."""
    text = block.text.strip(" ()[]↗→—–-")
    # A story about a company or a product has such a title.
    is_text = block.kind not in (BlockKind.TABLE_ROW, BlockKind.HEADING)
    return is_text and _WEB_ADDRESS.fullmatch(text) is not None


def is_reading_time(block: RawBlock, number: int, mail: MailContext) -> bool:
    """Whether a line says how long reading or listening takes: "Reading time: 4 minutes"."""
    text = block.text
    return (
        block.kind is BlockKind.PARAGRAPH
        and (block.small or bool(block.links) or number < LATEST_CONTENTS)
        and block.word_count <= _MAX_READING_WORDS
        and _MINUTES.search(text) is not None
        and not text.endswith(SENTENCE_ENDS)
        and mail.phrases["reading_time"].search(text) is not None
    )


def is_count(blocks: Sequence[RawBlock], number: int) -> bool:
    """Whether a block is a number of likes or comments, or the minutes that reading takes.

    A number that nothing else marks as such may be a story's.
    """
    block = blocks[number]
    if block.kind is BlockKind.LIST_ITEM or not READING_TIME.fullmatch(block.text):
        return False
    beside = blocks[max(0, number - 1) : number + 2]
    is_marked = number < _MASTHEAD_BLOCKS and not follows_title(blocks, number)
    return (
        not _BARE_NUMBER.fullmatch(block.text)
        or is_marked
        or any(one.links or one.small for one in beside)
    )


def is_aside(blocks: Sequence[RawBlock], number: int) -> bool:
    """Whether a block is a link, small print, or at the top or the end of the mail."""
    block = blocks[number]
    return (
        bool(block.links) or block.small or number < _MASTHEAD_BLOCKS or number >= len(blocks) - 5
    )


def is_beside_another(blocks: Sequence[RawBlock], number: int) -> bool:
    """Whether a neighbour names nothing but a place for sharing or following, too."""
    neighbours = [*blocks[max(0, number - 1) : number], *blocks[number + 1 : number + 2]]
    return any(consists_of(SOCIAL, block.text) for block in neighbours)


def is_head_line(block: RawBlock) -> bool:
    """Whether a block is a date, a sender or a number from a message's head."""
    text = _SUBJECT.sub("", block.text)
    return block.kind is BlockKind.PARAGRAPH and _HEAD_LINE.fullmatch(text) is not None


def consists_of(phrases: re.Pattern[str], text: str) -> bool:
    """Whether every piece between separators is one of the phrases, as in "Twitter | LinkedIn"."""
    if len(text) > 120:
        return False
    pieces = [piece.strip(_EDGE_CHARACTERS) for piece in _SEPARATORS.split(text)]
    words = [
        word
        for piece in pieces
        if piece
        for word in ([piece] if phrases.fullmatch(piece) else piece.split())
        if not _DOMAIN.fullmatch(word)
    ]
    return bool(words) and all(phrases.fullmatch(word) for word in words)


def is_call_to_share(block: RawBlock, near_edge: bool) -> bool:
    """Whether the block is a short call to share, to follow, to subscribe or to rate."""
    matches = [match for one in (SHARING, FOLLOW_US) if (match := one.search(block.text))]
    if block.word_count > 45 or not matches:
        return False
    # A sentence that ends in a full stop may be a story's, if the call is only a part of it.
    is_call = not block.text.endswith(".") or any(
        len(match[0]) >= _MIN_CALL_SHARE * len(block.text) for match in matches
    )
    is_marked = bool(block.links) or block.small or "?" in block.text
    is_call = is_call and (is_marked or len(matches[0][0]) >= _MIN_PLAIN_CALL * len(block.text))
    if block.word_count <= 12 and ((near_edge and is_call) or block.link_share > 0.3):
        return True
    return (block.link_share > 0.15 or (near_edge and "?" in block.text)) and addresses_reader(
        block.text
    )


def addresses_reader(text: str) -> bool:
    """Whether the text asks a question, or has a clause that begins with a request."""
    return "?" in text or any(map(is_request, _CLAUSES.split(text)))


def is_request(clause: str) -> bool:
    first_words = " ".join(clause.split()[:4])
    return (
        any(phrases.search(first_words) is not None for phrases in (SHARING, FOLLOW_US))
        or CALL_TO_ACTION.fullmatch(first_words) is not None
    )


def find_masthead(blocks: Sequence[RawBlock], mail: MailContext) -> set[int]:
    """The newsletter's own name at its top, which the episode names anyway, and names beside a date."""
    name = normalize(mail.sender)
    first_blocks = blocks[:_MASTHEAD_BLOCKS]
    datelines = {
        number
        for number, block in enumerate(blocks[: _MASTHEAD_BLOCKS + 1])
        if is_dateline(block, mail) and not is_date_of_event(blocks, number, mail)
    }
    numbers = {
        number
        for number, block in enumerate(first_blocks)
        if (name and normalize(block.text) == name)
        or (number < _MASTHEAD_TITLES and names_issue(block, mail))
    }
    for number, block in enumerate(first_blocks):
        if (
            block.kind is BlockKind.PARAGRAPH
            and {number - 1, number + 1} & datelines
            and (
                (block.word_count <= 3 and block.text.istitle())
                or (follows_title(first_blocks, number) and number + 1 in datelines)
            )
        ):
            numbers.add(number)
    return numbers


def follows_title(blocks: Sequence[RawBlock], number: int) -> bool:
    """Whether a few words without a full stop stand below the title, where the author is named."""
    block = blocks[number]
    is_line = block.word_count <= _MAX_LINE_WORDS and block.text[-1:].isalnum() and not block.links
    return is_line and number > 0 and blocks[number - 1].kind is BlockKind.HEADING
