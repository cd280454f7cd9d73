"""The table of what listeners search, and its full-text index.

`search_texts` contains folded words (`search.words`), not text that is shown. On SQLite, the migration adds
an FTS5 table, `search_index`, that triggers keep up to date. On Postgres, it adds a column, `search_index`,
that is computed from the others.
"""

import sqlalchemy as sa
from sqlalchemy import Column, ForeignKey, Index, Table
from sqlalchemy.ext.asyncio import AsyncConnection

from audiobrew.db.metadata import tables

search_texts = Table(
    "search_texts",
    tables,
    # A story or the title of a finished episode, or the subject and the sender of a newsletter.
    Column("number", sa.Integer, primary_key=True),
    Column("id", sa.Uuid, nullable=False),
    Column("listener_id", sa.Uuid, ForeignKey("listeners.id", ondelete="CASCADE"), nullable=False),
    Column("episode_id", sa.Uuid, ForeignKey("episodes.id", ondelete="CASCADE")),
    Column("segment", sa.Integer),  # of the story; null for the title of the episode
    Column("mail_id", sa.Uuid, ForeignKey("mails.id", ondelete="CASCADE")),
    Column("title", sa.Text, nullable=False),  # of the story or episode; a newsletter's subject
    Column("body", sa.Text, nullable=False),  # the story's sentences; a newsletter's sender
    Index(None, "id", unique=True),
    Index(None, "listener_id"),
    Index(None, "episode_id"),
    Index(None, "mail_id"),
)


async def overwrite_deleted_words(database: AsyncConnection) -> None:
    """Write SQLite's index anew without the words of deleted rows, which FTS5 only marks as deleted."""
    if database.dialect.name == "sqlite":
        optimize = "INSERT INTO search_index(search_index) VALUES ('optimize')"
        await database.exec_driver_sql(optimize)
