"""Points that a model found, as items that the running order can weigh against each other."""

from collections.abc import Iterator, Mapping, Sequence

from audiobrew.inbox.newsletter import Newsletter
from audiobrew.script.asking import Points, ToldStory
from audiobrew.script.gate import Sources, wrong
from audiobrew.script.items import LONGEST_TITLE, Item, Line
from audiobrew.script.script import Sentence, Speaker

Found = Mapping[str, Sequence[Item]]
"""Items by the newsletter's digest."""


def balanced(newsletters: Sequence[Newsletter], at_most: int) -> list[list[Newsletter]]:
    """Newsletters for `at_most` calls of about the same length; one each as long as there is room."""
    calls: list[list[Newsletter]] = [[] for _ in range(min(at_most, len(newsletters)))]
    for newsletter in sorted(newsletters, key=_length, reverse=True):
        min(calls, key=lambda call: sum(map(_length, call))).append(newsletter)
    return calls


def _length(newsletter: Newsletter) -> int:
    return sum(len(block.text) for block in newsletter.told) + 1


def items_found(
    asked: Sequence[Newsletter], told: Points, sources: Sources, language: str | None
) -> dict[str, list[Item]]:
    """What each newsletter of one call says; points whose source does not hold them are left out."""
    found: dict[str, list[Item]] = {}
    for answer in told.newsletters:
        if 0 <= answer.newsletter < len(asked):
            newsletter = asked[answer.newsletter]
            spoken = language or newsletter.language
            items = _items(newsletter, answer.stories, sources, spoken)
            found.setdefault(newsletter.digest, []).extend(items)
    return {digest: items for digest, items in found.items() if items}


def _items(
    newsletter: Newsletter, stories: Sequence[ToldStory], sources: Sources, language: str
) -> Iterator[Item]:
    for place, story in enumerate(stories):
        lines = tuple(_lines(newsletter, story, sources, language))
        if lines:
            title = " ".join(story.title.split())[:LONGEST_TITLE] or newsletter.subject
            yield Item(title, newsletter, place, lines, language)


def _lines(
    newsletter: Newsletter, story: ToldStory, sources: Sources, language: str
) -> Iterator[Line]:
    told = newsletter.told
    for place, point in enumerate(story.points):
        blocks = [told[number].id for number in point.blocks if 0 <= number < len(told)]
        text = " ".join(point.text.split())
        sentence = Sentence(text, Speaker.FIRST, cites=tuple(dict.fromkeys(blocks)))
        if text and wrong(sentence, language, sources) is None:
            yield Line(text, sentence.cites, place, needs=False)
