from uuid import UUID

import pytest
from audiobrew.store.listeners import Listeners
from sqlalchemy.ext.asyncio import AsyncEngine


@pytest.fixture
async def ada(engine: AsyncEngine) -> UUID:
    return await Listeners(engine).add()


@pytest.fixture
async def bob(engine: AsyncEngine) -> UUID:
    return await Listeners(engine).add()
