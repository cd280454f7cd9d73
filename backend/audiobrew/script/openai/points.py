"""Points that a model finds in a newsletter: how long they may be, and as items of the running order."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TypeVar

from audiobrew.mail.mail import MailSize
from audiobrew.mail.newsletter import Newsletter
from audiobrew.script.gate.gate import Sources, check_sentence
from audiobrew.script.items import Item
from audiobrew.script.line import Line
from audiobrew.script.openai.prompts import Points, ToldPoint, ToldStory
from audiobrew.script.script import Sentence, Speaker
from audiobrew.script.title_exclusions import is_no_title
from audiobrew.script.titles import shorten
from audiobrew.script.writer import DEFAULT_PACE, Brief

# Up to this many newsletters, each gets the full length for its points; with more, the shortest get less.
MAX_FULL_CALLS = 12
# The points together are longer than the script by this factor, so that there is a choice: the best are told.
POINTS_FACTOR = 2.0
# The factor for the shortest newsletters: two such calls take about as long as one full call.
SHORT_FACTOR = 0.5
# Characters of points that one newsletter may have.
MIN_POINTS_LENGTH, MAX_POINTS_LENGTH = 300, 6000

# Items by the digest of their newsletter.
ItemsByNewsletter = Mapping[str, Sequence[Item]]
SizedMail = TypeVar("SizedMail", Newsletter, MailSize)


def length(newsletter: Newsletter) -> int:
    """Characters of the blocks that may be told."""
    return sum(len(block.text) for block in newsletter.uncut_blocks)


def points_lengths(
    mails: Sequence[SizedMail], brief: Brief, length: Callable[[SizedMail], int]
) -> list[tuple[SizedMail, int]]:
    """How many characters of points to request for each newsletter, the longest newsletter first.

    The length is calculated with a fixed pace, so that a second plan sends the same requests and is answered
    from the cache.
    """
    share = brief.minutes * 60 * DEFAULT_PACE * POINTS_FACTOR / max(1, len(mails))
    full = int(min(MAX_POINTS_LENGTH, max(MIN_POINTS_LENGTH, round(share, -2))))
    longest_first = sorted(mails, key=length, reverse=True)
    count = len(longest_first)
    full_calls = max(0, 2 * MAX_FULL_CALLS - count) if count > MAX_FULL_CALLS else count
    return [
        (mail, full if number < full_calls else round(full * SHORT_FACTOR))
        for number, mail in enumerate(longest_first)
    ]


def items_from_points(
    newsletter: Newsletter, answer: Points, sources: Sources, fixed_language: str | None
) -> list[Item]:
    """The stories of the model's answer as items. Points that the gate rejects are left out.

    `fixed_language` is the language of the points; None is that of the blocks of each story.
    """
    items = []
    for place, story in enumerate(answer.stories):
        language = fixed_language or language_of_blocks(newsletter, story.points, sources)
        lines = tuple(lines_of(newsletter, story.points, sources, language))
        if lines:
            title = choose_title(story, lines, sources, language)
            hook = next(lines_of(newsletter, [story.hook], sources, language), None)
            # A listener without interests has 5 for every story.
            value = (min(max(story.value, 0), 10) + min(max(story.interest, 0), 10)) / 2
            essay = story.kind == "essay"
            items.append(Item(title, newsletter, place, lines, language, False, value, hook, essay))
    return items


def language_of_blocks(
    newsletter: Newsletter, points: Sequence[ToldPoint], sources: Sources
) -> str:
    """The language of most blocks of these points."""
    blocks = newsletter.uncut_blocks
    numbers = [number for point in points for number in point.blocks if 0 <= number < len(blocks)]
    codes = Counter(sources.languages[blocks[number].id] for number in numbers)
    return max(codes, key=lambda code: codes[code], default=newsletter.language)


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
    """The model's title if the story's blocks support it and it names a subject, else the first line."""
    title = " ".join(story.title.split())
    cites = tuple(dict.fromkeys(block for line in lines for block in line.blocks))
    sentence = Sentence(title, Speaker.FIRST, cites=cites)
    supported = title and check_sentence(sentence, language, sources) is None
    if supported and not is_no_title(title, language):
        return shorten(title)
    return shorten(lines[0].text)
