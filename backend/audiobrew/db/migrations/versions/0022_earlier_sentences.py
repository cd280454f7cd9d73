"""Sentences know which sentence of an earlier episode told the same before.

Revision ID: 0022
Revises: 0021
"""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0022", "0021"
branch_labels = depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("sentences") as table:
        table.add_column(sa.Column("earlier_episode", sa.Uuid, nullable=True))
        table.add_column(sa.Column("earlier_number", sa.Integer, nullable=True))
        table.add_column(sa.Column("earlier_day", sa.Date, nullable=True))
        table.create_foreign_key(
            op.f("fk_sentences_earlier_episode"),
            "episodes",
            ["earlier_episode"],
            ["id"],
            ondelete="SET NULL",
        )
    op.create_index(op.f("ix_sentences_earlier_episode"), "sentences", ["earlier_episode"])


def downgrade() -> None:
    op.drop_index("ix_sentences_earlier_episode", "sentences")
    with op.batch_alter_table("sentences") as table:
        table.drop_constraint(op.f("fk_sentences_earlier_episode"), type_="foreignkey")
        for name in ("earlier_day", "earlier_number", "earlier_episode"):
            table.drop_column(name)
