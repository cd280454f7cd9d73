"""The show plan of a model: its order, the start of the show, links, and plans that make no sense."""

import importlib.util
import shutil
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from audiobrew.mail.newsletter import Newsletter
from audiobrew.script.earlier_episodes import HeardSentence, HeardStory
from audiobrew.script.gate.gate import check_script
from audiobrew.script.gate.links import missing_in_link
from audiobrew.script.items import items_of
from audiobrew.script.openai import prompts
from audiobrew.script.openai.segment_builder import SaidLine, trim
from audiobrew.script.openai.show_plan import key_of_story, read_plan
from audiobrew.script.script import DropReason, Kind, Script, Sentence, Speaker
from audiobrew.script.sentences import sentences
from audiobrew.script.writer import Brief, ShowStyle

from tests.script.mails import bahn, newsletter, roast, sport
from tests.script.no_cache import no_cache
from tests.script.test_differences import pair
from tests.script.test_openai_writer import writer_for
from tests.standins.openai import OpenAI
from tests.standins.openai.fake_model import FakeModel

DAY = date(2026, 11, 23)
BREWERY = (
    "The brewery of Calder Bay filled 41,000 bottles in October, more than in any month before. Its owner,"
    " Ada Finch, hires nine people and buys the cooperage next door."
)
INSTRUCTIONS = Path(prompts.__file__).with_name("instructions")
SOURCES = ("The council of Port Ellery approved a tunnel.", "Ada Finch hires nine people.")


def order(minutes: int = 3, **more: Any) -> Brief:
    return Brief(minutes, "AudioBrew", DAY, {"en": 15.0, "de": 15.0}, **more)


def three_newsletters() -> list[Newsletter]:
    return [roast(), sport(), newsletter("Calder Bay Post", "Bottles", BREWERY)]


async def write(model: FakeModel, newsletters: list[Newsletter], brief: Brief) -> Script:
    async with writer_for(OpenAI(model)) as writer:
        rundown = await writer.plan(newsletters, brief, no_cache)
        numbers = range(len(rundown.stories))
        segments = await writer.write(rundown, numbers, newsletters, brief, no_cache)
    return Script(rundown.title, rundown.language, tuple(segments))


async def test_the_show_opens_with_a_hook_then_greets_and_names_three_stories() -> None:
    script = await write(FakeModel(), three_newsletters(), order())
    first = script.segments[0].sentences
    greeting = next(n for n, one in enumerate(first) if one.kind is Kind.GREETING)
    handover = next(n for n, one in enumerate(first) if one.kind is Kind.HANDOVER)

    assert greeting == 1 and first[0].cites
    teaser = first[greeting + 1 : handover]
    assert 1 <= len(teaser) <= 3
    assert all(one.cites for one in teaser)
    # What opens the show and what follows the greeting are different stories.
    assert not set(first[0].cites) & {id for one in teaser for id in one.cites}


@pytest.mark.parametrize("fault", [None, "lose", "double"])
@pytest.mark.parametrize("number", [0, 1, 2])
async def test_what_the_listener_wants_first_opens_the_show(number: int, fault: str | None) -> None:
    newsletters = three_newsletters()
    model = FakeModel(plan=fault) if fault else FakeModel()
    wanted = newsletters[number]
    async with writer_for(OpenAI(model)) as writer:
        rundown = await writer.plan(newsletters, order(always_first=(wanted.digest,)), no_cache)

    told = [digest for story in rundown.stories for digest in story.newsletters]
    assert told[0] == wanted.digest
    assert set(told) == {one.digest for one in newsletters}


