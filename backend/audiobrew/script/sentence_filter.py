"""Which sentences of a mail are suitable for an episode, and how their text is cleaned."""

import re
import unicodedata
from functools import cache, lru_cache

from audiobrew.lang.function_words import FUNCTION_WORDS
from audiobrew.lang.language import language_or_default
from audiobrew.mail.cuts.mail_context import coverage
from audiobrew.mail.cuts.phrases import Phrases, compile_phrases
from audiobrew.mail.language import find_clear_language, vote
from audiobrew.mail.text_cleanup import count_words
from audiobrew.script.sentences import GERMAN_MONTH
from audiobrew.script.spoken_scores import is_result

# Characters of the longest suitable sentence, as `spoken_length` counts them.
MAX_LENGTH = 520
# Words of a text without a full stop that is a sentence all the same.
MIN_UNENDED_WORDS = 9
# Words of a headline that is told as a sentence, and its characters.
MIN_HEADLINE_WORDS, MIN_HEADLINE_LENGTH = 4, 28
# A row of a table or a short list item: its letters, and its characters.
MIN_ROW_LETTERS, MAX_ROW_LENGTH = 2, 200
# Words of a sentence that is too short to be understood alone.
MAX_FRAGMENT_WORDS = 3
# Words of a sentence that is too short to be understood without the one before it in its paragraph.
MAX_SHORT_WORDS = 4
# Words of a text in which a figure may be a sentence.
MIN_WORDS_OF_PROSE = 6
# Words of a clause whose last word may be a reference.
MAX_CLAUSE_WORDS = 6
# Words of a German sentence that says something even without a figure.
MIN_WORDS_WITHOUT_NAME = 12
# So many words say something in any language, unless they say what is not so.
MIN_LONG_WORDS = 14
_NEGATIONS = """
no not nothing nobody none never neither only kein keine keiner niemand nichts nie aucun aucune personne rien
ningún ninguna nadie nada nessun nessuno nessuna niente geen niets nenhum nenhuma ninguém ingen inget intet
"""
NEGATIONS = frozenset(_NEGATIONS.split())
# They end a clause as references do, but have other meanings within one.
FREE_WORDS = frozenset(["that", "so", "too", "dat", "dit"])
# The minimum share of letters and spaces.
MIN_LETTERS = 0.6
SENTENCE_ENDS = tuple(".!?…\"”“»›’‘)'。！？」』）।؟")
_QUOTATION_MARKS = re.compile(r"[\"'“”„«»‘’‹›]")
_UNSPACED = re.compile("[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff]")
_HANGUL = re.compile("[\uac00-\ud7af]")
# A minus or plus sign before a number is no bullet, nor is the hyphen of an option (`-Q`), and the day of a date is no number of a list.
_BULLET = re.compile(
    r"^(?:(?![-−–+][\d.,]{1,9})(?!-[B-HJ-NP-Zb-z](?![^\W_]|[.)])|--[a-z]{2})[\s•·▪▸►→»\-–—*+]|\(?\d{1,2}\)\s|"
    r"\d{1,2}\.\s(?=[\"“„«A-ZÀ-ÞΑ-ΩА-Я])(?!MONTH)|[^\w\s\"“„«'‘(¿¡€$£]\s)+".replace(
        "MONTH", GERMAN_MONTH
    )
)
# Links to the rest of an article, at the end of a sentence.
_READ_MORE = re.compile(
    r"(?<!\s)\s*+[\[(]?(?:read more|read on|full story|learn more|more here|mehr lesen|weiterlesen|zum artikel|mehr dazu|"
    r"lire la suite|en savoir plus|leer más|seguir leyendo|leggi tutto|lees meer)[\])]?\s*+[→»>.…]*+\s*+$",
    re.IGNORECASE,
)
# Not at the start of a text, where triangles are bullets.
_CHANGE_SIGN = re.compile(r"(?<=.)[▲△▼▽⬆⬇⏶⏷](?=\ufe0f?\s?[^\s\d]{0,3}\d)")
# References to footnotes: `rose [3].`, `rose,3 but`, and `rose.3` at the end.
_FOOTNOTE = re.compile(
    r"(?<!\s)\s*+\[\d{1,3}\]|(?<=[^\W\d_]{3}[.!?…])(?<![A-Z][a-z]{2}\.)\d{1,3}$|(?<=[.!?…][”\"’)])\d{1,3}$"
    r"|(?<=[^\W\d_]{3}[,;])\d{1,2}(?=\s[a-zß-ÿ])"
    r"|(?<=[^\W\d_]{3})[⁰¹²³⁴-⁹]{1,3}(?!\w)|(?<=[.!?…”\"’»)])[⁰¹²³⁴-⁹]{1,3}$"
)
# Calls to action, greetings, references to pictures and other text that is not news.
_NOT_NEWS = re.compile(
    r"\b(?:click|tap) (?:here|below)|^(?:to |please |you can )?(?:un)?subscribe\b|\bforward(?:ed)? this|^sign up\b|\bshare this|"
    r"\breply to this|\bsee you (?:next|on|tomorrow)|\bhier klicken|\bklicken sie|^(?:jetzt )?abonnier|\bweiterempfehlen|"
    r"\bcliquez|\babonnez|\bs'abonner|\bhaz clic|\bsuscr[ií]b|\breenv[ií]a|\bpinch[ae]|\bview in browser|"
    r"\bour (?:full |own )?(?:report|story|article|interview|podcast)\b|\b(?:full|whole) (?:story|report|list)\b|"
    r"^(?:read|see|watch|listen to|download|join|register|book|get|find) (?:the|our|more|it|your|this|out)\b|"
    r"\((?:fully )?(?:remote|hybrid|on-?site|m/w/d|w/m/d|f/m/d|h/f|f/h)\b|"
    r"\bimage credit|\bphoto(?: by)?:|\bfoto:|\bcrédit photo|\bas (?:we said|mentioned) above|\bsee (?:above|below)",
    re.IGNORECASE,
)
# A short sentence that consists of its figure: `It has 1,200.`
_STATEMENT = re.compile(
    r"(?:[^\W\d_]{1,15}(?:['’][^\W\d_]{1,3})? ){1,5}[$€£]?\d[\d.,]{0,12}\d\s?%?[.!]"
)
# A sentence of figures and a few words, in a text of words: `112.`, `Elgar, 2011.`, `Steel: +£14.9m.`
_FIGURES = re.compile(r"(?=\D{0,80}\d)[\w\s.,:;%‰°€$£¥'’()/+−–≈½¼¾&-]{1,80}[.!?…:]")
# A question and the reader who asks it: `Why is it raw? – Ada, Leeds`.
_ASKED_BY = re.compile(
    r"(?P<question>.{3,400}[?？][\"”»)]?)\s[—–-]{1,2}\s?(?P<name>[A-ZÀ-Þ][^?!:]{1,60})"
)
# A greeting, or the head of a letter: it says nothing, but `Dear Ada, my sister sold the house` does.
_GREETING = re.compile(
    r"(?:morning|afternoon|evening|moin|servus|salut|coucou|buenas|buenos días|bom dia|god morgon|hej)"
    r"(?:,? (?:all|everyone|everybody|folks|friends|zusammen|à tous|a todos|a tutti|alla|allemaal))?[.!]|"
    r"(?:hello|hi|hey|welcome|willkommen|bonjour|bienvenue|hola|bienvenid|ciao|benvenut|hoi|hallo|"
    r"good (?:morning|evening|day)|guten (?:morgen|tag|abend)|buenos días|buongiorno|goedemorgen)\b.{0,70}|"
    r"(?:dear|liebe[rs]?|chère?s?|querid[oa]s?|car[oaie]|beste)\b[^,.!?:]{0,70}[,.!:]?",
    re.IGNORECASE,
)
# A remark of a few words in parentheses, such as `(more)` or `(sic)`.
_REMARK = re.compile(r"[(\[][^\d()\[\]]{1,24}[)\]]\.?")
MAX_REMARK_WORDS = 3
# A whole sentence in brackets that is none: where something was read.
_BRACKETED = re.compile(r"\([^()\d]{1,100}[^()\d.!?…]\)\.?")
MAX_BRACKETED_WORDS = 7
# A link for subscribers: `More on this (W+)`.
_PAID_LINK = re.compile(r"[^.!?]{1,40}\([A-Z]{1,3}\+\)\.?")
# A document to download: `To the paper (PDF, 2 MB)`.
# What else a mail holds, below its subject: `Plus: a judge sings`.
_CONTENTS = re.compile(
    r"(?:plus|also|and|außerdem|dazu|et aussi|y además|inoltre|en ook)\s?: [^.!?]{1,120}[.!?]?",
    re.IGNORECASE,
)
_DOCUMENT = re.compile(
    r"[^.!?()]{1,60}\((?:PDF|XLSX?|DOCX?|ODS|CSV|ZIP|MP3)\b[^()]{0,40}\)\.?", re.IGNORECASE
)
MAX_DOCUMENT_WORDS = 9
# A remark that is a sentence: `(We don't.)`
_PUNCH_LINE = re.compile(r"\([A-ZÀ-ÞΑ-ΩА-Я][^\s().]* [^().]*[.!?]\)")
# A sentence with fewer words, or less of which says so, may be in any language.
MIN_FOREIGN_WORDS, MIN_FOREIGN_SHARE, MAX_OWN_SHARE = 6, 0.9, 0.03
# An answer that stands elsewhere.
_ELSEWHERE = re.compile(
    r"(?:the )?(?:answers?|solutions?),? (?:(?:is|are|follows?|comes?) )?(?:at the (?:bottom|end|foot)|below|tomorrow|next (?:week|time|month)|"
    r"in (?:the next|tomorrow))|"
    r"(?:die )?(?:auf)?lösung(?:en)?,? (?:(?:steht|folgt|gibt es) )?(?:unten|am ende|weiter unten|morgen|nächste|in der nächsten)|"
    r"(?:la |les )?(?:réponses?|solutions?),? (?:en bas|à la fin|plus bas|demain|la semaine prochaine|au prochain)|"
    r"(?:la |las )?(?:respuestas?|soluci(?:ón|ones)),? (?:al final|abajo|más abajo|mañana|la próxima)",
    re.IGNORECASE,
)
_LEGEND = re.compile(r"[*†‡]?\S{1,8}\s?=\s[^\W\d_]")
# The name of a link after the last sentence of an entry: `… until Monday. Details`
_LAST_WORD = re.compile(r"(?<=[^\W\d_]{3}[.!?])\s[A-ZÀ-Þ][^\W\d_]{2,15}(?:\s[a-zß-ÿ]{2,10})?$")
# Instructions to a language model. Read aloud they do no harm, but nobody wants to hear them.
_PROMPT_INJECTION = re.compile(
    r"\b(?:ignore|disregard|forget) (?:all |any |the |your )*(?:previous|prior|earlier|above)|\bsystem prompt|"
    r"\byou are (?:now )?(?:an? )?(?:ai|assistant|language model)|\bassistants?\b.{0,40}\b(?:must|should|reading)|"
    r"\b(?:ignorier|vergiss).{0,30}(?:anweisung|instruktion)|\bignore[zr]? .{0,25}(?:instructions|consignes)|"
    r"\bignor[ae] .{0,40}(?:instrucciones|istruzioni|instruções)|"
    r"\b(?:note|nota|hinweis|remarque|attention|message|mensaje)\b.{0,40}(?:language model|ai (?:model|assistant)|"
    r"modelos? de lenguaje|sprachmodell|modèles? de langage|modell[oi] linguistic|modelos? de linguagem|taalmodel).{0,20}:",
    re.IGNORECASE,
)
# Phrases of newsletters that make up this share of a sentence that is no news.
_REQUESTS = ("requests", "unsubscribe", "advertise", "view_in_browser", "rights")
MIN_REQUEST_SHARE = 0.55
# Words of a sentence that is a request if it only begins with such a phrase.
MAX_REQUEST_WORDS = 9
# An early pronoun counts among the first EARLY_WORDS words; a very early one, among VERY_EARLY_WORDS.
EARLY_WORDS = 8
VERY_EARLY_WORDS = 3
_TEASER = re.compile(
    r":$|\bwhat happened next\b|\bhere (?:is|are) (?:how|why|what)\b|\bund dann kam\b|\bvoici (?:comment|pourquoi)\b",
    re.IGNORECASE,
)


