"""What a text says about the page on which it stands: `(left)`, `as the chart shows`, `see below`, `here`.

A listener sees no page. A remark of this kind is left out of its sentence, and a sentence that needs it is
not told.
"""

import re
from functools import cache

from audiobrew.lang.language import language_or_default
from audiobrew.mail.newsletter import Block

# Words of a link that says only where it is, in any language.
MAX_LINK_WORDS = 2
_POINTERS = """
link here hier ici là aquí acá qui qua aqui tutaj tu här her tässä täältä itt aici εδώ здесь тут тук buradan
buraya tukaj ovdje ovde zde tady šeit čia siin こちら ここ 여기 여기서 这里 這裡 此处 هنا כאן यहाँ यहां sini đây
"""
POINTERS = frozenset(_POINTERS.split())
_WORD = re.compile(r"[^\W_]+")
_NUMBER_OF_TICKET = re.compile(
    r"^CVE-\d{4}-\d{4,7}(?:\s\([^()]{1,60}\))?:\s|\s?\([^()#]{0,60}#\d{1,7}[^()]{0,60}\)"
    r"|\s?\((?:CVE|CVSS|doi|DOI|arXiv|ISBN|ISSN|PMID)\b[^()]{1,80}\)"
)
# Remarks of statisticians: `(s.a., p)`.
_SHORT_REMARK = re.compile(
    r"\s?\((?:[a-z]|(?:[a-z]\.){2,3}|[a-z]{2,5}\.)(?:[,;]\s(?:[a-z]|(?:[a-z]\.){2,3}|[a-z]{2,5}\.)){0,3}\)"
)
_SPACE_BEFORE_MARK = re.compile(r"\s(?=[.,;:!?])")


def refers_to_page(sentence: str, language: str) -> bool:
    """Whether a sentence cannot be understood without the page."""
    pattern = page_pattern(language)
    return bool(pattern and pattern.search(sentence.casefold().replace("’", "'")))


def without_page_remarks(sentence: str, language: str) -> str:
    """The sentence without `(left)`, `(see box)` and `As the chart shows,`."""
    text = _SHORT_REMARK.sub("", _NUMBER_OF_TICKET.sub("", sentence))
    remarks, opening = remark_pattern(language), opening_pattern(language)
    if remarks:
        text = remarks.sub("", text)
    if opening and (match := opening.match(text)):
        rest = text[match.end() :]
        text = rest[:1].upper() + rest[1:]
    return _SPACE_BEFORE_MARK.sub("", text).strip() if text != sentence else sentence


def without_last_link(block: Block, text: str) -> str:
    """The text without a link of a few words after its last sentence: `… until 11 p.m. Timetable`."""
    for link in block.links:
        label = link.text.strip()
        is_document = label.endswith(")")
        own = text.removesuffix(".") if is_document else text
        rest = own.removesuffix(label).rstrip(" →»›>|·–—")
        is_last = label and rest != own and rest.endswith((".", "!", "?", "…", "”", "»", "。"))
        if is_last and len(label.split()) <= 4 and (label[-1].isalnum() or is_document):
            return rest
    return text


def points_to_link(block: Block, sentence: str) -> bool:
    """Whether a sentence has a link that says only where it is: `The report is here.`"""
    labels = (link.text.casefold().strip(" .:›→»()") for link in block.links)
    pointers = {
        label
        for label in labels
        if len(label.split()) <= MAX_LINK_WORDS and not POINTERS.isdisjoint(label.split())
    }
    words = " ".join(["", *_WORD.findall(sentence.casefold()), ""])
    return any(f" {label} " in words for label in pointers)


def is_about_page(heading: str, language: str) -> bool:
    """Whether a heading is that of a section about a picture: `Chart of the week`."""
    pattern = heading_pattern(language)
    return bool(pattern and pattern.fullmatch(heading.casefold().strip(" .:!?")))


@cache
def heading_pattern(language: str) -> re.Pattern[str] | None:
    patterns = language_or_default(language).page.headings
    return re.compile("|".join(patterns)) if patterns else None


@cache
def page_pattern(language: str) -> re.Pattern[str] | None:
    patterns = language_or_default(language).page.references
    return re.compile("|".join(patterns)) if patterns else None


@cache
def remark_pattern(language: str) -> re.Pattern[str] | None:
    patterns = language_or_default(language).page.remarks
    return re.compile(rf"\s?(?:{'|'.join(patterns)})", re.IGNORECASE) if patterns else None


@cache
def opening_pattern(language: str) -> re.Pattern[str] | None:
    patterns = language_or_default(language).page.openings
    return re.compile("|".join(patterns), re.IGNORECASE) if patterns else None
