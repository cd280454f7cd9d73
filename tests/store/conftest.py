from uuid import UUID

import pytest
from audiobrew.store.listeners import Listeners
from sqlalchemy.ext.asyncio import AsyncEngine

from tests.listeners import a_listener


@pytest.fixture
async def ada(engine: AsyncEngine) -> UUID:
    return await a_listener(Listeners(engine))


@pytest.fixture
async def bob(engine: AsyncEngine) -> UUID:
    return await a_listener(Listeners(engine))
