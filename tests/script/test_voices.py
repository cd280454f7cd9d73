"""Which voice says what in an interview and in what an author tells."""

from dataclasses import replace
from datetime import date

from audiobrew.mail.newsletter import Newsletter
from audiobrew.script.extractive_plan import plan_show
from audiobrew.script.extractive_segments import INTERVIEWER, build_segment
from audiobrew.script.host_name import other_host
from audiobrew.script.items import items_of
from audiobrew.script.script import Speaker
from audiobrew.script.writer import Brief, HostRoles

from tests.mail.mails import html, read

BRIEF = Brief(minutes=10, show="Kitchen Radio", day=date(2026, 11, 23), pace={})
GUEST = AUTHOR = other_host(INTERVIEWER)
CONVERSATION = (
    "<p>Iris Tallantire has repaired thirty lenses. She talked to us in October.</p>"
    "<h3>What breaks a lens?</h3>"
    "<p>(<em>Laughs.</em>) Storms. We found 46 cracked pieces and a wedding ring.</p>"
    "<h3>A ring?</h3><p>From 1911, engraved.</p>"
    "<h3>People say that your trade is pointless.</h3><p>It is rarer. A lens costs me eight months.</p>"
    "<h2>Money</h2>"
    "<h3>Who pays you?</h3><p>The Trust, until 2028.</p>"
    "<ul><li>A grant.</li><li>A loan of 400 crowns.</li></ul>"
    "<h3>Where do you buy the glass?</h3><p>From three places, and some I cast myself.</p>"
    "<p>Iris Tallantire's exhibition opens on 12 December.</p>"
)


def test_each_person_in_an_interview_keeps_one_voice_in_all_its_chapters() -> None:
    voices = voices_of(read(html(CONVERSATION)))

    guest = {text for text, speaker in voices.items() if speaker is GUEST}
    assert guest == {
        "Storms.",
        "We found 46 cracked pieces and a wedding ring.",
        "From 1911, engraved.",
        "It is rarer.",
        "A lens costs me eight months.",
        "The Trust, until 2028.",
        "A grant.",
        "A loan of 400 crowns.",
        "From three places, and some I cast myself.",
    }
    assert "A ring?" in voices
    assert "People say that your trade is pointless." in voices


def test_a_question_that_asks_about_the_answer_before_is_told_after_it() -> None:
    lines = {line.text: line for item in items_of(read(html(CONVERSATION))) for line in item.lines}

    assert lines["A ring?"].depends_on_previous
    assert not lines["People say that your trade is pointless."].depends_on_previous


def test_thanks_at_the_end_of_an_interview_are_not_told() -> None:
    page = CONVERSATION.replace(
        "<p>Iris Tallantire's", "<h3>Thank you for your time.</h3><hr><p>Iris Tallantire's"
    )

    assert "Thank you for your time." not in voices_of(read(html(page)))


def test_in_an_interview_the_host_asks_whose_role_it_is() -> None:
    newsletter = read(html(CONVERSATION))
    voices = voices_of(newsletter)
    first_asks, second_asks = (
        voices_of(newsletter, replace(BRIEF, host_roles=roles))
        for roles in (HostRoles.FIRST_ASKS, HostRoles.SECOND_ASKS)
    )

    assert first_asks == voices
    assert second_asks == {text: other_host(speaker) for text, speaker in voices.items()}


def voices_of(newsletter: Newsletter, brief: Brief = BRIEF) -> dict[str, Speaker]:
    """The speaker of each sourced sentence of an episode, in order."""
    show = plan_show([newsletter], brief)
    return {
        sentence.text: sentence.speaker
        for number in range(len(show.stories))
        for sentence in build_segment(show, number, [newsletter], brief).sentences
        if sentence.cites
    }


LETTER = (
    "<p>My sister and I have not agreed about beans since 1998. She soaks; I do not. We tested it in May.</p>"
    "<p>Hers took 55 minutes. Mine took 110 minutes. The table could not tell them apart.</p>"
    "<p>Next week we cook the goose, about which my sister and I agree on everything. (We do not.)</p>"
    "<h3>The numbers</h3><p>I asked 284 people in three towns what they do, and 28,000 answers came.</p>"
)


def test_what_an_author_tells_keeps_one_voice_and_its_order() -> None:
    voices = voices_of(read(html(LETTER)))

    assert set(voices.values()) == {AUTHOR}
    assert next(iter(voices)) == "My sister and I have not agreed about beans since 1998."


def test_a_punch_line_in_brackets_is_told_with_its_sentence() -> None:
    lines = [line for item in items_of(read(html(LETTER))) for line in item.lines]
    [number] = [n for n, line in enumerate(lines) if line.text == "(We do not.)"]

    assert lines[number].depends_on_previous
    assert lines[number - 1].awaits_next


def test_a_footnote_whose_number_stands_apart_is_not_told() -> None:
    note = '<div class="footnote"><p>1</p><p>It works the other way, too.</p></div>'

    assert "It works the other way, too." not in voices_of(read(html(LETTER + note)))
