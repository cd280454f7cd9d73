"""The sentences around the stories: greetings, hand-overs and sign-offs in fixed wordings.

They name only the show, the newsletters and the date. The gate accepts no other framing, whoever wrote the
script.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

from audiobrew.lang.language import complete_language
from audiobrew.script.script import Kind, Sentence, Speaker

# A placeholder in a form, such as `{show}`. Splitting by it yields text and names alternately.
PLACEHOLDER = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class FramingNames:
    """What framing may name. `newsletters` holds their spoken names."""

    show: str
    day: date
    newsletters: tuple[str, ...]

    def allows(self, sentence: Sentence, language: str) -> bool:
        """Whether the sentence is one of the forms of its kind, filled with these names only."""
        handover = sentence.kind is Kind.HANDOVER
        kinds = ("next", "too") if handover else (str(sentence.kind),)
        allowed = [form for kind in kinds for form in forms_of(language, kind)]
        return any(self.pattern_of(form, language).fullmatch(sentence.text) for form in allowed)

    def pattern_of(self, form: str, language: str) -> re.Pattern[str]:
        """A pattern that matches the form with its placeholders filled."""
        names = "|".join(map(re.escape, self.newsletters)) or "(?!)"
        values = {
            "show": re.escape(self.show),
            "date": re.escape(spoken_date(self.day, language)),
            "newsletter": f"(?:{names})",
        }
        parts = PLACEHOLDER.split(form)
        return re.compile(
            "".join(
                values[part] if number % 2 else re.escape(part) for number, part in enumerate(parts)
            )
        )


def greeting(show: str, day: date, language: str, speaker: Speaker) -> Sentence:
    """The sentence that opens the show."""
    form = pick_form(language, Kind.GREETING, day.toordinal())
    return Sentence(form.format(show=show, date=spoken_date(day, language)), speaker, Kind.GREETING)


def handover(
    newsletter: str, language: str, speaker: Speaker, turn: int, form: str = "next"
) -> Sentence:
    """The sentence that names the newsletter. `turn` varies the wording.

    The form `next` opens a story; `too` says that another newsletter tells the same story.
    """
    text = pick_form(language, form, turn).format(newsletter=newsletter)
    return Sentence(text, speaker, Kind.HANDOVER)


def signoff(show: str, day: date, language: str, speaker: Speaker) -> Sentence:
    """The sentence that closes the show."""
    form = pick_form(language, Kind.SIGNOFF, day.toordinal())
    return Sentence(form.format(show=show), speaker, Kind.SIGNOFF)


@cache
def spoken_date(day: date, language: str) -> str:
    """The weekday and the date: `Monday, November 23`, `Montag, 23. November`, …"""
    from babel.dates import format_date

    framed = complete_language(language)
    return str(format_date(day, framed.framing.date, locale=framed.code))


def pick_form(language: str, kind: str, number: int) -> str:
    """One of the language's forms of this kind; consecutive numbers give different ones."""
    forms = forms_of(language, str(kind))
    return forms[number % len(forms)]


def forms_of(language: str, kind: str) -> Sequence[str]:
    """The language's forms of this kind; the English ones if the language has no framing."""
    framing = complete_language(language).framing
    forms = {
        "greeting": framing.greeting,
        "next": framing.next,
        "too": framing.too,
        "signoff": framing.signoff,
    }
    return forms[kind]
