"""What a listener orders of a show reaches the writer, and what was ordered before is not paid for again."""

import dataclasses
import hashlib
import json
from datetime import date
from uuid import uuid4

from audiobrew.episode.episode import Order
from audiobrew.episode.orders import _hash_of
from audiobrew.episode.writing import _result_key, story_question
from audiobrew.models.result_cache import key_of
from audiobrew.script.extractive import ExtractiveWriter
from audiobrew.script.writer import Brief, HostRoles, ShowStyle, Story

from tests.episode.bench import Bench

DAY = date(2026, 11, 23)


def test_an_order_without_what_came_later_has_the_hash_that_it_had() -> None:
    order = Order((), 5, DAY, "Mine", 2, ShowStyle.BRIEFING, None, 7)
    fields = [[], 5, "Mine", 2, "briefing", None, 7]

    assert _hash_of(order) == hashlib.sha256(json.dumps(fields).encode()).hexdigest()
    others = [
        dataclasses.replace(order, interests="Rivers"),
        dataclasses.replace(order, host_names=("Ada",)),
        dataclasses.replace(order, interests="Rivers", host_names=("Ada",)),
    ]
    others += [dataclasses.replace(order, sounds=sounds) for sounds in (True, False)]
    others += [dataclasses.replace(order, sounds=True, review=True)]
    roles = (HostRoles.FIRST_ASKS, HostRoles.SECOND_ASKS)
    others += [dataclasses.replace(order, host_roles=one) for one in roles]
    assert len({_hash_of(one) for one in (order, *others)}) == 9


@dataclasses.dataclass
class Owner:
    """Stands for an episode or for a context: both have only what a key needs."""

    listener: object = dataclasses.field(default_factory=uuid4)
    writer: object = dataclasses.field(default_factory=ExtractiveWriter)


def test_a_result_without_what_came_later_has_the_key_that_it_had() -> None:
    owner, brief = Owner(), Brief(5, "AudioBrew", DAY, {"en": 15.0})
    key = _result_key(owner, owner, "rundown", [], brief)  # type: ignore[arg-type]
    fields = {"minutes": 5, "show": "AudioBrew", "day": DAY, "pace": {}, "hosts": 2}
    fields |= {"style": ShowStyle.BRIEFING, "language": None}

    assert key == key_of(
        owner.listener, "rundown", writer=ExtractiveWriter.name, told={}, brief=fields
    )
    for more in (
        {"interests": "Rivers"},
        {"host_names": ("Ada",)},
        {"host_roles": HostRoles.FIRST_ASKS},
    ):
        other = dataclasses.replace(brief, **more)
        assert _result_key(owner, owner, "rundown", [], other) != key  # type: ignore[arg-type]


def test_why_a_story_was_chosen_does_not_change_its_text() -> None:
    story = Story("a", "A", "en", ("d",), ("b",), 100)

    assert story_question(story) == story_question(
        dataclasses.replace(story, chosen_because=("x",))
    )


async def test_interests_names_and_roles_reach_the_writer(bench: Bench) -> None:
    mails = await bench.add_mails()
    show = {
        "interests": "Chess, no marathons",
        "host_names": ("Ada", "Ben"),
        "host_roles": HostRoles.SECOND_ASKS,
    }
    episode = await bench.brew(mails=mails, style=ShowStyle.INTERVIEW, **show)
    brief = bench.writer.planned[-1]

    for one in (episode, brief):
        assert (one.style, one.interests, one.host_names, one.host_roles) == (
            ShowStyle.INTERVIEW,
            *show.values(),
        )
