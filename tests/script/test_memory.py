"""What an earlier episode told is not told again, and what is new is told as an update."""

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest
from audiobrew.mail.newsletter import Newsletter
from audiobrew.script.earlier_episodes import EarlierSentence, HeardSentence, HeardStory
from audiobrew.script.extractive import ExtractiveWriter
from audiobrew.script.extractive_segments import build_rundown, build_segment
from audiobrew.script.framing import Form, forms_of
from audiobrew.script.gate.gate import check_script
from audiobrew.script.memory import related_stories, says_all, statement_of
from audiobrew.script.script import Kind, Script, Segment
from audiobrew.script.writer import Brief, Rundown

from tests.script.mails import RUIZ_ELSEWHERE, TUNNEL, bahn, newsletter, roast, sport

MONDAY = UUID("00000000-0000-0000-0000-000000000001")
NEWS = "The fish market will stay open until June, the port authority of Port Ellery decided on Wednesday."
APPEAL = "Mayor Dana Ruiz said that 31 residents of the Old Quay appealed against the tunnel on Thursday."


def brief(*heard: HeardStory, minutes: int = 5, **more: object) -> Brief:
    return Brief(minutes, "Brew", date(2026, 11, 24), {"en": 15.0}, memory=heard, **more)  # type: ignore[arg-type]


def heard(
    one: Newsletter, episode: UUID = MONDAY, day: int = 23, language: str | None = None
) -> HeardStory:
    """The newsletter's only story, told completely."""
    segments = tell([one], brief())
    [segment] = segments
    sentences = [one for one in segment.sentences if one.kind is Kind.SOURCED]
    return HeardStory(
        episode,
        date(2026, 11, day),
        segment.title,
        language or segment.language,
        tuple(HeardSentence(10 + number, one.text) for number, one in enumerate(sentences)),
        tuple(block.text for block in one.uncut_blocks),
    )


def tell(newsletters: list[Newsletter], brief: Brief) -> list[Segment]:
    """The segments, each of which passes the gate as it is."""
    rundown = build_rundown(newsletters, brief)
    segments = [build_segment(rundown, n, newsletters, brief) for n in range(len(rundown.stories))]
    if segments:
        script = Script(rundown.title, rundown.language, tuple(segments))
        assert check_script(script, newsletters, brief).dropped == ()
    return segments


def plan(newsletters: list[Newsletter], brief: Brief) -> Rundown:
    return build_rundown(newsletters, brief)


def told_texts(segments: list[Segment]) -> list[str]:
    return [
        one.text for segment in segments for one in segment.sentences if one.kind is Kind.SOURCED
    ]


def with_more(more: str, sender: str = "The Roast", text: str = TUNNEL) -> Newsletter:
    return newsletter(sender, "The tunnel again", f"{text.split(chr(10) * 2)[0]} {more}\n", day=24)


def test_a_story_that_was_told_is_left_out_and_says_where_it_was_told() -> None:
    again = newsletter("Tide Lines", "Port news", TUNNEL, day=24)
    rundown = plan([again, sport()], brief(heard(roast())))

    assert rundown.repeated == (again.digest,)
    assert [story.newsletters for story in rundown.stories] == [(sport().digest,)]
    assert {repeat.text for repeat in rundown.repeats} == set(told_texts(tell([roast()], brief())))
    assert all(repeat.earlier.episode == MONDAY for repeat in rundown.repeats)
    assert all(repeat.earlier.day == date(2026, 11, 23) for repeat in rundown.repeats)


def test_if_nothing_is_new_there_are_no_stories() -> None:
    again = newsletter("Tide Lines", "Port news", TUNNEL, day=24)
    rundown = plan([again], brief(heard(roast())))

    assert rundown.stories == ()
    assert rundown.repeated == (again.digest,)
    assert rundown.empty == ()


@pytest.mark.parametrize("sender", ["The Roast", "Tide Lines"])
def test_only_what_is_new_is_told_as_an_update(sender: str) -> None:
    one = with_more(NEWS, sender)
    memory = brief(heard(roast()))
    [story] = plan([one], memory).stories
    [segment] = tell([one], memory)

    assert told_texts([segment]) == [NEWS]
    assert story.update is not None
    assert story.update.episode == MONDAY
    introduction = next(one for one in segment.sentences if one.kind is Kind.HANDOVER)
    assert introduction.earlier == story.update
    forms = [*forms_of("en", Form.UPDATE), *forms_of("en", Form.UPDATE_UNTITLED)]
    assert introduction.text in {
        form.format(newsletter=sender, title=story.title) for form in forms
    }


