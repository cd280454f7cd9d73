"""Which stories are told, in which order, and how long each may take."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from audiobrew.mail.newsletter import Newsletter
from audiobrew.script.same_story import group_by_story
from audiobrew.script.story import Item, items_of
from audiobrew.script.writer import DEFAULT_PACE, Brief

SplitItems = Callable[[Newsletter], Sequence[Item]]
"""A newsletter's items, by rules or by a model."""
USUAL_STORY_SECONDS = 40.0
"""How long a story wants to be, when there is more to tell than there is time."""
LEAST_STORY_SECONDS = 9.0
FRAME_SECONDS = 2.5
"""What a hand-over takes."""
MORE_FOR_EACH_TELLING = 0.5
"""What several newsletters tell gets so much more of a share for each after the first."""
OPENING_SECONDS = 8.0
"""What the greeting and the sign-off take."""


@dataclass(frozen=True, slots=True)
class Slot:
    """One story and its time."""

    items: tuple[Item, ...]
    seconds: float

    @property
    def language(self) -> str:
        return self.items[0].language


def running_order(
    newsletters: Sequence[Newsletter], brief: Brief, split_items: SplitItems = items_of
) -> list[Slot]:
    """Each newsletter is heard before any is heard twice, as far as the minutes go: those that the brief
    wants first, then the newest."""
    time = brief.minutes * 60 - OPENING_SECONDS
    stories = _chosen(_by_turns(newsletters, brief.first, split_items), brief, time)
    time -= FRAME_SECONDS * len(stories)
    return _ordered(_timed(stories, brief, max(time, LEAST_STORY_SECONDS)))


def pace(language: str, brief: Brief) -> float:
    """Characters a second."""
    return brief.pace.get(language, DEFAULT_PACE)


def _by_turns(
    newsletters: Sequence[Newsletter], first: Sequence[str], split_items: SplitItems
) -> list[list[Item]]:
    """Stories, first those that each newsletter begins with, then the second of each, and so on."""
    newest = sorted(newsletters, key=lambda one: (one.received_at, one.digest), reverse=True)
    place = {digest: number for number, digest in enumerate(first)}
    newest.sort(key=lambda one: place.get(one.digest, len(place)))
    shelves = [list(_best_first(split_items(one))) for one in newest]
    depth = max(map(len, shelves), default=0)
    turns = [shelf[turn] for turn in range(depth) for shelf in shelves if turn < len(shelf)]
    return group_by_story(turns)


def _best_first(items: Sequence[Item]) -> Iterator[Item]:
    """What comes early and says much is what the newsletter means to tell."""
    most = max((item.characters for item in items), default=1)
    weigh = {item.place: item.characters / most - 0.12 * place for place, item in enumerate(items)}
    yield from sorted(items, key=lambda item: (-weigh[item.place], item.place))


def _chosen(stories: list[list[Item]], brief: Brief, time: float) -> list[list[Item]]:
    """As many as get a fair time each, told-by-many first among equals; at least one a newsletter."""
    keys = {item.newsletter.key for story in stories for item in story}
    most = max(1, int(time / (LEAST_STORY_SECONDS + FRAME_SECONDS)))
    usual = max(min(len(keys), most), round(time / (USUAL_STORY_SECONDS + FRAME_SECONDS)))
    chosen = stories[:usual]
    while len(chosen) < len(stories) and _available(chosen, brief) < time:
        chosen.append(stories[len(chosen)])
    return chosen


def _available(stories: Sequence[Sequence[Item]], brief: Brief) -> float:
    return sum(_seconds(story, brief) + FRAME_SECONDS for story in stories)


def _seconds(story: Sequence[Item], brief: Brief) -> float:
    return sum(item.characters for item in story) / pace(story[0].language, brief)


def _timed(stories: Sequence[Sequence[Item]], brief: Brief, time: float) -> list[Slot]:
    """Fair shares; what a short story leaves over goes to the longer ones."""
    left, shares = time, {}
    weights = [1 + MORE_FOR_EACH_TELLING * (len(story) - 1) for story in stories]
    wants = [_seconds(story, brief) for story in stories]
    waiting = sorted(range(len(stories)), key=lambda place: wants[place] / weights[place])
    for told, place in enumerate(waiting):
        part = weights[place] / sum(weights[one] for one in waiting[told:])
        shares[place] = min(wants[place], left * part)
        left -= shares[place]
    return [Slot(tuple(story), shares[place]) for place, story in enumerate(stories)]


def _ordered(slots: Sequence[Slot]) -> list[Slot]:
    """One language after the other, the one with most to tell first; within it, told-by-many first."""
    weight = Counter[str]()
    for slot in slots:
        weight[slot.language] += round(slot.seconds)
    place = {id(slot): number for number, slot in enumerate(slots)}
    return sorted(
        slots,
        key=lambda slot: (-weight[slot.language], slot.language, -len(slot.items), place[id(slot)]),
    )
