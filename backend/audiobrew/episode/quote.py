"""What an episode will cost and how long it can be, said before it is brewed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from audiobrew.audio.voice import MAX_CHARACTERS, Voice
from audiobrew.mail.mail import MailSize
from audiobrew.models.prices import Prices
from audiobrew.models.usage import Usage
from audiobrew.script.writer import DEFAULT_PACE, Brief, Writer

USUAL_CLIP = 0.75 * MAX_CHARACTERS
"""Characters: sentences end before the longest utterance is full."""


@dataclass(frozen=True, slots=True)
class Quote:
    """`minutes` is what the newsletters can fill of those asked for. `amount` is in millionths of a
    dollar, and None when a model has no price in the table."""

    newsletters: int
    characters: int
    minutes: int
    calls: int
    amount: int | None
    as_of: date


def estimate_quote(
    mails: Sequence[MailSize], brief: Brief, writer: Writer, voice: Voice, prices: Prices
) -> Quote:
    """From sizes alone: the text of many long mails would take seconds to read."""
    uses = [*writer.forecast(mails, brief), *_spoken(mails, brief, voice)]
    characters = sum(one.characters for one in mails)
    full = characters / _pace(mails, brief) / 60
    known = all(prices.known(use) for use in uses)
    return Quote(
        newsletters=len(mails),
        characters=characters,
        minutes=min(brief.minutes, max(1, round(full))),
        calls=len(uses),
        amount=sum(map(prices.amount, uses)) if known else None,
        as_of=prices.as_of,
    )


def _spoken(mails: Sequence[MailSize], brief: Brief, voice: Voice) -> Iterable[Usage]:
    """A clip after the other, until the minutes are full."""
    language = brief.language or mails[0].language
    left = brief.minutes * 60 * _pace(mails, brief)
    while left > 0:
        use = voice.forecast("x" * round(min(left, USUAL_CLIP)), language)
        if use is None:
            return
        yield use
        left -= USUAL_CLIP


def _pace(mails: Sequence[MailSize], brief: Brief) -> float:
    paces = [brief.pace.get(brief.language or one.language, DEFAULT_PACE) for one in mails]
    return sum(paces) / len(paces)
