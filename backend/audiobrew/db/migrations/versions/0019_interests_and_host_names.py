"""Shows have more styles, interests and names of hosts, and segments say which interests they match.

The column `style` keeps the first two styles, which the version before this one can read.

Revision ID: 0019
Revises: 0018
"""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0019", "0018"
branch_labels = depends_on = None


def upgrade() -> None:
    for table in ("episodes", "schedules"):
        op.add_column(table, sa.Column("show_style", sa.String(16), nullable=True))
        op.add_column(table, sa.Column("interests", sa.Text, server_default="", nullable=False))
        op.add_column(table, sa.Column("host_names", sa.JSON, server_default="[]", nullable=False))
    op.add_column(
        "segments", sa.Column("chosen_because", sa.JSON, server_default="[]", nullable=False)
    )


def downgrade() -> None:
    op.drop_column("segments", "chosen_because")
    for table in ("schedules", "episodes"):
        op.drop_column(table, "host_names")
        op.drop_column(table, "interests")
        op.drop_column(table, "show_style")
