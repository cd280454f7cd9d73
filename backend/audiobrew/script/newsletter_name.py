"""A newsletter's name as the show speaks it between the stories.

The sender chooses the name freely, and the show speaks it in its own voice. A name that contains an address,
a code or a call to action is therefore not spoken; the name of the sender's domain replaces it.
"""

import re
import unicodedata

from audiobrew.lang.function_words import FUNCTION_WORDS
from audiobrew.lang.symbols import DOT_WORDS
from audiobrew.mail.newsletter import Newsletter
from audiobrew.script.action_words import ACTION_WORDS

# Characters.
MAX_NAME_LENGTH = 60
MAX_WORD_LENGTH = 30
MAX_WORDS = 8
MAX_NUMBERS = 2
# Words without a capital letter. Names have capitals; a text with more lower-case words is a sentence.
MAX_LOWER_CASE_WORDS = 2
FALLBACK_NAME = "Newsletter"
# Variation selectors and the enclosing keycap, which turn characters into emoji.
_EMOJI_MODIFIER = re.compile(r"[\ufe00-\ufe0f\u20e3]")
# Unicode categories of characters that are not spoken.
_SILENT_CATEGORIES = {"Cc", "Cf", "Co", "Cs", "Cn", "So", "Sk"}
# What follows the name itself: a colon, a bar, a dash, the end of a sentence.
_NAME_END = re.compile(r"(?:[:;|!?(\[{<>=*~_#\\]|\s[-–—/•·]\s|[–—•·]|,\s|(?<=[^\W\d_]{4})\.\s)")
# What sending platforms add: `The Ledger via Substack`, `Ada Brook on LinkedIn`.
_PLATFORM = re.compile(
    r"\s(?:via|über|par|vía|tramite)\s\S.{0,40}$|\s(?:on|auf|sur|en|su|op|no)\s(?:LinkedIn|Substack|Medium|Patreon|Ghost|Beehiiv)$",
    re.IGNORECASE,
)
# An author before the newsletter's name: `Ada Brook from The Ledger`.
_AUTHOR = re.compile(
    r"(\S.{1,40}?)\s(?:from|at|of|von|vom|bei|aus (?:der|dem)|de|du|des|di|da|van)\s(\S.{2,60})"
)
# Prepositions that names of newsletters have, too. A person before them has a first and a last name.
_INNER_PREPOSITION = re.compile(
    r"\s(?:of|de|du|des|di|da|van)\s|\s(?:from|at|bei|von|aus)\s(?:the|der|dem|den|a|an)\s"
)
MIN_AUTHOR_WORDS = 2
# Letters of a newsletter's name that an address has as well.
MIN_OWN_LETTERS = 5
_ADDRESS = re.compile(
    r"@|\bhttps?\b|\bwww\b|[^\W_]\.[^\W\d_]{2,}|"
    rf"\b(?:{'|'.join(DOT_WORDS)})\s+"
    r"(?:com|org|net|info|biz|example|app|shop|xyz|io|co|me|ai|eu|de|fr|es|it|pt|nl|uk|us)\b",
    re.IGNORECASE,
)
# Letters and digits in one word, or a long number.
_CODE = re.compile(r"\b(?:[^\W\d_]++\d|\d++[^\W\d_])|\d{5}")
# Second-level domains before a country's, as in .co.uk: they are not the name.
_SECOND_LEVEL_DOMAINS = frozenset(
    ("co", "com", "org", "net", "ac", "gov", "edu", "gob", "or", "ne")
)
# Subdomains that only say what a host does.
_SERVICE_LABELS = frozenset(
    ("www", "mail", "email", "news", "newsletter", "send", "mg", "em", "list")
)


