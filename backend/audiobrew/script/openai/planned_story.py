"""A story of the show plan: what the rundown keeps of it, and what the model is given to write it."""

import hashlib
from collections.abc import Mapping
from typing import Any

from audiobrew.mail.newsletter import Newsletter
from audiobrew.script.differences import find_differences
from audiobrew.script.interests import matched_interests
from audiobrew.script.items import Item
from audiobrew.script.line import Line
from audiobrew.script.newsletter_name import spoken_name
from audiobrew.script.openai.segment_builder import Share
from audiobrew.script.openai.show_plan import ShowPlan
from audiobrew.script.running_order import Slot, pace
from audiobrew.script.salience import choose_lines
from audiobrew.script.script import Speaker
from audiobrew.script.writer import Brief, Point, Rundown, Story

# How stories begin, in turn. The instructions explain them.
OPENINGS = ("figure", "changes", "person", "reason", "question")
# Characters of the points that a share is written from, in relation to its budget. Of more, a model tells
# the first ones and forgets the rest.
GIVEN_FACTOR = 1.15


def story_from_slot(slot: Slot, show: ShowPlan, brief: Brief) -> Story:
    """A story of the rundown, with the points of all its newsletters and what the show plan adds."""
    story_points = tuple(
        Point(line.text, item.newsletter.digest, line.blocks)
        for item in slot.items
        for line in item.lines
    )
    blocks = tuple(dict.fromkeys(block for point in story_points for block in point.blocks))
    planned = show.story(slot)
    return Story(
        id=hashlib.sha256("".join(blocks).encode()).hexdigest()[:16],
        title=slot.items[0].title,
        language=slot.language,
        newsletters=tuple(item.newsletter.digest for item in slot.items),
        blocks=blocks,
        characters=round(slot.seconds * pace(slot.language, brief)),
        points=story_points,
        lead=brief.teller or planned.lead,
        bridge=planned.bridge,
        call_back=planned.call_back,
        round_up=planned.round_up,
        essay=any(item.essay for item in slot.items),
        chosen_because=matched_interests(slot.items, brief),
        update=next((item.update for item in slot.items if item.update), None),
        background=tuple(line.text for item in slot.items for line in item.background),
        differences=find_differences(slot.items),
    )


def points_to_write(share: Share, story: Story, newsletter: Newsletter) -> Mapping[str, str]:
    """The points that say most within the budget of a share, by their numbers in it."""
    lines = tuple(
        Line(point.text, point.blocks, place, depends_on_previous=False)
        for place, point in enumerate(share.points)
    )
    item = Item(story.title, newsletter, 0, lines, story.language)
    selection = choose_lines(item, round(share.characters * GIVEN_FACTOR)) or lines[:1]
    return {str(line.place): line.text for line in selection}


def story_data(
    rundown: Rundown, share: Share, number: int, newsletter: Newsletter
) -> dict[str, Any]:
    """A share as data for the model, with the titles of the stories before and after it.

    A title is given only if that story is of the same newsletter: titles are made of a mail's words, too. The
    same holds for what was `heard` of the story at the start of the show.
    """
    story = rundown.stories[share.story]
    more: dict[str, Any] = {}
    for name, neighbor in (("before", share.story - 1), ("next", share.story + 1)):
        other = rundown.stories[neighbor] if 0 <= neighbor < len(rundown.stories) else None
        if other and other.newsletters == (share.newsletter,):
            more[name] = other.title
    start = (rundown.cold_open, *rundown.teaser)
    hooks = [
        hook.text
        for hook in start
        if hook
        and not set(story.blocks).isdisjoint(hook.blocks)
        and hook.newsletter == share.newsletter
    ]
    if hooks:
        more["heard"] = hooks
    if story.round_up:
        more["round_up"] = True
    if story.essay:
        more["author"] = spoken_name(newsletter)
    if story.update:
        more["update"] = True
    return {
        "story": number,
        "language": story.language,
        "characters": share.characters,
        "lead": 2 if story.lead is Speaker.SECOND else 1,
        "opening": OPENINGS[share.story % len(OPENINGS)],
        **more,
        "points": points_to_write(share, story, newsletter),
    }
