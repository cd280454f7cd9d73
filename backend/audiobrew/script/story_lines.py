"""Which lines of a story are told, if the newsletters' own sentences are read out."""

from collections.abc import Iterator, Sequence

from audiobrew.script.differences import says_figure
from audiobrew.script.items import Item
from audiobrew.script.line import Line
from audiobrew.script.salience import choose_lines, companions
from audiobrew.script.script import Difference

# The share of a story's characters for the newsletters that tell the same story as the main one.
OTHERS_SHARE = 0.35
# Characters that every newsletter gets at least in a story: room for one sentence.
MIN_CHARACTERS = 140


def choose_story_lines(
    items: Sequence[Item], budget: int, differences: Sequence[Difference] = ()
) -> list[tuple[Item, list[Line]]]:
    """Choose lines of the longest item, then lines of the others that add something new.

    `budget` is the number of characters for all items together. A line in which the newsletters differ is
    always chosen.
    """
    main, *others = sorted(items, key=lambda item: -item.characters)
    share = max(round(budget * OTHERS_SHARE / len(others)), MIN_CHARACTERS) if others else 0
    main_lines = choose_lines(main, max(budget - share * len(others), MIN_CHARACTERS))
    parts = [(main, main_lines)]
    previous_lines = list(main_lines)
    for other in others:
        lines = choose_lines(other, share, previous_lines)
        previous_lines += lines
        parts.append((other, lines))
    for difference in differences:
        if not any(says_figure(one.text, one.blocks, difference) for one in previous_lines):
            parts = [(item, add_line(item, lines, difference)) for item, lines in parts]
    return parts


def add_line(item: Item, lines: Sequence[Line], difference: Difference) -> list[Line]:
    """The lines and the one with the figure of the item's newsletter, if that is the first of the two."""
    is_first = item.newsletter.digest == difference.one.newsletter
    matches = (
        line.place
        for line in item.lines
        if is_first and says_figure(line.text, line.blocks, difference)
    )
    place = next(matches, None)
    if place is None:
        return list(lines)
    places = {line.place for line in lines} | companions(item, place)
    return [item.lines[place] for place in sorted(places)]


def choose_round_up_lines(items: Sequence[Item], budget: int) -> Iterator[tuple[Item, list[Line]]]:
    """A sentence or two of each item."""
    remaining = budget
    for number, item in enumerate(items):
        lines = choose_lines(item, max(remaining // (len(items) - number), MIN_CHARACTERS // 2))
        remaining -= sum(len(line.text) + 1 for line in lines)
        yield item, lines
