"""Points that a model found, as items that the running order can weigh against each other."""

from collections.abc import Iterator, Mapping, Sequence

from audiobrew.mail.newsletter import Newsletter
from audiobrew.script.gate.gate import Sources, check_sentence
from audiobrew.script.openai.prompts import Points, ToldStory
from audiobrew.script.script import Sentence, Speaker
from audiobrew.script.story import Item, Line, shortened

Found = Mapping[str, Sequence[Item]]
"""Items by the newsletter's digest."""


def length(newsletter: Newsletter) -> int:
    """Characters that may be told."""
    return sum(len(block.text) for block in newsletter.told)


def items_found(
    newsletter: Newsletter, told: Points, sources: Sources, language: str | None
) -> list[Item]:
    """What a newsletter says. Points that their blocks do not hold are left out."""
    spoken = language or newsletter.language
    found = []
    for place, story in enumerate(told.stories):
        lines = tuple(_lines(newsletter, story, sources, spoken))
        if lines:
            title = _title(story, lines, sources, spoken)
            found.append(Item(title, newsletter, place, lines, spoken))
    return found


def _lines(
    newsletter: Newsletter, story: ToldStory, sources: Sources, language: str
) -> Iterator[Line]:
    told = newsletter.told
    for place, point in enumerate(story.points):
        blocks = [told[number].id for number in point.blocks if 0 <= number < len(told)]
        text = " ".join(point.text.split())
        sentence = Sentence(text, Speaker.FIRST, cites=tuple(dict.fromkeys(blocks)))
        if text and check_sentence(sentence, language, sources) is None:
            yield Line(text, sentence.cites, place, depends_on_previous=False)


def _title(story: ToldStory, lines: Sequence[Line], sources: Sources, language: str) -> str:
    """The model's, when its story holds what it says; else the story's first words."""
    title = " ".join(story.title.split())
    cites = tuple(dict.fromkeys(block for line in lines for block in line.blocks))
    if (
        title
        and check_sentence(Sentence(title, Speaker.FIRST, cites=cites), language, sources) is None
    ):
        return shortened(title)
    return shortened(lines[0].text)
