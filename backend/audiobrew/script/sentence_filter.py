"""Which sentences of a mail are worth hearing, and how they are cleaned for it."""

import re
import unicodedata

SHORTEST, LONGEST = 28, 420
LEAST_WORDS = 5
_BULLET = re.compile(r"^(?:[\s•·▪▸►→»\-–—*+]|\(?\d{1,2}[.)]\s|[^\w\s\"“„«'‘(¿¡€$£]\s)+")
_TAIL = re.compile(
    r"(?<!\s)\s*+[\[(]?(?:read more|read on|full story|learn more|more here|mehr lesen|weiterlesen|zum artikel|mehr dazu|"
    r"lire la suite|en savoir plus|leer más|seguir leyendo|leggi tutto|lees meer)[\])]?\s*+[→»>.…]*+\s*+$",
    re.IGNORECASE,
)
_BRACKETED = re.compile(r"(?<!\s)\s*+\[\d{1,3}\]")
_CALLS = re.compile(
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
_COMMANDS = re.compile(
    r"\b(?:ignore|disregard|forget) (?:all |any |the |your )*(?:previous|prior|earlier|above)|\bsystem prompt|"
    r"\byou are (?:now )?(?:an? )?(?:ai|assistant|language model)|\bassistants?\b.{0,40}\b(?:must|should|reading)|"
    r"\b(?:ignorier|vergiss).{0,30}(?:anweisung|instruktion)|\bignore[zr]? .{0,25}(?:instructions|consignes)|"
    r"\bignor[ae] .{0,40}(?:instrucciones|istruzioni|instruções)|"
    r"\b(?:note|nota|hinweis|remarque|attention|message|mensaje)\b.{0,40}(?:language model|ai (?:model|assistant)|"
    r"modelos? de lenguaje|sprachmodell|modèles? de langage|modell[oi] linguistic|modelos? de linguagem|taalmodel).{0,20}:",
    re.IGNORECASE,
)
"""Orders to a machine are no news. They would be harmless as a quotation, but nobody wants to hear them."""

_UNRESOLVED = {
    "en": "he she it they this that these those his her their its but and so because which such there however instead",
    "de": "er es dies diese dieser dieses sein ihr ihre aber und doch denn deshalb daher dort damit davon dabei dagegen",
    "fr": "il elle ils elles ce cela ceci ces cette son sa ses leur leurs mais et donc car ainsi pourtant en",
    "es": "él ella ellos esto eso esta este estos su sus pero y así por ello entonces además sin",
    "it": "egli essa essi questo questa ciò suo sua ma e così quindi però",
    "pt": "ele ela eles isto isso este esta seu sua mas e assim porém",
    "nl": "hij zij het dit dat deze die zijn haar maar en dus daarom er",
}
UNRESOLVED = {language: frozenset(words.split()) for language, words in _UNRESOLVED.items()}
_POINTS_BACK = {
    "en": "them him therefore",
    "de": "ihnen ihn ihm also",
    "fr": "eux donc",
    "es": "ellos ellas",
    "it": "loro quindi",
    "pt": "eles elas",
    "nl": "hen hem dus",
}
POINTS_BACK = {language: frozenset(words.split()) for language, words in _POINTS_BACK.items()}
SOON = 8
"""Words. A pronoun so early stands for somebody whom the sentence before has named."""
AT_ONCE = 3
_ANNOUNCES = re.compile(
    r":$|\bwhat happened next\b|\bhere (?:is|are) (?:how|why|what)\b|\bund dann kam\b|\bvoici (?:comment|pourquoi)\b",
    re.IGNORECASE,
)


def is_prompt_injection(text: str) -> bool:
    """Whether a sentence is meant for whatever reads mail on somebody's behalf."""
    return bool(_COMMANDS.search(text))


def clean_or_drop(sentence: str) -> str:
    """The sentence, cleaned; empty when it is not to be told."""
    text = _cleaned(sentence)
    good = (
        SHORTEST <= len(text) <= LONGEST
        and len(text.split()) >= LEAST_WORDS
        and text[-1] in ".!?…\"”»)'"
        and not _CALLS.search(text)
        and _letters(text) > 0.6
    )
    return text if good else ""


def depends_on_previous(sentence: str, language: str) -> bool:
    """Whether it needs the sentence before: by its first words, by a pronoun soon after, by «… to that»."""
    known = language if language in UNRESOLVED else "en"
    first, *others = re.split(r"[\s,.;:’']+", sentence.lower().strip('"“„«¿¡(.!?…”»)'))
    soon, now = others[: SOON - 1], others[: AT_ONCE - 1]
    return (
        first in UNRESOLVED[known]
        or not POINTS_BACK[known].isdisjoint(soon)
        or (
            known == "en" and (not {"he", "she", "they"}.isdisjoint(now) or others[-1:] == ["that"])
        )
    )


def is_teaser(sentence: str) -> bool:
    """Whether it only promises what the next sentence says."""
    return bool(_ANNOUNCES.search(sentence))


def _cleaned(sentence: str) -> str:
    text = _TAIL.sub("", _BRACKETED.sub("", _BULLET.sub("", sentence.strip())))
    kept = "".join(
        character for character in text if unicodedata.category(character) not in {"So", "Sk", "Cs"}
    )
    return " ".join(kept.split())


def _letters(text: str) -> float:
    return sum(character.isalpha() or character.isspace() for character in text) / len(text)
