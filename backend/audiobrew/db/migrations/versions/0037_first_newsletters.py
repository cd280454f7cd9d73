"""A listener can want a newsletter first in every episode.

Revision ID: 0037
Revises: 0036
"""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0037", "0036"
branch_labels = depends_on = None


def upgrade() -> None:
    op.add_column(
        "listener_rules",
        sa.Column("is_first", sa.Boolean, nullable=False, server_default=sa.false()),
    )


def downgrade() -> None:
    op.drop_column("listener_rules", "is_first")
