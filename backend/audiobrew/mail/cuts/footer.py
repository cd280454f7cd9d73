"""Find a newsletter's footer: from its first reliable sign to the last block."""

import re
from collections.abc import Sequence
from itertools import islice

from audiobrew.mail.cuts.addresses import is_address
from audiobrew.mail.cuts.dateline import has_time_of_day, is_calendar_line
from audiobrew.mail.cuts.mail_context import (
    SENTENCE_ENDS,
    MailContext,
    contains_unquoted,
    coverage,
    is_in_last_part,
    mostly_contains,
    split_sentences,
    unquoted_matches,
)
from audiobrew.mail.cuts.phrases import COPYRIGHT, Phrases
from audiobrew.mail.newsletter import BlockKind, Cut
from audiobrew.mail.raw_block import RawBlock
from audiobrew.mail.text_cleanup import count_words

# A footer begins in the last three fifths of the blocks, or anywhere in a mail that is only a footer.
_EARLIEST = 0.4
# Words of other text that a footer may hold, in all and in one block.
_MAX_OTHER_WORDS = 90
_MAX_OTHER_BLOCK_WORDS = 45
# A footer contains no sentence of a story, which has at least so many words.
_MIN_STORY_WORDS = 9
# After the last sign, text with more words than this is content, unless it is small.
_MAX_LAST_WORDS = 12
# With fewer words before it, the footer is the whole content of the mail.
_ONLY_FOOTER = 40
# The share of a link's text that a phrase for leaving the list must make up.
_MIN_PHRASE_SHARE = 0.28
# The share of a line of legal links that their phrases make up. "Privacy" is also a subject of headlines.
_MIN_LEGAL_SHARE = 0.35
# The same for a link in a heading.
_MIN_HEADING_SHARE = 0.5
# How a sentence gives a reason.
_BECAUSE = re.compile(
    r"(?<!\w)(?:because|since you|as you|weil|da sie|car|parce que|porque|ya que|já que|perché|in quanto"
    r"|omdat|ponieważ|потому что|так как|тому що|оскільки|fordi|eftersom|koska|protože|mert|deoarece"
    r"|pentru că|επειδή|γιατί|çünkü|vì|karena|כי|لأن|क्योंकि)(?!\w)",
    re.IGNORECASE,
)
_SEPARATED = re.compile(r"\s[|·•]\s")
# The share of a line that "All rights reserved" makes up.
_MIN_RIGHTS_SHARE = 0.4
# Words of the date of an event besides names of months and days.
_MAX_DATE_WORDS = 3
# Blocks between an address and another sign of the footer.
_NEAR = 3
_COPYRIGHT_LINE = re.compile(r"(?:©|\(c\)|copyright)\s{0,3}\d{4}|\d{4}\s{0,3}©", re.IGNORECASE)
# How a sentence addresses its reader, in languages whose phrases for leaving a list are common words, too.
_ADDRESSES_READER = re.compile(
    r"(?:^to unsubscribe|\b(?:unsubscribe (?:here|at|from this|by|at any)|click|you can|reply|visit|you.d|"
    r"this (?:newsletter|e-?mail)|our (?:newsletter|e-?mails)|mailing"
    r"|you (?:may|must|wish|want)|at any time"
    r"|klick\w*|hier|sie können|können sie|jederzeit|du kannst|diese\w* newsletter|cliquez|pour vous"
    r"|vous pouvez|cette (?:lettre|newsletter)|haz clic|puedes|puede|si no|clicca|puoi|per "
    r"|clique|você pode|para (?:cancelar|deixar|darte|dejar)|klik|je kunt|u kunt|wil je)\b)",
    re.IGNORECASE,
)
# How a sentence begins that speaks about the mail and its contents, rather than about the world.
_ABOUT_THE_MAIL = re.compile(
    r"(?:this|nothing|these|our|we|i|some|information|content|all|for|links?|newsletter|e-?mail"
    r"|opinions?|not"
    r"|dies\w*|die inhalte|alle|ce|cette|ces|les|est[aeo]s?|la información|quest[aeoi]|le informazioni|este"
    r"|dit|deze|aan|de inhoud|informa\w+|det|denne|dette|tämä\w*|tento|tato|niniejsz\w+|treść|ez a"
    r"|aceste?|το|αυτό"
    r"|это|эта|данн\w+|це|ця|bu)\b",
    re.IGNORECASE,
)
_CONTACT = re.compile(
    r"[^\s@]{1,64}@\w|(?<!\d)\(?\d{3}\)?[ .-]\d{3}[.-]\d{4}(?!\d)|\+\d[\d ()-]{7,}"
)
_URL_OR_ADDRESS = re.compile(r"https?://|[^\s@]{1,64}+@\w")


