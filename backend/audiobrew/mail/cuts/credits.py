"""Find blocks that only name who wrote, photographed or edited something."""

import re
from collections.abc import Sequence

from audiobrew.mail.cuts.dateline import is_dateline
from audiobrew.mail.cuts.mail_context import MailContext, normalize, split_sentences
from audiobrew.mail.newsletter import BlockKind
from audiobrew.mail.raw_block import RawBlock

_MAX_WORDS = 16
_MAX_CHARACTERS = 160
# Words of a line of linked names, and of a signature; the share of such a line that links make up.
_MAX_AUTHOR_WORDS, _MAX_SIGNATURE_WORDS, _MIN_LINKED = 10, 5, 0.5
# The share of a linked name above a date, and its characters in scripts without capitals: titles are longer.
_MIN_NAME_SHARE, _MAX_NAME_CHARACTERS = 0.9, 5
_READING_TIME = re.compile(
    r"\s?[·•|∙–—-]?\s?\d{1,3}\s?(?:-|–)?\s?(?:min\w{0,5}\.?|мин\w{0,3}\.?|хв\w{0,4}\.?|分|분|phút|menit"
    r"|λεπτά|dk|perc)"
    r"(?:[ -](?:read|lesezeit|de lecture|de lectura|di lettura|de leitura|czytania|čtení|lästid|læsetid"
    r"|lesetid))?\s?$",
    re.IGNORECASE,
)
# Words of a caption whose end is a credit.
_MAX_CAPTION_WORDS = 30
# Agencies and archives: after a name, they are credits in every language.
_AGENCY = re.compile(
    r"(?:/|\||via|for|©|\(|,|–|-|^)\s{0,3}(?:[\w.’-]{1,30} ){0,2}(?:getty|reuters|ap photo"
    r"|associated press|afp|epa|ritzau|scanpix"
    r"|shutterstock|unsplash|imago|dpa|keystone|ntb|tt|lehtikuva|pap|čtk|mti|ansa|efe|lusa|belga"
    r"|anp|xinhua|alamy|istock|pexels"
    r"|flickr|wikimedia(?: commons)?|bloomberg|images?|pictures?|agency|agence|archive|archiv\w*"
    r"|courtesy of [\w ]{2,40})\s*\)?\.?$",
    re.IGNORECASE,
)
# What names the sources of a story, in the languages that are offered.
SOURCES = re.compile(
    r"[\W_]{0,3}(?:sources?|quellen?|fuentes?|fontes?|fonti|bron(?:nen)?|käll(?:a|or)|kilder?|lähde|lähteet"
    r"|zdroje?|źródł[oa]|forrás(?:ok)?|surs[ăae]|πηγ(?:ή|ές)|источники?|джерел[оа]|kaynak(?:lar)?|출처"
    r"|出典|出展|(?:資料|资料)?(?:来源|來源)|المصدر|המקור|מקורות?|स्रोत|nguồn|sumber)\s?[:：]\s*+",
    re.IGNORECASE,
)
# A date below a byline, in any language.
_DATE = re.compile(
    r"(?:[^\W\d_]{1,12}\.?,? ){0,2}\d{1,2}(?:st|nd|rd|th|\.|º)?,?(?: [^\W\d_]{1,12}\.?,?){0,3} \d{4}"
)
_MAX_UNCASED_SOURCES = 40
_MIN_CAPITALIZED = 0.6
_CONNECTORS = frozenset((
    "and", "und", "et", "e", "y", "i", "a", "og", "och", "ja", "en", "és", "și", "si", "και", "и", "і", "й",
    "та", "ו", "&", "de", "da", "di", "van", "von", "der", "den", "del", "la", "le", "du", "dos", "das",
    "for", "via", "bin", "al", "el", "with", "mit", "avec", "con", "z", "a.", "s.", "et.", "illustration",
    "illustrations", "photos", "fotos", "photo", "foto", "text", "words", "edited", "by", "in", "dans",
    "bei", "nel", "für", "ter", "ten", "te", "af", "av", "zu", "zur", "do", "e.", "u.", "o.",
))  # fmt: skip
# The photographer's initials after a caption: `The quay at noon. / V. C.`
_INITIALS = re.compile(r"\s[/|©–—]\s?(?:[A-ZÀ-ÞΑ-ΩА-Я]\.\s?){1,2}[A-ZÀ-ÞΑ-ΩА-Я]\.?$")
# The photographer's name after a caption: `The quay at noon (Ewan Pryce)`.
_NAME_IN_BRACKETS = re.compile(r"\s\(([^()\d]{4,40})\)\.?$")
_CREDIT_MARK = re.compile(
    r"\s?(?:[:：|/©]|by\b|credit|courtesy|von\b|par\b|\s[–—-]\s)", re.IGNORECASE
)
# What separates the credits of a line: "Text: Ada Brook · Photos: Carl Dunn".
_PIECES = re.compile(r"\s[|·•/‧∙–—]\s|[;；|｜／]")
_CLAUSES = re.compile(r",\s|\s(?:and|und|et|y|e|en|och|og|ja|i|a|и|та|ve)\s(?=[^\W\d_]{3,12}\s)")
# Words and characters of a line of several credits; the share of it that credits must make up.
_MAX_LINE_WORDS, _MAX_LINE_CHARACTERS, _MIN_CREDITS = 45, 320, 0.6
# "Proofreading: Hank": a short label, and what follows it.
_LABELLED = re.compile(r"[^\W\d_][^:：,.]{1,40}\s?[:：=]\s?(?P<names>.{1,80})$")
_MAX_LABEL_WORDS = 4
# Whose text the mail is: "© 2026 Ada Brook".
_COPYRIGHT = re.compile(
    r"(?:copyright )?(?:©|\(c\)) ?(?:copyright )?(?:19|20)\d{2},? ([^\d,.;|·–—]{2,40})[.]?$",
    re.IGNORECASE,
)
_MIN_FIRST_NAME = 3
# Words after the label of a credit.
_MAX_NAME_WORDS = 10
_DATE_PART = re.compile(r"\d{1,4}\S{0,3}")
_WORD = re.compile(r"[^\s,;/|·•–—-]+")