@lru_cache(maxsize=4096)
def is_foreign(sentence: str, language: str) -> bool:
    """Whether a sentence is clearly in another language than the mail, such as a quotation."""
    if count_words(sentence) < MIN_FOREIGN_WORDS:
        return False
    votes = vote(sentence)
    winner = find_clear_language(votes, len(sentence), MIN_FOREIGN_SHARE)
    own = votes.get(language, 0.0)
    return winner not in (None, language) and own <= MAX_OWN_SHARE * len(sentence)


def is_prompt_injection(text: str) -> bool:
    """Whether a text gives instructions to a language model that reads the mail."""
    return bool(_PROMPT_INJECTION.search(text))


def is_legend(sentence: str) -> bool:
    """Whether a sentence only explains a mark or a short form: `% = share of the flour`."""
    return bool(_LEGEND.match(sentence))


def promises_answer(sentence: str) -> bool:
    """Whether the answer to a riddle stands elsewhere."""
    return bool(_ELSEWHERE.match(sentence.strip(" *_(")))


def is_aside(sentence: str, language: str) -> bool:
    """Whether a sentence is about the mail itself: a greeting, a closing, `(more)`. Nothing depends on it."""
    text = sentence.strip(" *_")
    if _GREETING.fullmatch(text):
        return True
    if _PAID_LINK.fullmatch(text) or _CONTENTS.fullmatch(text):
        return True
    if _DOCUMENT.fullmatch(text) and count_words(text) <= MAX_DOCUMENT_WORDS:
        return True
    if _BRACKETED.fullmatch(text) and count_words(text) <= MAX_BRACKETED_WORDS:
        return True
    is_remark = _REMARK.fullmatch(text) and count_words(text) <= MAX_REMARK_WORDS
    if is_remark and not _PUNCH_LINE.fullmatch(text):
        return True
    closings = _closings(language)
    words = text.casefold().replace("’", "'").strip(" ,.!?…¡¿()")
    return bool(closings and closings.fullmatch(words))


