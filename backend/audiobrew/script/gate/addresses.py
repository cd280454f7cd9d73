"""Where a sentence sends its listener: addresses, handles, telephone numbers, codes and calls to action."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from audiobrew.lang.function_words import FUNCTION_WORDS
from audiobrew.lang.language import complete_languages
from audiobrew.lang.symbols import DOT_WORDS
from audiobrew.script.gate.lookalikes import as_seen

_TLDS = (
    "com|org|net|info|biz|example|app|shop|store|online|site|club|xyz|top|live|dev|io|co|me|ai|tv|eu|de|at|ch|fr|es|it|"
    "pt|br|nl|be|uk|us|ca|au|in|ly|gg|news|media|blog|gov|edu|int"
)
_SPOKEN_DOT = re.compile(
    rf"(?<=\w)(?:\s(?:{'|'.join(DOT_WORDS)})\s|\s?[\[({{](?:\.|dot)[\])}}]\s?)(?=(?:[\w-]{{1,30}}\.)?(?:{_TLDS})\b)",
    re.IGNORECASE,
)
_SPOKEN_AT = re.compile(
    r"(?<=\w)\s?(?:\s(?:arroba|chiocciola|arobase|apenstaartje)\s|\(at\)|\[at\])\s?(?=[\w-]{1,60}\.[a-z]{2,}\b)",
    re.IGNORECASE,
)
# Spoken dots in one address, at most.
MAX_SPOKEN_DOTS = 5
# Letters of a word before one that are read, which is more than a function word has.
MAX_ARTICLE = 16
_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]++@[\w-]++(?:\.[\w-]++)+")
_SITE = re.compile(
    r"(?<![\w@.-])(?:h(?:tt|xx)ps?://)?(?:[\w-]++\.)+[^\W\d_]{2,24}\b(?::\d{1,5})?(?:[/?#][^\s<>\"“”»]*)?",
    re.IGNORECASE,
)
_HANDLE = re.compile(r"(?<![\w@./])@\w{2,}")
_TELEPHONE = re.compile(r"(?<![\w.,])\+?\d(?:[\s()./\u2010-\u2015-]{0,3}\d){6,17}(?![\w%])")
# Dates, years and grouped figures look like telephone numbers, but are not.
_NOT_TELEPHONE = re.compile(
    r"\d{1,3}(?:[.,\s]\d{3})+|\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\s?\d{1,2}[-/.]\s?\d{4}|\d{4}\s?[-–—/]\s?\d{2,4}|\d+"
)
_CODE = re.compile(
    r"\b(?i:codes?|voucher|coupon|gutschein(?:code)?|rabattcode|código|codigo|codice|kortingscode)[\s:«“\"'‘„]{1,4}"
    r"(?i:(?:is|ist|est|es|è|é|promo)[\s:«“\"'‘„]{1,4})?([A-Z0-9][A-Z0-9-]{2,})\b"
)
# Imperatives that tell the listener to do something.
_ACTION_VERBS = "|".join(
    sorted({verb for one in complete_languages() for verb in one.sentences.calls_to_action})
)
_CALL_TO_ACTION = re.compile(
    r"(?:^|[.!?:;—–]\s|,\s?(?:and |then |so |also )?)[\"“„«'‘]?"
    r"(?:please |now |just |then |bitte |jetzt |por favor |per favore )?"
    rf"({_ACTION_VERBS})\b",
    re.IGNORECASE,
)
# Punctuation that may follow an address in a sentence.
_TRAILING = ".,;:!?)]}'\"’”»/"


@dataclass(frozen=True, slots=True)
class Destinations:
    """The addresses that cited blocks contain.

    `sites` are web addresses; `others` are mail addresses, handles, telephone numbers and codes. `digits`
    holds all digits of each block.
    """

    sites: frozenset[str]
    others: frozenset[str]
    digits: tuple[str, ...]

    def lacks(self, address: str) -> bool:
        """Whether no block contains the address, as `addresses` returns it."""
        if "@" in address or address.isupper():
            return address not in self.others
        if not address.strip("+0123456789"):
            return not any(address.lstrip("+0") in digits for digits in self.digits)
        return not any(is_part_of(address, site) for site in self.sites)


def addresses(text: str) -> set[str]:
    """Every address in a text, in a normalized form."""
    plain = typed_form(text)
    emails = {email.lower() for email in _EMAIL.findall(plain)}
    rest = _EMAIL.sub(" ", plain)
    handles = {handle.lower() for handle in _HANDLE.findall(rest)}
    sites = {normalize_site(site) for site in _SITE.findall(rest)}
    telephones = {
        re.sub(r"[^\d+]", "", number)
        for number in _TELEPHONE.findall(rest)
        if not _NOT_TELEPHONE.fullmatch(number.strip())
    }
    codes = {code for code in _CODE.findall(rest) if any(map(str.isalpha, code))}
    return emails | handles | sites | telephones | codes


def calls_to_action(text: str) -> set[str]:
    """The verbs with which a text tells the listener to do something, in lower case."""
    return {verb.lower() for verb in _CALL_TO_ACTION.findall(as_seen(text).strip())}


def destinations_in(text: str, links: Iterable[str] = ()) -> Destinations:
    """The addresses in a block's text and behind its links."""
    all_addresses = addresses(text)
    visible = as_seen(text)
    codes = re.findall(r"[A-Z0-9][A-Z0-9-]{2,}", visible)
    sites = {address for address in all_addresses if "@" not in address and "." in address}
    return Destinations(
        sites=frozenset(sites | {normalize_site(url).partition("/")[0] for url in links}),
        others=frozenset({*all_addresses, *codes}),
        digits=(re.sub(r"\D", "", visible),),
    )


def merge_destinations(blocks: Iterable[Destinations]) -> Destinations:
    """The destinations of several blocks together."""
    parts = list(blocks)
    return Destinations(
        sites=frozenset[str]().union(*(part.sites for part in parts)),
        others=frozenset[str]().union(*(part.others for part in parts)),
        digits=tuple(digits for part in parts for digits in part.digits),
    )


def typed_form(text: str) -> str:
    """The text with spoken addresses (`roast dot example`) as they are typed.

    Each pass replaces the last dot of an address, because that is the one before a known top-level domain.
    """
    plain = as_seen(text)
    for _ in range(MAX_SPOKEN_DOTS):
        plain = _SPOKEN_DOT.sub(lambda match: match[0] if follows_article(match) else ".", plain)
    return _SPOKEN_AT.sub("@", plain)


def follows_article(match: re.Match[str]) -> bool:
    """Whether a word for a dot is a noun, as in "el punto de penalti"."""
    before = match.string[max(0, match.start() - MAX_ARTICLE) : match.start()]
    return before.rpartition(" ")[2].casefold() in FUNCTION_WORDS


def normalize_site(address: str) -> str:
    """The address in lower case, without scheme, `www.`, query and trailing punctuation."""
    bare = re.sub(r"^h(?:tt|xx)ps?://", "", address.lower()).split("?")[0].split("#")[0]
    return bare.removeprefix("www.").rstrip(_TRAILING)


def is_part_of(address: str, site: str) -> bool:
    """Whether the address is the site, its host, or a path above it."""
    host, _, path = address.partition("/")
    whole = site == address or site.startswith(f"{address}/")
    return whole or (not path and site.partition("/")[0] == host)
