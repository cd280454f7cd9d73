"""Uploads of imports: parts that arrive late or twice, their limits, and what is deleted when."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from audiobrew.account.store import AccountStore
from audiobrew.db.import_states import ImportState
from audiobrew.db.tables import imports as imports_table
from audiobrew.inbox.imports import uploads as uploads_module
from audiobrew.inbox.imports.mail_import import (
    ImportEnded,
    ImportNotFound,
    ImportsFull,
    ImportTooLarge,
    PartMisplaced,
)
from audiobrew.inbox.imports.schemas import ImportRequest
from audiobrew.inbox.imports.store import MAX_LISTED, MAX_OPEN
from sqlalchemy.ext.asyncio import AsyncEngine

from tests.inbox.test_imports import PART, World, newsletters
from tests.inbox.test_routes import mbox


@pytest.fixture
def world(engine: AsyncEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setattr(uploads_module, "PART_BYTES", PART)
    return World(engine, tmp_path)


async def test_an_interrupted_upload_goes_on(world: World, ada: UUID) -> None:
    content = mbox(*newsletters(4))
    id = (await world.begin(ada, content)).id
    await world.imports.add_part(ada, id, 0, content[:PART])
    repeated = await world.imports.add_part(ada, id, 0, content[:PART])
    for offset, part in ((PART + 1, content[:PART]), (2 * PART, content[:PART]), (PART, b"short")):
        with pytest.raises(PartMisplaced, match="byte 500 and has 500 bytes"):
            await world.imports.add_part(ada, id, offset, part)
    for offset in range(repeated.received, len(content), PART):
        await world.imports.add_part(ada, id, offset, content[offset : offset + PART])
    await world.reader().run()

    assert (await world.imports.get(ada, id)).counts.added == 4


async def test_the_space_of_a_listener_is_bounded(world: World, ada: UUID, bob: UUID) -> None:
    with pytest.raises(ImportTooLarge):
        await world.imports.begin(ada, "a.mbox", 100_001, keeps_others=False)
    await world.imports.begin(ada, "a.mbox", 90_000, keeps_others=False)
    with pytest.raises(ImportsFull, match="stop one"):
        await world.imports.begin(ada, "b.mbox", 20_000, keeps_others=False)
    for _ in range(MAX_OPEN - 1):
        await world.imports.begin(ada, "c.mbox", 1, keeps_others=False)
    with pytest.raises(ImportsFull):
        await world.imports.begin(ada, "d.mbox", 1, keeps_others=False)

    await world.imports.begin(bob, "a.mbox", 90_000, keeps_others=False)


async def test_a_name_may_have_any_character(world: World, ada: UUID) -> None:
    """PostgreSQL stores no NUL."""
    assert ImportRequest(name="in\0.mbox", bytes=1).name == "in\ufffd.mbox"


async def test_what_is_not_finished_within_a_day_is_deleted(world: World, ada: UUID) -> None:
    content = mbox(*newsletters(4))
    id = (await world.begin(ada, content)).id
    await world.imports.add_part(ada, id, 0, content[:PART])
    await world.imports.clean_up()
    assert world.parts()
    await age(world, timedelta(days=2))
    await world.imports.clean_up()

    failed = await world.imports.get(ada, id)
    assert (failed.state, failed.trouble) == (ImportState.FAILED, uploads_module.NOT_UPLOADED)
    assert await world.remaining_parts() == []
    await age(world, timedelta(days=31))
    await world.imports.clean_up()
    assert await world.imports.list(ada) == []


async def age(world: World, by: timedelta) -> None:
    async with world.engine.begin() as database:
        values = {"updated_at": datetime.now(UTC) - by}
        await database.execute(imports_table.update().values(values))


async def test_parts_that_are_needed_are_no_orphans(world: World, ada: UUID) -> None:
    id = await world.upload(ada, mbox(*newsletters(2)))
    keys = [listed.key async for listed in world.media.list()]
    assert len(keys) == len(world.parts()) > 1
    assert await world.deletions.find_referenced(keys) == set(keys)
    await world.store.end(id, ImportState.CANCELLED)

    assert await world.deletions.find_referenced(keys) == set()


async def test_the_files_of_a_deleted_account_are_deleted(
    world: World, ada: UUID, bob: UUID
) -> None:
    await world.upload(ada, mbox(*newsletters(4)))
    other = await world.upload(bob, mbox(*newsletters(2)))
    ended_ = (await world.imports.begin(ada, "in.mbox", 100 * PART, keeps_others=False)).id
    await world.imports.cancel(ada, ended_)
    await world.deletions.finish(timedelta(0))
    await AccountStore(world.engine).delete_rows(ada)

    # Only of what may be in storage, however large the files would have been.
    assert await world.deletions.count() < 50
    assert {name[:36] for name in await world.remaining_parts()} == {str(other)}


@pytest.mark.parametrize(("end", "problem"), [("cancel", ImportEnded), ("delete", ImportNotFound)])
async def test_a_part_that_arrives_after_the_end_is_refused_and_deleted(
    world: World, ada: UUID, monkeypatch: pytest.MonkeyPatch, end: str, problem: type[Exception]
) -> None:
    """Not only an hour later, when the deletion of the other parts is repeated."""
    content = mbox(*newsletters(4))
    put = world.media.put_bytes

    async def end_and_put(key: str, part: bytes) -> None:
        await getattr(world.imports, end)(ada, id)
        await put(key, part)

    monkeypatch.setattr(world.media, "put_bytes", end_and_put)
    id = (await world.begin(ada, content)).id
    with pytest.raises(problem):
        await world.imports.add_part(ada, id, 0, content[:PART])

    assert world.parts() == []


async def test_a_part_that_two_requests_store_stays(
    world: World, ada: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = mbox(*newsletters(4))
    id = (await world.begin(ada, content)).id
    parts = [world.imports.add_part(ada, id, 0, content[:PART]) for _ in range(3)]
    answers = await asyncio.gather(*parts)

    assert [answer.received for answer in answers] == [PART] * 3
    assert len(world.parts()) == 1


async def test_ended_imports_of_a_listener_are_bounded(world: World, ada: UUID, bob: UUID) -> None:
    other = (await world.begin(bob, b"x")).id
    waiting = (await world.begin(ada, b"x")).id
    await world.imports.cancel(bob, other)
    ids = []
    for _ in range(MAX_LISTED + 5):
        ids.append((await world.begin(ada, b"x")).id)
        await world.imports.cancel(ada, ids[-1])

    async with world.engine.connect() as database:
        stored = set((await database.execute(sa.select(imports_table.c.id))).scalars())
    # The last one ended after the oldest ones were forgotten.
    assert stored == {other, waiting, *ids[-MAX_LISTED - 1 :]}


async def test_an_upload_that_goes_on_is_not_ended(
    world: World, ada: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A part arrives after the clean-up has listed the imports without progress."""
    content = mbox(*newsletters(4))
    id = (await world.begin(ada, content)).id
    await age(world, timedelta(days=2))
    list_abandoned = world.store.list_abandoned

    async def list_and_go_on(since: datetime) -> Any:
        abandoned = await list_abandoned(since)
        await world.imports.add_part(ada, id, 0, content[:PART])
        return abandoned

    monkeypatch.setattr(world.store, "list_abandoned", list_and_go_on)
    await world.imports.clean_up()

    one = await world.imports.get(ada, id)
    assert (one.state, one.received) == (ImportState.UPLOADING, PART)
    assert len(world.parts()) == 1