@cache
def _closings(language: str) -> re.Pattern[str] | None:
    structure = language_or_default(language).structure
    patterns = (*structure.closings, *structure.asides)
    return re.compile("|".join(patterns)) if patterns else None


def clean_or_drop(sentence: str, in_prose: bool = False) -> str:
    """The sentence without bullets, links and symbols; an empty string when it is not suitable.

    `in_prose`: it stands in a text of words, where a figure is a sentence, too.
    """
    text = clean_sentence(sentence)
    if is_result(text):
        return end_sentence(text)
    if not text or not is_news(text, in_prose):
        return ""
    if text.endswith((*SENTENCE_ENDS, ":", "：")):
        return text
    return end_sentence(text) if count_words(text) >= MIN_UNENDED_WORDS else ""


def clean_headline(text: str) -> str:
    """A line without a full stop as a sentence; an empty string when it is not suitable."""
    headline = clean_sentence(text)
    if not headline or headline[-1] in ":;,–—-" or count_words(headline) < MIN_HEADLINE_WORDS:
        return ""
    if spoken_length(headline) < MIN_HEADLINE_LENGTH or not is_news(headline):
        return ""
    return end_sentence(headline)


def clean_sentence(sentence: str) -> str:
    text = _READ_MORE.sub("", _FOOTNOTE.sub("", _BULLET.sub("", sentence.strip())))
    return strip_symbols(text)


