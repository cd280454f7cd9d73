"""Imports are read in turns, by one process at a time."""

import asyncio
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from audiobrew.db.import_states import ImportState
from audiobrew.inbox.imports import reader as reader_module
from audiobrew.inbox.imports import uploads as uploads_module
from sqlalchemy.ext.asyncio import AsyncEngine

from tests.inbox.test_imports import PART, Killed, World, newsletters, zipped
from tests.inbox.test_routes import mbox


@pytest.fixture
def world(engine: AsyncEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setattr(uploads_module, "PART_BYTES", PART)
    monkeypatch.setattr(reader_module, "BATCH_SECONDS", 0.0)
    return World(engine, tmp_path)


async def test_imports_take_turns(
    world: World, ada: UUID, bob: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reader_module, "TURN_SECONDS", 0.0)
    monkeypatch.setattr(reader_module, "AT_ONCE", 1)
    # Each mail takes a second, and nothing else does.
    monkeypatch.setattr(reader_module, "monotonic", lambda: float(world.parser.count))
    large = await world.upload(ada, mbox(*newsletters(6)))
    small = await world.upload(bob, mbox(*newsletters(2)))
    world.parser.fail_at = 5  # two turns of each are over
    with pytest.raises(Killed):
        await world.reader().run()

    assert (await world.imports.get(ada, large)).counts.mails == 2
    assert (await world.imports.get(bob, small)).counts.mails == 2


async def test_a_turn_takes_longer_than_its_preparation(
    world: World, ada: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else a large mailbox in a .zip would be unpacked again for each mail."""
    taken = 0

    def take_slowly(mails: Any, count: int) -> Any:
        nonlocal taken
        taken += 1
        return take(mails, count)

    take = reader_module.take
    monkeypatch.setattr(reader_module, "take", take_slowly)
    # The first mail of a turn takes a minute, each of the others a second.
    monkeypatch.setattr(reader_module, "monotonic", lambda: min(taken, 1) * 60.0 + taken)
    id = await world.upload(ada, zipped(**{"in.mbox": mbox(*newsletters(8))}), "in.zip")
    world.parser.fail_at = 8
    with pytest.raises(Killed):
        await world.reader().run()

    import_ = await world.imports.get(ada, id)
    assert (import_.state, import_.counts.mails, taken) == (ImportState.READING, 7, 8)


async def test_one_process_reads_an_import_at_a_time(world: World, ada: UUID) -> None:
    id = await world.upload(ada, mbox(*newsletters(6)))
    await asyncio.gather(*(world.reader().run() for _ in range(3)))

    done = await world.imports.get(ada, id)
    assert (done.state, done.counts.mails, world.parser.count) == (ImportState.DONE, 6, 6)
