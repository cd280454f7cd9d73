import dataclasses
from datetime import date
from uuid import UUID

import pytest
import sqlalchemy as sa
from audiobrew.audio.clip import Cue
from audiobrew.db.tables import segments, sentences, sources
from audiobrew.episode.episode import Order
from audiobrew.episode.script_store import ScriptStore
from audiobrew.episode.store import EpisodeStore
from audiobrew.inbox.store import MailStore
from audiobrew.mail.mail import StoredMail
from audiobrew.script.script import DropReason, Kind, Rejection, Script, Segment, Sentence, Speaker
from sqlalchemy.ext.asyncio import AsyncEngine

from tests.inbox.test_store import an_issue

HELLO = Sentence("Good morning.", Speaker.FIRST, Kind.GREETING)
BEANS = Sentence("Beans are back.", Speaker.SECOND, cites=("a1",))
HUILA = Sentence("From Huila.", Speaker.FIRST, cites=("b2",))
SCRIPT = Script(
    "Beans and where they are from",
    "en",
    (Segment("Beans", "en", (HELLO, BEANS), ("coffee",)), Segment("Huila", "en", (HUILA,))),
)
LOST = Rejection(
    Sentence("Prices fell by 40 percent.", Speaker.FIRST, cites=("b2",)), DropReason.FIGURE, ("40",)
)


@pytest.fixture
def scripts(engine: AsyncEngine) -> ScriptStore:
    return ScriptStore(engine)


@pytest.fixture
async def mail(engine: AsyncEngine, ada: UUID) -> StoredMail:
    mails = MailStore(engine)
    [added] = await mails.add(ada, [an_issue()])
    [mail] = await mails.get_many(ada, [added.id])
    return mail


@pytest.fixture
async def episode(engine: AsyncEngine, ada: UUID, mail: StoredMail) -> UUID:
    order = Order((mail.id,), 5, date(2026, 11, 23))
    return (await EpisodeStore(engine).order(ada, order, "AudioBrew", "", None)).id


async def test_a_stored_script_is_returned_unchanged(
    scripts: ScriptStore, episode: UUID, mail: StoredMail
) -> None:
    await scripts.save(episode, SCRIPT, [LOST], [mail])

    stored = await scripts.get(episode)

    assert tuple(segment.to_segment() for segment in stored.segments) == SCRIPT.segments
    assert [s.number for part in stored.segments for s in part.sentences] == [0, 1, 2]
    assert [(rejection.text, rejection.why, rejection.found) for rejection in stored.dropped] == [
        ("Prices fell by 40 percent.", "figure", ["40"])
    ]


async def test_suspects_are_listed_apart_from_what_the_gate_dropped(
    scripts: ScriptStore, episode: UUID, mail: StoredMail
) -> None:
    mug = Sentence("Order our mug.", Speaker.FIRST, cites=("b2",))
    suspect = Rejection(mug, DropReason.SUSPECT, ("advertising",))
    await scripts.save(episode, SCRIPT, [LOST, suspect], [mail])

    stored = await scripts.get(episode)

    assert [(one.text, one.reason, one.cites) for one in stored.suspects] == [
        ("Order our mug.", "advertising", ["b2"])
    ]
    assert [one.why for one in stored.dropped] == ["figure"]


async def test_one_segment_is_returned_without_dropped_sentences(
    scripts: ScriptStore, episode: UUID, mail: StoredMail
) -> None:
    await scripts.save(episode, SCRIPT, [LOST], [mail])

    parts = [await scripts.segment(episode, number) for number in range(2)]

    assert tuple(part.to_segment() for part in parts) == SCRIPT.segments


async def test_only_cited_blocks_are_stored_with_their_links(
    scripts: ScriptStore, episode: UUID, mail: StoredMail
) -> None:
    await scripts.save(episode, SCRIPT, [], [mail])

    cited = (await scripts.get(episode)).sources

    assert [source.block_id for source in cited] == ["a1", "b2"]
    assert cited[1].links == [{"text": "Huila", "url": "https://h.example"}]
    assert {source.sender for source in cited} == {"The Roast"}


async def test_sources_outlive_their_mail(
    scripts: ScriptStore, engine: AsyncEngine, ada: UUID, episode: UUID, mail: StoredMail
) -> None:
    await scripts.save(episode, SCRIPT, [], [mail])
    await MailStore(engine).delete(ada, mail.id)

    assert len((await scripts.get(episode)).sources) == 2


async def test_a_new_script_replaces_the_old_one(
    scripts: ScriptStore, episode: UUID, mail: StoredMail
) -> None:
    shorter = dataclasses.replace(SCRIPT, segments=SCRIPT.segments[:1])
    await scripts.save(episode, SCRIPT, [LOST], [mail])

    await scripts.save(episode, shorter, [], [mail])

    stored = await scripts.get(episode)
    assert tuple(segment.to_segment() for segment in stored.segments) == shorter.segments
    assert not stored.dropped
    assert [source.block_id for source in stored.sources] == ["a1"]


async def test_a_script_that_cannot_be_stored_leaves_the_old_one(
    scripts: ScriptStore, episode: UUID, mail: StoredMail
) -> None:
    await scripts.save(episode, SCRIPT, [LOST], [mail])
    before = await scripts.get(episode)

    with pytest.raises(sa.exc.IntegrityError):
        await scripts.save(episode, SCRIPT, [], [mail, mail])

    assert await scripts.get(episode) == before


async def test_clips_and_times_are_returned_with_their_sentences(
    scripts: ScriptStore, episode: UUID, mail: StoredMail
) -> None:
    await scripts.save(episode, SCRIPT, [LOST], [mail])
    cues = {0: Cue(0.5, 1.5), 1: Cue(1.6, 3.0), 2: Cue(4.0, 5.0)}

    await scripts.set_clips(episode, {0: "x", 1: "x", 2: "y"})
    await scripts.set_times(episode, cues, [Cue(0.0, 3.5), Cue(3.5, 6.0)], {1: ["Velmora"]})

    stored = await scripts.get(episode)
    stored_sentences = [s for segment in stored.segments for s in segment.sentences]
    assert [s.clip for s in stored_sentences] == ["x", "x", "y"]
    assert {s.number: Cue(s.start or 0, s.end or 0) for s in stored_sentences} == cues
    assert [(part.start, part.end) for part in stored.segments] == [(0.0, 3.5), (3.5, 6.0)]


async def test_an_episode_without_a_script_has_an_empty_one(
    scripts: ScriptStore, episode: UUID
) -> None:
    await scripts.set_times(episode, {}, [], {})

    stored = await scripts.get(episode)

    assert (stored.segments, stored.sources, stored.dropped) == ((), (), ())


async def test_a_deleted_episode_takes_its_script_along(
    scripts: ScriptStore, engine: AsyncEngine, ada: UUID, episode: UUID, mail: StoredMail
) -> None:
    await scripts.save(episode, SCRIPT, [LOST], [mail])

    await EpisodeStore(engine).delete(ada, episode)

    async with engine.connect() as database:
        for table in (segments, sentences, sources):
            counted = sa.select(sa.func.count()).select_from(table)

            assert (await database.execute(counted)).scalar() == 0