def find_credits(blocks: Sequence[RawBlock], mail: MailContext) -> set[int]:
    credits = {
        number
        for number, block in enumerate(blocks)
        if is_credit(block, mail) or is_author_line(blocks, number, mail)
    }
    owners = owners_of(blocks)
    credits |= {
        number
        for number, block in enumerate(blocks)
        if block.kind is BlockKind.PARAGRAPH and normalize(block.text) in owners
    }
    dates = {
        number
        for number, block in enumerate(blocks)
        if number - 1 in credits and _DATE.fullmatch(block.text.strip(" |·•–—"))
    }
    return credits | dates


def owners_of(blocks: Sequence[RawBlock]) -> set[str]:
    """The names to which the mail's last copyright line belongs, and their first names.

    Under such a name alone, a newsletter of one author begins or ends.
    """
    lines = [match[1] for block in blocks if (match := _COPYRIGHT.match(block.text))]
    if not lines:
        return set()
    owner = normalize(lines[-1])
    first, _, rest = owner.partition(" ")
    return {owner, first} if rest and len(first) >= _MIN_FIRST_NAME else {owner}


def is_author_line(blocks: Sequence[RawBlock], number: int, mail: MailContext) -> bool:
    """Whether a line consists of linked names beside a title, or is a signature: "— Ada Brook"."""
    block = blocks[number]
    if block.kind is not BlockKind.PARAGRAPH or block.word_count > _MAX_AUTHOR_WORDS:
        return False
    beside = [*blocks[max(0, number - 1) : number], *blocks[number + 1 : number + 2]]
    near_title = any(one.kind is BlockKind.HEADING for one in beside)
    text = _READING_TIME.sub("", block.text).strip(" ·•|∙–—-")
    below = blocks[number + 1] if number + 1 < len(blocks) else None
    may_be_name = any(map(str.isupper, block.text)) or len(block.text) <= _MAX_NAME_CHARACTERS
    is_linked = block.link_share >= _MIN_NAME_SHARE
    is_linked_name = is_linked and may_be_name and are_names(block.text, strict=False)
    if below is not None and near_title and is_linked_name and is_dateline(below, mail):
        return True
    if leads_to_reading_time(blocks, number) and are_names(text):
        return True
    if near_title and text != block.text.strip() and are_names(text):
        return True
    if block.text[:1] in "—–-" and near_title and block.word_count <= _MAX_SIGNATURE_WORDS:
        return are_names(text)
    return near_title and bool(block.links) and block.link_share >= _MIN_LINKED and are_names(text)


