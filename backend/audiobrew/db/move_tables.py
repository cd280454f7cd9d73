"""The tables of the move from the old application: what was imported and exported, and the rollout."""

import sqlalchemy as sa
from sqlalchemy import Column, ForeignKey, Index, Table

from audiobrew.db.metadata import tables, timestamp

imported_podcasts = Table(
    "adopted_podcasts",
    tables,
    # Podcasts of the old application that were imported. Each has an episode with the same id, unless its
    # listener deleted it here.
    Column("podcast_id", sa.Uuid, primary_key=True),
    Column("listener_id", sa.Uuid, ForeignKey("listeners.id", ondelete="CASCADE"), nullable=False),
    # The old row's updated_at when it was imported.
    Column("changed_at", timestamp, nullable=False),
    Column("key", sa.Text),  # of its audio in the old bucket
    Column("state", sa.String(16), nullable=False),  # legacy.old_rows.AudioState
    Column("bytes", sa.BigInteger),
    Column("sha256", sa.String(64)),
    Column("adopted_at", timestamp, nullable=False),  # when it was imported
    Index(None, "listener_id"),
)

imported_connections = Table(
    "adopted_connections",
    tables,
    # Gmail connections of the old application that were imported.
    Column(
        "listener_id", sa.Uuid, ForeignKey("listeners.id", ondelete="CASCADE"), primary_key=True
    ),
    Column("changed_at", timestamp, nullable=False),
    # Distinguishes a new token from the imported one.
    Column("token_hash", sa.String(64), nullable=False),
    Column("outcome", sa.String(16), nullable=False),  # legacy.credentials.ConnectionOutcome
    Column("connected_at", timestamp),  # of the connection that was made here, if one was
    Column("adopted_at", timestamp, nullable=False),  # when it was imported
)

exported_episodes = Table(
    "returned_episodes",
    tables,
    # Exported episodes. No foreign key to the episode: after its deletion here, this row says that the
    # exported copy must be deleted too.
    Column("episode_id", sa.Uuid, primary_key=True),
    Column("listener_id", sa.Uuid, ForeignKey("listeners.id", ondelete="CASCADE"), nullable=False),
    Column("title", sa.Text, nullable=False),
    # When the exported address of its audio expires.
    Column("expires_at", timestamp, nullable=False),
    Index(None, "listener_id"),
)

rollout = Table(
    "rollout",
    tables,
    # One row, once there are two sides. Without a row there is one side.
    Column("id", sa.Integer, primary_key=True, autoincrement=False),
    Column("percent", sa.Float, nullable=False),  # of the listeners whom railway serves
    Column("salt", sa.String(32), nullable=False),
    Column("kill", sa.Boolean, nullable=False),
    Column("changed_at", timestamp, nullable=False),
)
