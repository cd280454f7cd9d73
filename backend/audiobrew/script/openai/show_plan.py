"""The show plan of a model: the order of the stories, their time, and what the hosts say between them.

The plan is made of titles and hooks that passed the gate, and it can neither add a story nor lose one. Which
stories fit into the minutes is decided by the rules of the running order. What the hosts say is checked as
links are (see `script/gate/links.py`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from audiobrew.script.items import Item
from audiobrew.script.newsletter_name import spoken_name
from audiobrew.script.openai.prompts import PlannedStory, Show
from audiobrew.script.running_order import Slot, divide_time, pace
from audiobrew.script.script import Speaker
from audiobrew.script.writer import Brief, Point, Style

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
class ShowPlan:
    """What the model planned, by story; `numbers` are the places of the stories in the order of the show."""

    stories: Mapping[StoryKey, PlannedStory] = field(default_factory=dict)
    numbers: Mapping[StoryKey, int] = field(default_factory=dict)
    call_backs: Mapping[StoryKey, str] = field(default_factory=dict)
    cold_open: StoryKey | None = None
    teaser: tuple[StoryKey, ...] = ()

    @property
    def openers(self) -> tuple[StoryKey, ...]:
        """The stories that the start of the show mentions, in its order."""
        return (*([self.cold_open] if self.cold_open else []), *self.teaser)

    def sort(self, slots: Sequence[Slot], brief: Brief) -> list[Slot]:
        """The slots in the order of the plan, with the time divided anew that the start of the show leaves.

        Stories of one language stay together, in the order of the first story of each. Stories that were not
        planned come last among those of their language.
        """
        last = len(self.numbers)
        languages: dict[str, int] = {}
        for slot in slots:
            number = self.numbers.get(key_of_story(slot.items), last)
            languages[slot.language] = min(number, languages.get(slot.language, last))
        ordered = sorted(
            slots,
            key=lambda slot: (
                languages[slot.language],
                slot.language,
                self.numbers.get(key_of_story(slot.items), last),
            ),
        )
        hooks = (hook_of(slot) for slot in slots if key_of_story(slot.items) in self.openers)
        opening = sum(len(hook.text) for hook in hooks if hook) / pace(ordered[0].language, brief)
        factors = DEEP_DIVE_FACTORS if brief.style is Style.DEEP_DIVE else TIME_FACTORS
        planned = [self.stories.get(key_of_story(slot.items)) for slot in ordered]
        return divide_time(
            [slot.items for slot in ordered],
            brief,
            sum(slot.seconds for slot in slots) - opening,
            [factors[story.time] if story else factors["short"] for story in planned],
        )

    def lead(self, key: StoryKey, number: int, brief: Brief) -> Speaker:
        """The host who tells a story; without a plan for it, the hosts take turns."""
        planned = self.stories.get(key)
        host = planned.lead if planned else 1 + number % 2
        return Speaker.SECOND if host == 2 and brief.hosts == 2 else Speaker.FIRST


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


def read_plan(candidates: Sequence[Sequence[Item]], show: Show) -> ShowPlan:
    """The model's plan. Stories that do not exist, or are there twice, are ignored."""
    keys = [key_of_story(items) for items in candidates]
    planned: dict[StoryKey, PlannedStory] = {}
    for story in show.stories:
        if 0 <= story.story < len(keys):
            planned.setdefault(keys[story.story], story)

    def known(numbers: Sequence[int]) -> list[StoryKey]:
        return [keys[number] for number in dict.fromkeys(numbers) if 0 <= number < len(keys)]

    cold_open = next(iter(known([show.cold_open])), None)
    call_backs = {
        keys[one.story]: one.text.strip()
        for one in show.call_backs[:MAX_CALL_BACKS]
        if 0 <= one.story < len(keys)
    }
    teaser = tuple(key for key in known(show.teaser) if key != cold_open)[:MAX_TEASER]
    return ShowPlan(
        planned, {key: n for n, key in enumerate(planned)}, call_backs, cold_open, teaser
    )


def hook_of(slot: Slot) -> Point | None:
    """What the start of the show says about a story: the first hook that passed the gate."""
    for item in slot.items:
        if item.hook:
            return Point(item.hook.text, item.newsletter.digest, item.hook.blocks)
    return None
