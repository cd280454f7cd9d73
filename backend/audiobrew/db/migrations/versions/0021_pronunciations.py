"""Listeners say how words are pronounced.

Revision ID: 0021
Revises: 0020
"""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0021", "0020"
branch_labels = depends_on = None


def upgrade() -> None:
    op.create_table(
        "pronunciations",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("listener_id", sa.Uuid, nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("word", sa.Text, nullable=False),
        sa.Column("say", sa.Text, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pronunciations")),
        sa.UniqueConstraint("listener_id", "key", name=op.f("uq_pronunciations_listener_id_key")),
        sa.ForeignKeyConstraint(
            ["listener_id"],
            ["listeners.id"],
            name=op.f("fk_pronunciations_listener_id"),
            ondelete="CASCADE",
        ),
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute("alter table pronunciations enable row level security")


def downgrade() -> None:
    op.drop_table("pronunciations")
