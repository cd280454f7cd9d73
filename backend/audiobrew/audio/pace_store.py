"""The measured pace of every voice."""

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from audiobrew.db.tables import paces
from audiobrew.db.upsert import insert

# Seconds of audio. A shorter measurement says little about a voice.
MIN_SECONDS = 20.0
# Seconds of audio after which old measurements count half, so that the pace follows a voice that changes.
MAX_SECONDS = 7200.0


class PaceStore:
    """Reads and updates the table of paces."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def measured_paces(self, voice: str) -> dict[str, float]:
        """Characters of shown text per second of finished audio, by language."""
        query = sa.select(paces.c.language, paces.c.characters / paces.c.seconds).where(
            paces.c.voice == voice, paces.c.seconds >= MIN_SECONDS
        )
        async with self._engine.connect() as database:
            return {language: float(pace) for language, pace in await database.execute(query)}

    async def add(self, voice: str, language: str, characters: int, seconds: float) -> None:
        """Add the characters and seconds of one episode."""
        row = {"voice": voice, "language": language, "characters": characters, "seconds": seconds}
        weight = sa.case((paces.c.seconds > MAX_SECONDS, 0.5), else_=1.0)
        update = {
            "characters": sa.cast(paces.c.characters * weight, sa.BigInteger) + characters,
            "seconds": paces.c.seconds * weight + seconds,
        }
        async with self._engine.begin() as database:
            statement = insert(database, paces).values(row)
            await database.execute(
                statement.on_conflict_do_update(index_elements=["voice", "language"], set_=update)
            )
