"""What stands in quotation marks, and whether a part of a source means there what it means in its place.

An apostrophe is no mark: a single mark opens only before a word and closes only behind one.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

_PAIRS = (
    *(("“", "”"), ("„", "“”"), ("‟", "”"), ("❝", "❞"), ("〝", "〞〟"), ("«", "»"), ("»", "«")),
    *(("‹", "›"), ("›", "‹"), ("「", "」"), ("『", "』"), ("`", "`´"), ("❛", "❜"), ("‚", "‘’")),
)
"""Marks that tell which way they look. German turns «» and “” round, and Swedish closes as it opens."""
_SAME = ("”", "»")
_STRAIGHT = '"＂″'
_SINGLE = "'‘’‛′"
_OPENING = "([{—–-/¿¡“„«»‹›「『❝\"'‘‚ \t\n\u00a0\u202f"
_ELISIONS = re.compile(r"(?:\d0s|n|em|tis|twas|til|cause|round|bout|n')\b", re.IGNORECASE)
LEAST = 2


@dataclass(frozen=True, slots=True)
class Quotation:
    """`said` is what stands between the marks; `around` the sentence without it."""

    said: str
    around: str


def quotations(text: str) -> list[Quotation]:
    """Those in any marks, also one in another; one that is only opened goes on to the end."""
    found = dict.fromkeys([*_turned(text), *_straight(text), *_single(text)])
    return [
        Quotation(text[start:end], f"{text[:start]} {text[end:]}")
        for start, end in sorted(found)
        if len(text[start:end].strip()) >= LEAST
    ]


def _turned(text: str) -> Iterator[tuple[int, int]]:
    for opening, closing in _PAIRS:
        start = None
        for place, mark in enumerate(text):
            if start is not None and mark in closing and not _within_word(text, place, mark):
                yield start, place
                start = None
            elif start is None and mark == opening and _opens(text, place):
                start = place + 1
        if start is not None and opening not in "`»›”":
            yield start, len(text)
    for mark in _SAME:
        places = [place for place, one in enumerate(text) if one == mark]
        if len(places) > 1 and not set(text) & set("“„«"):
            yield from ((a + 1, b) for a, b in zip(places[::2], places[1::2], strict=False))
    first = min((text.find(mark) for mark in "”»" if mark in text), default=-1)
    if first > 0 and not set(text[:first]) & set("“„«»”") and not _opens(text, first):
        yield 0, first  # opened in the sentence before


def _straight(text: str) -> Iterator[tuple[int, int]]:
    start = None
    for place, mark in enumerate(text):
        if mark not in _STRAIGHT:
            continue
        if start is None and _opens(text, place):
            start = place + 1
        elif _closes(text, place) and not (start is None and text[place - 1].isdigit()):
            yield start or 0, place
            start = None
    if start is not None:
        yield start, len(text)


def _single(text: str) -> Iterator[tuple[int, int]]:
    """The closing mark is rather one beside a comma or a full stop: «the cities' fault,'»."""
    start = None
    closing: list[int] = []
    for place, mark in enumerate(text):
        if mark not in _SINGLE:
            continue
        if mark != "′" and _opens(text, place):
            if start is not None and closing:
                yield start, closing[0]
            if not _ELISIONS.match(text, place + 1):
                start, closing = place + 1, []
        elif start is not None and _closes(text, place):
            beside = text[place - 1] in ".,;:!?…" or text[place + 1 : place + 2] in (
                "",
                *".,;:!?…)",
            )
            if beside:
                yield start, place
                start, closing = None, []
            else:
                closing.append(place)
    if start is not None and closing:
        yield start, closing[0]


def _within_word(text: str, place: int, mark: str) -> bool:
    """An apostrophe in ‚das war’s‘."""
    after = text[place + 1 : place + 2]
    return mark == "’" and text[place - 1].isalpha() and after.isalpha()


def _opens(text: str, place: int) -> bool:
    before, after = text[place - 1 : place] if place else "", text[place + 1 : place + 2]
    unspaced = bool(before) and ord(before) > 0x2E80  # Chinese and Japanese put no space there
    spaced = text[place] in "«»‹›" and after in "\u00a0\u202f "  # « trop cher »
    return (not before or before in _OPENING or before in ".,:;!?…" or unspaced) and (
        spaced or bool(after.strip())
    )


def _closes(text: str, place: int) -> bool:
    before, after = text[place - 1 : place] if place else "", text[place + 1 : place + 2]
    return bool(before.strip()) and not after.isalnum()


_CLAUSE = re.compile(
    r"[.,;:!?…()\[\]—–\n]+|\s(?:but|yet|although|while|aber|sondern|doch|obwohl|während|mais|bien que|pero|"
    r"sino|aunque|ma|però|sebbene|mas|porém|embora|maar|hoewel)\s",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"[.!?…\n]+")
_TURNS = {
    "en": (
        r"not|no|never|neither|nor|none|nobody|nothing|hardly|barely|scarcely|without|cannot|den(?:y|ied|ies|ying)|"
        r"refus\w+|reject\w*|doubt\w*|unlikely|untrue|false|falsely|fail(?:ed|s)?|stop(?:ped|s)?|avoid\w*|"
        r"instead of|\w+n['’]t",
        r"may|might|could|perhaps|maybe|possibly|probably|allegedly|reportedly|supposedly|rumou?red|almost|nearly",
        r"if|whether|unless|only when|provided",
    ),
    "de": (
        r"nicht|kein\w*|nie|niemals|niemand|nichts|weder|kaum|ohne|bestreitet|bestritt|dementier\w+|lehnt\w*|"
        r"bezweifel\w+|falsch",
        r"vielleicht|möglicherweise|womöglich|angeblich|könnte\w*|dürfte\w*|fast|beinahe|wohl",
        r"wenn|ob|falls|sofern|es sei denn",
    ),
    "fr": (
        r"ne|n['’]\w*|pas|jamais|aucun\w*|personne|rien|ni|sans|nie|nient|dément\w*|refus\w+|faux",
        r"peut-être|pourrai\w+|prétendument|presque|sans doute",
        r"si|s['’]ils?|à moins|sauf",
    ),
    "es": (
        r"no|jamás|nunca|nadie|nada|ningun\w*|ningún|tampoco|sin|niega\w*|negó|rechaz\w+|dud\w+|falso",
        r"quizás?|podría\w*|acaso|supuestamente|casi",
        r"si|salvo|a menos",
    ),
    "it": (
        r"non|mai|nessun\w*|niente|nulla|né|senza|nega\w*|rifiut\w+|smentisc\w+|dubit\w+|falso",
        r"forse|potrebbe\w*|presumibilmente|quasi",
        r"se|purché|a meno",
    ),
    "pt": (
        r"não|nunca|jamais|ninguém|nada|nenhum\w*|nem|sem|nega\w*|negou|recus\w+|duvid\w+|falso",
        r"talvez|poderia\w*|supostamente|quase",
        r"caso|a menos|a não ser",
    ),
    "nl": (
        r"niet|geen|nooit|niemand|niets|zonder|ontken\w+|weiger\w+|betwijfel\w+|onwaar",
        r"misschien|mogelijk|zou|zouden|bijna|vermoedelijk",
        r"tenzij|mits|indien",
    ),
}
"""Words that turn what stands beside them: they deny it, weaken it, or make it depend on something."""


def keeps_its_meaning(
    quotation: Quotation, language: str, source: str, held: str, start: int, end: int
) -> bool:
    """Whether nothing is left out beside `source[start:end]` that turns it, or is said around it here, too.

    `language` is the sentence's, `held` the source's.
    """
    clause = _around(_CLAUSE, source, start, end)
    sentence = _around(_SENTENCE, source, start, end)
    theirs, ours = _turns(held), _turns(language)
    beside = zip(theirs, ours, (clause, clause, sentence), strict=True)
    return all(
        not words.search(left) or told.search(quotation.around) for words, told, left in beside
    )


@cache
def _turns(language: str) -> tuple[re.Pattern[str], ...]:
    words = _TURNS.get(language, _TURNS["en"])
    return tuple(re.compile(rf"\b(?:{some})(?!\w)", re.IGNORECASE) for some in words)


def _around(boundary: re.Pattern[str], source: str, start: int, end: int) -> str:
    """What stands beside the quoted part, as far as the boundaries."""
    before = source[:start]
    last = max((found.end() for found in boundary.finditer(before)), default=0)
    next_ = boundary.search(source, end)
    return f"{before[last:]} | {source[end : next_.start() if next_ else len(source)]}"
