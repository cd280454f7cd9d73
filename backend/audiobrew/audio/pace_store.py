"""How fast voices turned out to speak."""

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from audiobrew.db.tables import paces
from audiobrew.db.upsert import insert

ENOUGH_SECONDS = 20.0
"""Less than that says little about a voice."""
LONG_ENOUGH_SECONDS = 7200.0
"""What is remembered fades: a voice that changes is followed within a few hours of sound."""


class PaceStore:
    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def measured_paces(self, voice: str) -> dict[str, float]:
        """Characters of shown text a second of finished audio, by language."""
        chosen = sa.select(paces.c.language, paces.c.characters / paces.c.seconds).where(
            paces.c.voice == voice, paces.c.seconds >= ENOUGH_SECONDS
        )
        async with self._engine.connect() as database:
            return {language: float(pace) for language, pace in await database.execute(chosen)}

    async def add(self, voice: str, language: str, characters: int, seconds: float) -> None:
        row = {"voice": voice, "language": language, "characters": characters, "seconds": seconds}
        keep = sa.case((paces.c.seconds > LONG_ENOUGH_SECONDS, 0.5), else_=1.0)
        more = {
            "characters": sa.cast(paces.c.characters * keep, sa.BigInteger) + characters,
            "seconds": paces.c.seconds * keep + seconds,
        }
        async with self._engine.begin() as database:
            new = insert(database, paces).values(row)
            await database.execute(
                new.on_conflict_do_update(index_elements=["voice", "language"], set_=more)
            )
