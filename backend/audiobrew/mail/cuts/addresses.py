"""Recognize postal addresses by their form, not by a street's name alone: stories name streets, too."""

import re

from audiobrew.mail.cuts.mail_context import MailContext
from audiobrew.mail.newsletter import BlockKind
from audiobrew.mail.raw_block import RawBlock

_MAX_WORDS, _MAX_CHARACTERS = 40, 300
# A text with more words that ends in a full stop is a sentence.
_MAX_SENTENCE_WORDS = 12
_POSTAL_CODE = re.compile(
    r"(?<![\w.,€$£#/-])(?:[A-Z]{1,2}-)?(?:\d{5}-\d{3,4}|\d{5,7}|\d{3} \d{2}|\d{2}-\d{3}|\d{3}-\d{4}"
    r"|\d{4} [A-Z]{2}|(?!(?:19|20)\d\d)\d{4}(?= [^\W\d_]))(?![\w%]|[.,]\d|\s?(?:€|\$|kr|ft|zł|руб|円"
    r"|元|원)(?!\w))"
    r"|〒\s?\d{3}-?\d{4}|(?<!\w)(?:[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}|[A-Z]\d[A-Z] ?\d[A-Z]\d"
    r"|[A-Z]{2} \d{5})(?!\w)"
)
_COMPANY = re.compile(
    r"(?<!\w)(?:AG|UG|AB|AS|A/S|HB|SA|SAS|SL|BV|B\.V\.|NV|N\.V\.|PT|CV|RY|ry|AE|ΑΕ|Α\.Ε\.|ΑΜΚΕ|ΕΠΕ|ООО|ОАО|АО|ИП|ТОВ|ФОП|ПП"
    r"|(?i:gmbh|mbh|e\. ?v\.|inc\.?|llc|l\.l\.c\.|ltd\.?|limited|plc|corp\.?|pty|s\.a\.s?\.?|sarl|s\.l\.u?\."
    r"|s\.r\.l\.|srl|s\.p\.a\.|ltda\.?|lda\.?|oyj?|aps|sp\. z o\. ?o\.|s\.r\.o\.|a\.s\.|z\. ?s\."
    r"|kft\.?|zrt\.?|nyrt\.?|şti\.?|a\.ş\.|egyesület|association|asociația|stichting|fundacja"
    r"|stowarzyszenie|foreningen?|föreningen?|yhdistys|verlag|redaktion|redakcja|rédaction|redazione|redacción))(?!\w)"
    r"|(?:株式|有限|合同)会社|有限公司|주식회사|\(주\)|בע\"?מ"
)
_COUNTRY = re.compile(
    r"(?<!\w)(?:u\.?s\.?a\.?|united states(?: of america)?|u\.?k\.?|united kingdom|england|scotland"
    r"|wales|ireland|canada|australia"
    r"|new zealand|india|germany|deutschland|austria|österreich|schweiz|suisse|switzerland|france"
    r"|spain|españa|italy|italia"
    r"|portugal|brasil|brazil|nederland|netherlands|belgi[eë]|belgique|polska|poland|sverige|sweden"
    r"|danmark|denmark|norge|norway"
    r"|suomi|finland|česk\w+|czechia|magyarország|hungary|românia|romania|ελλάδα|greece|україна"
    r"|ukraine|россия|türkiye|turkey"
    r"|méxico|mexico|argentina|colombia|chile|việt nam|vietnam|indonesia|singapore|israel|ישראל"
    r"|भारत|日本|中国|中國|台灣|台湾|대한민국)"
    r"[\s.]*+$",
    re.IGNORECASE,
)
_POST_BOX = re.compile(
    r"(?<!\w)(?:p\.? ?o\.? ?box|post(?:fach|bus|boks|box)|apartado|casella postale|caixa postal"
    r"|skr\. poczt|pmb|c/o|b\.?p\.?) ?\d*",
    re.IGNORECASE,
)
# A line that is only a town with its state and postal code.
_CITY = re.compile(r"(?:[A-Z][\w.’'-]{1,20} ){0,3}[A-Z][\w.’'-]{1,20},? [A-Z]{2} \d{5}(?:-\d{4})?")
_CONTACT = re.compile(
    r"[\w.+-]{1,64}+@[\w-]{1,64}+\.|(?<!\d)\+\d[\d ()/-]{6,}|(?<!\w)(?:tel|fon|phone|тел)\b",
    re.IGNORECASE,
)
_SEPARATOR = re.compile(r"\s?(?:[,;|·•/]|(?<=\s)[–—-](?=\s))\s?")
# What stories and events have, and addresses do not.
_TIME_OR_PRICE = re.compile(
    r"\d{1,2}[:.h]\d{2}(?!\d)|(?<!\w)\d{1,2} ?(?:a\.?m\.?|p\.?m\.?|uhr|h|óra|ч)(?!\w)|[€$£%]"
    r"|\d ?(?:kr|zł|ft|лв|руб|грн|円|元|원|tl|₺|₹)(?!\w)",
    re.IGNORECASE,
)
_NUMBER_NEAR = 40
# The shares of words in lower case.
_MAX_LOWERCASE, _MAX_LOWERCASE_SENTENCE = 0.6, 0.45


def is_address(block: RawBlock, mail: MailContext, near_footer: bool) -> bool:
    """Whether the block is a postal address.

    It has a postal code, a house number beside a street, or a post-office box; another sign of an address;
    and no finite sentence, no time and no price. `near_footer`: whether a sign of the footer is near.
    """
    text = block.text
    if len(text) > _MAX_CHARACTERS or block.word_count > _MAX_WORDS or _TIME_OR_PRICE.search(text):
        return False
    ends = text.endswith((".", "!", "?", "。"))
    if (ends and block.word_count > _MAX_SENTENCE_WORDS) or is_prose(text, ends):
        return False
    places = [
        _POSTAL_CODE.search(text) is not None,
        has_house_number(text, mail),
        _POST_BOX.search(text) is not None,
    ]
    segments = _SEPARATOR.split(text)
    brief = len(segments) >= 3 and all(len(segment.split()) <= 6 for segment in segments)
    others = [
        _COMPANY.search(text) is not None,
        _COUNTRY.search(text) is not None,
        _CONTACT.search(text) is not None,
        near_footer and brief,
        near_footer and block.small,
        bool(mail.sender_words) and any(word in text.casefold() for word in mail.sender_words),
    ]
    if not any(places):
        return False
    if near_footer and (_POST_BOX.fullmatch(text) or _CITY.fullmatch(text)):
        return True
    needed = 3 if block.kind in (BlockKind.LIST_ITEM, BlockKind.HEADING) or not near_footer else 2
    return sum(places) + sum(others) >= needed


def is_prose(text: str, ends: bool) -> bool:
    """Whether too many words are in lower case for a list of names. `ends`: whether a full stop ends it."""
    words: list[str] = re.findall(r"[^\W\d_]{2,}", text)
    words = [word for word in words if word.lower() != word.upper()]
    lowercase = sum(word[0].islower() for word in words)
    most = (_MAX_LOWERCASE_SENTENCE if ends else _MAX_LOWERCASE) * len(words)
    return bool(words) and lowercase > most


def has_house_number(text: str, mail: MailContext) -> bool:
    """Whether a number is near a word for a street."""
    for match in mail.phrases["streets"].finditer(text):
        near = text[max(0, match.start() - _NUMBER_NEAR) : match.end() + _NUMBER_NEAR]
        if re.search(r"(?<![\d.,])\d{1,5}[a-zA-Z]?(?!\d|[.,]\d)", near):
            return True
    return False