def is_news(text: str, in_prose: bool = False) -> bool:
    """Whether the text is not too long, made of words, and no call to action. See `clean_or_drop`."""
    has_words = any(map(str.isalpha, text)) and letter_share(text) > MIN_LETTERS
    is_statement = _STATEMENT.fullmatch(text) or (in_prose and _FIGURES.fullmatch(text))
    return (
        spoken_length(text) <= MAX_LENGTH
        and (has_words or bool(is_statement))
        and not _NOT_NEWS.search(text)
    )


def is_prose(text: str) -> bool:
    """Whether a text consists of sentences of words, among which a figure is one, too."""
    return count_words(text) >= MIN_WORDS_OF_PROSE and letter_share(text) > MIN_LETTERS


def spoken_length(text: str) -> int:
    """The length in characters. A letter that stands for a syllable counts as much as two or three."""
    if text.isascii():
        return len(text)
    return len(text) + len(_UNSPACED.findall(text)) * 3 // 2 + len(_HANGUL.findall(text))


def clean_question(text: str) -> str:
    """A question of an interview without its marks; an empty string when it is too long or a call to act."""
    text = strip_symbols(text.strip("*_ "))
    if match := _ASKED_BY.fullmatch(text):
        text = f"{match['name'].rstrip('.')}: {match['question']}"
    return text if len(text) <= MAX_LENGTH and not _NOT_NEWS.search(text) else ""


