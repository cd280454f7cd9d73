"""The show plan by rules: every newsletter is heard, the time is used, and nothing is framed twice."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from audiobrew.mail.newsletter import Newsletter
from audiobrew.script.extractive_segments import build_rundown, build_segment
from audiobrew.script.framing import forms_of
from audiobrew.script.gate.gate import check_script
from audiobrew.script.script import Kind, Script, Segment, Sentence
from audiobrew.script.writer import Breaks, Brief, Rundown

from tests.mail.mails import html, read
from tests.script.mails import bahn, newsletter

DAY = date(2026, 11, 23)
# A place, and what its newsletter is about, so that no two tell the same story.
TOPICS = {
    "Velmora": "boats sail harbour",
    "Ellery": "trams brake depot",
    "Carrow": "bakers knead ovens",
    "Tarvik": "beekeepers smoke hives",
    "Dunmore": "ringers pull belfries",
    "Kellmoor": "plumbers solder boilers",
    "Harrow": "millers grind flour",
    "Asher": "owls hunt meadows",
    "Marlow": "pianists tune strings",
    "Corley": "masons chisel quarries",
    "Wick": "roofers nail slates",
    "Thornmere": "saddlers stitch leather",
}
PLACES = list(TOPICS)


def story(number: int, sentences: int = 8) -> str:
    place = PLACES[number]
    people, verb, thing = TOPICS[place].split()
    return " ".join(
        f"The {people} of {place} {verb} {number * 1000 + part * 37} {thing} a year, as {people} do."
        for part in range(1, sentences + 1)
    )


def letters(count: int, sentences: int = 8, first: int = 0) -> list[Newsletter]:
    return [
        newsletter(f"{PLACES[number]} Post", f"News of {PLACES[number]}", story(number, sentences))
        for number in range(first, first + count)
    ]


def write(newsletters: list[Newsletter], minutes: int, hosts: int = 2) -> tuple[Rundown, Script]:
    brief = Brief(minutes, "AudioBrew", DAY, {"en": 15.0, "de": 15.0}, hosts)
    rundown = build_rundown(newsletters, brief)
    segments = [
        build_segment(rundown, number, newsletters, brief) for number in range(len(rundown.stories))
    ]
    script = Script(rundown.title, rundown.language, tuple(segments))
    assert check_script(script, newsletters, brief).dropped == ()
    return rundown, script


def seconds(script: Script) -> float:
    return sum(len(one.text) + 1 for segment in script.segments for one in segment.sentences) / 15


def framing(script: Script) -> list[str]:
    return [one.text for segment in script.segments for one in segment.sentences if not one.cites]


def sourced(segment: Segment) -> list[Sentence]:
    return [one for one in segment.sentences if one.kind is Kind.SOURCED]


@pytest.mark.parametrize("minutes", [1, 2, 5, 10, 15])
def test_the_minutes_are_used_if_the_newsletters_hold_enough(minutes: int) -> None:
    _, script = write(letters(12, sentences=minutes * 3), minutes)

    # One sentence takes five seconds.
    assert seconds(script) == pytest.approx(minutes * 60, rel=0.05, abs=5)


@pytest.mark.parametrize("pace", [10.0, 11.0, 12.0, 13.0, 14.0, 15.0, 16.0])
def test_a_minute_is_used_at_any_pace(pace: float) -> None:
    """A round-up for which there is no time loses newsletters; it is not left out as a whole."""
    brief = Brief(1, "AudioBrew", DAY, {"en": pace}, 2, breaks=Breaks(5.3, 2.1, 2.9))
    newsletters = letters(6)
    rundown = build_rundown(newsletters, brief)
    segments = [
        build_segment(rundown, number, newsletters, brief) for number in range(len(rundown.stories))
    ]
    length = sum(len(one.text) + 1 for part in segments for one in part.sentences)
    total = length / pace + brief.breaks.seconds([part.language for part in segments])

    assert 60 * 0.9 < total < 60 * 1.05


def test_weak_newsletters_share_a_round_up_so_that_each_is_heard() -> None:
    newsletters = letters(12)
    rundown, script = write(newsletters, 2)

    assert [one.round_up for one in rundown.stories].count(True) == 1
    assert rundown.stories[-1].round_up
    assert {digest for one in rundown.stories for digest in one.newsletters} == {
        one.digest for one in newsletters
    }
    assert rundown.stories[-1].title == "In brief"
    blocks = {block.id: one.digest for one in newsletters for block in one.blocks}
    spoken = {blocks[id] for part in script.segments for one in sourced(part) for id in one.cites}
    assert len(spoken) == len(newsletters)


def test_too_many_newsletters_are_not_squeezed_in() -> None:
    _, script = write(letters(12), 1)

    assert seconds(script) < 63


def test_the_newsletters_that_wait_come_first() -> None:
    newsletters = letters(12)
    first = tuple(one.digest for one in newsletters[-3:])
    brief = Brief(1, "AudioBrew", DAY, {"en": 15.0}, first=first)

    told = {
        digest for one in build_rundown(newsletters, brief).stories for digest in one.newsletters
    }
    assert set(first) <= told
    assert len(told) < len(newsletters)


def told_order(newsletters: list[Newsletter], minutes: int, **more: Any) -> list[str]:
    """The newsletters as the show tells them, each at its first story."""
    brief = Brief(minutes, "AudioBrew", DAY, {"en": 15.0, "de": 15.0}, **more)
    stories = build_rundown(newsletters, brief).stories
    return list(dict.fromkeys(digest for one in stories for digest in one.newsletters))


@pytest.mark.parametrize("minutes", [1, 3, 10])
@pytest.mark.parametrize("number", range(0, 12, 3))
def test_what_the_listener_wants_first_opens_the_show(minutes: int, number: int) -> None:
    newsletters = letters(12)
    wanted = newsletters[number].digest
    waiting = tuple(one.digest for one in newsletters[-3:])

    order = told_order(newsletters, minutes, always_first=(wanted,), first=waiting)
    assert order[0] == wanted


def test_two_that_the_listener_wants_first_come_before_all_others() -> None:
    newsletters = letters(8)
    wanted = {newsletters[3].digest, newsletters[6].digest}

    order = told_order(newsletters, 10, always_first=tuple(sorted(wanted)))
    assert set(order[:2]) == wanted
    assert set(order) == {one.digest for one in newsletters}


def test_the_language_of_what_the_listener_wants_first_is_the_first_one() -> None:
    newsletters = [*letters(4), bahn()]

    order = told_order(newsletters, 10, always_first=(newsletters[-1].digest,))
    assert order[0] == newsletters[-1].digest


def test_no_framing_is_heard_twice() -> None:
    page = "".join(
        f"<h2>The work of {place} people</h2><p>{story(n, 3)}</p>" for n, place in enumerate(PLACES)
    )
    _, script = write([read(html(page)), *letters(3)], 10)
    texts = framing(script)

    assert len(texts) == len(set(texts))
    assert len(script.segments) >= 12


def test_the_stories_of_a_newsletter_follow_each_other_in_its_order() -> None:
    page = "".join(
        f"<h2>{n + 1}. The work of {place}</h2><p>{story(n, 4)}</p>"
        for n, place in enumerate(PLACES[:5])
    )
    letter = read(html(page))
    rundown, script = write([letter, *letters(4, first=6)], 10)
    own = [n for n, one in enumerate(rundown.stories) if one.newsletters == (letter.digest,)]

    assert own == list(range(own[0], own[0] + 5))
    assert [rundown.stories[n].title for n in own] == [f"The work of {one}" for one in PLACES[:5]]
    # Parts with numbers need no hand-over after the first one.
    assert all(script.segments[n].sentences[0].cites for n in own[1:])


def test_headlines_of_three_newsletters_announce_the_show() -> None:
    several = [
        replace(read(html(f"<h2>The work of {place}</h2><p>{story(n)}</p>")), key=place)
        for n, place in enumerate(PLACES[:4])
    ]
    rundown, script = write(several, 5)
    texts = [one.text for one in script.segments[0].sentences]

    assert len(rundown.teaser) == 3
    assert texts[1] in forms_of("en", "teaser")
    assert texts[2:5] == [point.text for point in rundown.teaser]
    assert len({point.newsletter for point in rundown.teaser}) == 3
    assert write(several, 2)[0].teaser == ()
    assert write(several[:1], 5)[0].teaser == ()  # one headline is no overview


def test_a_show_begins_and_ends_in_one_language() -> None:
    german = newsletter(
        "Hafenpost",
        "Boote",
        "Der Rat von Lindau zählte am Montag 212 Boote im Hafen. Im Sommer kommen 40 weitere aus Bregenz.",
    )
    _, script = write([*letters(2, sentences=4), german], 2)

    assert [segment.language for segment in script.segments] == ["en", "de", "en"]
    assert script.segments[-1].sentences[-1].kind is Kind.SIGNOFF


def test_an_episode_is_named_by_its_stories() -> None:
    pages = [
        f"<h2>The work of {place} people</h2><p>{story(n)}</p>"
        for n, place in enumerate(PLACES[:2])
    ]
    rundown, _ = write([read(html("".join(pages)))], 5)

    assert rundown.title == "The work of Velmora people · The work of Ellery people"


def test_the_other_host_answers_a_question() -> None:
    page = (
        "<h2>The builder of the harbour speaks</h2>"
        "<p><b>FQ: Why so late?</b></p><p>Kowalski: The steel was late, and the town changed the doors.</p>"
        "<p><b>FQ: And the price?</b></p><p>Kowalski: The price of the harbour doubled in nine years.</p>"
    )
    _, script = write([read(html(page))], 2)
    lines = sourced(script.segments[0])
    questions = [n for n, line in enumerate(lines) if line.text.endswith("?")]

    assert len(questions) == 2
    assert all(lines[n].speaker is not lines[n + 1].speaker for n in questions)


def test_nothing_is_said_of_the_rows_of_a_table_that_are_left_out() -> None:
    rows = "".join(f"<tr><td>Share {chr(65 + n)}</td><td>+{n}.5%</td></tr>" for n in range(12))
    page = f"<h2>The shares of the week in Carrow</h2><p>{story(1, 2)}</p><table>{rows}</table>"
    _, script = write([read(html(page))], 5)

    assert "Share A: +0.5%." in [line.text for line in sourced(script.segments[0])]
    assert not [text for text in framing(script) if "7" in text]


def test_code_is_named_without_a_source() -> None:
    page = (
        f"<h2>The release of the week</h2><p>{story(1, 2)}</p>"
        "<p>The new command lists all boats of the town.</p>"
        "<pre><code>def harbour(boats):\n    return boats</code></pre>"
    )
    _, script = write([read(html(page))], 5)

    assert any(text in forms_of("en", "code") for text in framing(script))


def test_stories_of_one_newsletter_follow_each_other_under_their_headlines() -> None:
    sections = "".join(
        f"<h2>What the people of {PLACES[number]} do now</h2><p>{story(number, 3)}</p>"
        for number in range(3)
    )
    letter = read(html(sections))
    _, script = write([letter], 2)
    handovers = [text for text in framing(script) if letter.sender in text]
    said = [[one.text for one in segment.sentences if one.cites] for segment in script.segments]

    assert len(script.segments) == 3 and len(handovers) == 1
    for number, texts in enumerate(said[1:], 1):
        # The headline is the first thing that is said of a story, and it is said once.
        headline = script.segments[number].title
        assert texts[0] == f"{headline}." and texts.count(texts[0]) == 1
