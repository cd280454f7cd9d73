"""Points that a model found, as items that the running order can weigh against each other."""

from collections.abc import Iterator, Mapping, Sequence

from audiobrew.inbox.newsletter import Newsletter
from audiobrew.script.asking import Points, ToldStory
from audiobrew.script.gate import Sources, wrong
from audiobrew.script.items import Item, Line, shortened
from audiobrew.script.likeness import slipped_in
from audiobrew.script.script import Sentence, Speaker

Found = Mapping[str, Sequence[Item]]
"""Items by the newsletter's digest."""


def balanced(
    newsletters: Sequence[Newsletter], at_most: int, language: str | None = None
) -> list[list[Newsletter]]:
    """Newsletters for `at_most` calls of about the same length; one each as long as there is room.

    What is to be translated is always alone: whose words a translation is, nobody can look up.
    """
    foreign = [one for one in newsletters if language and one.language != language]
    own = [one for one in newsletters if one not in foreign]
    return [[one] for one in foreign] + _shared(own, max(1, at_most - len(foreign)))


def _shared(newsletters: Sequence[Newsletter], at_most: int) -> list[list[Newsletter]]:
    calls: list[list[Newsletter]] = [[] for _ in range(min(at_most, len(newsletters)))]
    for newsletter in sorted(newsletters, key=_length, reverse=True):
        min(calls, key=lambda call: sum(map(_length, call))).append(newsletter)
    return calls


def _length(newsletter: Newsletter) -> int:
    return sum(len(block.text) for block in newsletter.told) + 1


def items_found(
    asked: Sequence[Newsletter], told: Points, sources: Sources, language: str | None
) -> dict[str, list[Item]]:
    """What each newsletter of one call says.

    Points whose source does not hold them are left out, and those that are rather another newsletter's.
    """
    found: dict[str, list[Item]] = {}
    for answer in told.newsletters:
        if 0 <= answer.newsletter < len(asked):
            newsletter = asked[answer.newsletter]
            spoken = language or newsletter.language
            others = [block.text for one in asked if one != newsletter for block in one.told]
            items = _items(newsletter, others, answer.stories, sources, spoken)
            found.setdefault(newsletter.digest, []).extend(items)
    return {digest: items for digest, items in found.items() if items}


def _items(
    newsletter: Newsletter,
    others: Sequence[str],
    stories: Sequence[ToldStory],
    sources: Sources,
    language: str,
) -> Iterator[Item]:
    for place, story in enumerate(stories):
        lines = tuple(
            line
            for line in _lines(newsletter, story, sources, language)
            if not (others and slipped_in(line.text, _texts(line, sources), others))
        )
        if lines:
            yield Item(_title(story, lines, sources, language), newsletter, place, lines, language)


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


def _texts(line: Line, sources: Sources) -> list[str]:
    return [sources.blocks[id].text for id in line.blocks]


def _title(story: ToldStory, lines: Sequence[Line], sources: Sources, language: str) -> str:
    """The model's, when its story holds what it says; else the story's first words."""
    title = " ".join(story.title.split())
    cites = tuple(dict.fromkeys(block for line in lines for block in line.blocks))
    if title and wrong(Sentence(title, Speaker.FIRST, cites=cites), language, sources) is None:
        return shortened(title)
    return shortened(lines[0].text)
