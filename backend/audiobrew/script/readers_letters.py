"""Short letters of readers that are answered in the same paragraph: `“Why?” (M. L.) Because …`"""

import re
from dataclasses import dataclass

# The reader: initials or a name, perhaps after a title and before a place.
_WORD = r"[A-ZÀ-ÞΑ-ΩА-Я][\w’'-]{0,20}"
_INITIALS = r"(?:[A-ZÀ-ÞΑ-ΩА-Я]\.[\s-]?(?:(?:de|du|da|di|von|van)\s)?){1,4}"
_TITLE = (
    r"(?:(?:Mrs?|Ms|Dr|Pr|Prof|Capt|Sr|Sra|Sig|M|Mme|Mlle|Herr|Frau|Fr|Hr|Don|Doña|D)\.?\s){0,2}"
)
_PLACE = rf"(?:\s?,\s{_WORD}(?:[\s-]{_WORD}){{0,2}})"
_NAME = rf"{_WORD}(?:\s{_WORD}){{0,2}}"
_READER = (
    rf"{_TITLE}(?:{_INITIALS}{_WORD}{_PLACE}?\.|{_INITIALS}{_PLACE}\.|{_WORD}\s{_INITIALS}(?:{_PLACE}\.)?"
    rf"|{_NAME}{_PLACE}?\.|{_INITIALS})"
)
_IN_BRACKETS = r"\((?![a-zß-ÿ])[^()\d]{2,60}\)\.?"
_DASH = r"\s?[—–-]{1,2}\s?"
_QUOTED = (
    r"(?:«\s?(?P<guillemets>[^«»]{8,700})»|[“„](?P<curly>[^“”„]{8,700})[”“]"
    r"|[\"„](?P<straight>[^\"]{8,700})\")"
)
_REPLY = r"\s+(?=\S)(?![—–-])(?P<reply>.{2,1500})"
# A letter in quotation marks and who wrote it.
_LETTER = re.compile(
    rf"{_QUOTED}\s?(?:{_DASH}(?:{_READER}|{_WORD}\.)|{_IN_BRACKETS}|{_READER}){_REPLY}"
)
# One without them, and a dash before who wrote it.
_PLAIN_LETTER = re.compile(
    rf"(?P<plain>[^—–]{{10,500}}+)(?<=[.?!…”\"]\s)[—–]\s(?:{_READER}|{_WORD}\.){_REPLY}"
)

# A question and its reader in brackets, whose reply is the next paragraph: `“Why?” (Yvon, 67, Brest)`.
_QUESTION = re.compile(rf"{_QUOTED}\s?\([^()]{{2,60}}\)\.?")


@dataclass(frozen=True, slots=True)
class ReadersLetter:
    """What a reader writes, without quotation marks, and what the newsletter replies."""

    text: str
    reply: str


def readers_letter(text: str) -> ReadersLetter | None:
    """The letter and its reply; None if a text is something else."""
    match = _LETTER.fullmatch(text.strip()) or _PLAIN_LETTER.fullmatch(text.strip())
    if not match:
        return None
    groups = match.groupdict()
    letter = next(value for name, value in groups.items() if value and name != "reply")
    return ReadersLetter(letter.strip(), groups["reply"].strip())


def readers_question(text: str) -> str:
    """The question of a reader that the next paragraph answers, without the reader; empty without one."""
    match = _QUESTION.fullmatch(text.strip())
    question = next(filter(None, match.groupdict().values()), "").strip() if match else ""
    return question if question.endswith("?") else ""