def leads_to_reading_time(blocks: Sequence[RawBlock], number: int) -> bool:
    """Whether a title stands below a line, and the minutes that the story takes below the title."""
    title, *below = [*blocks[number + 1 : number + 4], None]
    return (
        title is not None
        and title.kind is BlockKind.HEADING
        and any(
            one is not None and _READING_TIME.search(one.text.partition(" · ")[0]) for one in below
        )
    )


def is_credit(block: RawBlock, mail: MailContext) -> bool:
    if block.kind in (BlockKind.QUOTATION, BlockKind.TABLE_ROW) or len(block.text) > 300:
        return False
    if names_sources(block.text) or consists_of_credits(block, mail):
        return True
    if block.word_count <= _MAX_WORDS and len(block.text) <= _MAX_CHARACTERS:
        near_picture = block.after_picture or block.caption or block.small
        if near_picture and block.word_count <= 8 and _AGENCY.search(block.text):
            return True
        lines = split_sentences(block.text)
        if is_credit_line(block.text, mail, block) or all(
            is_credit_line(line, mail, block) for line in lines
        ):
            return True
    near_picture = block.caption or block.after_picture
    if near_picture and block.word_count <= _MAX_CAPTION_WORDS and _INITIALS.search(block.text):
        return True
    name = _NAME_IN_BRACKETS.search(block.text)
    if name and near_picture and block.italic and are_names(name[1]):
        return True
    *caption, last = split_sentences(block.text)
    return bool(
        (near_picture or block.italic)
        and caption
        and block.word_count <= _MAX_CAPTION_WORDS
        and is_photo_credit(last, mail)
    )


def consists_of_credits(block: RawBlock, mail: MailContext) -> bool:
    """Whether a line is mostly of two or more credits: "Text: Ada Brook. Photos: Carl Dunn."."""
    text = block.text
    if block.kind is BlockKind.HEADING or block.word_count > _MAX_LINE_WORDS:
        return False
    if len(text) > _MAX_LINE_CHARACTERS:
        return False
    pieces = [piece for line in split_sentences(text) for piece in _PIECES.split(line)]
    credits = [piece for piece in pieces if is_credit_piece(piece, mail)]
    others = [piece for piece in pieces if piece not in credits and is_labelled_name(piece)]
    if len(pieces) == 1:
        # "A letter written by Ada Brook, edited by Carl Dunn."
        pieces = _CLAUSES.split(text)
        credits, others = [piece for piece in pieces if is_credit_piece(piece, mail)], []
    if not credits or len(credits) + len(others) < 2:
        return False
    return sum(map(len, credits + others)) >= _MIN_CREDITS * sum(map(len, pieces))


def is_credit_piece(piece: str, mail: MailContext) -> bool:
    """Whether a piece of a line begins with what somebody did, and goes on with names."""
    piece = piece.strip(" ()[]（）.*_📷📸")
    if len(piece.split()) > 14:
        return False
    for purpose in ("credits", "bylines"):
        for match in mail.phrases[purpose].matches(piece):
            rest = piece[match.end() :]
            separated = rest.lstrip()[:1] in (":", "：", "/", "|", "・", "=", "／")
            names = rest.strip(" :：/|・=／")
            if not names:
                continue
            if separated and has_names(names):
                return True
            if rest[:1].isspace() and are_names(names, strict=False):
                return True
    return False


