"""Points that a model found in a newsletter, as items that the running order can compare."""

from collections.abc import Iterator, Mapping, Sequence

from audiobrew.mail.newsletter import Newsletter
from audiobrew.script.gate.gate import Sources, check_sentence
from audiobrew.script.items import Item
from audiobrew.script.line import Line
from audiobrew.script.openai.prompts import Points, ToldPoint, ToldStory
from audiobrew.script.script import Sentence, Speaker
from audiobrew.script.titles import shorten

# Items by the digest of their newsletter.
ItemsByNewsletter = Mapping[str, Sequence[Item]]


def length(newsletter: Newsletter) -> int:
    """Characters of the blocks that may be told."""
    return sum(len(block.text) for block in newsletter.uncut_blocks)


def items_from_points(
    newsletter: Newsletter, answer: Points, sources: Sources, language: str | None
) -> list[Item]:
    """The stories of the model's answer as items. Points that the gate rejects are left out.

    `language` is the language of the points; None is the newsletter's own.
    """
    language = language or newsletter.language
    items = []
    for place, story in enumerate(answer.stories):
        lines = tuple(lines_of(newsletter, story.points, sources, language))
        if lines:
            title = choose_title(story, lines, sources, language)
            hook = next(lines_of(newsletter, [story.hook], sources, language), None)
            # A listener without interests has 5 for every story.
            value = (min(max(story.value, 0), 10) + min(max(story.interest, 0), 10)) / 2
            essay = story.kind == "essay"
            items.append(Item(title, newsletter, place, lines, language, False, value, hook, essay))
    return items


def lines_of(
    newsletter: Newsletter, points: Sequence[ToldPoint], sources: Sources, language: str
) -> Iterator[Line]:
    """The points that the gate accepts."""
    blocks = newsletter.uncut_blocks
    for place, point in enumerate(points):
        ids = [blocks[number].id for number in point.blocks if 0 <= number < len(blocks)]
        text = " ".join(point.text.split())
        sentence = Sentence(text, Speaker.FIRST, cites=tuple(dict.fromkeys(ids)))
        if text and check_sentence(sentence, language, sources) is None:
            yield Line(text, sentence.cites, place, depends_on_previous=False)


def choose_title(story: ToldStory, lines: Sequence[Line], sources: Sources, language: str) -> str:
    """The model's title if the story's blocks support it, else the first line."""
    title = " ".join(story.title.split())
    cites = tuple(dict.fromkeys(block for line in lines for block in line.blocks))
    sentence = Sentence(title, Speaker.FIRST, cites=cites)
    if title and check_sentence(sentence, language, sources) is None:
        return shorten(title)
    return shorten(lines[0].text)
