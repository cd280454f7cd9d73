"""Which sentences of a mail are suitable for an episode, and how their text is cleaned."""

import re
import unicodedata

from audiobrew.lang.language import complete_language

# Characters of a suitable sentence.
MIN_LENGTH, MAX_LENGTH = 28, 420
MIN_WORDS = 5
# The minimum share of letters and spaces.
MIN_LETTERS = 0.6
_BULLET = re.compile(r"^(?:[\s•·▪▸►→»\-–—*+]|\(?\d{1,2}[.)]\s|[^\w\s\"“„«'‘(¿¡€$£]\s)+")
# Links to the rest of an article, at the end of a sentence.
_READ_MORE = re.compile(
    r"(?<!\s)\s*+[\[(]?(?:read more|read on|full story|learn more|more here|mehr lesen|weiterlesen|zum artikel|mehr dazu|"
    r"lire la suite|en savoir plus|leer más|seguir leyendo|leggi tutto|lees meer)[\])]?\s*+[→»>.…]*+\s*+$",
    re.IGNORECASE,
)
_FOOTNOTE = re.compile(r"(?<!\s)\s*+\[\d{1,3}\]")
# Calls to action, greetings, references to pictures and other text that is not news.
_NOT_NEWS = re.compile(
    r"\b(?:click|tap) (?:here|below)|^(?:to |please |you can )?(?:un)?subscribe\b|\bforward(?:ed)? this|^sign up\b|\bshare this|"
    r"\breply to this|\bsee you (?:next|on|tomorrow)|\bhier klicken|\bklicken sie|^(?:jetzt )?abonnier|\bweiterempfehlen|"
    r"\bcliquez|\babonnez|\bs'abonner|\bhaz clic|\bsuscr[ií]b|\breenv[ií]a|\bpinch[ae]|\bview in browser|"
    r"\bour (?:full |own )?(?:report|story|article|interview|podcast)\b|\b(?:full|whole) (?:story|report|list)\b|"
    r"^(?:read|see|watch|listen to|download|join|register|book|get|find) (?:the|our|more|it|your|this|out)\b|"
    r"\((?:fully )?(?:remote|hybrid|on-?site|m/w/d|w/m/d|f/m/d|h/f|f/h)\b|"
    r"^(?:hello|hi|hey|welcome|dear|liebe|hallo|willkommen|bonjour|bienvenue|hola|bienvenid|ciao|benvenut|hoi|"
    r"good (?:morning|evening|day)|guten (?:morgen|tag|abend)|buenos días|buongiorno|goedemorgen)\b.{0,70}$|"
    r"\bimage credit|\bphoto(?: by)?:|\bfoto:|\bcrédit photo|\bas (?:we said|mentioned) above|\bsee (?:above|below)",
    re.IGNORECASE,
)
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
# An early pronoun counts among the first EARLY_WORDS words; a very early one, among VERY_EARLY_WORDS.
EARLY_WORDS = 8
VERY_EARLY_WORDS = 3
_TEASER = re.compile(
    r":$|\bwhat happened next\b|\bhere (?:is|are) (?:how|why|what)\b|\bund dann kam\b|\bvoici (?:comment|pourquoi)\b",
    re.IGNORECASE,
)


def is_prompt_injection(text: str) -> bool:
    """Whether a text gives instructions to a language model that reads the mail."""
    return bool(_PROMPT_INJECTION.search(text))


def clean_or_drop(sentence: str) -> str:
    """The sentence without bullets, links and symbols; an empty string when it is not suitable."""
    text = _READ_MORE.sub("", _FOOTNOTE.sub("", _BULLET.sub("", sentence.strip())))
    text = "".join(
        character for character in text if unicodedata.category(character) not in {"So", "Sk", "Cs"}
    )
    text = " ".join(text.split())
    suitable = (
        MIN_LENGTH <= len(text) <= MAX_LENGTH
        and len(text.split()) >= MIN_WORDS
        and text[-1] in ".!?…\"”»)'"
        and not _NOT_NEWS.search(text)
        and letter_share(text) > MIN_LETTERS
    )
    return text if suitable else ""


def letter_share(text: str) -> float:
    """The share of letters and spaces, 0 to 1."""
    return sum(character.isalpha() or character.isspace() for character in text) / len(text)


def depends_on_previous(sentence: str, language: str) -> bool:
    """Whether a sentence cannot be understood without the one before it.

    It begins with a word such as `this`, has an early pronoun, or ends in a word such as `that`.
    """
    words = complete_language(language).sentences
    first, *others = re.split(r"[\s,.;:’']+", sentence.lower().strip('"“„«¿¡(.!?…”»)'))
    early, very_early = others[: EARLY_WORDS - 1], others[: VERY_EARLY_WORDS - 1]
    return (
        first in words.back_references
        or not words.early_pronouns.isdisjoint(early)
        or not words.very_early_pronouns.isdisjoint(very_early)
        or not words.dependent_endings.isdisjoint(others[-1:])
    )


def is_teaser(sentence: str) -> bool:
    """Whether a sentence only promises what the next one says."""
    return bool(_TEASER.search(sentence))