def spoken_name(newsletter: Newsletter) -> str:
    """The sender's name if it is a plain name, else the domain's, else `FALLBACK_NAME`.

    Of `Ada Brook from The Ledger`, it is the newsletter's part, if the address or the list has the same name.
    """
    name = strip_tagline(newsletter.sender)
    key = newsletter.key.rpartition("@")[2]
    name = without_author(name, f"{newsletter.sender_domain} {key}")
    if is_name(name, _letters(newsletter.sender_domain).replace(" ", "")):
        return name if len(name) <= MAX_NAME_LENGTH else name[:MAX_NAME_LENGTH].rsplit(" ", 1)[0]
    domain_name = name_from_domain(newsletter.sender_domain)
    return domain_name if is_name(domain_name) else FALLBACK_NAME


def author_of(newsletter: Newsletter) -> str:
    """The author before the newsletter's name, which is what is spoken; empty if the sender names none."""
    match = _AUTHOR.fullmatch(strip_tagline(newsletter.sender))
    is_author = match is not None and match[2] == spoken_name(newsletter) and is_name(match[1])
    return match[1] if match and is_author else ""


def without_author(name: str, domains: str) -> str:
    """The name after `from` and the like, if the domains consist of its words and not of the author's."""
    match = _AUTHOR.fullmatch(name)
    if not match:
        return name
    letters = _letters(domains)
    author, words = (
        [word for word in _letters(part).split() if word not in FUNCTION_WORDS]
        for part in match.groups()
    )
    if not any(word[0].isupper() for word in match[2].split()):
        return name  # a part of one name: `Lettres de la salle d'attente`
    if _INNER_PREPOSITION.search(name) and len(author) < MIN_AUTHOR_WORDS:
        return name  # one name: `Cuaderno de Bitácora`, `Letters from the Orchard`
    is_own = bool(words) and all(word in letters for word in words)
    is_part = any(word in letters for word in author)
    return match[2] if is_own and not is_part and len("".join(words)) >= MIN_OWN_LETTERS else name


def _letters(text: str) -> str:
    """The text in lower case as addresses spell it, without accents and punctuation."""
    lower = text.casefold()
    for umlaut, letters in (("ä", "ae"), ("ö", "oe"), ("ü", "ue")):
        lower = lower.replace(umlaut, letters)
    plain = unicodedata.normalize("NFKD", lower)
    return re.sub(r"[^\w\s]", " ", "".join(one for one in plain if not unicodedata.combining(one)))


def strip_tagline(name: str) -> str:
    """The name on one line, without emoji and without what follows a colon, a bar or a dash."""
    visible = "".join(
        " " if character.isspace() else character
        for character in unicodedata.normalize("NFKC", name)
        if character.isspace() or unicodedata.category(character) not in _SILENT_CATEGORIES
    )
    line = " ".join(_EMOJI_MODIFIER.sub("", visible).split())
    name = _NAME_END.split(line, maxsplit=1)[0]
    return _PLATFORM.sub("", name).strip(" .,-'\"’“”„«»")


def is_name(text: str, domain: str = "") -> bool:
    """Whether a text is a plain name: short, and without address, code or call to action.

    It may have calls to action and more words in lower case if the sender's domain has them: `Margin Call`.
    """
    words = re.findall(r"[^\W\d_]+", text)
    lower = [
        word
        for word in words
        if word.islower()
        and len(word) > 1
        and word not in FUNCTION_WORDS
        and _letters(word) not in domain
    ]
    return (
        bool(words)
        and len(words) <= MAX_WORDS
        and max(map(len, words)) <= MAX_WORD_LENGTH
        and len(lower) <= MAX_LOWER_CASE_WORDS
        and not _ADDRESS.search(text)
        and not _CODE.search(text)
        and len(re.findall(r"\d+", text)) <= MAX_NUMBERS
        and not any(
            word.casefold() in ACTION_WORDS and _letters(word) not in domain for word in words
        )
    )


def name_from_domain(domain: str) -> str:
    """`roast` of news.roast.example and of roast.co.uk. Empty when the name is too long."""
    labels = [label for label in domain.split(".")[:-1] if label not in _SERVICE_LABELS]
    if len(labels) > 1 and labels[-1] in _SECOND_LEVEL_DOMAINS:
        labels.pop()
    name = labels[-1].replace("-", " ") if labels else ""
    return name if len(name) <= MAX_WORD_LENGTH else ""
