"""Titles of items, and headings as sentences."""

import re

from audiobrew.mail.code import holds_hash
from audiobrew.mail.newsletter import Block
from audiobrew.mail.text_cleanup import count_words
from audiobrew.script.clarity import Clarity, clarity_of
from audiobrew.script.line import Line
from audiobrew.script.sentence_filter import end_sentence, is_aside, is_prompt_injection
from audiobrew.script.title_exclusions import names_source

# Characters.
MAX_TITLE_LENGTH = 90
# A heading with fewer words, such as “And finally”, tells a listener nothing.
MIN_HEADING_WORDS = 3
LIST_NUMBER = re.compile(r"^\s*(?:\d{1,2}|[ivxIVX]{1,4})[.):]\s+")
# The number of a table or a picture: `Table 1. Mean rents`, `Abb. 3: Mieten`.
_PICTURE_NUMBER = re.compile(
    r"(?:table|figure|fig\.|chart|graph|exhibit|map|box|tabelle|tab\.|abbildung|abb\.|grafik|schaubild|karte"
    r"|tableau|graphique|carte|encadré|tabla|gráfico|figura|mapa|cuadro|tabella|grafico|quadro|tabela|tabel"
    r"|figuur|grafiek|kaart|rys\.|rysunek|wykres|tabell|figur|diagram)\s?\d{1,2}[a-z]?\s?(?:[.:–—-]\s|\|\s)",
    re.IGNORECASE,
)
_WORD = re.compile(r"\w+")
# The first word of a sentence has a capital in any case.
_WORD_WITHIN_SENTENCE = re.compile(r"(?<=[^.!?:…\s] )\w+|(?<=[^.!?:…\s]  )\w+|(?<=[(“„«\"-])\w+")
# What stands around a title; and around one in which guillemets quote something.
_DECORATION = re.compile(
    r"^(?![$€£¥₩₹₺₴₪₽+−-]\d)[^\w<\"“„«¿¡(\[]+|(?<![\s–—:|•·→»])[\s–—:|•·→»]++$|\s>++$"
)
_AROUND_QUOTATION = re.compile(
    r"^(?![$€£¥₩₹₺₴₪₽+−-]\d)[^\w<\"“„«»¿¡(\[]+|(?<![\s–—:|•·→])[\s–—:|•·→]++$|\s>++$"
)
# A mark beside a title: `Recurring invoices NEW`. It is in capitals, and in a title without them.
BADGES = """
NEW BETA ALPHA IMPROVED UPDATED UPDATE FIXED FIX PREVIEW SOON PRO DEPRECATED EXPERIMENTAL HOT NEU VERBESSERT
BEHOBEN NEUHEIT NOUVEAU NOUVELLE NOUVEAUTÉ AMÉLIORÉ CORRIGÉ NUEVO NUEVA NOVEDAD MEJORADO CORREGIDO NUOVO NUOVA
NOVITÀ MIGLIORATO CORRETTO NOVO NOVA NOVIDADE NIEUW VERBETERD OPGELOST NOWOŚĆ NOWE NOWY NYTT NY NYHET NYHED
FÖRBÄTTRAT UUSI UUTTA NOVINKA NOVÉ NOVÝ ÚJ NOU NOUTATE НОВОЕ НОВИНКА ОБНОВЛЕНО НОВЕ ΝΕΟ YENİ BARU MỚI
"""
_BADGE = re.compile(
    r"^[\[(]?(?:BADGES)[\])]?[!:]?\s+(?=\S)|(?:(?<=[a-zß-ÿ])|(?<!\s)\s+)[\[(]?(?:BADGES)[\])]?!?$".replace(
        "BADGES", "|".join(BADGES.split())
    )
)
# Headings that only number the parts of a text, or separate them.
NUMBER_ONLY = re.compile(r"(?:\d{1,2}|[IVXLivxl]{1,5}|[A-H])?[\W_]*")
# A remark at the end of a heading: `Faster start (v2 API)`.
_LAST_REMARK = re.compile(r"\s\([^()]{1,60}\)$")


def heading_line(
    heading: Block | None, body: str, language: str, is_label: bool = False
) -> Line | None:
    """The heading as a sentence, if it says what its section is about. A label may be one word."""
    if heading is None or is_prompt_injection(heading.text) or holds_hash(heading.text):
        return None
    if names_source(heading.text, language) or is_aside(heading.text, language):
        return None
    title = clear_heading(clean_title(heading.text, body), language)
    letters = sum(map(str.isalpha, title))
    if len(title) > MAX_TITLE_LENGTH or letters < 3 or not (is_label or is_title(title)):
        return None
    return Line(end_sentence(title), (heading.id,), 0, depends_on_previous=False)


def clear_heading(title: str, language: str) -> str:
    """The heading without a remark at its end that is hard to understand by ear; empty if all of it is."""
    if clarity_of(title, language) is Clarity.CLEAR:
        return title
    rest = _LAST_REMARK.sub("", title)
    return rest if clarity_of(rest, language) is Clarity.CLEAR else ""


def is_title(text: str) -> bool:
    """Whether a heading says what its section is about: a kicker or a price does not."""
    words = [word for word in re.split(r"[^\w'’]+", text) if any(map(str.isalpha, word))]
    return len(words) >= MIN_HEADING_WORDS or count_words(text) > max(len(words), MIN_HEADING_WORDS)


def clean_title(text: str, body: str = "") -> str:
    """The text without list number and decoration, on one line, and not all in capitals.

    Words of a title in capitals are written as in the body, so that names and acronyms stay.
    """
    is_quotation = "«" in text and "»" in text
    decoration = _AROUND_QUOTATION if is_quotation else _DECORATION
    text = without_picture_number(LIST_NUMBER.sub("", text))
    title = " ".join(decoration.sub("", text).split())
    if not title.isupper():
        title = _BADGE.sub("", title).strip() or title
    words = title.split()
    if not title.isupper() or not words:
        return title
    forms: dict[str, str] = {}
    for match in _WORD_WITHIN_SENTENCE.finditer(body[:20_000]):
        word = match[0]
        if word.islower() or word.casefold() not in forms:
            forms[word.casefold()] = word
    if len(words) == 1 and words[0].casefold() not in forms:
        return title  # it may be an acronym
    lowered = _WORD.sub(lambda match: forms.get(match[0].casefold(), match[0].lower()), title)
    return lowered[:1].upper() + lowered[1:]


def without_picture_number(text: str) -> str:
    match = _PICTURE_NUMBER.match(text)
    return text[match.end() :] if match else text


def shorten(title: str) -> str:
    """Cut a title that is too long at the end of a word."""
    if len(title) <= MAX_TITLE_LENGTH:
        return title
    return title[:MAX_TITLE_LENGTH].rsplit(" ", 1)[0].rstrip(" ,;:–—-") + " …"
