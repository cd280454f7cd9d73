"""The listener's dictionary: how words are said in their episodes."""

from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from audiobrew.account.listener_store import lock_listener
from audiobrew.audio.pronunciation import Pronunciation, word_key
from audiobrew.db.tables import pronunciations
from audiobrew.db.timestamps import utc
from audiobrew.ops import metrics
from audiobrew.problems import Problem

MAX_PRONUNCIATIONS = 500
# Characters.
MAX_WORD, MAX_SAY = 60, 120


class PronunciationNotFound(Problem):
    """There is no such word in your list."""

    type = "pronunciation-not-found"
    status = HTTPStatus.NOT_FOUND


class TooManyPronunciations(Problem):
    """Your list has as many words as AudioBrew keeps. Remove one that you no longer need, then try again."""

    type = "too-many-pronunciations"
    status = HTTPStatus.CONFLICT


@dataclass(frozen=True, slots=True)
class StoredPronunciation:
    id: UUID
    word: str
    say: str
    created_at: datetime


class PronunciationStore:
    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def list(self, listener: UUID) -> list[StoredPronunciation]:
        """All words of a listener, in alphabetical order."""
        query = (
            pronunciations.select()
            .where(pronunciations.c.listener_id == listener)
            .order_by(pronunciations.c.key)
        )
        async with self._engine.connect() as database:
            return [_from_row(row) for row in await database.execute(query)]

    async def of(self, listener: UUID) -> tuple[Pronunciation, ...]:
        """What voices follow."""
        return tuple(Pronunciation(one.word, one.say) for one in await self.list(listener))

    async def put(self, listener: UUID, word: str, say: str) -> StoredPronunciation:
        """Add a word, or change how it is said. Raises TooManyPronunciations."""
        key = word_key(word)
        own = pronunciations.c.listener_id == listener
        same = sa.and_(own, pronunciations.c.key == key)
        async with self._engine.begin() as database:
            await lock_listener(database, listener)
            change = pronunciations.update().where(same).values(word=word, say=say)
            row = (await database.execute(change.returning(pronunciations))).one_or_none()
            if row is None:
                count = sa.select(sa.func.count()).select_from(pronunciations).where(own)
                if (await database.execute(count)).scalar_one() >= MAX_PRONUNCIATIONS:
                    raise TooManyPronunciations
                addition = pronunciations.insert().values(
                    id=uuid4(),
                    listener_id=listener,
                    key=key,
                    word=word,
                    say=say,
                    created_at=datetime.now(UTC),
                )
                row = (await database.execute(addition.returning(pronunciations))).one()
        metrics.PRONUNCIATIONS.labels("stored").inc()
        return _from_row(row)

    async def delete(self, listener: UUID, id: UUID) -> None:
        """Raises PronunciationNotFound."""
        own = sa.and_(pronunciations.c.id == id, pronunciations.c.listener_id == listener)
        async with self._engine.begin() as database:
            result = await database.execute(pronunciations.delete().where(own))
        if not result.rowcount:
            raise PronunciationNotFound
        metrics.PRONUNCIATIONS.labels("deleted").inc()


def _from_row(row: sa.Row[tuple[object, ...]]) -> StoredPronunciation:
    return StoredPronunciation(row.id, row.word, row.say, utc(row.created_at))