def test_a_new_text_about_the_story_is_an_update() -> None:
    """No sentence was heard before, but names and words are those of the story."""
    text = (
        f"{APPEAL} The harbour council of Port Ellery will hear them in March, before work begins."
    )
    one = newsletter("Tide Lines", "Appeal", text, day=24)
    [story] = plan([one], brief(heard(roast()))).stories

    assert story.update == EarlierSentence(MONDAY, 10, date(2026, 11, 23))
    assert plan([one], brief(heard(roast()))).repeats == ()


def test_another_story_with_the_same_name_is_no_update() -> None:
    [story] = plan([sport()], brief(heard(roast()))).stories

    assert story.update is None


def test_a_newsletter_that_was_ordered_again_is_told_completely() -> None:
    memory = replace(brief(heard(roast())), again=(roast().digest,))

    assert told_texts(tell([roast()], memory)) == told_texts(tell([roast()], brief()))


def test_of_newsletters_that_were_chosen_those_without_news_are_told_again() -> None:
    chosen = replace(brief(heard(roast())), is_selection=True)

    assert told_texts(tell([roast()], chosen)) == told_texts(tell([roast()], brief()))
    assert plan([roast()], chosen).repeated == ()
    assert plan([roast()], brief(heard(roast()))).repeated == (roast().digest,)


@pytest.mark.parametrize(
    ("earlier", "line", "same"),
    [
        ("The tunnel will cost 412 million euros.", "The tunnel will cost 412 million euros.", True),
        ("The tunnel will cost 412 million euros.", "It is said it will cost 412 million euros.", True),
        ("The tunnel will cost 412 million euros.", "The tunnel will cost 431 million euros.", False),
        ("The council approved the tunnel.", "The council did not approve the tunnel.", False),
        ("The council approved the tunnel.", "The council rejected the tunnel.", False),
        ("The council approved the tunnel.", "The council approved the tunnel, the mayor said.", False),
        ("On Monday Fenwick sued Marlow over patents.", "On Monday Marlow sued Fenwick over patents.", False),
        (
            "The council of Port Ellery approved the tunnel on Tuesday.",
            "The tunnel that the council of Port Ellery approved on Tuesday has been scrapped.",
            False,
        ),
        ("Work may begin in March at the fish market.", "Work begins in March at the fish market.", False),
    ],
)  # fmt: skip
def test_a_sentence_is_heard_only_if_all_of_it_was_said(
    earlier: str, line: str, same: bool
) -> None:
    assert says_all(statement_of(earlier, "en"), statement_of(line, "en")) is same


def test_what_stories_have_nothing_in_common_with_the_newsletters_changes_no_plan() -> None:
    tunnel, trains = heard(roast()), heard(bahn())

    assert related_stories([tunnel, trains], [roast()]) == (tunnel,)
    assert related_stories([], [roast()]) == ()


def test_a_dependent_sentence_brings_along_what_was_heard_only_if_it_is_not_the_first() -> None:
    text = (
        "The harbour council of Port Ellery approved a new tunnel on Tuesday. It rejected a bridge with"
        " nine votes to two. Ferries of the Ellery Line sail on until 2031."
    )
    memory = brief(
        replace(
            heard(newsletter("The Roast", "Tunnel approved", text)),
            sentences=(
                HeardSentence(
                    4, "The harbour council of Port Ellery approved a new tunnel on Tuesday."
                ),
            ),
        )
    )
    one = newsletter("Tide Lines", "Port news", text, day=24)

    assert told_texts(tell([one], memory))[0] == "It rejected a bridge with nine votes to two."


def test_an_episode_in_another_language_does_not_repeat() -> None:
    german = replace(heard(roast()), language="de")
    german = replace(
        german,
        sentences=(HeardSentence(1, "Der Hafenrat von Port Ellery billigte den Tunnel."),),
        sources=(),
    )

    assert plan([roast()], brief(german)).repeats == ()


def test_comparing_takes_a_bounded_time_for_a_hostile_newsletter() -> None:
    """Every sentence has the words of every earlier one."""
    words = "harbour council tunnel market bridge ferry residents quay"
    text = " ".join(f"The {words} counted {number} boats of the fleet." for number in range(3000))
    stories = [
        HeardStory(
            UUID(int=episode),
            date(2026, 11, 20),
            "Boats",
            "en",
            tuple(HeardSentence(n, f"The {words} counted {n + 4000} boats.") for n in range(100)),
            (),
        )
        for episode in range(1, 8)
    ]
    one = newsletter("The Roast", "Boats", text)

    assert plan([one], brief(*stories)).stories


async def test_the_writer_plans_with_memory() -> None:
    async def no_calls(*arguments: object) -> dict[str, object]:
        raise AssertionError("nothing is paid for")

    memory = brief(heard(roast()))
    one = newsletter("Runner", "Marathon", RUIZ_ELSEWHERE)
    rundown = await ExtractiveWriter().plan([one], memory, no_calls)  # type: ignore[arg-type]

    assert rundown == plan([one], memory)
