"""The names of the hosts: which are allowed, when hosts say them, and that the gate knows exactly these."""

from datetime import date

import pytest
from audiobrew.lang.language import all_languages
from audiobrew.script.extractive import ExtractiveWriter
from audiobrew.script.framing import FramingNames, framing_of, introduction
from audiobrew.script.gate.gate import check_script
from audiobrew.script.gate.links import missing_in_link
from audiobrew.script.host_name import MAX_HOST_NAME_LENGTH, is_host_name
from audiobrew.script.script import Kind, Script, Sentence, Speaker
from audiobrew.script.writer import Brief

from tests.script.mails import roast, sport
from tests.script.no_cache import no_cache

DAY = date(2026, 11, 23)
PACE = {"en": 15.0}
FRAMED = [one.code for one in all_languages() if one.framing]


@pytest.mark.parametrize(
    "name",
    [
        "",
        "Ada",
        "Jean-Luc",
        "O’Neil",
        "Dr. Ada Roy",
        "José",
        "Zoë",
        "Łukasz",
        "Анна",
        "美咲",
        "आशा",
        "นิดา",
    ],
)
def test_plain_names_are_allowed(name: str) -> None:
    assert is_host_name(name)


@pytest.mark.parametrize(
    "name",
    [
        "R2D2", "Ada 2", "ada.example", "Ada@example", "https://a.example", "Ada!", "Ada:", "☕", "Ada\nBen",
        " Ada", "Ada ", "-", "Call Now", "Win a Prize", "Ada and Ben and Cleo", "<b>", "{host}", "Ada\x00",
        "A" * 31, "Ada " + "B" * MAX_HOST_NAME_LENGTH,
    ],
)  # fmt: skip
def test_anything_else_is_refused(name: str) -> None:
    assert not is_host_name(name)


def spoken(names: tuple[str, ...], speaker: Speaker = Speaker.FIRST) -> list[tuple[Speaker, str]]:
    return [(one.speaker, one.text) for one in introduction(names, DAY, "en", speaker)]


def test_hosts_with_names_introduce_themselves() -> None:
    first, second = Speaker.FIRST, Speaker.SECOND

    assert spoken(()) == spoken(("", "")) == []
    assert spoken(("Ada",)) == [(first, "Ada here.")]
    assert spoken(("Ada", "Ben")) == [(first, "Ada and Ben here.")]
    assert spoken(("Ada", "Ben"), second) == [(second, "Ben and Ada here.")]
    assert spoken(("", "Ben")) == [(second, "Ben here.")]


@pytest.mark.parametrize("language", FRAMED)
@pytest.mark.parametrize("names", [("Ada",), ("Ada", "Ben"), ("", "Ben"), ("O’Neil", "Jean-Luc")])
def test_the_gate_accepts_every_introduction_and_no_other_name(
    language: str, names: tuple[str, ...]
) -> None:
    framing = framing_of(language)
    own, others = (FramingNames("AudioBrew", DAY, (), hosts) for hosts in (names, ("Eve", "Max")))
    for day in range(1, 1 + len(framing.two_hosts) * len(framing.one_host)):
        [sentence] = introduction(names, date(2026, 11, day), language, Speaker.FIRST)

        assert own.allows(sentence, language)
        assert not others.allows(sentence, language)
        assert not FramingNames("AudioBrew", DAY, ()).allows(sentence, language)


@pytest.mark.parametrize("language", FRAMED)
def test_introductions_exist_in_every_framed_language_and_end_as_sentences(language: str) -> None:
    framing = framing_of(language)

    assert framing.one_host and framing.two_hosts
    assert all("{host}" in form and "{other}" not in form for form in framing.one_host)
    assert all("{host}" in form and "{other}" in form for form in framing.two_hosts)
    assert all(form.endswith((".", "。", "।")) for form in framing.one_host + framing.two_hosts)


def test_a_host_cannot_use_the_name_of_the_other_one() -> None:
    names = FramingNames("AudioBrew", DAY, (), ("Ada", "Ben"))
    sentence = Sentence("Ben here.", Speaker.FIRST, Kind.GREETING)

    assert not names.allows(sentence, "en")


@pytest.mark.parametrize(("hosts", "expected"), [(1, "Ada here."), (2, "Ada and Ben here.")])
async def test_a_script_without_a_model_names_the_hosts_who_speak(
    hosts: int, expected: str
) -> None:
    brief = Brief(2, "AudioBrew", DAY, PACE, hosts, host_names=("Ada", "Ben"))
    newsletters, writer = [roast(), sport()], ExtractiveWriter()
    rundown = await writer.plan(newsletters, brief, no_cache)
    numbers = range(len(rundown.stories))
    segments = await writer.write(rundown, numbers, newsletters, brief, no_cache)

    checked = check_script(Script("t", "en", tuple(segments)), newsletters, brief)

    texts = [one.text for segment in checked.script.segments for one in segment.sentences]
    assert checked.dropped == ()
    assert texts[1] == expected
    assert texts.count(expected) == 1


def test_hosts_may_address_each_other_in_links() -> None:
    assert missing_in_link("What do you think, Cleopatra?", [], "en", ("Ada", "Cleopatra")) == []
    assert missing_in_link("What do you think, Cleopatra?", [], "en", ("Ada",)) == ["cleop"]
