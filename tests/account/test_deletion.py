import shutil
from pathlib import Path
from uuid import UUID

import pytest
import sqlalchemy as sa
from audiobrew.account.deletion import Deletion
from audiobrew.account.listener_store import tombstone_hash
from audiobrew.account.store import AccountStore
from audiobrew.db.tables import deletions, tombstones
from audiobrew.episode.engine import forget
from audiobrew.media.deletion_queue import DeletionQueue, Kind
from audiobrew.problems import Problem
from audiobrew.wiring import Ports, connect

from tests.account.user_fixtures import Life, found_in_files, lived, media_files, settings_on
from tests.listeners import add_listener

STEPS = 6


class Google:
    """Somebody to leave, who may not answer."""

    def __init__(self, trouble: Problem | None = None) -> None:
        self.left: list[UUID] = []
        self.trouble = trouble

    async def disconnect(self, listener: UUID) -> None:
        self.left.append(listener)
        if self.trouble:
            raise self.trouble


def deletion(ports: Ports, google: Google | None = None) -> Deletion:
    kept = AccountStore(ports.database)
    deletions = DeletionQueue(ports.database, ports.media.delete)
    deletions.register(Kind.WORKFLOW, forget)
    return Deletion(kept, ports.identity, deletions, ports.orders, google, ())


@pytest.fixture(scope="module")
async def filled(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Life, Life]:
    """A folder with the lives of two, which tests copy."""
    folder = tmp_path_factory.mktemp("lives") / "data"
    async with connect(settings_on(folder), alone=True) as ports:
        ada = await lived(ports, await ports.listeners.local(), "Zaragoza")
        bob = await lived(ports, await add_listener(ports.listeners), "Timbuktu")
    return folder, ada, bob


@pytest.fixture
def lives(filled: tuple[Path, Life, Life], tmp_path: Path) -> tuple[Path, Life, Life]:
    folder, ada, bob = filled
    shutil.copytree(folder, tmp_path / "data")
    return tmp_path / "data", ada, bob


def test_both_lives_left_traces_everywhere(lives: tuple[Path, Life, Life]) -> None:
    folder, ada, bob = lives

    for life in (ada, bob):
        files = {found.split(":")[0] for found in found_in_files(folder, life)}
        assert {"audiobrew.sqlite", "engine.sqlite"} <= files
    assert len(list(media_files(folder))) > 4


async def nothing_is_left(folder: Path, ada: Life, bob: Life) -> None:
    """Of one life; and of the other everything is."""
    async with connect(settings_on(folder), alone=True) as ports:
        async with ports.database.connect() as database:
            assert not (await database.execute(sa.select(deletions))).all()
            stones = (await database.execute(sa.select(tombstones.c.listener_hash))).scalars()
            assert list(stones) == [tombstone_hash(ada.id)]
        kept = await ports.episodes.list(bob.id, 10, None)
        assert {file.name for file in (folder / "media" / "episodes").iterdir()} == {
            f"{episode.id}.mp3" for episode in kept if episode.media
        }
        assert any(episode.media for episode in kept)
        assert await ports.mails.list(bob.id, 10, None)
    assert found_in_files(folder, ada) == []


@pytest.mark.parametrize("done", range(STEPS + 1))
async def test_a_deletion_that_dies_after_any_step_goes_on(
    lives: tuple[Path, Life, Life], done: int
) -> None:
    folder, ada, bob = lives
    async with connect(settings_on(folder), alone=True) as ports:
        steps = deletion(ports).steps()
        assert len(steps) == STEPS
        for step in [deletion(ports).lock_out, *steps[1:done]]:
            await step(ada.id)
    async with connect(settings_on(folder), alone=True) as ports:
        await ports.accounts.resume_deletions()
        await ports.accounts.resume_deletions()

    await nothing_is_left(folder, ada, bob)


async def test_every_step_may_be_done_again(lives: tuple[Path, Life, Life]) -> None:
    folder, ada, bob = lives
    async with connect(settings_on(folder), alone=True) as ports:
        for _ in range(2):
            for step in deletion(ports).steps():
                await step(ada.id)
                await step(ada.id)

    await nothing_is_left(folder, ada, bob)


async def test_a_google_that_refuses_holds_nobody(lives: tuple[Path, Life, Life]) -> None:
    folder, ada, bob = lives
    google = Google(Problem())
    async with connect(settings_on(folder), alone=True) as ports:
        await deletion(ports, google).begin(ada.id)
        await deletion(ports, google).resume_deletions()

    assert google.left == [ada.id]
    await nothing_is_left(folder, ada, bob)


async def test_this_machines_listener_is_made_anew_and_has_nothing(
    lives: tuple[Path, Life, Life],
) -> None:
    folder, ada, bob = lives
    settings = settings_on(folder)
    async with connect(settings, alone=True) as ports:
        for life in (ada, bob):
            await ports.accounts.delete(life.id)
    async with connect(settings, alone=True) as ports:
        before = await ports.listeners.local()
        await ports.accounts.resume_deletions()
        after = await ports.listeners.local()

        assert before == after
        assert after not in (ada.id, bob.id)
        assert await ports.mails.list(after, 10, None) == []
    assert found_in_files(folder, ada) == found_in_files(folder, bob) == []
    assert list(media_files(folder)) == []