def find_footer(blocks: Sequence[RawBlock], mail: MailContext) -> dict[int, Cut]:
    """The blocks of the footer, and blocks elsewhere that can only belong to one."""
    signs = {
        number: cut
        for number, block in enumerate(blocks)
        if (cut := footer_reason(block, number, blocks, mail))
    }
    signs = corroborated_signs(blocks, signs, mail)
    for number, block in enumerate(blocks):
        if number not in signs and is_late(number, blocks):
            near = any(one in signs for one in range(number - _NEAR, number + _NEAR + 1))
            near = near or number >= len(blocks) - 2
            if (
                block.kind is not BlockKind.QUOTATION
                and is_address(block, mail, near)
                and not is_venue(blocks, number, mail)
            ):
                signs[number] = Cut.FOOTER
    for number in sorted(signs):
        if number - 1 not in signs and is_late(number, blocks) and is_signature(blocks[number - 1]):
            signs[number - 1] = Cut.FOOTER
    start = footer_start(blocks, signs)
    last_sign = max(signs, default=-1)
    tail: dict[int, Cut] = {}
    for number in range(start, len(blocks)):
        block = blocks[number]
        if number > last_sign and block.word_count > _MAX_LAST_WORDS and not block.small:
            continue
        legal = contains_legal(block, mail) or mail.phrases["legal_links"].search(block.text)
        tail[number] = signs.get(number) or (Cut.LEGAL if legal else Cut.FOOTER)
    return signs | tail


def is_venue(blocks: Sequence[RawBlock], number: int, mail: MailContext) -> bool:
    """Whether an address is that of an event: below its date, or one of several below titles."""
    if blocks[number].links or blocks[number].small or number == 0:
        return False
    if is_date(blocks[number - 1].text):
        return True
    return is_near_title(blocks, number) and any(
        is_near_title(blocks, other) and is_address(blocks[other], mail, near_footer=True)
        for other in range(1, number - 1)
    )


def is_date(text: str) -> bool:
    return is_calendar_line(text, _MAX_DATE_WORDS) or has_time_of_day(text)


def is_near_title(blocks: Sequence[RawBlock], number: int) -> bool:
    """Whether a title stands one or two blocks above."""
    return any(
        block.kind is BlockKind.HEADING or block.bold
        for block in blocks[max(0, number - 2) : number]
    )


def corroborated_signs(
    blocks: Sequence[RawBlock], signs: dict[int, Cut], mail: MailContext
) -> dict[int, Cut]:
    """The signs without words that stand alone between lines of a story.

    A footer has links, addresses or small print, and what has none of them stands beside what has.
    """
    strong = {
        number
        for number, cut in signs.items()
        if is_strong_sign(blocks[number])
        or mostly_contains(mail.phrases["why_sent"], blocks[number].text)
        or (cut is Cut.LEGAL and blocks[number].text.endswith(SENTENCE_ENDS))
    }
    strong.update(range(max(len(blocks) - 1, 0), len(blocks)))
    runs: dict[int, Cut] = {}
    for step in (1, -1):
        is_near = False
        for number in range(len(blocks))[::step]:
            block = blocks[number]
            is_near = number in strong or (
                is_near and (number in signs or is_strong_sign(block) or block.small)
            )
            if is_near and number in signs:
                runs[number] = signs[number]
    return dict(sorted(runs.items()))


def is_strong_sign(block: RawBlock) -> bool:
    """Whether a block has a link, small print, an address, or a copyright sign."""
    return (
        bool(block.links)
        or block.small
        or block.mails
        or _URL_OR_ADDRESS.search(block.text) is not None
        or COPYRIGHT.search(block.text) is not None
    )


def is_signature(block: RawBlock) -> bool:
    """Whether a line above a footer is somebody's name with an address or a telephone number."""
    return (
        block.kind is BlockKind.PARAGRAPH
        and block.word_count <= _MAX_LAST_WORDS
        and not block.text.endswith((".", "!", "?", ":"))
        and _CONTACT.search(block.text) is not None
    )


