"""A script may wait for its listener before it is spoken.

Revision ID: 0020
Revises: 0019
"""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0020", "0019"
branch_labels = depends_on = None


def upgrade() -> None:
    op.add_column("episodes", sa.Column("review", sa.String(8), nullable=True))
    op.add_column(
        "schedules",
        sa.Column("review", sa.Boolean, nullable=False, server_default=sa.false()),
    )


def downgrade() -> None:
    op.drop_column("schedules", "review")
    op.drop_column("episodes", "review")
