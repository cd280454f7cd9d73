"""Estimates what an episode will cost and how long it can be, before it is brewed."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from audiobrew.audio.voice import MAX_CHARACTERS, Cast, Voice
from audiobrew.mail.mail import MailSize
from audiobrew.models.prices import Prices
from audiobrew.models.usage import Usage
from audiobrew.script.writer import DEFAULT_PACE, Brief, Writer

# Characters. An utterance ends with a sentence, so it is rarely as long as allowed.
USUAL_CLIP = 0.75 * MAX_CHARACTERS


@dataclass(frozen=True, slots=True)
class Quote:
    """`minutes`: how many of the ordered minutes the newsletters can fill. `calls`: the calls to models.

    `amount` is in millionths of a dollar. It is None if a model has no price in the table, which is of the
    day `as_of`. `casts`: who speaks each language that the voice speaks, the most frequent one first.
    """

    newsletters: int
    characters: int
    minutes: int
    calls: int
    amount: int | None
    as_of: date
    casts: Mapping[str, Cast]
    hosts: int


def estimate_quote(
    mails: Sequence[MailSize], brief: Brief, writer: Writer, voice: Voice, prices: Prices
) -> Quote:
    """Estimate from the sizes of the mails alone: reading many long mails would take seconds."""
    usages = [*writer.forecast(mails, brief), *_clip_usages(mails, brief, voice)]
    characters = sum(one.characters for one in mails)
    full_minutes = characters / _pace(mails, brief) / 60
    has_prices = all(map(prices.covers, usages))
    return Quote(
        newsletters=len(mails),
        characters=characters,
        minutes=min(brief.minutes, max(1, round(full_minutes))),
        calls=len(usages),
        amount=sum(map(prices.amount, usages)) if has_prices else None,
        as_of=prices.as_of,
        casts=casts_of(mails, brief.language, voice),
        hosts=brief.hosts,
    )


def casts_of(mails: Sequence[MailSize], language: str | None, voice: Voice) -> dict[str, Cast]:
    """Who speaks each language of these mails, the most frequent one first; or only the ordered language."""
    languages = Counter(language or one.language for one in mails)
    names = [name for name, _ in languages.most_common() if voice.speaks(name)]
    return {name: voice.cast(name) for name in names}


def _clip_usages(mails: Sequence[MailSize], brief: Brief, voice: Voice) -> Iterable[Usage]:
    """The usage of as many clips as fill the minutes. Nothing if the voice is free."""
    language = brief.language or mails[0].language
    characters = brief.minutes * 60 * _pace(mails, brief)
    while characters > 0:
        usage = voice.forecast("x" * round(min(characters, USUAL_CLIP)), language)
        if usage is None:
            return
        yield usage
        characters -= USUAL_CLIP


def _pace(mails: Sequence[MailSize], brief: Brief) -> float:
    """Characters per second, averaged over the mails."""
    paces = [brief.pace.get(brief.language or one.language, DEFAULT_PACE) for one in mails]
    return sum(paces) / len(paces)
