"""The sentences around the stories: greetings, hand-overs and sign-offs in fixed wordings.

They name only the show, the hosts, the newsletters, the date and a number of entries. The gate accepts no
other framing, whoever wrote the script.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache

from audiobrew.lang.language import language_or_default
from audiobrew.lang.sections import Framing
from audiobrew.script.host_name import name_of_host, other_host
from audiobrew.script.script import Kind, Sentence, Speaker

# A placeholder in a form, such as `{show}`. Splitting by it yields text and names alternately.
PLACEHOLDER = re.compile(r"\{(\w+)\}")
# Framing that is understood in any language: only names and the date.
NAMES_ONLY = Framing.model_construct(
    date="EEEE, d MMMM",
    greeting=("{show}. {date}.",),
    first=("{newsletter}.",),
    next=("{newsletter}.", "{newsletter}:"),
    too=("{newsletter}.", "{newsletter}:"),
    signoff=("{show}.",),
    teaser=(),
    more=(),
    round_up=(),
    round_up_title="",
    code=(),
    remainder=(),
    one_host=(),
    two_hosts=(),
    update=(),
    update_untitled=(),
    differ=("{first}: {one}; {second}: {other}.",),
)


class Form(StrEnum):
    """What a hand-over is for; see `Framing`. `brief` names a newsletter in a round-up."""

    FIRST = "first"
    NEXT = "next"
    MORE = "more"
    TOO = "too"
    TEASER = "teaser"
    ROUND_UP = "round_up"
    BRIEF = "brief"
    CODE = "code"
    REMAINDER = "remainder"
    UPDATE = "update"
    UPDATE_UNTITLED = "update_untitled"


# Kinds of sentences with forms of several names. Hosts with names introduce themselves after the greeting.
FORMS_BY_KIND: dict[Kind, Sequence[str]] = {
    Kind.GREETING: (Kind.GREETING, "one_host", "two_hosts"),
    Kind.HANDOVER: tuple(Form),
}


@dataclass(frozen=True, slots=True)
class FramingNames:
    """What framing may name. `newsletters` holds their spoken names, `hosts` those of the two hosts."""

    show: str
    day: date
    newsletters: tuple[str, ...]
    hosts: tuple[str, ...] = ()

    def allows(self, sentence: Sentence, language: str, title: str = "") -> bool:
        """Whether the sentence is one of the forms of its kind, filled with these names only.

        `title` is that of the story, or empty if its sources do not support it.
        """
        kinds: Sequence[str] = FORMS_BY_KIND.get(sentence.kind, (sentence.kind,))
        allowed = [
            form
            for kind in kinds
            for form in forms_of(language, kind)
            if title or kind != Form.UPDATE
        ]
        return any(
            self.pattern_of(form, language, sentence.speaker, title).fullmatch(sentence.text)
            for form in allowed
        )

    def pattern_of(
        self, form: str, language: str, speaker: Speaker, title: str = ""
    ) -> re.Pattern[str]:
        """A pattern that matches the form with its placeholders filled."""
        names = "|".join(map(re.escape, self.newsletters)) or "(?!)"
        values = {
            "show": re.escape(self.show),
            "date": re.escape(spoken_date(self.day, language)),
            "newsletter": f"(?:{names})",
            "host": re.escape(name_of_host(self.hosts, speaker)) or "(?!)",
            "other": re.escape(name_of_host(self.hosts, other_host(speaker))) or "(?!)",
            "count": r"\d{1,5}",
            "title": re.escape(end_of_title(title)),
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


def introduction(
    names: Sequence[str], day: date, language: str, speaker: Speaker
) -> Iterator[Sentence]:
    """The sentence after the greeting in which hosts with names introduce themselves; nothing without names.

    The host who greets says it, unless only the other one has a name.
    """
    if not name_of_host(names, speaker):
        speaker = other_host(speaker)
    host, other = name_of_host(names, speaker), name_of_host(names, other_host(speaker))
    if host and (forms := forms_of(language, "two_hosts" if other else "one_host")):
        form = forms[day.toordinal() % len(forms)]
        yield Sentence(form.format(host=host, other=other), speaker, Kind.GREETING)


def handover(
    newsletter: str,
    language: str,
    speaker: Speaker,
    turn: int,
    form: str = Form.NEXT,
    title: str = "",
) -> Sentence:
    """The sentence that names the newsletter, and in some forms the story. `turn` varies the wording."""
    values = {"newsletter": newsletter, "title": end_of_title(title)}
    text = pick_form(language, form, turn).format(**values)
    return Sentence(text, speaker, Kind.HANDOVER)


def difference(names: tuple[str, str], figures: tuple[str, str], language: str, turn: int) -> str:
    """The sentence that says which figure each of two newsletters has."""
    form = pick_form(language, "differ", turn)
    return form.format(first=names[0], one=figures[0], second=names[1], other=figures[1])


def read_difference(text: str, language: str, first: str, second: str) -> tuple[str, str] | None:
    """The figures in a sentence that `difference` made of these names; None if it made it of others."""
    values = {
        "first": re.escape(first),
        "second": re.escape(second),
        "one": "(?P<one>.{1,60})",
        "other": "(?P<other>.{1,60})",
    }
    for form in forms_of(language, "differ"):
        parts = PLACEHOLDER.split(form)
        pattern = "".join(
            values[part] if number % 2 else re.escape(part) for number, part in enumerate(parts)
        )
        if match := re.fullmatch(pattern, text):
            return match["one"], match["other"]
    return None


def name_with_author(newsletter: str, author: str, language: str) -> str:
    """A newsletter's name and its author's, for what that author tells as "I"."""
    form = framing_of(language).written_by
    return form.format(newsletter=newsletter, author=author) if author and form else newsletter


def end_of_title(title: str) -> str:
    """The title without a full stop: a form adds one."""
    return title.rstrip(" .。")


def signoff(show: str, day: date, language: str, speaker: Speaker) -> Sentence:
    """The sentence that closes the show."""
    form = pick_form(language, Kind.SIGNOFF, day.toordinal())
    return Sentence(form.format(show=show), speaker, Kind.SIGNOFF)


class FramingWords:
    """Words the framing of one episode, so that no wording is heard again before all others were."""

    def __init__(self, day: date) -> None:
        self._first = day.toordinal()
        self._used: Counter[tuple[str, str]] = Counter()

    def word(
        self,
        form: Form,
        language: str,
        newsletter: str = "",
        count: int = 0,
        title: str = "",
    ) -> str:
        """The text of a hand-over; an empty string if each of its wordings would be heard again."""
        forms = forms_of(language, form)
        number = self._first + self._used[language, form]
        self._used[language, form] += 1
        values = {"newsletter": newsletter, "count": count, "title": end_of_title(title)}
        texts = (
            forms[(number + offset) % len(forms)].format(**values) for offset in range(len(forms))
        )
        unheard = (text for text in texts if not self._used[language, text])
        text = next(unheard, "")
        self._used[language, text] += 1
        return text


@cache
def spoken_date(day: date, language: str) -> str:
    """The weekday and the date: `Monday, November 23`, `Montag, 23. November`, …"""
    from babel.core import UnknownLocaleError
    from babel.dates import format_date

    pattern = framing_of(language).date
    try:
        return str(format_date(day, pattern, locale=language))
    except (UnknownLocaleError, ValueError):
        return day.isoformat()


@cache
def spoken_day(day: date, language: str) -> str:
    """A date without its weekday and its year: `November 23`, `23. November`, …"""
    from babel.core import UnknownLocaleError
    from babel.dates import format_skeleton

    try:
        return str(format_skeleton("MMMMd", day, locale=language))
    except (UnknownLocaleError, ValueError, KeyError):
        return day.isoformat()


def pick_form(language: str, kind: str, number: int) -> str:
    """One of the language's forms of this kind; consecutive numbers give different ones."""
    forms = forms_of(language, str(kind))
    return forms[number % len(forms)]


def forms_of(language: str, kind: str) -> Sequence[str]:
    """The language's forms of this kind."""
    if kind == Form.BRIEF:
        return ("{newsletter}:",)
    forms: Sequence[str] = getattr(framing_of(language), kind)
    return forms


def framing_of(language: str) -> Framing:
    """The framing of a language; of one without its own, names and nothing else."""
    return language_or_default(language).framing or NAMES_ONLY


def is_framed(language: str) -> bool:
    """Whether the show has phrases in this language."""
    return language_or_default(language).framing is not None
