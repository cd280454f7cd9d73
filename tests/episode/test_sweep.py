"""Objects that no row refers to are deleted, unless they are so young that a row may follow."""

import asyncio
import os
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from audiobrew.account.listener_store import ListenerStore
from audiobrew.db.stages import Stage
from audiobrew.db.tables import episodes
from audiobrew.episode import engine as dbos
from audiobrew.episode.store import EpisodeStore
from audiobrew.episode.sweep import GRACE, Sweep, TooManyOrphans
from audiobrew.media.deletion_queue import DeletionQueue, Kind
from audiobrew.media.folder import FolderMedia
from audiobrew.media.storage import Media, episode_key
from audiobrew.models.result_cache import ResultCache, key_of, media_key
from audiobrew.models.usage import ModelResult
from sqlalchemy.ext.asyncio import AsyncEngine

from tests.episode.bench import Bench, open_bench
from tests.media.bucket import run_storage
from tests.row_factory import episode_row

NOW = timedelta(0)


async def no_workflows() -> AsyncIterator[list[str]]:
    for none in ():
        yield none


def sweep_of(engine: AsyncEngine, media: Media, work: Path) -> Sweep:
    deletions = DeletionQueue(engine, media.delete)
    return Sweep(EpisodeStore(engine), media, deletions, no_workflows, work)


@pytest.fixture(params=["folder", "supabase"])
async def media(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Media]:
    if request.param == "folder":
        yield FolderMedia(tmp_path / "media")
        return
    with run_storage() as storage:
        async with storage.media() as bucket:
            yield bucket


async def with_row(engine: AsyncEngine, listener: UUID, stage: Stage) -> str:
    row = episode_row(listener, stage, datetime.now(UTC))
    key = episode_key(row["id"], 1)
    async with engine.begin() as database:
        media = {"media": key} if stage is Stage.READY else {}
        await database.execute(episodes.insert().values(row | media))
    return key


async def keys(media: Media) -> set[str]:
    return {listed.key async for listed in media.list()}


async def an_answer() -> ModelResult:
    return ModelResult({"frames": 1}, b"sound")


async def test_only_objects_without_a_row_are_deleted(
    engine: AsyncEngine, media: Media, tmp_path: Path
) -> None:
    ada = await ListenerStore(engine).local()
    referenced = {await with_row(engine, ada, stage) for stage in (Stage.READY, Stage.JOINING)}
    clip = key_of(ada, "clip", text="a")
    await ResultCache(engine, media).get_or_make(ada, "clip", clip, an_answer)
    ended = await with_row(engine, ada, Stage.CANCELLED)
    orphans = {
        ended,
        episode_key(uuid4(), 1),
        episode_key(uuid4(), 3),
        media_key(key_of(ada, "clip")),
    }
    for key in referenced | orphans:
        await media.put_bytes(key, b"sound")

    report = await sweep_of(engine, media, tmp_path / "joining").run(NOW)

    assert (report.objects, report.orphans, report.pending) == (7, 4, 0)
    assert await keys(media) == referenced | {media_key(clip)}


