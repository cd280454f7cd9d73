"""Headings that name no subject: credits of pictures, figures, dates, addresses and labels of advertisements.

None of them becomes the title of a story, a chapter or an episode.
"""

import re
from functools import lru_cache

from audiobrew.lang.function_words import FUNCTION_WORDS
from audiobrew.mail.cuts.addresses import is_address
from audiobrew.mail.cuts.credits import are_names, is_photo_credit
from audiobrew.mail.cuts.dateline import is_calendar_line
from audiobrew.mail.cuts.mail_context import MailContext, coverage
from audiobrew.mail.cuts.phrases import READING_TIME, PhraseBook
from audiobrew.mail.cuts.sponsor_labels import is_weak_label, name_in_label
from audiobrew.mail.newsletter import BlockKind
from audiobrew.mail.raw_block import RawBlock

# Characters. A longer text is none of these, whatever it contains.
_MAX_CHARACTERS = 160
_MAIL_ADDRESS = re.compile(r"[^\s@<>()]@[\w-]{1,64}\.\w")
# An address in the web: with its scheme, with `www`, or one word with a path.
_WEB_ADDRESS = re.compile(
    r"(?:https?://|www\.)\S|[\w-]{1,64}(?:\.[\w-]{1,64}){1,5}/\S*$", re.IGNORECASE
)
_WORD = re.compile(r"[^\W\d_]+")
# A figure at the beginning, perhaps with its sign or its currency.
_FIRST_FIGURE = re.compile(r"[^\w\s]{0,3}\s?(?:[A-Z]{1,3}\s?)?[$€£¥₩₹]?\s?[+−-]?\d")
# What a figure has, and a number before a word does not: `12 monkeys`.
_FIGURE_SIGN = re.compile(r"[%‰°$€£¥₩₹₺₽₪±−+]|\d[.,:]\d|\d[a-zA-Z]{1,2}(?!\w)")
# Agencies and archives whose names stand below pictures, in every language.
_AGENCIES = (
    r"(?:getty|reuters|ap|ap photo|associated press|afp|upi|epa|epa-efe|dpa|picture alliance|pa|pa wire"
    r"|ritzau|scanpix|ritzau scanpix|ntb|tt|lehtikuva|stt|pap|forum|čtk|profimedia|mti|ansa|lapresse|efe"
    r"|europa press|lusa|belga|anp|apa|keystone|keystone-sda|imago|xinhua|kyodo|jiji|yonhap|tass|ria novosti"
    r"|agerpres|anadolu|bloomberg|shutterstock|istock|alamy|unsplash|pexels|pixabay|flickr|dreamstime|zuma"
    r"|wikimedia|wikimedia commons|nasa|cc[ -]by(?:-\w\w){0,3}(?: \d\.\d)?)"
)
_AGENCY = re.compile(
    rf"{_AGENCIES}(?: (?:images?|photos?|pictures|press|news|wire|stock|archive|pool|agency))?",
    re.IGNORECASE,
)
# The name of any other agency: `Norrpix Images`.
_OTHER_AGENCY = re.compile(
    r"\S.{0,30} (?:images|photos?|pictures|press|photography|studios?|archive|archiv|agency|pool|foto)",
    re.IGNORECASE,
)
_SLASH = re.compile(r"\s?[/|｜／]\s?")
_BETWEEN_NAMES = re.compile(r"\s?[/|｜／,]\s?|\s[–—-]\s|\s(?:via|for)\s|\s?\(")
_COURTESY = re.compile(r"(?:\w{1,14} )?courtesy(?: of)?:? (?P<names>.+)", re.IGNORECASE)
_MIN_NAMES, _MAX_NAMES, _MAX_CREDIT_WORDS = 2, 3, 9
# The share of a text that its phrases make up: `Read online`, `5 min read`.
_MIN_COVERAGE = 0.9


@lru_cache(maxsize=4096)
def is_no_title(text: str, language: str) -> bool:
    """Whether a text names no subject: it is a figure, a date, a credit, an address or a label."""
    return is_figure_or_date(text) or names_source(text, language)


def is_figure_or_date(text: str) -> bool:
    """Whether a text has no words, or is a figure with its unit, a time or a date."""
    words = _WORD.findall(text)
    if not words or (len(text) <= _MAX_CHARACTERS and is_calendar_line(text, 0)):
        return True
    others = [word for word in words if word.casefold() not in FUNCTION_WORDS]
    if not any(map(str.isdigit, text)):
        return False
    return not others or (
        len(others) == 1
        and _FIRST_FIGURE.match(text) is not None
        and _FIGURE_SIGN.search(text) is not None
    )


@lru_cache(maxsize=4096)
def names_source(text: str, language: str) -> bool:
    """Whether a text only says from whom, where or why something is, such as a credit: it is never spoken."""
    text = " ".join(text.split())
    if _MAIL_ADDRESS.search(text):
        return True
    if len(text) > _MAX_CHARACTERS:
        return False
    if _WEB_ADDRESS.match(text):
        return True
    mail = MailContext(phrases=_phrases_of(language))
    return is_credit(text, mail) or is_label(text, mail) or is_postal_address(text, mail)


@lru_cache(maxsize=64)
def _phrases_of(language: str) -> PhraseBook:
    return PhraseBook([language])


def is_postal_address(text: str, mail: MailContext) -> bool:
    return is_address(RawBlock(BlockKind.PARAGRAPH, text), mail, near_footer=True)


def is_label(text: str, mail: MailContext) -> bool:
    """Whether a text discloses an advertisement, or is a button above or below a newsletter."""
    bare = text.strip(" ()[]【】*:.")
    if READING_TIME.fullmatch(bare) or name_in_label(bare, mail) or is_weak_label(bare, mail):
        return True
    return any(
        coverage(mail.phrases[purpose], bare) >= _MIN_COVERAGE
        for purpose in ("view_in_browser", "unsubscribe")
    )


def is_credit(text: str, mail: MailContext) -> bool:
    """Whether a text says whose a picture or a text is: `Ada Brook/Norrpix`, `By Ada Brook`, `© 2026`."""
    bare = text.strip(" ()[]（）【】*_.📷📸")
    if len(bare.split()) > _MAX_CREDIT_WORDS:
        return False
    if text.strip(" ([").startswith(("©", "(c) ", "ⓒ")) or _AGENCY.fullmatch(bare):
        return True
    if is_photo_credit(bare, mail) or names_author(bare, mail):
        return True
    courtesy = _COURTESY.fullmatch(bare)
    if courtesy:
        return are_names(courtesy["names"], strict=False)
    pieces = [piece.strip(" )") for piece in _BETWEEN_NAMES.split(bare)]
    if len(pieces) < 2 or not all(piece and are_names(piece) for piece in pieces):
        return False
    if any(_AGENCY.fullmatch(piece) for piece in pieces):
        return True
    pieces = _SLASH.split(bare)
    if len(pieces) != 2:
        return False
    person, agency = pieces
    is_person = _MIN_NAMES <= len(person.split()) <= _MAX_NAMES and not any(map(str.isdigit, bare))
    is_close = re.search(r"\S[/／]\S", bare) is not None
    return is_person and (is_close or _OTHER_AGENCY.fullmatch(agency) is not None)


def names_author(text: str, mail: MailContext) -> bool:
    """Whether a text is `By Ada Brook` or the like: two names at least, as `By Train` is a title."""
    for match in mail.phrases["bylines"].matches(text):
        rest = text[match.end() :]
        if rest[:1].isspace() and len(rest.split()) >= _MIN_NAMES and are_names(rest):
            return True
    return False
