"""Which stories are told, in which order, and how long each may take."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from audiobrew.mail.newsletter import Newsletter
from audiobrew.script.block_languages import languages_of
from audiobrew.script.items import Item, items_of
from audiobrew.script.salience import news_value
from audiobrew.script.same_story import group_by_story
from audiobrew.script.writer import DEFAULT_PACE, Brief

# Divides a newsletter into items, by rules or with a model.
SplitItems = Callable[[Newsletter], Sequence[Item]]
# Seconds of a typical story, when there is more to tell than time.
TYPICAL_STORY_SECONDS = 40.0
# Seconds in which the best of a story can be told: so many more are chosen as fit if none takes longer.
BRIEF_STORY_SECONDS = 30.0
MIN_STORY_SECONDS = 9.0
# Seconds of a hand-over.
HANDOVER_SECONDS = 2.5
# Seconds of the greeting and the sign-off together.
OPENING_SECONDS = 8.0
# A story's weight grows by this for each newsletter after the first that tells it.
WEIGHT_PER_NEWSLETTER = 0.5
# The weight of what an item's sentences say beside the value that a model gives it.
NEWS_WEIGHT = 0.5
# How much an item's score falls with each place in its newsletter.
POSITION_PENALTY = 0.12
# And by this for a list of links.
HEADLINES_PENALTY = 0.4


@dataclass(frozen=True, slots=True)
class Slot:
    """One story, as the items that tell it, and its time in seconds."""

    items: tuple[Item, ...]
    seconds: float

    @property
    def language(self) -> str:
        return self.items[0].language


def running_order(
    newsletters: Sequence[Newsletter], brief: Brief, split_items: SplitItems = items_of
) -> list[Slot]:
    """Choose and order the stories, and give each its time.

    As long as the minutes allow, every newsletter is told once before any is told twice. The newsletters in
    `brief.always_first` and `brief.first` come first, then the newest.
    """
    time = brief.minutes * 60 - OPENING_SECONDS - brief.breaks.edges
    stories = choose_stories(rank_stories(newsletters, brief, split_items), brief, time)
    languages = sorted(story[0].language for story in stories)
    time -= HANDOVER_SECONDS * len(stories) + brief.breaks.seconds(languages) - brief.breaks.edges
    return sort_slots(divide_time(stories, brief, max(time, MIN_STORY_SECONDS)), brief)


def pace(language: str, brief: Brief) -> float:
    """Characters of text per second of audio."""
    return brief.pace.get(language, DEFAULT_PACE)


def is_speakable(item: Item, brief: Brief) -> bool:
    """Whether the voice speaks the language of an item. What it does not speak is named in the note."""
    is_known = any(code in brief.pace for code in languages_of(item.newsletter))
    return item.language in brief.pace or not is_known


def rank_stories(
    newsletters: Sequence[Newsletter], brief: Brief, split_items: SplitItems
) -> list[list[Item]]:
    """The best story of each newsletter, then the second best of each, and so on; see `Brief.rank`."""
    by_rank = sorted(newsletters, key=lambda one: (one.received_at, one.digest), reverse=True)
    by_rank.sort(key=lambda one: brief.rank(one.digest))
    columns = [rank_items(split_items(newsletter)) for newsletter in by_rank]
    depth = max(map(len, columns), default=0)
    return group_by_story(
        [column[row] for row in range(depth) for column in columns if row < len(column)]
    )


def rank_items(items: Sequence[Item]) -> list[Item]:
    """A newsletter's items, best first: those that a model values, or those that come early and say much."""
    longest = max((item.characters for item in items), default=1)
    scores = {
        item.place: (item.value or 0.0)
        + NEWS_WEIGHT * news_value(item)
        + item.characters / longest
        - POSITION_PENALTY * number
        - HEADLINES_PENALTY * item.headlines
        for number, item in enumerate(items)
    }
    return sorted(items, key=lambda item: (-scores[item.place], item.place))


def choose_stories(stories: list[list[Item]], brief: Brief, time: float) -> list[list[Item]]:
    """The first stories of the list, as many as fit into `time` seconds.

    If possible there is at least one for each newsletter, and more are added while time is left.
    """
    newsletters = {item.newsletter.key for story in stories for item in story}
    handover = HANDOVER_SECONDS + brief.breaks.story
    maximum = max(1, int(time / (MIN_STORY_SECONDS + handover)))
    typical = round(time / (TYPICAL_STORY_SECONDS + handover))
    count = max(min(len(newsletters), maximum), typical)

    def seconds(number: int) -> float:
        return sum(
            min(story_seconds(story, brief), BRIEF_STORY_SECONDS) + handover
            for story in stories[:number]
        )

    while count < len(stories) and seconds(count) < time:
        count += 1
    return stories[:count]


def story_seconds(story: Sequence[Item], brief: Brief) -> float:
    """Seconds that all sentences of a story would take."""
    return sum(item.characters for item in story) / pace(story[0].language, brief)


def divide_time(
    stories: Sequence[Sequence[Item]], brief: Brief, time: float, factors: Sequence[float] = ()
) -> list[Slot]:
    """Give each story its weighted share; what short stories do not need goes to longer ones.

    A weight grows with the newsletters that tell the story, and is multiplied by the story's factor.
    """
    factors = factors or [1.0] * len(stories)
    weights = [
        factor * (1 + WEIGHT_PER_NEWSLETTER * (len(story) - 1))
        for story, factor in zip(stories, factors, strict=True)
    ]
    needs = [story_seconds(story, brief) for story in stories]
    order = sorted(range(len(stories)), key=lambda number: needs[number] / weights[number])
    remaining, shares = time, {}
    for position, number in enumerate(order):
        part = weights[number] / sum(weights[other] for other in order[position:])
        shares[number] = min(needs[number], remaining * part)
        remaining -= shares[number]
    return [Slot(tuple(story), shares[number]) for number, story in enumerate(stories)]


def opens_show(slot: Slot, brief: Brief) -> bool:
    """Whether the listener wants a newsletter that tells this story first."""
    return any(item.newsletter.digest in brief.always_first for item in slot.items)


def sort_slots(slots: Sequence[Slot], brief: Brief) -> list[Slot]:
    """Sort by language, the one with most time first, then by how many newsletters tell the story. What opens
    the show comes first, with its language."""
    opening_languages = {slot.language for slot in slots if opens_show(slot, brief)}
    seconds = Counter[str]()
    for slot in slots:
        seconds[slot.language] += round(slot.seconds)
    return sorted(
        slots,
        key=lambda slot: (
            slot.language not in opening_languages,
            -seconds[slot.language],
            slot.language,
            not opens_show(slot, brief),
            -len(slot.items),
        ),
    )