def clean_entry(text: str) -> str:
    """An entry of a list or a row of a table; an empty string when nothing in it can be understood by ear."""
    text = strip_symbols(_READ_MORE.sub("", _BULLET.sub("", text.strip())))
    text = _LAST_WORD.sub("", text)
    letters = sum(map(str.isalpha, text))
    suitable = letters >= MIN_ROW_LETTERS and len(text) <= MAX_ROW_LENGTH and "//" not in text
    return text if suitable and not _NOT_NEWS.search(text) else ""


def end_sentence(text: str) -> str:
    """The text with a full stop, unless it has an end."""
    if text.endswith(SENTENCE_ENDS):
        return text
    text = text.rstrip(" ,;")
    return f"{text}。" if _UNSPACED.match(text[-1:]) else f"{text}."


def strip_symbols(text: str) -> str:
    """The text without pictures and similar symbols, on one line. A change keeps its sign: `6.85, ▲ 9 %`."""
    signs = {match.start() for match in _CHANGE_SIGN.finditer(text)}
    characters = (
        one
        for place, one in enumerate(text)
        if one == "°" or place in signs or unicodedata.category(one) not in {"So", "Sk", "Cs"}
    )
    return " ".join("".join(characters).split())


def letter_share(text: str) -> float:
    """The share of letters, the signs that belong to them, and spaces, 0 to 1; without quotation marks."""
    plain = _QUOTATION_MARKS.sub("", text)
    letters = sum(
        character.isspace() or unicodedata.category(character)[0] in "LM" for character in plain
    )
    return letters / (len(plain) or 1)


def depends_on_previous(sentence: str, language: str) -> bool:
    """Whether a sentence cannot be understood without the one before it.

    It begins with a word such as `this` or a phrase such as `for example`, has an early pronoun, ends in a word
    such as `that`, or has hardly any words.
    """
    rules = language_or_default(language)
    references = rules.references
    text = sentence.lower().strip("\"“„«¿¡(.!?…”»)'‘’。！？「」『』—– ")
    phrases = _openings(language, "dependent_phrases")
    if phrases and phrases.search(text):
        return True
    independent = _openings(language, "independent_openings")
    if independent and independent.match(text):
        return False
    dependent = _openings(language, "dependent_openings")
    if dependent and dependent.match(text):
        return True
    if not rules.boilerplate.word_boundaries:
        return text.startswith(tuple(references.first_words)) or spoken_length(text) < 10
    if ends_clause_with_reference(text, references.last_words):
        return True
    words = re.split(r"[\s,.;:]+", text)
    first, others = words[0].replace("’", "'"), words[1:]
    early, very_early = others[: EARLY_WORDS - 1], others[: VERY_EARLY_WORDS - 1]
    return (
        first in references.first_words
        or first.split("'")[0] in references.first_words
        or not references.early_pronouns.isdisjoint(early)
        or not references.very_early_pronouns.isdisjoint(very_early)
        or not references.last_words.isdisjoint(others[-1:])
        or (len(words) <= MAX_FRAGMENT_WORDS and spoken_length(text) < 40)
    )


