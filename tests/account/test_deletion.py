import asyncio
import shutil
import sqlite3
from pathlib import Path
from uuid import UUID

import pytest
import sqlalchemy as sa
from audiobrew.account.deletion import AccountDeletion
from audiobrew.account.listener_store import tombstone_hash
from audiobrew.account.store import AccountStore
from audiobrew.db.engine import open_database
from audiobrew.db.tables import deletions, tombstones
from audiobrew.episode.engine import forget
from audiobrew.media.deletion_queue import DeletionQueue, Kind
from audiobrew.problems import Problem
from audiobrew.wiring import Ports, connect

from tests.account.user_fixtures import (
    UserData,
    create_user_data,
    media_files,
    settings_on,
    traces_in_files,
)
from tests.listeners import add_listener

STEPS = 6


class Google:
    """A stand-in for the mailbox, which may raise."""

    def __init__(self, trouble: Problem | None = None) -> None:
        self.disconnected: list[UUID] = []
        self.trouble = trouble

    async def disconnect(self, listener: UUID) -> None:
        self.disconnected.append(listener)
        if self.trouble:
            raise self.trouble


def deletion(ports: Ports, google: Google | None = None) -> AccountDeletion:
    store = AccountStore(ports.database)
    deletions = DeletionQueue(ports.database, ports.media.delete)
    deletions.register(Kind.WORKFLOW, forget)
    return AccountDeletion(store, ports.identity, deletions, ports.orders, google, ())


@pytest.fixture(scope="module")
async def template(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, UserData, UserData]:
    """A data folder with the data of two listeners. The tests copy it."""
    folder = tmp_path_factory.mktemp("users") / "data"
    async with connect(settings_on(folder), alone=True) as ports:
        ada = await create_user_data(ports, await ports.listeners.local(), "Zaragoza")
        bob = await create_user_data(ports, await add_listener(ports.listeners), "Timbuktu")
    return folder, ada, bob


@pytest.fixture
def users(
    template: tuple[Path, UserData, UserData], tmp_path: Path
) -> tuple[Path, UserData, UserData]:
    folder, ada, bob = template
    shutil.copytree(folder, tmp_path / "data")
    return tmp_path / "data", ada, bob


def test_the_fixtures_leave_traces_in_every_kind_of_file(
    users: tuple[Path, UserData, UserData],
) -> None:
    folder, ada, bob = users

    for user in (ada, bob):
        # What was written last may still be in the log beside a file.
        files = {
            trace.split(":")[0].removesuffix("-wal") for trace in traces_in_files(folder, user)
        }
        assert {"audiobrew.sqlite", "engine.sqlite"} <= files
    assert len(list(media_files(folder))) > 4


async def assert_only_bob_remains(folder: Path, ada: UserData, bob: UserData) -> None:
    """Check that nothing of `ada` is left, and everything of `bob`."""
    async with connect(settings_on(folder), alone=True) as ports:
        async with ports.database.connect() as database:
            assert not (await database.execute(sa.select(deletions))).all()
            stones = (await database.execute(sa.select(tombstones.c.listener_hash))).scalars()
            assert list(stones) == [tombstone_hash(ada.id)]
        episodes = await ports.episodes.list(bob.id, 10, None)
        assert {file.name for file in (folder / "media" / "episodes").iterdir()} == {
            f"{episode.id}.mp3" for episode in episodes if episode.media
        }
        assert any(episode.media for episode in episodes)
        assert await ports.mails.list(bob.id, 10, None)
    assert traces_in_files(folder, ada) == []


@pytest.mark.parametrize("finished_steps", range(STEPS + 1))
async def test_a_deletion_that_is_interrupted_after_any_step_is_resumed(
    users: tuple[Path, UserData, UserData], finished_steps: int
) -> None:
    folder, ada, bob = users
    async with connect(settings_on(folder), alone=True) as ports:
        steps = deletion(ports).steps()
        assert len(steps) == STEPS
        for step in [deletion(ports).lock_out, *steps[1:finished_steps]]:
            await step(ada.id)
    async with connect(settings_on(folder), alone=True) as ports:
        await ports.account_deletion.resume_all()
        await ports.account_deletion.resume_all()

    await assert_only_bob_remains(folder, ada, bob)


async def test_every_step_can_be_repeated(users: tuple[Path, UserData, UserData]) -> None:
    folder, ada, bob = users
    async with connect(settings_on(folder), alone=True) as ports:
        for _ in range(2):
            for step in deletion(ports).steps():
                await step(ada.id)
                await step(ada.id)

    await assert_only_bob_remains(folder, ada, bob)


async def test_a_deletion_waits_until_nobody_reads_the_deleted_rows(
    users: tuple[Path, UserData, UserData],
) -> None:
    folder, ada, bob = users
    async with connect(settings_on(folder), alone=True) as ports:
        *steps, _ = deletion(ports).steps()
        for step in steps:
            await step(ada.id)
    impatient = open_database(settings_on(folder).model_copy(update={"busy_seconds": 0.1}))
    reader = sqlite3.connect(folder / "audiobrew.sqlite", isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM mails").fetchone()
    last_step = asyncio.create_task(AccountStore(impatient).finish_deletion(ada.id))
    finished, _ = await asyncio.wait([last_step], timeout=1)
    reader.close()
    await last_step
    await impatient.dispose()

    assert not finished
    await assert_only_bob_remains(folder, ada, bob)


async def test_an_error_of_google_does_not_stop_a_deletion(
    users: tuple[Path, UserData, UserData],
) -> None:
    folder, ada, bob = users
    google = Google(Problem())
    async with connect(settings_on(folder), alone=True) as ports:
        await deletion(ports, google).begin(ada.id)
        await deletion(ports, google).resume_all()

    assert google.disconnected == [ada.id]
    await assert_only_bob_remains(folder, ada, bob)


async def test_deleting_the_local_listener_creates_a_new_empty_one(
    users: tuple[Path, UserData, UserData],
) -> None:
    folder, ada, bob = users
    settings = settings_on(folder)
    async with connect(settings, alone=True) as ports:
        for user in (ada, bob):
            await ports.account_deletion.begin(user.id)
    async with connect(settings, alone=True) as ports:
        before = await ports.listeners.local()
        await ports.account_deletion.resume_all()
        after = await ports.listeners.local()

        assert before == after
        assert after not in (ada.id, bob.id)
        assert await ports.mails.list(after, 10, None) == []
    assert traces_in_files(folder, ada) == traces_in_files(folder, bob) == []
    assert list(media_files(folder)) == []
