"""Imports are read in turns, by one process at a time."""

import asyncio
import itertools
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from audiobrew.db.import_states import ImportState
from audiobrew.inbox.imports import reader as reader_module
from audiobrew.inbox.imports import uploads as uploads_module
from audiobrew.mail.mime import mbox as mbox_module
from sqlalchemy.ext.asyncio import AsyncEngine

from tests.inbox.test_imports import PART, Killed, World, newsletters, zipped
from tests.inbox.test_mail_files import encrypted_zip
from tests.inbox.test_routes import mbox
from tests.serving import a_mail


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


async def test_a_turn_ends_within_a_mail_that_is_too_large(
    world: World, ada: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mbox_module, "PIECE_BYTES", 30_000)
    monkeypatch.setattr(mbox_module, "CHUNK_BYTES", 10_000)
    content = mbox(a_mail("One"), a_mail("Large") + b"x" * 80_000, a_mail("Three"))
    id = await world.upload(ada, content)
    await read_in_turns_of_one_item(world, monkeypatch)

    done = await world.imports.get(ada, id)
    assert (done.state, done.counts.mails, done.counts.skipped) == (ImportState.DONE, 3, 1)
    assert await world.subjects(ada) == ["One", "Three"]
    assert "is too large: AudioBrew reads mails up to" in done.reasons[0].reason


async def test_a_file_with_a_password_is_read_no_further_in_the_next_turn(
    world: World, ada: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    id = await world.upload(ada, encrypted_zip(), "in.zip")
    await read_in_turns_of_one_item(world, monkeypatch)

    done = await world.imports.get(ada, id)
    assert (done.state, done.counts.mails, done.counts.skipped) == (ImportState.DONE, 2, 1)


async def read_in_turns_of_one_item(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Read until the file's end. No turn is longer than one mail or one part without mails."""
    turns = 0

    async def begin_turn(listener: UUID) -> Any:
        nonlocal turns
        turns += 1
        return await begin(listener)

    begin = world.store.begin_turn
    monkeypatch.setattr(world.store, "begin_turn", begin_turn)
    monkeypatch.setattr(reader_module, "TURN_SECONDS", 0.0)
    # Each look at the clock is a second later, so that a turn is over after its first item.
    monkeypatch.setattr(reader_module, "monotonic", map(float, itertools.count()).__next__)
    await world.reader().run()
    assert turns > 2