def opens_with_reference(sentence: str, language: str) -> bool:
    """Whether a sentence begins with a word or a phrase such as `this` or `for example`."""
    references = language_or_default(language).references
    text = sentence.lower().strip("\"“„«¿¡(.!?…”»)'‘’—– ")
    dependent = _openings(language, "dependent_openings")
    first = re.split(r"[\s,.;:]+", text)[0].replace("’", "'")
    first_words = references.first_words
    return bool(dependent and dependent.match(text)) or not {first, first.split("'")[0]}.isdisjoint(
        first_words
    )


def ends_clause_with_reference(text: str, last_words: frozenset[str]) -> bool:
    """Whether a short first clause ends in a word such as `that`: `If you relied on that, …`"""
    clause, comma, _ = text.partition(",")
    words = clause.split()
    return bool(comma) and 1 < len(words) <= MAX_CLAUSE_WORDS and words[-1] in last_words


def has_pronoun(sentence: str, language: str) -> bool:
    """Whether a sentence has a word that stands for another one and is no article: `who reported it`."""
    rules = language_or_default(language)
    pronouns = rules.references.last_words | rules.references.early_pronouns
    words = re.split(r"[\s,.;:]+", sentence.casefold())
    return not (pronouns - rules.structure.definite_articles - FREE_WORDS).isdisjoint(words)


def names_something(sentence: str, language: str) -> bool:
    """Whether a sentence has a figure or a name; where nouns have capitals, a figure or many words."""
    words = [word.lstrip("“„«\"'‘(") for word in sentence.split()]
    if any(map(str.isdigit, sentence)) or not sentence[:1].isupper():
        return True
    if len(words) >= MIN_LONG_WORDS and words[0].casefold() not in NEGATIONS:
        return True
    if language_or_default(language).meaning.capitalized_nouns:
        return len(words) >= MIN_WORDS_WITHOUT_NAME
    return any(
        word[:1].isupper() and word.casefold().strip(".,;:!?”“") not in FUNCTION_WORDS
        for word in words[1:]
    )


@cache
def _openings(language: str, key: str) -> re.Pattern[str] | None:
    """The patterns of a language under a key of its references, as one."""
    patterns: tuple[str, ...] = getattr(language_or_default(language).references, key)
    if not patterns:
        return None
    boundaries = language_or_default(language).boilerplate.word_boundaries
    return re.compile(rf"(?:{'|'.join(patterns)})" + (r"(?:(?<=\W)|(?!\w))" if boundaries else ""))


def depends_on_paragraph(sentence: str, language: str) -> bool:
    """Whether a sentence that is not the first of its paragraph refers to the one before it.

    A very short one does: `The wheels were clean.`
    """
    openings = _openings(language, "paragraph_openings")
    if openings and openings.match(sentence.lower().strip('"“„«¿¡(')):
        return True
    first = sentence.split(maxsplit=1)[0].casefold()
    articles = language_or_default(language).structure.definite_articles
    return first in articles and count_words(sentence) <= MAX_SHORT_WORDS


def is_teaser(sentence: str) -> bool:
    """Whether a sentence only promises what the next one says."""
    return bool(_TEASER.search(sentence))


@lru_cache(maxsize=4096)
def is_request(sentence: str, language: str) -> bool:
    """Whether a sentence only asks the reader for something: to share, to reply, to subscribe."""
    patterns = filter(None, (compile_phrases(language, purpose) for purpose in _REQUESTS))
    is_short = count_words(sentence) <= MAX_REQUEST_WORDS
    return any(
        coverage(Phrases([pattern]), sentence) >= MIN_REQUEST_SHARE
        or (is_short and pattern.match(sentence))
        for pattern in patterns
    )


def leaves_quotation_open(sentence: str, is_open: bool) -> bool:
    """Whether a quotation goes on in the next sentence.

    German closes a quotation with the mark that English opens one with.
    """
    for character in sentence:
        if character == "”":
            is_open = False
        elif character in '“„«»"':
            is_open = not is_open
    return is_open
