"""Writes what can be searched: in the transaction that publishes an episode or stores a mail."""

from typing import Any
from uuid import UUID, uuid5

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from audiobrew.db.search_tables import search_texts
from audiobrew.db.stages import Stage
from audiobrew.db.tables import episodes, mails, segments, sentences
from audiobrew.db.upsert import insert
from audiobrew.search.words import folded_words

# Words of a title or a name, and of a whole story, that are indexed.
MAX_TITLE_WORDS, MAX_STORY_WORDS = 100, 10_000
# Episodes, and mails, that the job reads at once.
JOB_BATCH = 500


async def index_episode(database: AsyncConnection, id: UUID) -> None:
    """Index a finished episode: its stories, and its title if it is not made of their titles."""
    query = (
        sa.select(episodes.c.listener_id, episodes.c.title, episodes.c.title_chosen)
        .where(episodes.c.id == id, episodes.c.stage == Stage.READY)
        .with_for_update()
    )
    # Deleting first makes a concurrent call on SQLite wait before it reads.
    await database.execute(search_texts.delete().where(search_texts.c.episode_id == id))
    episode = (await database.execute(query)).one_or_none()
    if episode is None:  # deleted meanwhile
        return
    stories = (
        sa.select(segments.c.number, segments.c.title)
        .where(segments.c.episode_id == id)
        .order_by(segments.c.number)
    )
    sentence_query = (
        sa.select(sentences.c.segment, sentences.c.text)
        .where(sentences.c.episode_id == id, sentences.c.dropped.is_(None))
        .order_by(sentences.c.number)
    )
    titles = {row.number: row.title for row in await database.execute(stories)}
    texts: dict[int, list[str]] = {number: [] for number in titles}
    for row in await database.execute(sentence_query):
        texts.setdefault(row.segment, []).append(row.text)
    has_own_title = episode.title_chosen or not any(titles.values())
    owner = {"listener_id": episode.listener_id, "episode_id": id}
    rows = [
        {
            **owner,
            "id": id,
            "segment": None,
            "title": folded_words(episode.title, MAX_TITLE_WORDS) if has_own_title else "",
            "body": "",
        },
        *(
            {
                **owner,
                "id": uuid5(id, str(number)),
                "segment": number,
                "title": folded_words(titles.get(number, ""), MAX_TITLE_WORDS),
                "body": folded_words(" ".join(texts[number]), MAX_STORY_WORDS),
            }
            for number in texts
        ),
    ]
    await database.execute(insert(database, search_texts).on_conflict_do_nothing(), rows)


async def index_title(database: AsyncConnection, id: UUID, title: str) -> None:
    """Index a title that the listener chose, if the episode is indexed."""
    own = sa.and_(search_texts.c.episode_id == id, search_texts.c.segment.is_(None))
    words = folded_words(title, MAX_TITLE_WORDS)
    await database.execute(search_texts.update().where(own).values(title=words))


async def index_mail(
    database: AsyncConnection, listener: UUID, id: UUID, subject: str, sender: str
) -> None:
    """Index a mail, unless it was deleted meanwhile."""
    row: dict[Any, Any] = {
        search_texts.c.id: id,
        search_texts.c.listener_id: listener,
        search_texts.c.mail_id: id,
        search_texts.c.title: folded_words(subject, MAX_TITLE_WORDS),
        search_texts.c.body: folded_words(sender, MAX_TITLE_WORDS),
    }
    values = (sa.literal(value, column.type) for column, value in row.items())
    existing = sa.select(*values).where(mails.c.id == id)
    statement = insert(database, search_texts).from_select(list(row), existing)
    await database.execute(statement.on_conflict_do_nothing())


async def add_missing_texts(engine: AsyncEngine) -> None:
    """Index what older versions stored. A background job calls this; if two processes do, the effect is the
    same."""
    unknown_episodes = (
        sa.select(episodes.c.id)
        .where(
            episodes.c.stage == Stage.READY,
            ~sa.exists().where(search_texts.c.episode_id == episodes.c.id),
        )
        .order_by(episodes.c.created_at, episodes.c.id)
        .limit(JOB_BATCH)
    )
    unknown_mails = (
        sa.select(mails.c.id, mails.c.listener_id, mails.c.subject, mails.c.sender)
        .where(~sa.exists().where(search_texts.c.mail_id == mails.c.id))
        .order_by(mails.c.created_at, mails.c.id)
        .limit(JOB_BATCH)
    )
    while True:
        async with engine.connect() as database:
            ids = (await database.execute(unknown_episodes)).scalars().all()
            rows = (await database.execute(unknown_mails)).all()
        for id in ids:
            async with engine.begin() as database:
                await index_episode(database, id)
        async with engine.begin() as database:
            for row in rows:
                await index_mail(database, row.listener_id, row.id, row.subject, row.sender)
        if len(ids) < JOB_BATCH and len(rows) < JOB_BATCH:
            return
