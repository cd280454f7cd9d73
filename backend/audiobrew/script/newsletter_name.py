"""A newsletter's name as it is spoken between the stories.

Whoever sends a mail writes what stands before its address, and a show speaks it as its own words. So a name
that holds an address, a code or an order is not spoken; the domain's own name stands in.
"""

import re
import unicodedata

from audiobrew.lang.function_words import FUNCTION_WORDS
from audiobrew.mail.newsletter import Newsletter

LONGEST_NAME = 60
MOST_WORDS = 8
MOST_LOWER_CASE = 2
"""Names have capitals; more words without one are a sentence."""
LONGEST_WORD = 30
NAMELESS = "Newsletter"
_PICTURED = re.compile(r"[\ufe00-\ufe0f\u20e3]")
_SILENT = {"Cc", "Cf", "Co", "Cs", "Cn", "So", "Sk"}
_ENDS = re.compile(r"(?:[:;|!?(\[{<>=*~_#\\]|\s[-–—/•·]\s|[–—•·]|,\s|(?<=[^\W\d_]{4})\.\s)")
"""What stands after the name itself: a colon, a bar, a dash, the end of a sentence."""
_ADDRESS = re.compile(
    r"@|\bhttps?\b|\bwww\b|[^\W_]\.[^\W\d_]{2,}|\b(?:dot|punkt|punto|ponto|punt|point)\s+"
    r"(?:com|org|net|info|biz|example|app|shop|xyz|io|co|me|ai|eu|de|fr|es|it|pt|nl|uk|us)\b",
    re.IGNORECASE,
)
_CODE = re.compile(r"\b(?:[^\W\d_]++\d|\d++[^\W\d_])|\d{5}")
"""Letters and digits in one word, or a long number."""
MOST_NUMBERS = 2
_ORDER_WORDS = """
    act apply bet bid bonus buy call casino cash claim click code codes confirm coupon deal deals
    deposit discount donate download earn enter free gift giveaway hurry install invest join login
    lottery offer order password pay pin prize promo promotion redeem refund register reply sale
    save sell send sign spend subscribe transfer unlock update urgent verify visit voucher wallet
    win winner angebot anruf anrufen bestell bestellen besuch besuche besuchen bezahl gewinn gewinne
    gewinnen gratis gutschein jetzt kauf kaufe kaufen kauft klick klicke klicken kostenlos passwort
    rabatt ruf rufen sende senden sichere spar spare sparen spende überweise verkauf verkaufen
    achetez acheter appelez appeler cadeau cliquez cliquer commandez envoyez gagnez gagner gratuit
    gratuite offre payez remise téléchargez vendez visitez compra compre comprad compren código
    descuento envía gana ganar ganad haz llama llame oferta paga pide regala regalo sorteo vende
    visita visite acquista acquistate chiama chiamate clicca cliccate codice comprate invia ordina
    sconto vendi vinci vincete clique desconto envie ganhe grátis ligue pague peça venda bel betaal
    klik koop korting stuur verkoop
"""
_ORDERS = frozenset(_ORDER_WORDS.split())
_DOMAIN_ENDS = frozenset(("co", "com", "org", "net", "ac", "gov", "edu", "gob", "or", "ne"))
"""Before a country's, as in .co.uk: not the name."""
_ROUTES = frozenset(("www", "mail", "email", "news", "newsletter", "send", "mg", "em", "list"))


def spoken_name(newsletter: Newsletter) -> str:
    """On one line, no longer than anybody wants to hear, and nothing but a name."""
    name = _head(newsletter.sender)
    if _is_name(name):
        return _shortened(name)
    own = _name_of(sender_domain(newsletter))
    return own if _is_name(own) else NAMELESS


def sender_domain(newsletter: Newsletter) -> str:
    """The domain of the address that the mail says it is from; empty when it says none."""
    return newsletter.address.rpartition("@")[2].strip(".").lower()


def _head(name: str) -> str:
    plain = unicodedata.normalize("NFKC", name)
    shown = "".join(
        " " if character.isspace() else character
        for character in plain
        if character.isspace() or unicodedata.category(character) not in _SILENT
    )
    shown = " ".join(_PICTURED.sub("", shown).split())
    return _ENDS.split(shown, maxsplit=1)[0].strip(" .,-'\"’“”„«»")


def _shortened(name: str) -> str:
    return name if len(name) <= LONGEST_NAME else name[:LONGEST_NAME].rsplit(" ", 1)[0]


def _is_name(name: str) -> bool:
    words = re.findall(r"[^\W\d_]+", name)
    folded = {word.casefold() for word in words}
    lower = [word for word in words if word.islower() and word not in FUNCTION_WORDS]
    return (
        bool(words)
        and len(words) <= MOST_WORDS
        and max(map(len, words)) <= LONGEST_WORD
        and len(lower) <= MOST_LOWER_CASE
        and not _ADDRESS.search(name)
        and not _CODE.search(name)
        and len(re.findall(r"\d+", name)) <= MOST_NUMBERS
        and folded.isdisjoint(_ORDERS)
    )


def _name_of(domain: str) -> str:
    """`roast` of news.roast.example and of roast.co.uk."""
    labels = [label for label in domain.split(".")[:-1] if label not in _ROUTES]
    if len(labels) > 1 and labels[-1] in _DOMAIN_ENDS:
        labels.pop()
    name = labels[-1].replace("-", " ") if labels else ""
    return name if len(name) <= LONGEST_WORD else ""
