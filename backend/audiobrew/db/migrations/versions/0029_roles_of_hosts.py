"""Listeners choose what two hosts do. Earlier orders and schedules: both tell stories.

Revision ID: 0029
Revises: 0028
"""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0029", "0028"
branch_labels = depends_on = None


def upgrade() -> None:
    for table in ("episodes", "schedules"):
        op.add_column(
            table,
            sa.Column("host_roles", sa.String(16), server_default="shared", nullable=False),
        )


def downgrade() -> None:
    for table in ("schedules", "episodes"):
        op.drop_column(table, "host_roles")
