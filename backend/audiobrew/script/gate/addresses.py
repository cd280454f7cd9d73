"""Where a sentence sends its listener: addresses, handles, telephone numbers, codes, and orders."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from audiobrew.script.gate.lookalikes import as_seen

_TLDS = (
    "com|org|net|info|biz|example|app|shop|store|online|site|club|xyz|top|live|dev|io|co|me|ai|tv|eu|de|at|ch|fr|es|it|"
    "pt|br|nl|be|uk|us|ca|au|in|ly|gg|news|media|blog|gov|edu|int"
)
_SPOKEN_DOT = re.compile(
    rf"(?<=\w)(?:\s(?:dot|punkt|punto|ponto|punt|point)\s|\s?[\[({{](?:\.|dot)[\])}}]\s?)(?=(?:[\w-]{{1,30}}\.)?(?:{_TLDS})\b)",
    re.IGNORECASE,
)
_SPOKEN_AT = re.compile(
    r"(?<=\w)\s?(?:\s(?:arroba|chiocciola|arobase|apenstaartje)\s|\(at\)|\[at\])\s?(?=[\w-]{1,60}\.[a-z]{2,}\b)",
    re.IGNORECASE,
)
MOST_DOTS = 5
_MAIL = re.compile(r"(?<![\w.+-])[\w.+-]++@[\w-]++(?:\.[\w-]++)+")
_SITE = re.compile(
    r"(?<![\w@.-])(?:h(?:tt|xx)ps?://)?(?:[\w-]++\.)+[^\W\d_]{2,24}\b(?::\d{1,5})?(?:[/?#][^\s<>\"“”»]*)?",
    re.IGNORECASE,
)
_HANDLE = re.compile(r"(?<![\w@./])@\w{2,}")
_TELEPHONE = re.compile(r"(?<![\w.,])\+?\d(?:[\s()./\u2010-\u2015-]{0,3}\d){6,17}(?![\w%])")
_NO_TELEPHONE = re.compile(
    r"\d{1,3}(?:[.,\s]\d{3})+|\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\s?\d{1,2}[-/.]\s?\d{4}|\d{4}\s?[-–—/]\s?\d{2,4}|\d+"
)
_CODE = re.compile(
    r"\b(?i:codes?|voucher|coupon|gutschein(?:code)?|rabattcode|código|codigo|codice|kortingscode)[\s:«“\"'‘„]{1,4}"
    r"(?i:(?:is|ist|est|es|è|é|promo)[\s:«“\"'‘„]{1,4})?([A-Z0-9][A-Z0-9-]{2,})\b"
)
_ORDERS = (
    "visit|click|tap|call|ring|text|buy|order|book|subscribe|sign up|download|send|enter|claim|"
    "redeem|use code|act now|register|donate|invest|reply|log in|go to|head to|check out|"
    "besuchen sie|besuche|besucht|klicken sie|klicke|rufen sie|kaufen sie|kauft|kaufe|bestellen sie|"
    "sichern sie|senden sie|melden sie sich|abonnieren sie|spenden sie|nutzen sie|visitez|cliquez|"
    "appelez|achetez|commandez|profitez|envoyez|abonnez-vous|inscrivez-vous|téléchargez|visite|"
    "visita|haz clic|haga clic|llame|llama|compre|compra|aproveche|aprovecha|envíe|envía|suscríbase|"
    "suscríbete|visitate|clicca|cliccate|chiama|chiamate|acquista|acquistate|approfitta|approfittate|"
    "invia|iscriviti|clique|ligue|aproveite|envie|assine|bezoek|klik|bel|koop|bestel|profiteer|stuur"
)
_ORDER = re.compile(
    r"(?:^|[.!?:;—–]\s|,\s?(?:and |then |so |also )?)[\"“„«'‘]?"
    r"(?:please |now |just |then |bitte |jetzt |por favor |per favore )?"
    rf"({_ORDERS})\b",
    re.IGNORECASE,
)
_TRAILING = ".,;:!?)]}'\"’”»/"


@dataclass(frozen=True, slots=True)
class Reached:
    """What cited blocks hold of addresses, and their words."""

    sites: frozenset[str]
    others: frozenset[str]
    digits: tuple[str, ...]
    text: str

    def lacks(self, address: str) -> bool:
        if "@" in address or address.isupper():
            return address not in self.others
        if not address.strip("+0123456789"):
            return not any(address.lstrip("+0") in digits for digits in self.digits)
        return not any(_leads_to(site, address) for site in self.sites)


def addresses(text: str) -> set[str]:
    """Every address that a sentence names, in one form each."""
    plain = _written(text)
    found = {one.lower() for one in _MAIL.findall(plain)}
    bare = _MAIL.sub(" ", plain)
    found |= {one.lower() for one in _HANDLE.findall(bare)}
    found |= {_site(one) for one in _SITE.findall(bare)}
    found |= set(_telephones(bare))
    return found | {code for code in _CODE.findall(bare) if any(map(str.isalpha, code))}


def orders(text: str) -> set[str]:
    """What the listener is told to do."""
    return {found.lower() for found in _ORDER.findall(as_seen(text).strip())}


def reached(text: str, links: Iterable[str] = ()) -> Reached:
    """Of a block: its text and where its links lead."""
    found = addresses(text)
    seen = as_seen(text)
    codes = re.findall(r"[A-Z0-9][A-Z0-9-]{2,}", seen)
    sites = {one for one in found if "@" not in one and "." in one}
    return Reached(
        sites=frozenset(sites | {_site(url).partition("/")[0] for url in links}),
        others=frozenset({*found, *codes}),
        digits=(re.sub(r"\D", "", seen),),
        text=seen.lower(),
    )


def joined(every: Iterable[Reached]) -> Reached:
    """Of several blocks."""
    parts = list(every)
    return Reached(
        sites=frozenset[str]().union(*(one.sites for one in parts)),
        others=frozenset[str]().union(*(one.others for one in parts)),
        digits=tuple(digits for one in parts for digits in one.digits),
        text=" ".join(one.text for one in parts),
    )


def _written(text: str) -> str:
    """As it would be typed. The last dot is found first, because what follows it is known."""
    plain = as_seen(text)
    for _ in range(MOST_DOTS):
        plain = _SPOKEN_DOT.sub(".", plain)
    return _SPOKEN_AT.sub("@", plain)


def _site(address: str) -> str:
    """Without scheme, `www.` and what a sentence put behind it."""
    bare = re.sub(r"^h(?:tt|xx)ps?://", "", address.lower()).split("?")[0].split("#")[0]
    return bare.removeprefix("www.").rstrip(_TRAILING)


def _leads_to(known: str, address: str) -> bool:
    host, _, path = address.partition("/")
    whole = known == address or known.startswith(f"{address}/")
    return whole or (not path and known.partition("/")[0] == host)


def _telephones(text: str) -> Iterator[str]:
    for found in _TELEPHONE.findall(text):
        if not _NO_TELEPHONE.fullmatch(found.strip()):
            yield re.sub(r"[^\d+]", "", found)