def footer_reason(
    block: RawBlock, number: int, blocks: Sequence[RawBlock], mail: MailContext
) -> Cut | None:
    """Why a block belongs to a footer, by its words, its length and its links; None if it need not."""
    late = is_late(number, blocks)
    if block.kind is BlockKind.QUOTATION or block.word_count > 250:
        return None
    if block.kind is BlockKind.HEADING and not is_footer_heading(block, late, mail):
        return None  # a title is about a phrase; what is below it decides
    at_edge = late or number < 4 or block.small or bool(block.links)
    if is_unsubscribe(block, late, mail):
        return Cut.FOOTER
    if is_reason(block, late, at_edge, mail):
        return Cut.FOOTER
    if is_copyright(block, late, mail):
        return Cut.FOOTER
    if is_legal(block, late, mail):
        return Cut.LEGAL
    if (
        block.word_count <= 15
        and coverage(mail.phrases["legal_links"], block.text) >= _MIN_LEGAL_SHARE
        and ((late and consists_of_short_pieces(block.text)) or block.link_share > 0.5)
    ):
        return Cut.LEGAL
    return None


def is_footer_heading(block: RawBlock, late: bool, mail: MailContext) -> bool:
    """Whether a line of a footer is marked as a heading, as some senders do for its size.

    It is a link as a whole, a copyright line, names two places to go, or tells its reader how to leave.
    """
    if block.link_share >= 0.9 and block.word_count <= 3:
        return True
    if not late or block.word_count > _MAX_OTHER_BLOCK_WORDS:
        return False
    text, unsubscribe = block.text, mail.phrases["unsubscribe"]
    if COPYRIGHT.search(text) or ends_with_rights(text, mail):
        return True
    if _SEPARATED.search(text) and block.word_count <= 8:
        return (
            unsubscribe.search(text) is not None
            or mail.phrases["legal_links"].search(text) is not None
        )
    return contains_unquoted(unsubscribe, text) and (
        _ADDRESSES_READER.search(text) is not None
        or any(coverage(unsubscribe, link.text) >= _MIN_HEADING_SHARE for link in block.links)
    )


def ends_with_rights(text: str, mail: MailContext) -> bool:
    """Whether a text ends with a reservation of rights, or has an imprint beside it."""
    ends = [match.end() for match in mail.phrases["rights"].finditer(text)]
    return bool(ends) and (
        max(ends) >= len(text.rstrip(" .!")) or mail.phrases["legal"].search(text) is not None
    )


def is_reason(block: RawBlock, late: bool, at_edge: bool, mail: MailContext) -> bool:
    """Whether the block says why its reader receives the mail."""
    phrases = mail.phrases["why_sent"]
    if block.word_count > 60 and not block.small:
        return False
    first, *others = split_sentences(block.text)
    gives_reason = phrases.match(first) is not None and _BECAUSE.search(first) is not None
    if (at_edge or gives_reason) and mostly_contains(phrases, block.text):
        return True
    return late and (
        gives_reason
        or (block.small and contains_unquoted(phrases, block.text))
        or (
            contains_unquoted(phrases, first)
            and any(contains_unquoted(mail.phrases["unsubscribe"], other) for other in others)
        )
    )


def is_legal(block: RawBlock, late: bool, mail: MailContext) -> bool:
    """Whether the block is a disclaimer or an imprint.

    One legal phrase is not enough, as stories have them, too: the text is small, has a second phrase,
    speaks about the mail itself, or is no sentence.
    """
    phrases = mail.phrases["legal"]
    sentences = [one for one in split_sentences(block.text) if contains_unquoted(phrases, one)]
    if not sentences:
        return False
    mostly = sum(map(len, sentences)) * 2 >= len(block.text)
    if block.small or count_legal(block, mail) >= 2:
        return mostly or (late and block.word_count <= 60)
    first = sentences[0] == split_sentences(block.text)[0]
    if any(_ABOUT_THE_MAIL.match(one) for one in sentences):
        return (mostly or first) and block.word_count <= 60 and (late or block.word_count <= 35)
    is_sentence = block.text.rstrip().endswith((".", "!", "?"))
    return mostly and late and block.word_count <= (14 if is_sentence else 35)


def count_legal(block: RawBlock, mail: MailContext) -> int:
    """The number of legal phrases outside quotation marks, at most 3."""
    matches = unquoted_matches(mail.phrases["legal"], block.text)
    return sum(1 for _ in islice(matches, 3))


