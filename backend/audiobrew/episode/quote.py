"""What an episode will cost and how long it can be, said before it is brewed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from audiobrew.audio.voice import MOST_CHARACTERS, Voice
from audiobrew.episode.prices import Prices
from audiobrew.inbox.newsletter import Newsletter
from audiobrew.paying import Use
from audiobrew.script.writer import USUAL_PACE, Brief, Writer

USUAL_CLIP = 0.75 * MOST_CHARACTERS
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


def quoted(
    newsletters: Sequence[Newsletter], brief: Brief, writer: Writer, voice: Voice, prices: Prices
) -> Quote:
    uses = [*writer.forecast(newsletters, brief), *_spoken(newsletters, brief, voice)]
    told = sum(len(block.text) for one in newsletters for block in one.told)
    full = told / _pace(newsletters, brief) / 60
    known = all(prices.known(use) for use in uses)
    return Quote(
        newsletters=len(newsletters),
        characters=told,
        minutes=min(brief.minutes, max(1, round(full))),
        calls=len(uses),
        amount=sum(map(prices.amount, uses)) if known else None,
        as_of=prices.as_of,
    )


def _spoken(newsletters: Sequence[Newsletter], brief: Brief, voice: Voice) -> Iterable[Use]:
    """A clip after the other, until the minutes are full."""
    language = brief.language or newsletters[0].language
    left = brief.minutes * 60 * _pace(newsletters, brief)
    while left > 0:
        use = voice.forecast("x" * round(min(left, USUAL_CLIP)), language)
        if use is None:
            return
        yield use
        left -= USUAL_CLIP


def _pace(newsletters: Sequence[Newsletter], brief: Brief) -> float:
    paces = [brief.pace.get(brief.language or one.language, USUAL_PACE) for one in newsletters]
    return sum(paces) / len(paces)
