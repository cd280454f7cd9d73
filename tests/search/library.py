"""Finished episodes to search, as publishing leaves them behind."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from uuid import UUID

from audiobrew.db.stages import Stage
from audiobrew.db.tables import episodes, segments, sentences
from audiobrew.search.index import index_episode
from sqlalchemy.ext.asyncio import AsyncEngine

from tests.row_factory import episode_row

SECONDS_OF_SENTENCE = 4.0


async def store_episode(
    engine: AsyncEngine,
    listener: UUID,
    stories: Mapping[str, Sequence[str]],
    title: str | None = None,
    *,
    indexed: bool = True,
) -> UUID:
    """An episode with these sentences, by the title of their story. With a `title`, its listener chose it.
    Each sentence takes four seconds."""
    row = episode_row(listener, Stage.READY, datetime.now(UTC))
    row |= {"title": title or " · ".join(stories), "title_chosen": title is not None}
    id: UUID = row["id"]
    story_rows, sentence_rows = [], []
    for number, (story, texts) in enumerate(stories.items()):
        start = len(sentence_rows) * SECONDS_OF_SENTENCE
        story_rows.append(
            {"episode_id": id, "number": number, "title": story, "language": "en", "start": start}
        )
        for text in texts:
            place = len(sentence_rows)
            sentence_rows.append(
                {
                    "episode_id": id,
                    "number": place,
                    "segment": number,
                    "speaker": "first",
                    "kind": "sourced",
                    "text": text,
                    "cites": [],
                    "start": place * SECONDS_OF_SENTENCE,
                }
            )
    async with engine.begin() as database:
        await database.execute(episodes.insert().values(row))
        if story_rows:
            await database.execute(segments.insert(), story_rows)
        if sentence_rows:
            await database.execute(sentences.insert(), sentence_rows)
        if indexed:
            await index_episode(database, id)
    return id