def contains_legal(block: RawBlock, mail: MailContext) -> bool:
    return mail.phrases["legal"].search(block.text) is not None


def consists_of_short_pieces(text: str) -> bool:
    """Whether a text is one of links or labels, not a sentence."""
    return not text.rstrip().endswith(".") or len(text.split()) <= 5


def is_unsubscribe(block: RawBlock, late: bool, mail: MailContext) -> bool:
    """Whether the block holds a link to unsubscribe, or is a short text near the end that says how."""
    phrases = mail.phrases["unsubscribe"]
    has_link = block.word_count <= 90 and any(
        is_unsubscribe_link(link.text, phrases) for link in block.links
    )
    explains = (
        block.word_count <= 45
        and (late or block.small)
        and contains_unquoted(phrases, block.text)
        and (
            has_link
            or not is_headline(block, phrases)
            or _ADDRESSES_READER.search(block.text) is not None
        )
    )
    short = block.word_count <= 6 and phrases.match(block.text) is not None
    if has_link and not late and block.word_count > 25:
        return mostly_contains(phrases, block.text)
    if explains and not has_link and block.word_count > 12 and not block.small:
        # A sentence that does not speak to its reader may be a story about mailing lists.
        return (
            any(
                contains_unquoted(phrases, sentence) and _ADDRESSES_READER.search(sentence)
                for sentence in split_sentences(block.text)
            )
            or bool(block.links and mostly_contains(phrases, block.text))
            or _URL_OR_ADDRESS.search(block.text) is not None
            or mail.phrases["why_sent"].search(block.text) is not None
        )
    return has_link or explains or (short and block.kind is not BlockKind.HEADING)


def is_headline(block: RawBlock, phrases: Phrases) -> bool:
    """Whether a line only mentions a phrase: it is an item, or a link as a whole, and says more."""
    match = phrases.search(block.text)
    says_more = match is not None and len(match[0]) < _MIN_PHRASE_SHARE * len(block.text)
    is_line = block.kind is BlockKind.LIST_ITEM or block.link_share >= 0.8
    return is_line and says_more and not block.small


def is_unsubscribe_link(text: str, phrases: Phrases) -> bool:
    """Whether a link's text is about leaving, and little else, unlike a headline."""
    return count_words(text) <= 8 and coverage(phrases, text) >= _MIN_PHRASE_SHARE


def is_copyright(block: RawBlock, late: bool, mail: MailContext) -> bool:
    begins = COPYRIGHT.match(block.text) is not None and block.word_count <= 60
    rights = mail.phrases["rights"]
    if begins:
        return True
    if block.word_count <= 40 and contains_unquoted(rights, block.text):
        ends = any(
            not block.text[one.end() :].strip(" .!|·") for one in rights.finditer(block.text)
        )
        return (
            ends
            or block.small
            or coverage(rights, block.text) >= _MIN_RIGHTS_SHARE
            or "©" in block.text
        )
    return late and block.word_count <= 25 and _COPYRIGHT_LINE.search(block.text) is not None


def is_late(number: int, blocks: Sequence[RawBlock]) -> bool:
    """Whether the block is in the last two fifths of the mail, or among its last eight blocks."""
    return is_in_last_part(number, blocks) or number >= len(blocks) - 8


def footer_start(blocks: Sequence[RawBlock], signs: dict[int, Cut]) -> int:
    """The first sign after which little other text follows; past the end if there is none."""
    start, other_words = len(blocks), 0
    words_before = sum(block.word_count for block in blocks)
    has_content = False
    for number in range(len(blocks) - 1, -1, -1):
        words = blocks[number].word_count
        words_before -= words
        other_words += 0 if number in signs else words
        has_content = has_content or (
            number not in signs and words >= 8 and not blocks[number].small
        )
        if other_words > _MAX_OTHER_WORDS or (
            number not in signs
            and (words > _MAX_OTHER_BLOCK_WORDS or is_story_sentence(blocks[number]))
        ):
            break
        if number in signs and (
            number >= len(blocks) * _EARLIEST or (words_before < _ONLY_FOOTER and not has_content)
        ):
            start = number
    return start


def is_story_sentence(block: RawBlock) -> bool:
    """Whether the block is a whole sentence as stories have them: long, in normal print, without a link."""
    ends = block.text.endswith((".", "!", "?", "。", "！", "？", "”", "»"))
    return ends and block.word_count >= _MIN_STORY_WORDS and not block.small and not block.links
