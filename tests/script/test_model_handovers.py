"""The hand-overs of a model's show."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise
from uuid import UUID

import pytest
from audiobrew.mail.newsletter import Newsletter
from audiobrew.script.earlier_episodes import EarlierSentence
from audiobrew.script.framing import Form, forms_of
from audiobrew.script.gate.gate import check_script
from audiobrew.script.openai.handovers import add_handovers
from audiobrew.script.openai.planned_story import points_to_write
from audiobrew.script.openai.segment_builder import Share
from audiobrew.script.script import Kind, Script
from audiobrew.script.writer import Brief, Point, Story

from tests.script.mails import newsletter
from tests.script.no_cache import no_cache
from tests.script.test_openai_writer import writer_for
from tests.standins.openai import OpenAI
from tests.standins.openai.fake_model import FakeModel

DAY = date(2026, 11, 23)
BRIEF = Brief(10, "AudioBrew", DAY, {"en": 15.0})
TOWNS = [
    "Arden", "Brask", "Calder", "Dunmore", "Ellery", "Farrow",
    "Gilden", "Harwick", "Istrel", "Jarrow", "Kelham", "Lorne",
]  # fmt: skip
STORY = (
    "The council of {town} approved bridge number {n} on Monday after nine years of talks with farmers. The"
    " mayor of {town} said that 4{n} shops near the river want to open on Sundays. Trams of line 1{n} stop in"
    " front of the old customs house of {town} from May on. Schools in {town} get 2{n} new computers from the"
    " ministry in the autumn of next year."
)


def letter(name: str, towns: Sequence[str]) -> Newsletter:
    text = "\n\n".join(STORY.format(town=town, n=n + 3) for n, town in enumerate(towns))
    return newsletter(name, f"Bridges of {towns[0]}", text)


def story(number: int, *newsletters: Newsletter, update: bool = False) -> Story:
    points = tuple(
        Point(one.uncut_blocks[0].text, one.digest, (one.uncut_blocks[0].id,))
        for one in newsletters
    )
    digests = tuple(one.digest for one in newsletters)
    earlier = EarlierSentence(UUID(int=1), number, DAY) if update else None
    return Story(f"s{number}", "Bridges", "en", digests, (), 300, points, update=earlier)


async def test_stories_of_one_newsletter_follow_each_other_without_a_handover() -> None:
    newsletters = [letter("Harbour Notes", TOWNS), letter("Tide Lines", ["Norvik"])]
    async with writer_for(OpenAI(FakeModel())) as writer:
        rundown = await writer.plan(newsletters, BRIEF, no_cache)
        numbers = range(len(rundown.stories))
        parts = [[n for n in numbers if n % 3 == rest] for rest in range(3)]
        written = {
            number: segment
            for part in parts
            for number, segment in zip(
                part, await writer.write(rundown, part, newsletters, BRIEF, no_cache), strict=True
            )
        }
    segments = tuple(written[number] for number in numbers)
    texts = [one.text for part in segments for one in part.sentences if one.kind is Kind.HANDOVER]
    digests = [one.newsletters for one in rundown.stories]
    changes = 1 + sum(before != after for before, after in pairwise(digests))

    assert len(segments) > 6
    assert len(texts) == len(set(texts)) == changes
    script = Script(rundown.title, "en", segments)
    assert not check_script(script, newsletters, BRIEF).dropped


def test_a_newsletter_that_comes_back_has_more() -> None:
    one, two = letter("Harbour Notes", TOWNS[:2]), letter("Tide Lines", ["Norvik"])
    show = add_handovers([story(n, (one, two)[n % 2]) for n in range(12)], [one, two], BRIEF)
    texts = [text for each in show for text in each.handovers]
    more = [text.format(newsletter="Harbour Notes") for text in forms_of("en", Form.MORE)]

    assert texts[0] in [
        text.format(newsletter="Harbour Notes") for text in forms_of("en", Form.FIRST)
    ]
    assert set(texts[2::2]) <= set(more)
    assert all(texts) and len(set(texts)) == len(texts)


def test_a_newsletter_is_named_even_if_each_wording_was_heard() -> None:
    one, two = letter("Harbour Notes", TOWNS[:2]), letter("Tide Lines", ["Norvik"])
    show = add_handovers([story(n, (one, two)[n % 2]) for n in range(60)], [one, two], BRIEF)

    assert all(one.handovers[0] for one in show)


@pytest.mark.parametrize("language", ["en", "de", "th"])
def test_a_second_newsletter_has_the_story_too(language: str) -> None:
    one, two = letter("Harbour Notes", TOWNS[:2]), letter("Tide Lines", ["Norvik"])
    stories = [replace(each, language=language) for each in (story(0, one, two), story(1, two))]
    first, second = add_handovers(stories, [one, two], BRIEF)
    too = [text.format(newsletter="Tide Lines") for text in forms_of(language, Form.TOO)]

    assert first.handovers[1] in too
    # After a story of two newsletters, the listener must hear who goes on.
    assert second.handovers[0] and second.handovers[0] != first.handovers[1]


def test_each_update_of_a_newsletter_is_introduced_in_other_words() -> None:
    one = letter("Harbour Notes", TOWNS[:2])
    show = add_handovers([story(n, one, update=True) for n in range(4)], [one], BRIEF)
    texts = [text for each in show for text in each.handovers]

    assert all(texts) and len(set(texts)) == 4


def test_a_story_is_written_from_the_points_that_say_most() -> None:
    letters = newsletter("Harbour Notes", "Bridges", "The bridge opens.")
    texts = (
        "The bridge of Arden is closed.",
        "Nobody there knows what will happen next to it.",
        "The repair costs 4.2 million euros.",
        "There is much talk about it in the town these days.",
    )
    points = tuple(Point(text, letters.digest, (f"b{n}",)) for n, text in enumerate(texts))
    share = Share(0, letters.digest, points, 70)

    assert points_to_write(share, story(0, letters), letters) == {"0": texts[0], "2": texts[2]}
