"""The measured pace of every voice."""

from dataclasses import asdict, dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from audiobrew.db.tables import paces
from audiobrew.db.upsert import insert

# Seconds of audio. A shorter measurement says little about a voice.
MIN_SECONDS = 20.0
# Seconds of audio after which old measurements count half, so that the pace follows a voice that changes.
MAX_SECONDS = 7200.0


@dataclass(frozen=True, slots=True)
class PaceSample:
    """What an episode says in one language: characters of shown text in seconds of finished audio, and
    characters that were said in seconds of speech."""

    characters: int = 0
    seconds: float = 0.0
    speech_characters: int = 0
    speech_seconds: float = 0.0


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

    async def measured_speech_paces(self, voice: str) -> dict[str, float]:
        """Characters per second of speech, by language; see `Voice.speech_pace`."""
        query = sa.select(
            paces.c.language, paces.c.speech_characters / paces.c.speech_seconds
        ).where(paces.c.voice == voice, paces.c.speech_seconds >= MIN_SECONDS)
        async with self._engine.connect() as database:
            return {language: float(pace) for language, pace in await database.execute(query)}

    async def add(self, voice: str, language: str, sample: PaceSample) -> None:
        """Add the measurement of one episode."""
        row = {"voice": voice, "language": language, **asdict(sample)}
        weight = sa.case((paces.c.seconds > MAX_SECONDS, 0.5), else_=1.0)
        update = {
            "characters": _weighted(paces.c.characters, weight) + sample.characters,
            "seconds": paces.c.seconds * weight + sample.seconds,
            "speech_characters": _weighted(paces.c.speech_characters, weight)
            + sample.speech_characters,
            "speech_seconds": paces.c.speech_seconds * weight + sample.speech_seconds,
        }
        async with self._engine.begin() as database:
            statement = insert(database, paces).values(row)
            await database.execute(
                statement.on_conflict_do_update(index_elements=["voice", "language"], set_=update)
            )


def _weighted(
    column: sa.ColumnElement[Any], weight: sa.ColumnElement[Any]
) -> sa.ColumnElement[Any]:
    return sa.cast(column * weight, sa.BigInteger)
