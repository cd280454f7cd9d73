"""The roles of two hosts: one asks and leads through the show, and the other one tells every story."""

from dataclasses import replace
from datetime import date

import pytest
from audiobrew.script.extractive import ExtractiveWriter
from audiobrew.script.gate.gate import check_script
from audiobrew.script.openai import prompts
from audiobrew.script.script import Kind, Script, Speaker
from audiobrew.script.writer import Brief, HostRoles, ShowStyle

from tests.script.mails import bahn, roast, sport, tide
from tests.script.test_openai_writer import write_script, writer_for
from tests.standins.openai import OpenAI
from tests.standins.openai.fake_model import FakeModel

FIRST, SECOND = Speaker
BRIEF = Brief(
    3, "AudioBrew", date(2026, 11, 23), {"en": 15.0, "de": 15.0}, host_names=("Ada", "Ben")
)
LEADING = (Kind.GREETING, Kind.HANDOVER, Kind.SIGNOFF)
ROLES = [(HostRoles.FIRST_ASKS, FIRST, SECOND), (HostRoles.SECOND_ASKS, SECOND, FIRST)]


def speakers(script: Script, *kinds: Kind) -> set[Speaker]:
    return {one.speaker for part in script.segments for one in part.sentences if one.kind in kinds}


@pytest.mark.parametrize(("roles", "asker", "teller"), ROLES)
async def test_without_a_model_one_host_leads_and_the_other_one_tells(
    roles: HostRoles, asker: Speaker, teller: Speaker
) -> None:
    newsletters, brief = [roast(), sport(), tide(), bahn()], replace(BRIEF, host_roles=roles)
    script = await write_script(ExtractiveWriter(), newsletters, brief)

    assert speakers(script, Kind.SOURCED) == {teller}
    assert speakers(script, *LEADING) == {asker}
    assert check_script(script, newsletters, brief).dropped == ()


@pytest.mark.parametrize("style", ShowStyle)
@pytest.mark.parametrize(("roles", "asker", "teller"), ROLES)
async def test_with_a_model_one_host_tells_in_every_style(
    roles: HostRoles, asker: Speaker, teller: Speaker, style: ShowStyle
) -> None:
    newsletters = [roast(), sport(), bahn()]
    brief = replace(BRIEF, host_roles=roles, style=style)
    stand_in = OpenAI(FakeModel())
    bodies: list[str] = []
    model = stand_in.writer
    stand_in.writer = lambda body: (bodies.append(body["instructions"]), model(body))[1]
    async with writer_for(stand_in) as writer:
        script = await write_script(writer, newsletters, brief)
    asked = f"host {2 if asker is SECOND else 1}"

    assert speakers(script, Kind.SOURCED) == {teller}
    assert speakers(script, *LEADING) == {asker}
    assert check_script(script, newsletters, brief).dropped == ()
    assert sum(f"{asked} says every bridge" in one for one in bodies) == 1
    assert any(f"{asked} says the link sentences" in one for one in bodies)


@pytest.mark.parametrize("brief", [BRIEF, replace(BRIEF, host_roles=HostRoles.FIRST_ASKS, hosts=1)])
async def test_without_roles_and_with_one_host_nothing_is_different(brief: Brief) -> None:
    newsletters = [roast(), sport(), tide(), bahn()]
    plain = replace(brief, host_roles=HostRoles.SHARED)
    scripts = [await write_script(ExtractiveWriter(), newsletters, one) for one in (brief, plain)]

    assert scripts[0] == scripts[1]
    assert speakers(scripts[0], Kind.SOURCED) == {FIRST, SECOND} if brief.hosts == 2 else {FIRST}
    assert prompts.describe_show(brief, "stories") == prompts.STYLES[brief.style]["stories"]
