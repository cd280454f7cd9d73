"""The show plan of a model: the order of the stories, their time, and what the hosts say between them.

The plan is made of titles and hooks that passed the gate, and it can neither add a story nor lose one. Which
stories fit into the minutes is decided by the rules of the running order. What the hosts say is checked as
links are (see `script/gate/links.py`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from audiobrew.script.items import Item
from audiobrew.script.newsletter_name import spoken_name
from audiobrew.script.openai.prompts import Show
from audiobrew.script.running_order import Slot, divide_time, opens_show, pace
from audiobrew.script.script import Speaker
from audiobrew.script.writer import Brief, Point, ShowStyle

# How a story's share of the time is multiplied.
TIME_FACTORS = {"short": 0.5, "usual": 1.0, "long": 1.8}
# In a deep dive, few stories get most of the time.
DEEP_DIVE_FACTORS = {"short": 0.3, "usual": 1.0, "long": 3.5}
MAX_TEASER, MAX_CALL_BACKS = 3, 2
# A story by the newsletter and the place of each of its items.
StoryKey = tuple[tuple[str, int], ...]


def key_of_story(items: Sequence[Item]) -> StoryKey:
    return tuple((item.newsletter.digest, item.place) for item in items)


@dataclass(frozen=True, slots=True)
class PlannedStory:
    """What the model planned for a story. `number` is its place in the order of the show."""

    number: int
    time: str
    round_up: bool
    lead: Speaker
    bridge: str = ""
    call_back: str = ""


@dataclass(frozen=True, slots=True)
class ShowPlan:
    """What the model planned, by story."""

    stories: Mapping[StoryKey, PlannedStory] = field(default_factory=dict)
    cold_open: StoryKey | None = None
    teaser: tuple[StoryKey, ...] = ()

    @property
    def openers(self) -> tuple[StoryKey, ...]:
        """The stories that the start of the show mentions, in its order."""
        return (*([self.cold_open] if self.cold_open else []), *self.teaser)

    def story(self, slot: Slot) -> PlannedStory:
        """The plan for a story. One that was not planned is short and comes last."""
        unplanned = PlannedStory(len(self.stories), "short", False, Speaker.FIRST)
        return self.stories.get(key_of_story(slot.items), unplanned)

    def sort(self, slots: Sequence[Slot], brief: Brief) -> list[Slot]:
        """The slots in the order of the plan, with the time divided anew that the start of the show leaves.

        Stories of one language stay together, in the order of the first story of each. What opens the show
        (`Brief.always_first`) comes first, with its language.
        """
        opening_languages = {slot.language for slot in slots if opens_show(slot, brief)}
        first_numbers: dict[str, int] = {}
        for slot in slots:
            number = self.story(slot).number
            first_numbers[slot.language] = min(number, first_numbers.get(slot.language, number))
        in_order = sorted(
            slots,
            key=lambda slot: (
                slot.language not in opening_languages,
                first_numbers[slot.language],
                slot.language,
                not opens_show(slot, brief),
                self.story(slot).number,
            ),
        )
        hooks = (hook_of(slot) for slot in slots if key_of_story(slot.items) in self.openers)
        opening = sum(len(hook.text) for hook in hooks if hook) / pace(in_order[0].language, brief)
        factors = DEEP_DIVE_FACTORS if brief.style is ShowStyle.DEEP_DIVE else TIME_FACTORS
        return divide_time(
            [slot.items for slot in in_order],
            brief,
            sum(slot.seconds for slot in slots) - opening,
            [factors[self.story(slot).time] for slot in in_order],
        )


def plan_data(candidates: Sequence[Sequence[Item]], brief: Brief) -> dict[str, Any]:
    """The input of the call that plans the show. Stories are numbered from 0."""
    return {
        "hosts": brief.hosts,
        "interests": brief.interests,
        "stories": [
            {
                "story": number,
                "newsletters": sorted({spoken_name(item.newsletter) for item in items}),
                "language": items[0].language,
                "title": items[0].title,
                "hook": items[0].hook.text if items[0].hook else "",
                "value": max(item.value or 0.0 for item in items),
                "characters": sum(item.characters for item in items),
            }
            for number, items in enumerate(candidates)
        ],
    }


def read_plan(candidates: Sequence[Sequence[Item]], show: Show, brief: Brief) -> ShowPlan:
    """The model's plan. Numbers of stories that do not exist, or that come twice, are ignored."""
    keys = [key_of_story(items) for items in candidates]

    def known(numbers: Sequence[int]) -> list[int]:
        return [number for number in dict.fromkeys(numbers) if 0 <= number < len(keys)]

    bridges = {one.story: one.text.strip() for one in show.bridges}
    call_backs = {one.story: one.text.strip() for one in show.call_backs[:MAX_CALL_BACKS]}
    order = known(show.order)
    openers = {
        number
        for number, key in enumerate(keys)
        if any(digest in brief.always_first for digest, _ in key)
    }
    in_order = sorted(order, key=lambda number: number not in openers)
    # What leads from one story to the next, or back to an earlier one, is said only in the model's order.
    before, bridged = predecessors(in_order), predecessors(order)
    displaced = {number for number in order if before.get(number) != bridged.get(number)}
    stories = {
        keys[number]: PlannedStory(
            place,
            "long" if number in show.long else "short" if number in show.short else "usual",
            number in show.round_up and number not in openers,
            Speaker.SECOND if brief.hosts == 2 and number in show.second_host else Speaker.FIRST,
            bridges.get(number, "") if place and number not in displaced else "",
            call_backs.get(number, "") if place and number not in displaced & openers else "",
        )
        for place, number in enumerate(in_order)
    }
    first, *_ = [*known([show.cold_open]), None]
    teaser = [keys[number] for number in known(show.teaser) if number != first]
    return ShowPlan(stories, None if first is None else keys[first], tuple(teaser[:MAX_TEASER]))


def predecessors(order: Sequence[int]) -> dict[int, int]:
    """The story before each one."""
    return {number: previous for previous, number in pairwise(order)}


def hook_of(slot: Slot) -> Point | None:
    """What the start of the show says about a story: the first hook that passed the gate."""
    for item in slot.items:
        if item.hook:
            return Point(item.hook.text, item.newsletter.digest, item.hook.blocks)
    return None
