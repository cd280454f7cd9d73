"""Reads the finished episodes for feeds and players, with few queries."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from audiobrew.db.stages import Stage
from audiobrew.db.tables import episodes, segments, sentences, sources
from audiobrew.db.timestamps import utc
from audiobrew.feed.show import (
    Edition,
    Item,
    Line,
    Recording,
    RecordingNotFound,
    Story,
    StorySource,
)
from audiobrew.mail.newsletter import Link
from audiobrew.script.script import Speaker

FINISHED = sa.and_(episodes.c.stage == Stage.READY, episodes.c.media.is_not(None))
Rows = dict[tuple[UUID, int], list[Any]]


class ShowStore:
    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def edition(self, listener: UUID, limit: int) -> Edition:
        """The newest `limit` finished episodes. One query, which uses an index."""
        query = (
            sa.select(episodes.c.id, episodes.c.updated_at, episodes.c.title)
            .where(FINISHED, episodes.c.listener_id == listener)
            .order_by(episodes.c.created_at.desc(), episodes.c.id.desc())
            .limit(limit)
        )
        async with self._engine.connect() as database:
            rows = (await database.execute(query)).all()
        text = "\n".join(f"{row.id} {utc(row.updated_at).isoformat()} {row.title}" for row in rows)
        return Edition(
            episodes=tuple(row.id for row in rows),
            fingerprint=sha256(text.encode()).hexdigest(),
            modified=max((utc(row.updated_at) for row in rows), default=None),
        )

    async def items(self, edition: Edition) -> list[Item]:
        """The edition's episodes, newest first."""
        query = episodes.select().where(episodes.c.id.in_(edition.episodes))
        async with self._engine.connect() as database:
            rows = (await database.execute(query)).all()
            stories = await _stories(database, edition.episodes)
        items = [_item(row, stories[row.id]) for row in rows]
        return sorted(items, key=lambda item: (item.published_at, item.id), reverse=True)

    async def recording(self, id: UUID, listener: UUID | None = None) -> Recording:
        """A finished episode; with `listener`, only one of theirs. Raises RecordingNotFound."""
        query = sa.select(episodes.c.id, episodes.c.title, episodes.c.media).where(
            FINISHED, episodes.c.id == id
        )
        if listener:
            query = query.where(episodes.c.listener_id == listener)
        async with self._engine.connect() as database:
            row = (await database.execute(query)).one_or_none()
        if row is None:
            raise RecordingNotFound
        return Recording(row.id, row.title, row.media)

    async def lines(self, id: UUID) -> list[Line]:
        """The sentences that are heard, in order."""
        query = (
            sa.select(sentences.c.text, sentences.c.speaker, sentences.c.start, sentences.c["end"])
            .where(sentences.c.episode_id == id, sentences.c.dropped.is_(None))
            .where(sentences.c.start.is_not(None), sentences.c["end"].is_not(None))
            .order_by(sentences.c.number)
        )
        async with self._engine.connect() as database:
            rows = (await database.execute(query)).all()
        return [Line(text, Speaker(speaker), start, end) for text, speaker, start, end in rows]

    async def stories(self, id: UUID) -> tuple[Story, ...]:
        """The chapters of one episode."""
        async with self._engine.connect() as database:
            return tuple((await _stories(database, [id]))[id])


async def _stories(
    database: AsyncConnection, ids: Sequence[UUID]
) -> defaultdict[UUID, list[Story]]:
    cited_sources = await _cited_sources(database, ids)
    query = (
        segments.select()
        .where(segments.c.episode_id.in_(ids), segments.c.start.is_not(None))
        .order_by(segments.c.episode_id, segments.c.number)
    )
    stories: defaultdict[UUID, list[Story]] = defaultdict(list)
    for row in await database.execute(query):
        story_sources = _by_newsletter(cited_sources.get((row.episode_id, row.number), []))
        story = Story(row.title, row.start, row.end, story_sources)
        stories[row.episode_id].append(story)
    return stories


async def _cited_sources(database: AsyncConnection, ids: Sequence[UUID]) -> Rows:
    """The source rows that each segment's spoken sentences cite, once each, in the order of citing."""
    all_sources = await _sources(database, ids)
    query = (
        sa.select(sentences.c.episode_id, sentences.c.segment, sentences.c.cites)
        .where(sentences.c.episode_id.in_(ids), sentences.c.dropped.is_(None))
        .order_by(sentences.c.episode_id, sentences.c.number)
    )
    cited: defaultdict[tuple[UUID, int], dict[str, Any]] = defaultdict(dict)
    for episode, segment, blocks in await database.execute(query):
        for block in blocks:
            if source := all_sources.get((episode, block)):
                cited[episode, segment][block] = source
    return {segment: list(rows.values()) for segment, rows in cited.items()}


async def _sources(database: AsyncConnection, ids: Sequence[UUID]) -> dict[tuple[UUID, str], Any]:
    query = sa.select(
        sources.c.episode_id,
        sources.c.block_id,
        sources.c.mail_id,
        sources.c.sender,
        sources.c.subject,
        sources.c.links,
    ).where(sources.c.episode_id.in_(ids))
    return {(row.episode_id, row.block_id): row for row in await database.execute(query)}


def _by_newsletter(rows: Iterable[Any]) -> tuple[StorySource, ...]:
    mails: dict[UUID, Any] = {}
    links: defaultdict[UUID, dict[str, Link]] = defaultdict(dict)
    for row in rows:
        mails[row.mail_id] = row
        for link in row.links:
            links[row.mail_id].setdefault(link["url"], Link(link["text"], link["url"]))
    return tuple(
        StorySource(row.sender, row.subject, tuple(links[mail].values()))
        for mail, row in mails.items()
    )


def _item(row: Any, stories: Sequence[Story]) -> Item:
    return Item(
        id=row.id,
        title=row.title,
        language=row.language,
        hosts=row.hosts,
        note=row.note,
        seconds=row.seconds,
        bytes=row.bytes,
        published_at=utc(row.published_at or row.updated_at),
        stories=tuple(stories),
    )
