"""What is to be deleted outside of our tables is written down; answers know the episodes they went into.

Revision ID: 0009
Revises: 0008
"""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0009", "0008"
branch_labels = depends_on = None
moment = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "paid_uses",
        sa.Column("episode_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["episode_id"],
            ["episodes.id"],
            name=op.f("fk_paid_uses_episode_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["key"], ["paid.key"], name=op.f("fk_paid_uses_key"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("episode_id", "key", name=op.f("pk_paid_uses")),
    )
    op.create_index(op.f("ix_paid_uses_key"), "paid_uses", ["key"])
    op.create_table(
        "pending_deletions",
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("requested_at", moment, nullable=False),
        sa.Column("not_before", moment, nullable=False),
        sa.Column("claimed_until", moment, nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "key", name=op.f("pk_pending_deletions")),
    )
    op.create_index(op.f("ix_pending_deletions_not_before"), "pending_deletions", ["not_before"])
    if op.get_bind().dialect.name == "postgresql":
        for table in ("paid_uses", "pending_deletions"):
            op.execute(f"alter table {table} enable row level security")


def downgrade() -> None:
    op.drop_table("pending_deletions")
    op.drop_table("paid_uses")
