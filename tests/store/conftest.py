from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID

import pytest
from audiobrew.store.database import migrate, open_database
from audiobrew.store.listeners import Listeners
from sqlalchemy.ext.asyncio import AsyncEngine

from tests.places import place


@pytest.fixture
async def engine(tmp_path: Path) -> AsyncIterator[AsyncEngine]:
    settings = place(data=tmp_path)
    await migrate(settings)
    engine = open_database(settings)
    yield engine
    await engine.dispose()


@pytest.fixture
async def ada(engine: AsyncEngine) -> UUID:
    return await Listeners(engine).add()


@pytest.fixture
async def bob(engine: AsyncEngine) -> UUID:
    return await Listeners(engine).add()
