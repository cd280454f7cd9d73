"""Episodes, scripts and paces of the version before copies, reviews and memory."""

from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import anyio.to_thread
from audiobrew.audio.pace_store import PaceSample, PaceStore
from audiobrew.db.engine import migrate, open_database, sqlalchemy_url, upgrade
from audiobrew.db.tables import episodes, listeners, paces, schedules, segments, sentences
from audiobrew.episode.pronunciations import PronunciationStore
from audiobrew.episode.schedule_store import ScheduleStore
from audiobrew.episode.script_store import ScriptStore
from audiobrew.episode.store import EpisodeStore

from tests.inbox.test_migrated_coverage import put
from tests.row_factory import episode_row, schedule_row
from tests.settings_factory import connect_to_tables, make_settings

NOW = datetime(2026, 11, 23, 7, tzinfo=UTC)


async def test_what_is_new_in_them_has_values(tmp_path: Path) -> None:
    settings = make_settings(data=tmp_path)
    settings.data.mkdir(exist_ok=True)
    await anyio.to_thread.run_sync(
        upgrade, sqlalchemy_url(settings), "0015", settings.database_schema
    )
    ada = uuid4()
    row = episode_row(ada, "ready", NOW) | {"published_at": NOW}
    with connect_to_tables(tmp_path) as database:
        put(database, listeners, id=ada, show_id=uuid4(), created_at=NOW)
        put(database, episodes, **row)
        put(database, schedules, **schedule_row(ada, NOW))
        put(database, segments, episode_id=row["id"], number=0, title="Port", language="en")
        sentence = {"episode_id": row["id"], "number": 0, "segment": 0, "speaker": "first"}
        said = {"kind": "sourced", "text": "The port opens.", "cites": ["b"], "start": 0.5}
        put(database, sentences, **sentence, **said)
        put(database, paces, voice="v", language="en", characters=1500, seconds=100.0)
    await migrate(settings)
    engine = open_database(settings)
    try:
        episode = await EpisodeStore(engine).get(ada, row["id"])
        script = await ScriptStore(engine).get(row["id"])
        [story] = await ScriptStore(engine).heard_stories(ada, uuid4(), NOW)
        schedule = await ScheduleStore(engine).get(ada)
        store = PaceStore(engine)
        before = await store.measured_speech_paces("v")
        await store.add("v", "en", PaceSample(1600, 100.0, 1800, 90.0))
        after = await store.measured_paces("v"), await store.measured_speech_paces("v")
        words = await PronunciationStore(engine).of(ada)
    finally:
        await engine.dispose()

    assert (episode.review, episode.mails_chosen) == (None, False)
    assert (episode.interests, episode.host_names) == ("", ())
    [segment] = script.segments
    [told] = segment.sentences
    assert segment.chosen_because == ()
    assert (told.is_kept, told.sentence.verdict, told.sentence.earlier) == (False, None, None)
    assert [one.text for one in story.sentences] == ["The port opens."]
    assert schedule is not None
    assert before == {}
    assert after == ({"en": 15.5}, {"en": 20.0})
    assert words == ()