def test_bridges_are_said_only_between_the_stories_that_they_connect() -> None:
    candidates = [items_of(one)[:1] for one in three_newsletters()]
    show = prompts.Show.model_validate(
        {name: [] for name in prompts.Show.model_fields}
        | {"order": [0, 1, 2], "cold_open": -1}
        | {"bridges": [{"story": number, "text": f"To {number}."} for number in (1, 2)]}
    )
    first = candidates[1][0].newsletter.digest
    plan = read_plan(candidates, show, order(always_first=(first,)))
    stories = [plan.stories[key_of_story(items)] for items in candidates]

    assert [one.number for one in stories] == [1, 0, 2]
    assert [one.bridge for one in stories] == ["", "", ""]
    unchanged = read_plan(candidates, show, order())
    assert sorted(one.bridge for one in unchanged.stories.values()) == ["", "To 1.", "To 2."]


@pytest.mark.parametrize("fault", ["lose", "double", "make_up", "claim"])
async def test_a_plan_that_makes_no_sense_loses_no_story(fault: str) -> None:
    newsletters = three_newsletters()
    script = await write(FakeModel(plan=fault), newsletters, order())
    checked = check_script(script, newsletters, order())
    cited = {id for part in checked.script.segments for one in part.sentences for id in one.cites}
    stories = [one.title for one in script.segments]

    assert len(stories) == len(set(stories))
    assert all(cited & {block.id for block in one.uncut_blocks} for one in newsletters)
    said = [one.text for part in checked.script.segments for one in part.sentences]
    assert not any("resigned" in text for text in said)


async def test_a_bridge_that_claims_something_is_dropped_and_listed() -> None:
    newsletters = three_newsletters()
    checked = check_script(
        await write(FakeModel(plan="claim"), newsletters, order()), newsletters, order()
    )
    dropped = [one for one in checked.dropped if "resigned" in one.sentence.text]

    assert dropped and {one.reason for one in dropped} == {DropReason.FRAMING}


async def test_both_hosts_speak_in_a_conversation_and_links_pass_the_gate() -> None:
    newsletters = [*three_newsletters(), bahn()]
    brief = order(4, style=ShowStyle.CONVERSATION)
    checked = check_script(await write(FakeModel(), newsletters, brief), newsletters, brief)
    sentences = [one for part in checked.script.segments for one in part.sentences]

    assert {one.speaker for one in sentences} == {Speaker.FIRST, Speaker.SECOND}
    assert {one.kind for one in sentences} >= {Kind.LINK, Kind.SOURCED}
    assert not checked.dropped


async def test_one_host_says_everything_if_there_is_only_one() -> None:
    script = await write(FakeModel(), three_newsletters(), order(hosts=1))

    assert {one.speaker for part in script.segments for one in part.sentences} == {Speaker.FIRST}


@pytest.mark.parametrize("style", list(ShowStyle))
async def test_every_style_has_its_instructions(style: ShowStyle) -> None:
    stand_in, brain = OpenAI(), FakeModel()
    instructions: list[str] = []
    stand_in.writer = lambda body: (instructions.append(body["instructions"]), brain(body))[1]
    async with writer_for(stand_in) as writer:
        rundown = await writer.plan(three_newsletters(), order(style=style), no_cache)
        await writer.write(rundown, [0], three_newsletters(), order(style=style), no_cache)
    text = " ".join(instructions)

    assert prompts.STYLES[style]["plan"] in text and prompts.STYLES[style]["stories"] in text


async def test_a_listeners_interests_are_sent_with_every_newsletter() -> None:
    stand_in, brain = OpenAI(), FakeModel()
    inputs: list[str] = []
    stand_in.writer = lambda body: (inputs.append(body["input"]), brain(body))[1]
    async with writer_for(stand_in) as writer:
        await writer.plan(three_newsletters(), order(interests="trams, for experts"), no_cache)

    assert all("trams, for experts" in text for text in inputs)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("And what does that mean?", "en"),
        ("That is a big change.", "en"),
        ("So why does the council want a tunnel?", "en"),
        ("Let us stay with Port Ellery for a moment.", "en"),
        ("Und was bedeutet das?", "de"),
        ("Et qu'est-ce que cela change ?", "fr"),
    ],
)
def test_a_link_may_ask_react_and_lead_over(text: str, language: str) -> None:
    assert missing_in_link(text, SOURCES, language) == []