def has_names(text: str) -> bool:
    """Whether a few words have a name among them, or no capitals: "Ada Brook, the museum's archive"."""
    words: list[str] = _WORD.findall(text)
    cased = [word for word in words if word[0].isupper() or word[0].islower()]
    return len(words) <= _MAX_NAME_WORDS and (not cased or any(word[0].isupper() for word in cased))


def is_labelled_name(piece: str) -> bool:
    match = _LABELLED.match(piece.strip(" ()[]."))
    if match is None or len(piece[: match.start("names")].split()) > _MAX_LABEL_WORDS:
        return False
    return are_names(match["names"], strict=False)


def names_sources(text: str) -> bool:
    """Whether a text is "Source: The Arden Post, Corve Radio" or the like, and no sentence."""
    match = SOURCES.match(text)
    if not match or len(text) > _MAX_CHARACTERS or text.endswith(("。", "!", "?")):
        return False
    pieces: list[str] = _WORD.findall(text[match.end() :])
    words = [word for word in pieces if word[0].isalpha()]
    cased = [word for word in words if word[0].isupper() or word[0].islower()]
    capitalized = sum(word[0].isupper() for word in cased)
    if not cased:
        return len(text) <= _MAX_UNCASED_SOURCES
    return capitalized >= _MIN_CAPITALIZED * len(cased)


def is_credit_line(line: str, mail: MailContext, block: RawBlock) -> bool:
    return is_photo_credit(line, mail) or is_byline(line, mail, block)


def is_photo_credit(line: str, mail: MailContext) -> bool:
    """Whether a line is "Photo: Ada Brook", "Foto Ada Brook/Archiv" or the like."""
    line = line.strip(" ()[]（）【】").removeprefix("📷").removeprefix("📸").strip()
    if line.startswith("©"):
        return len(line.split()) <= 6 and not re.search(r"\d{4}", line)
    if len(line) > 110:
        return False
    rests = [line[match.end() :] for match in mail.phrases["credits"].matches(line)]
    return any(
        rest.strip()
        and rest[0] != "-"
        and (_CREDIT_MARK.match(rest) is not None or are_names(rest))
        for rest in rests
    )


def is_byline(line: str, mail: MailContext, block: RawBlock) -> bool:
    """Whether a line is "By Ada Brook", perhaps with a date."""
    if block.kind is BlockKind.HEADING and block.level <= 2:
        return False
    line = line.strip(" ()[]（）.*_")
    if len(line.split()) > 12:
        return False
    for match in mail.phrases["bylines"].matches(line):
        rest = line[match.end() :]
        separated = rest.lstrip()[:1] in (":", "：", "/", "|", "・")
        if (separated or rest[:1].isspace()) and are_names(rest, strict=not separated):
            return True
    return False


def are_names(text: str, strict: bool = True) -> bool:
    """Whether the text consists of names: capitalized words, and words and dates between them.

    In a script without capitals only a text that is not `strict` can pass.
    """
    words: list[str] = _WORD.findall(text.strip(" :：.()"))
    names = [word for word in words if word.casefold() not in _CONNECTORS]
    letters = [word for word in names if not _DATE_PART.fullmatch(word)]
    if not letters or len(letters) > 10:
        return False
    without_case = not any(word[:1].isupper() or word[:1].islower() for word in letters)
    if without_case:
        return not strict and len(letters) <= 6 and len(text) <= 30
    capitalized = sum(word[:1].isupper() or word[:1] in "@(" for word in letters)
    return capitalized >= 1 and capitalized >= len(letters) - (1 if len(letters) > 3 else 0)