async def test_objects_on_all_pages_are_found(
    engine: AsyncEngine, media: Media, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("audiobrew.media.supabase.PAGE_SIZE", 7)
    monkeypatch.setattr("audiobrew.episode.sweep.BATCH", 5)
    for number in range(23):
        await media.put_bytes(episode_key(uuid4(), 1), b"sound")
        await media.put_bytes(media_key(key_of(uuid4(), "clip", n=number)), b"sound")

    report = await sweep_of(engine, media, tmp_path / "joining").run(NOW)

    assert (report.objects, report.orphans, report.pending) == (46, 46, 0)
    assert await keys(media) == set()


async def test_young_objects_are_kept(engine: AsyncEngine, media: Media, tmp_path: Path) -> None:
    key = episode_key(uuid4(), 1)
    await media.put_bytes(key, b"sound")

    report = await sweep_of(engine, media, tmp_path / "joining").run(GRACE)

    assert report.orphans == 0
    assert await keys(media) == {key}


async def test_a_storage_with_mostly_unknown_objects_is_not_emptied(
    engine: AsyncEngine, media: Media, tmp_path: Path
) -> None:
    """It is probably the wrong database, or the wrong bucket."""
    for _ in range(60):
        await media.put_bytes(episode_key(uuid4(), 1), b"sound")
    sweep = sweep_of(engine, media, tmp_path / "joining")

    with pytest.raises(TooManyOrphans, match="sweep --yes"):
        await sweep.run(NOW)
    assert len(await keys(media)) == 60
    assert (await sweep.run(NOW, force=True)).orphans == 60
    assert await keys(media) == set()


async def test_a_dry_run_deletes_nothing(engine: AsyncEngine, media: Media, tmp_path: Path) -> None:
    key = episode_key(uuid4(), 1)
    await media.put_bytes(key, b"sound")

    report = await sweep_of(engine, media, tmp_path / "joining").find(NOW)

    assert report.orphans == 1
    assert await keys(media) == {key}


async def test_clips_that_are_made_again_during_sweeps_are_never_lost(
    engine: AsyncEngine, media: Media, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A race: the sweep finds an old object without a row while a new result gets the same key."""

    async def discard_nothing(_: timedelta) -> int:
        """Without grace, a sweep takes a file that is being written for one that was left behind."""
        return 0

    monkeypatch.setattr(media, "discard_partial", discard_nothing)
    ada, paid = await ListenerStore(engine).local(), ResultCache(engine, media)
    sweep = sweep_of(engine, media, tmp_path / "joining")
    names = [key_of(ada, "clip", n=n) for n in range(40)]
    for name in names:
        await media.put_bytes(media_key(name), b"of a process that died")

    async def remade(name: str, after: float) -> None:
        await asyncio.sleep(after)
        await paid.get_or_make(ada, "clip", name, an_answer)

    making = [remade(name, number * 0.01) for number, name in enumerate(names)]
    await asyncio.gather(*making, *(sweep.run(NOW, force=True) for _ in range(2)))
    await sweep.run(NOW)

    for name in names:
        assert await media.get(media_key(name)) == b"sound"
        assert await paid.facts(name)


async def test_temporary_files_are_deleted_unless_their_brew_is_open(
    engine: AsyncEngine, tmp_path: Path
) -> None:
    ada, work = await ListenerStore(engine).local(), tmp_path / "joining"
    key = await with_row(engine, ada, Stage.JOINING)
    at_work = work / f"{key.removeprefix('episodes/').removesuffix('.mp3')}.1-abc"
    over, old = work / f"{uuid4()}.1-abc", work / "tmp_of_the_version_before"
    for folder in (at_work, over, old):
        folder.mkdir(parents=True)
        (folder / "episode.mp3").write_bytes(b"sound")
    two_days_ago = time.time() - 2 * 86400
    os.utime(old, (two_days_ago, two_days_ago))

    sweep = sweep_of(engine, FolderMedia(tmp_path / "media"), work)

    assert await sweep.discard_files() == 2
    assert list(work.iterdir()) == [at_work]


async def test_workflows_of_deleted_episodes_are_deleted(tmp_path: Path) -> None:
    """An earlier version left the workflows of deleted episodes in the engine's tables."""
    async with open_bench(tmp_path) as bench:
        mails = await bench.add_mails()
        deleted_episode, referenced = await bench.brew(mails=mails), await bench.brew(mails=mails)
        async with bench.database.begin() as database:
            await database.execute(episodes.delete().where(episodes.c.id == deleted_episode.id))
        deletions = DeletionQueue(bench.database, bench.media.delete)
        deletions.register(Kind.WORKFLOW, dbos.forget)
        sweep = Sweep(
            bench.episodes, bench.media, deletions, dbos.list_workflow_ids, tmp_path / "joining"
        )
        report = await sweep.run(NOW)
        remaining = await remembered_ids()

    assert report.workflows == 1
    assert remaining == [f"{referenced.id}.1"]


async def remembered_ids() -> list[str]:
    return [id async for page in dbos.list_workflow_ids() for id in page]


async def test_deleting_an_episode_leaves_nothing_of_it(tmp_path: Path) -> None:
    async with open_bench(tmp_path) as bench:
        await bench.add_mails()
        episode = await bench.brew()
        clip_count = len(bench.clips())
        await bench.orders.delete(bench.listener, episode.id)
        remaining = await remembered_ids()

    assert clip_count > 0
    assert bench.clips() == []
    assert list((tmp_path / "media" / "episodes").iterdir()) == []
    assert remaining == []


class Interrupting(FolderMedia):
    """A storage in which an order is deleted or cancelled right after its MP3 was stored."""

    bench: Bench | None = None
    then: str = ""
    refuses = False

    async def put(self, key: str, file: Path) -> None:
        await super().put(key, file)
        if self.bench:
            [episode] = await self.bench.episodes.open(self.bench.listener)
            await getattr(self.bench.orders, self.then)(self.bench.listener, episode.id)
            self.refuses = True

    async def delete(self, key: str) -> None:
        if self.refuses:
            raise PermissionError
        await super().delete(key)


@pytest.mark.parametrize("then", ["delete", "cancel"])
async def test_an_mp3_that_is_uploaded_too_late_is_deleted(tmp_path: Path, then: str) -> None:
    """Even if storage refuses to delete it at that moment."""
    media = Interrupting(tmp_path / "media")
    async with open_bench(tmp_path, media=media) as bench:
        await bench.add_mails()
        media.bench, media.then = bench, then
        episode = await bench.order()
        ended = [progress async for progress in bench.orders.events(episode.id)][-1]
        await asyncio.sleep(0.5)  # the step that published learns of it
        remaining = {key for key in await keys(media) if key.startswith("episodes/")}
        media.refuses = False
        deletions = DeletionQueue(bench.database, media.delete)
        deletions.register(Kind.WORKFLOW, dbos.forget)
        await deletions.finish(NOW)

    assert ended.stage is Stage.CANCELLED
    assert {key for key in await keys(media) if key.startswith("episodes/")} == set()
    assert remaining <= {episode_key(episode.id, 1)}
