"""Finds stories, episodes and newsletters of a listener."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from audiobrew.db.search_tables import search_texts
from audiobrew.db.tables import episodes, mails, segments, sentences
from audiobrew.db.timestamps import utc
from audiobrew.search.index import add_missing_texts
from audiobrew.search.query import Term, fts5_query, parse_query, postgres_query
from audiobrew.search.snippet import TextPart, count_terms, mark

# A smaller rank is a better match. A word in a title counts as four in a text.
MATCHES = {
    "sqlite": """
        select number, id, listener_id, episode_id, segment, mail_id,
            bm25(search_index, 4.0, 1.0) as rank
        from search_index cross join search_texts on number = search_index.rowid
        where search_index match :query""",
    "postgresql": """
        select number, id, listener_id, episode_id, segment, mail_id,
            -ts_rank('{0.25, 0.25, 0.25, 1.0}', search_index, cast(:query as tsquery), 1) as rank
        from search_texts
        where search_index @@ cast(:query as tsquery)""",
}
COLUMNS = {name: search_texts.c[name].type for name in (
    "number", "id", "listener_id", "episode_id", "segment", "mail_id",
)} | {"rank": sa.Float()}  # fmt: skip


@dataclass(frozen=True, slots=True)
class StoryMatch:
    """A story, or an episode with a matching title: then `story` and `sentence` are None.

    `sentence` is the number of the sentence of the snippet. `start` is in seconds of the episode; None if
    times are not known.
    """

    id: UUID
    episode: UUID
    episode_title: str
    day: date
    story: int | None
    title: Sequence[TextPart]
    snippet: Sequence[TextPart]
    sentence: int | None
    start: float | None


@dataclass(frozen=True, slots=True)
class NewsletterMatch:
    id: UUID
    subject: Sequence[TextPart]
    sender: Sequence[TextPart]
    received_at: datetime


class SearchStore:
    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def stories(
        self, listener: UUID, text: str, limit: int, before: UUID | None
    ) -> list[StoryMatch]:
        """Stories and episodes, the best matches first; only those after match `before`."""
        terms = parse_query(text)
        if not terms:
            return []
        matches = self._matches(listener, terms, search_texts.c.mail_id.name)
        newest = -matches.c.number
        query = sa.select(matches).order_by(matches.c.rank, newest).limit(limit)
        if before:
            last = sa.select(matches.c.rank, newest).where(matches.c.id == before)
            query = query.where(sa.tuple_(matches.c.rank, newest) > last.scalar_subquery())
        async with self._engine.connect() as database:
            rows = (await database.execute(query)).all()
            return await describe_stories(database, rows, terms)

    async def newsletters(
        self, listener: UUID, text: str, limit: int, before: UUID | None
    ) -> list[NewsletterMatch]:
        """Newsletters by subject and sender, newest first; only those older than mail `before`."""
        terms = parse_query(text)
        if not terms:
            return []
        matches = self._matches(listener, terms, search_texts.c.episode_id.name)
        columns = (mails.c.id, mails.c.subject, mails.c.sender, mails.c.received_at)
        query = (
            sa.select(*columns)
            .where(mails.c.id.in_(sa.select(matches.c.mail_id)), mails.c.listener_id == listener)
            .order_by(mails.c.received_at.desc(), mails.c.id.desc())
            .limit(limit)
        )
        if before:
            last = sa.select(mails.c.received_at, mails.c.id).where(
                mails.c.id == before, mails.c.listener_id == listener
            )
            place = sa.tuple_(mails.c.received_at, mails.c.id)
            query = query.where(place < last.scalar_subquery())
        async with self._engine.connect() as database:
            rows = (await database.execute(query)).all()
        return [
            NewsletterMatch(
                row.id, mark(row.subject, terms), mark(row.sender, terms), utc(row.received_at)
            )
            for row in rows
        ]

    async def add_missing_texts(self) -> None:
        """A background job; see `index.add_missing_texts`."""
        await add_missing_texts(self._engine)

    def _matches(self, listener: UUID, terms: Sequence[Term], without: str) -> sa.CTE:
        """The listener's texts that match and have no value in the column `without`.

        It is computed once and apart, because SQLite ranks only what it finds with the index.
        """
        dialect = self._engine.dialect.name
        language = postgres_query if dialect == "postgresql" else fts5_query
        own_matches = sa.text(
            f"{MATCHES[dialect]} and listener_id = :listener and {without} is null"
        ).bindparams(
            sa.bindparam("query", language(terms), sa.Text),
            sa.bindparam("listener", listener, sa.Uuid),
        )
        return own_matches.columns(**COLUMNS).cte("matches").prefix_with("MATERIALIZED")


async def describe_stories(
    database: AsyncConnection, rows: Sequence[Any], terms: Sequence[Term]
) -> list[StoryMatch]:
    """What the listener sees of these rows. Those of episodes that were deleted meanwhile are left out."""
    ids = {row.episode_id for row in rows}
    columns = (episodes.c.id, episodes.c.title, episodes.c.day)
    query = sa.select(*columns).where(episodes.c.id.in_(ids))
    episode_rows = {row.id: row for row in await database.execute(query)}
    places = [(row.episode_id, row.segment) for row in rows if row.segment is not None]
    story_query = segments.select().where(
        sa.tuple_(segments.c.episode_id, segments.c.number).in_(places)
    )
    story_rows = {(row.episode_id, row.number): row for row in await database.execute(story_query)}
    best_sentences = await find_best_sentences(database, places, terms)
    matches = []
    for row in rows:
        episode, place = episode_rows.get(row.episode_id), (row.episode_id, row.segment)
        if episode is None:
            continue
        story, sentence = story_rows.get(place), best_sentences.get(place)
        starts = (part.start for part in (sentence, story) if part and part.start is not None)
        matches.append(
            StoryMatch(
                id=row.id,
                episode=episode.id,
                episode_title=episode.title,
                day=episode.day,
                story=row.segment,
                title=mark(story.title if story else episode.title, terms),
                snippet=mark(sentence.text, terms) if sentence else [],
                sentence=sentence.number if sentence else None,
                start=next(starts, None),
            )
        )
    return matches


async def find_best_sentences(
    database: AsyncConnection, places: Sequence[tuple[UUID, int]], terms: Sequence[Term]
) -> Mapping[tuple[UUID, int], Any]:
    """The first of the sentences of each story that contain most of the terms."""
    query = (
        sentences.select()
        .where(
            sa.tuple_(sentences.c.episode_id, sentences.c.segment).in_(places),
            sentences.c.dropped.is_(None),
        )
        .order_by(sentences.c.episode_id, sentences.c.number)
    )
    best: dict[tuple[UUID, int], tuple[int, Any]] = {}
    for row in await database.execute(query):
        place, count = (row.episode_id, row.segment), count_terms(row.text, terms)
        if place not in best or count > best[place][0]:
            best[place] = (count, row)
    return {place: row for place, (_, row) in best.items()}
