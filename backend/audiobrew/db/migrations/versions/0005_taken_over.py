"""What was taken over from the application before, and what was copied back to it.

Revision ID: 0005
Revises: 0004
"""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0005", "0004"
branch_labels = depends_on = None
TABLES = ("adopted_podcasts", "adopted_connections", "returned_episodes")


def _listener() -> sa.Column:  # type: ignore[type-arg]
    whose = sa.ForeignKey("listeners.id", ondelete="CASCADE")
    return sa.Column("listener_id", sa.Uuid, whose, nullable=False)


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "adopted_podcasts",
        sa.Column("podcast_id", sa.Uuid, nullable=False),
        _listener(),
        sa.Column("changed_at", moment, nullable=False),
        sa.Column("key", sa.Text),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("bytes", sa.BigInteger),
        sa.Column("sha256", sa.String(64)),
        sa.Column("adopted_at", moment, nullable=False),
        sa.PrimaryKeyConstraint("podcast_id", name="pk_adopted_podcasts"),
    )
    op.create_index("ix_adopted_podcasts_listener_id", "adopted_podcasts", ["listener_id"])
    op.create_table(
        "adopted_connections",
        _listener(),
        sa.Column("changed_at", moment, nullable=False),
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("outcome", sa.String(16), nullable=False),
        sa.Column("connected_at", moment),
        sa.Column("adopted_at", moment, nullable=False),
        sa.PrimaryKeyConstraint("listener_id", name="pk_adopted_connections"),
    )
    op.create_table(
        "returned_episodes",
        sa.Column("episode_id", sa.Uuid, nullable=False),
        _listener(),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("expires_at", moment, nullable=False),
        sa.PrimaryKeyConstraint("episode_id", name="pk_returned_episodes"),
    )
    op.create_index("ix_returned_episodes_listener_id", "returned_episodes", ["listener_id"])
    if op.get_bind().dialect.name == "postgresql":
        for table in TABLES:
            op.execute(f'alter table "{table}" enable row level security')


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
