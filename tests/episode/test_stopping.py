import asyncio
import logging
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from audiobrew.db.engine import DatabaseBusy
from audiobrew.db.stages import Stage
from audiobrew.episode.engine import SET_ASIDE, redirect_log, workflow_id
from audiobrew.episode.episode import AlreadyEnded, Episode
from audiobrew.problems import EpisodeNotFound

from tests.episode.bench import Bench, open_bench, wait_until
from tests.episode.fakes import ReadingWriter, ToneVoice
from tests.settings_factory import connect_to_engine_tables


@pytest.fixture
def hesitant() -> ToneVoice:
    """A voice that waits at the word harvest until `go_on` is set."""
    voice = ToneVoice()
    voice.slow = "harvest"
    return voice


async def brewing(bench: Bench) -> Episode:
    """Order an episode, and wait until all its clips are made but the slow one."""
    await bench.add_mails()
    episode = await bench.order()
    await wait_until(lambda: bench.voice.at_once == 1 and len(bench.clips()) == 2)
    return episode


def status(data: Path, workflow: str) -> str:
    statement = "select status from workflow_status where workflow_uuid = :id"
    with connect_to_engine_tables(data) as database:
        return str(database.execute(sa.text(statement), {"id": workflow}).scalar_one())


def give_up(data: Path, workflow: str) -> None:
    """Mark a workflow as the engine does after too many crashes."""
    statement = "update workflow_status set status = :status where workflow_uuid = :id"
    parameters = {"status": "MAX_RECOVERY_ATTEMPTS_EXCEEDED", "id": workflow}
    with connect_to_engine_tables(data) as database:
        database.execute(sa.text(statement), parameters)


async def test_a_cancelled_brew_stops_and_a_retry_uses_what_was_finished(
    tmp_path: Path, hesitant: ToneVoice
) -> None:
    async with open_bench(tmp_path, voice=hesitant) as bench:
        episode = await brewing(bench)
        cancelled = await bench.orders.cancel(bench.listener, episode.id)
        hesitant.go_on.set()
        await bench.orders.retry(bench.listener, episode.id)
        ready = await bench.wait_until_ended(episode)

    assert cancelled.stage is Stage.CANCELLED
    assert (ready.stage, ready.attempt) == (Stage.READY, 2)
    assert max(hesitant.finished.values()) == 1


async def test_an_ended_episode_cannot_be_cancelled(bench: Bench) -> None:
    await bench.add_mails()
    episode = await bench.brew()

    with pytest.raises(AlreadyEnded):
        await bench.orders.cancel(bench.listener, episode.id)


async def test_a_deleted_brew_leaves_no_audio_and_ends_for_its_followers(
    tmp_path: Path, hesitant: ToneVoice
) -> None:
    async with open_bench(tmp_path, voice=hesitant) as bench:
        episode = await brewing(bench)
        await bench.orders.delete(bench.listener, episode.id)
        seen = [progress async for progress in bench.orders.events(episode.id, after=7)]
        hesitant.go_on.set()
        await wait_until(lambda: hesitant.at_once == 0)

        assert [progress.stage for progress in seen] == [Stage.CANCELLED]
        assert not list((tmp_path / "media").glob("episodes/*"))
        with pytest.raises(EpisodeNotFound):
            await bench.episodes.get(bench.listener, episode.id)


async def test_a_deleted_episode_takes_its_audio_with_it(bench: Bench) -> None:
    await bench.add_mails()
    episode = await bench.brew()
    await bench.orders.delete(bench.listener, episode.id)

    assert await bench.media.stat(episode.media or "") is None


async def test_a_stopped_process_hands_over_and_the_next_one_continues_at_once(
    tmp_path: Path, hesitant: ToneVoice
) -> None:
    async with open_bench(tmp_path, voice=hesitant) as bench:
        episode = await brewing(bench)
    state = status(tmp_path, workflow_id(str(episode.id), 1))
    hesitant.go_on.set()
    writer = ReadingWriter()
    async with open_bench(tmp_path, writer, hesitant, alone=False) as bench:
        ready = await bench.wait_until_ended(episode)

    assert state == "ENQUEUED"
    assert ready.stage is Stage.READY
    assert bench.voice.pace("en") not in [brief.pace["en"] for brief in writer.planned]
    assert max(hesitant.finished.values()) == 1


@pytest.mark.parametrize(
    "place",
    [
        "episode.engine._launch",
        "episode.engine._stop_queue",
        "episode.engine._pending_brews",
        "episode.worker_heartbeat.WorkerHeartbeat.beat",
        "episode.worker_heartbeat.WorkerHeartbeat.remove",
    ],
)
async def test_an_engine_can_start_after_one_that_failed_to_start_or_stop(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise DatabaseBusy

    with monkeypatch.context() as patch, pytest.raises(DatabaseBusy):
        patch.setattr(f"audiobrew.{place}", fail)
        async with open_bench(tmp_path):
            pass

    async with open_bench(tmp_path) as bench:
        await bench.add_mails()
        assert (await bench.brew()).stage is Stage.READY


async def test_an_order_that_was_not_enqueued_is_enqueued_at_the_next_start(
    tmp_path: Path,
) -> None:
    async with open_bench(tmp_path) as bench:
        mails = await bench.add_mails()
        parameters = await bench.order(mails=mails)
        await bench.wait_until_ended(parameters)
        stalled = await bench.episodes.order(
            bench.listener, bench.make_order(mails), "Lost", "asked", "lost-key"
        )
    async with open_bench(tmp_path) as bench:
        ready = await bench.wait_until_ended(stalled)

    assert ready.stage is Stage.READY


async def test_a_brew_that_the_engine_gave_up_fails_with_a_sentence_at_the_next_start(
    tmp_path: Path, hesitant: ToneVoice
) -> None:
    async with open_bench(tmp_path, voice=hesitant) as bench:
        episode = await brewing(bench)
    give_up(tmp_path, workflow_id(str(episode.id), 1))
    hesitant.go_on.set()
    async with open_bench(tmp_path, voice=hesitant) as bench:
        ended = await bench.wait_until_ended(episode)
        await bench.orders.retry(bench.listener, episode.id)
        retried = await bench.wait_until_ended(episode)

    assert (ended.stage, ended.trouble) == (Stage.FAILED, SET_ASIDE)
    assert retried.stage is Stage.READY


@pytest.mark.parametrize("then", ["cancel", "delete"])
async def test_a_brew_that_its_listener_ends_logs_no_error(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, then: str
) -> None:
    voice = ToneVoice()
    voice.slow = "harvest"
    async with open_bench(tmp_path, voice=voice) as bench:
        await bench.add_mails()
        episode = await bench.order()
        await wait_until(lambda: voice.at_once == 1)
        await getattr(bench.orders, then)(bench.listener, episode.id)
        voice.go_on.set()
        await asyncio.sleep(1.5)

    assert [record for record in caplog.records if record.name == "dbos"] == []
    assert "Traceback" not in caplog.text


def test_other_errors_of_the_engine_are_logged(caplog: pytest.LogCaptureFixture) -> None:
    redirect_log()
    logging.getLogger("dbos").error("a bug", exc_info=LookupError("of the engine"))

    assert [record.message for record in caplog.records if record.name == "dbos"] == ["a bug"]
