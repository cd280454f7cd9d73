"""The sentences around the stories: fixed forms that state nothing of their own.

They hold no figure, name or quotation but the show's, the newsletters' and the date, and the gate
accepts no other: whoever writes a script, its framing is one of these.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

from audiobrew.lang.framing import DATES, FORMS
from audiobrew.script.script import Kind, Sentence, Speaker

GAP = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class FramingNames:
    """What framing may name; the newsletters as they are spoken."""

    show: str
    day: date
    newsletters: tuple[str, ...]

    def allows(self, sentence: Sentence, language: str) -> bool:
        """Whether the sentence is a form of its kind, filled with nothing else."""
        text = sentence.text
        return any(
            self._pattern(form, language).fullmatch(text)
            for form in _forms(language, sentence.kind)
        )

    def _pattern(self, form: str, language: str) -> re.Pattern[str]:
        names = "|".join(map(re.escape, self.newsletters)) or "(?!)"
        filled = {
            "show": re.escape(self.show),
            "date": re.escape(spoken_date(self.day, language)),
            "newsletter": f"(?:{names})",
        }
        parts = GAP.split(form)
        return re.compile(
            "".join(filled[part] if odd else re.escape(part) for odd, part in _odd(parts))
        )


def greeting(show: str, day: date, language: str, speaker: Speaker) -> Sentence:
    text = _chosen(language, Kind.GREETING, day.toordinal())
    return Sentence(text.format(show=show, date=spoken_date(day, language)), speaker, Kind.GREETING)


def handover(
    newsletter: str, language: str, speaker: Speaker, turn: int, form: str = "next"
) -> Sentence:
    """`next` opens a story, `too` says that another newsletter tells the same one."""
    text = _chosen(language, form, turn).format(newsletter=newsletter)
    return Sentence(text, speaker, Kind.HANDOVER)


def signoff(show: str, day: date, language: str, speaker: Speaker) -> Sentence:
    text = _chosen(language, Kind.SIGNOFF, day.toordinal())
    return Sentence(text.format(show=show), speaker, Kind.SIGNOFF)


@cache
def spoken_date(day: date, language: str) -> str:
    """Monday, November 23; Montag, 23. November; …"""
    from babel.dates import format_date

    known = language if language in DATES else "en"
    return str(format_date(day, DATES[known], locale=known))


def _chosen(language: str, kind: str, number: int) -> str:
    forms = FORMS.get(language, FORMS["en"])[str(kind)]
    return forms[number % len(forms)]


def _forms(language: str, kind: Kind) -> Sequence[str]:
    forms = FORMS.get(language, FORMS["en"])
    return (*forms["next"], *forms["too"]) if kind is Kind.HANDOVER else forms[str(kind)]


def _odd(parts: Sequence[str]) -> Iterator[tuple[bool, str]]:
    """Split text and gaps take turns."""
    return ((bool(number % 2), part) for number, part in enumerate(parts))
