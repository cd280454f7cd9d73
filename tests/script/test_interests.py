"""What a listener wrote about their interests: topics, levels, what they do not want, and what it changes."""

from datetime import date

import pytest
from audiobrew.script.extractive_plan import plan_show
from audiobrew.script.interests import is_same_word, read_interests
from audiobrew.script.writer import Brief, Rundown

from tests.script.mails import bahn, newsletter, roast, sport

DAY = date(2026, 11, 23)
RIVERS = """The Danube carried less water this autumn than in any year since 1947. Engineers of the river
authority measured 2.1 metres at Passau. Ships waited for four days until the rivers rose again.
"""
CHESS = """A chess club in Gdynia has opened its doors on Sundays. Seventy players came to the first evening.
The club lends its boards to schools for nothing. A tournament follows in March.
"""


@pytest.mark.parametrize(
    ("text", "wanted", "unwanted"),
    [
        ("", [], []),
        ("Coffee prices and rivers", ["Coffee", "prices", "rivers"], []),
        ("I am a beginner, please explain it simply.", [], []),
        ("I want to hear about chess; I am new to finance", ["chess", "finance"], []),
        ("Chess, no football, less crypto", ["Chess"], ["football", "crypto"]),
        ("Rivers but no sports or celebrities", ["Rivers"], ["sports", "celebrities"]),
        ("AI, the EU and US politics", ["AI", "EU", "US", "politics"], []),
        ("the Ukraine war", ["Ukraine", "war"], []),
        ("Kaffee und Bahn, keine Politik", ["Kaffee", "Bahn"], ["Politik"]),
        ("Ich bin Einsteiger; Fußball bitte nicht", [], ["Fußball"]),
        ("Du café et des rivières, sans football", ["café", "rivières"], ["football"]),
        ("Me interesa la economía, nada de fútbol", ["economía"], ["fútbol"]),
        ("nothing about ferries, rivers", ["rivers"], ["ferries"]),
        ("Leave out crypto; I hate golf; football bores me", [], ["crypto", "golf", "football"]),
        ("Nichts über Fußball, Golf langweilt mich", [], ["Fußball", "Golf"]),
        ("Rien sur le football, je déteste le golf", [], ["football", "golf"]),
        ("Odio el golf, ríos", ["ríos"], ["golf"]),
        ("Niente calcio, il golf mi annoia", [], ["calcio", "golf"]),
        ("chess\nclimbing", ["chess", "climbing"], []),
        ("Chess. No chess problems", [], ["chess", "problems"]),
    ],
)
def test_topics_are_read_without_levels(text: str, wanted: list[str], unwanted: list[str]) -> None:
    interests = read_interests(text)

    assert (list(interests.topics), list(interests.unwanted)) == (wanted, unwanted)


@pytest.mark.parametrize(
    ("word", "other", "compounds", "same"),
    [
        ("river", "Rivers", False, True),
        ("economy", "economic", False, True),
        ("city", "cities", False, True),
        ("político", "políticas", False, True),
        ("gardening", "garden", False, True),
        ("Bank", "Banken", True, True),
        ("Kaffee", "Kaffeepreise", True, True),
        ("Kaffee", "Filterkaffee", True, True),
        ("coffee", "coffeehouse", False, False),
        ("wine", "wind", False, False),
        ("wind", "window", False, False),
        ("police", "policy", False, False),
        ("market", "marker", False, False),
        ("internet", "international", False, False),
        ("contract", "contrast", False, False),
        ("car", "care", False, True),
        ("car", "carpet", False, False),
        ("AI", "AI", False, True),
        ("AI", "ai", False, False),
    ],
)
def test_forms_of_one_word_are_equal(word: str, other: str, compounds: bool, same: bool) -> None:
    assert is_same_word(word, other, compounds=compounds) is same
    if not compounds:
        assert is_same_word(other, word, compounds=compounds) is same


def plan(interests: str, minutes: int = 2) -> Rundown:
    newsletters = [
        roast(),
        sport(),
        newsletter("Water Level", "The Danube is low", RIVERS),
        newsletter("Board Letter", "Chess on Sundays", CHESS),
    ]
    rundown = plan_show(
        newsletters, Brief(minutes, "AudioBrew", DAY, {"en": 15.0}, interests=interests)
    )
    assert rundown
    return rundown


def titles(rundown: Rundown) -> list[str]:
    return [story.title for story in rundown.stories]


def test_a_story_that_fits_leads_and_says_why() -> None:
    plain, rundown = plan(""), plan("Chess and bridge; explain it simply")

    assert titles(plain)[0] != "Chess on Sundays"
    assert titles(rundown)[0] == "Chess on Sundays"
    assert rundown.stories[0].chosen_because == ("Chess",)
    assert {story.chosen_because for story in plain.stories} == {()}


def test_a_story_that_is_unwanted_falls_behind() -> None:
    leader = titles(plan(""))[0]
    topic = {
        "Tunnel approved": "tunnel",
        "A record marathon": "marathon",
        "The Danube is low": "Danube",
    }
    rundown = plan(f"No {topic[leader]}, please")

    assert titles(rundown)[0] != leader
    assert {story.chosen_because for story in rundown.stories} == {()}


def test_every_newsletter_is_still_heard() -> None:
    plain, rundown = plan("", 3), plan("Chess, no tunnels", 3)

    def heard(rundown: Rundown) -> set[str]:
        return {digest for story in rundown.stories for digest in story.newsletters}

    assert heard(rundown) == heard(plain)


def test_a_word_that_comes_once_in_passing_is_not_what_a_story_is_about() -> None:
    rundown = plan("schools")

    assert {story.chosen_because for story in rundown.stories} == {()}


def test_interests_match_compounds_in_german() -> None:
    rundown = plan_show(
        [bahn()], Brief(2, "AudioBrew", DAY, {"de": 15.0}, interests="Sitzplatz, Region")
    )

    assert rundown and rundown.stories[0].chosen_because == ("Region",)