@pytest.mark.parametrize(
    "text",
    [
        "The minister resigned after that.",
        "Ada Finch does not hire people.",
        "Perhaps the tunnel is not approved.",
        "The council of Port Ellery hires Ada Finch.",
        "Nine people is a lot.",
        "As she says, “wonderful”.",
        "Visit roastcoin.example now.",
        "What does the council of Port Ellery want with all of that for so very long now?",
        "Did the mayor of Brackwater steal it?",
    ],
)
def test_a_link_cannot_report(text: str) -> None:
    assert missing_in_link(text, SOURCES, "en")


class ModelWithCallBacks(FakeModel):
    """It returns to earlier stories: with these texts, after its last stories and after the first."""

    texts: tuple[str, ...] = ()

    def _plan(self, data: Any, orders: str) -> dict[str, Any]:
        plan = super()._plan(data, orders)
        numbers = [*plan["order"][:0:-1], plan["order"][0]]
        plan["call_backs"] = [
            {"story": number, "text": text}
            for number, text in zip(numbers, self.texts, strict=False)
        ]
        return plan


async def test_a_call_back_follows_its_story_and_claims_nothing() -> None:
    model = ModelWithCallBacks()
    model.texts = ("Remember the tunnel of Port Ellery?", "The minister resigned after that.")
    newsletters = three_newsletters()
    script = await write(model, newsletters, order())
    checked = check_script(script, newsletters, order())
    last = checked.script.segments[-1].sentences
    links = [one.text for part in checked.script.segments for one in part.sentences]

    assert [one.text for one in last if one.kind is Kind.LINK][-1:] == [model.texts[0]]
    assert last[-1].kind is Kind.SIGNOFF and last[-2].text == model.texts[0]
    assert model.texts[1] not in links
    assert model.texts[1] in [one.sentence.text for one in checked.dropped]


async def test_at_most_two_call_backs_are_said_and_none_after_the_first_story() -> None:
    model = ModelWithCallBacks()
    model.texts = tuple(f"And back to the {word}." for word in ("tunnel", "marathon", "bottles"))
    script = await write(model, three_newsletters(), order())
    said = [one.text for part in script.segments for one in part.sentences]

    assert [text for text in model.texts if text in said] == list(model.texts[:2])


async def test_a_deep_dive_gives_its_long_stories_more_time() -> None:
    shares = []
    for style in (ShowStyle.BRIEFING, ShowStyle.DEEP_DIVE):
        async with writer_for(OpenAI(FakeModel())) as writer:
            rundown = await writer.plan(three_newsletters(), order(1, style=style), no_cache)
        first, *rest = [story.characters for story in rundown.stories]
        shares.append(first / (first + sum(rest)))

    assert shares[0] < shares[1]


def test_a_language_without_words_for_links_has_none() -> None:
    assert missing_in_link("Što to znači?", SOURCES, "hr")


def lines(*spare: bool) -> list[SaidLine]:
    return [
        SaidLine(Sentence(f"Sentence number {n}.", Speaker.FIRST), one)
        for n, one in enumerate(spare)
    ]


def test_a_story_that_is_too_long_loses_its_middle_and_keeps_its_end() -> None:
    story = lines(False, False, True, False, True, False)

    assert [one.text[-2:] for one in trim(story, 80, "en")] == ["0.", "1.", "3.", "5."]
    assert [one.text[-2:] for one in trim(lines(*[False] * 5), 45, "en")] == ["0.", "4."]


def test_a_story_that_is_too_long_loses_sentences_without_a_fact_first() -> None:
    texts = (
        "The mayor spoke for a long time.",
        "People had waited for it in the cold.",
        "The bridge costs 40 million euros.",
        "Nobody was surprised, of course.",
        "It opens in October.",
        "Then everybody went home.",
    )
    story = [
        SaidLine(Sentence(text, Speaker.FIRST, cites=("a",)), spare=text.startswith("The bridge"))
        for text in texts
    ]
    story.insert(2, SaidLine(Sentence("And the price?", Speaker.SECOND, Kind.LINK), spare=False))

    rest = [one.text for one in trim(story, 135, "en")]

    assert rest == [texts[0], "And the price?", texts[2], texts[4], texts[5]]


