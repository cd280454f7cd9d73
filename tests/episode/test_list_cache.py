import asyncio
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from audiobrew.episode.list_cache import MAX_ENTRIES, ListCache


class Shelf:
    """Counts how often it was asked."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.read_count = 0

    async def read(self) -> bytes:
        self.read_count += 1
        with closing(sqlite3.connect(self.file, isolation_level=None)) as database:
            return str(database.execute("SELECT count(*) FROM shelf").fetchone()[0]).encode()

    def write(self) -> None:
        with closing(sqlite3.connect(self.file, isolation_level=None)) as database:
            database.execute("INSERT INTO shelf VALUES (1)")


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    file = tmp_path / "shelf.sqlite"
    with closing(sqlite3.connect(file)) as database:
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("CREATE TABLE shelf (n)")
    return Shelf(file)


@pytest.fixture
def list_cache(shelf: Shelf) -> Iterator[ListCache]:
    list_cache = ListCache(shelf.file)
    yield list_cache
    list_cache.close()


async def test_an_answer_is_made_once_while_nothing_changes(
    list_cache: ListCache, shelf: Shelf
) -> None:
    responses = [await list_cache.get_or_make("all", shelf.read) for _ in range(5)]

    assert responses == [b"0"] * 5
    assert shelf.read_count == 1


async def test_what_was_written_is_told_at_once(list_cache: ListCache, shelf: Shelf) -> None:
    for count in range(5):
        assert await list_cache.get_or_make("all", shelf.read) == str(count).encode()
        shelf.write()


async def test_also_what_another_thread_wrote(list_cache: ListCache, shelf: Shelf) -> None:
    await list_cache.get_or_make("all", shelf.read)
    writer = threading.Thread(target=shelf.write)
    writer.start()
    writer.join()

    assert await list_cache.get_or_make("all", shelf.read) == b"1"


async def test_what_is_written_while_an_answer_is_made_is_not_missed(
    list_cache: ListCache, shelf: Shelf
) -> None:
    async def overtaken() -> bytes:
        responses = await shelf.read()
        shelf.write()
        return responses

    assert await list_cache.get_or_make("all", overtaken) == b"0"
    assert await list_cache.get_or_make("all", shelf.read) == b"1"


async def test_keys_do_not_mix(list_cache: ListCache, shelf: Shelf) -> None:
    async def other() -> bytes:
        return b"other"

    assert await list_cache.get_or_make("ada", shelf.read) == b"0"
    assert await list_cache.get_or_make("ben", other) == b"other"
    assert await list_cache.get_or_make("ada", other) == b"0"


async def test_only_so_many_are_kept(list_cache: ListCache, shelf: Shelf) -> None:
    for key in range(MAX_ENTRIES + 1):
        await list_cache.get_or_make(key, shelf.read)
    await list_cache.get_or_make(0, shelf.read)

    assert shelf.read_count == MAX_ENTRIES + 2


async def test_a_database_that_is_locked_is_asked_anew(list_cache: ListCache, shelf: Shelf) -> None:
    await list_cache.get_or_make("all", shelf.read)
    with closing(sqlite3.connect(shelf.file, isolation_level=None)) as writer:
        writer.execute("BEGIN EXCLUSIVE")
        writer.execute("INSERT INTO shelf VALUES (1)")
        during = await list_cache.get_or_make("all", shelf.read)
        writer.execute("COMMIT")

    assert during == b"0"
    assert await list_cache.get_or_make("all", shelf.read) == b"1"


async def test_who_asks_while_it_is_made_shares_it(list_cache: ListCache, shelf: Shelf) -> None:
    responses = await asyncio.gather(
        *(list_cache.get_or_make("all", shelf.read) for _ in range(16))
    )

    assert responses == [b"0"] * 16
    assert shelf.read_count == 1


async def test_one_who_leaves_does_not_take_it_from_the_rest(
    list_cache: ListCache, shelf: Shelf
) -> None:
    async def slowly() -> bytes:
        await asyncio.sleep(0.05)
        return await shelf.read()

    first = asyncio.ensure_future(list_cache.get_or_make("all", slowly))
    second = asyncio.ensure_future(list_cache.get_or_make("all", slowly))
    await asyncio.sleep(0)
    first.cancel()

    assert await second == b"0"
    assert shelf.read_count == 1


async def test_a_failure_is_told_and_not_kept(list_cache: ListCache, shelf: Shelf) -> None:
    async def failing() -> bytes:
        raise FileNotFoundError

    with pytest.raises(FileNotFoundError):
        await list_cache.get_or_make("all", failing)

    assert await list_cache.get_or_make("all", shelf.read) == b"0"