async def test_a_model_lists_the_facts_of_a_newsletter_before_its_other_sentences() -> None:
    """The stand-in lists the first sentences of a newsletter unless the instructions want facts first."""
    chatter = "It is one of those mornings on which nobody can say what the day will bring. " * 25
    rows = [
        f"The harbour of Calder Bay moved {400 + 10 * week} tonnes of fish in week {week}."
        for week in range(1, 31)
    ]
    text = "\n\n".join([chatter, *rows])
    script = await write(FakeModel(), [newsletter("Calder Bay Post", "Fish", text)], order(1))

    spoken = [one for segment in script.segments for one in segment.sentences if one.cites]
    assert spoken and not any("mornings" in one.text for one in spoken)


def test_instructions_contain_no_sample_sentences() -> None:
    """Models copy those. A sample is in quotation marks, or follows “for example” or “such as”."""
    texts = [prompts.POINTS, prompts.PLAN, prompts.STORIES, prompts.REWORD, prompts.JUDGE]
    texts += [style[use] for style in prompts.STYLES.values() for use in ("plan", "stories")]
    for text in texts:
        assert not any(mark in text for mark in '"“”«»„')
        assert not any(phrase in text.lower() for phrase in ("for example", "e.g.", "such as"))


def version_of(folder: Path) -> str:
    """The version of the instructions if their files were those of this folder."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("importlib.resources.files", lambda _: folder.parent)
        spec = importlib.util.spec_from_file_location("other_prompts", prompts.__file__)
        assert spec and spec.loader
        module = importlib.util.module_from_spec(spec)
        module.__package__ = prompts.__package__
        spec.loader.exec_module(module)
    return str(module.VERSION)


@pytest.mark.parametrize("name", sorted(one.name for one in INSTRUCTIONS.iterdir() if one.suffix))
async def test_changed_instructions_change_what_was_paid_for(name: str, tmp_path: Path) -> None:
    copy = shutil.copytree(INSTRUCTIONS, tmp_path / "instructions")
    assert version_of(copy) == prompts.VERSION

    text = (copy / name).read_text("utf-8")
    changed = text.replace(" the ", " this ") if name.endswith("toml") else f"{text}\nBe brief."
    (copy / name).write_text(changed, "utf-8")
    assert version_of(copy) != prompts.VERSION
    async with writer_for(OpenAI(FakeModel())) as writer:
        assert writer.name.endswith(prompts.VERSION)


async def test_a_model_tells_only_what_is_new_and_says_where_newsletters_differ() -> None:
    newsletters = [roast(), *pair("40 ferries", "31 ferries")]
    tunnel = HeardStory(
        UUID(int=1),
        DAY,
        "Tunnel approved",
        "en",
        tuple(
            HeardSentence(number, text)
            for number, text in enumerate(sentences(" ".join(b.text for b in roast().uncut_blocks)))
            if "412" not in text
        ),
        tuple(block.text for block in roast().uncut_blocks),
    )
    script = await write(FakeModel(), newsletters, order(memory=(tunnel,)))
    every = [one for part in script.segments for one in part.sentences]
    spoken = [one.text for one in every if one.kind is Kind.SOURCED]
    [difference] = [one for one in every if one.kind is Kind.DIFFERENCE]

    assert any("412 million" in text for text in spoken)
    assert not any("Residents of the Old Quay" in text for text in spoken)
    assert [one.earlier.episode for one in every if one.earlier] == [UUID(int=1)]
    assert all(part in difference.text for part in ("The Ledger", "40", "Harbour Notes", "31"))
    checked = check_script(script, newsletters, order())
    assert difference in [one for part in checked.script.segments for one in part.sentences]
