"""An episode knows whether its listener chose the newsletters.

Revision ID: 0025
Revises: 0024
"""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0025", "0024"
branch_labels = depends_on = None


def upgrade() -> None:
    op.add_column(
        "episodes",
        sa.Column("mails_chosen", sa.Boolean, nullable=False, server_default=sa.false()),
    )


def downgrade() -> None:
    op.drop_column("episodes", "mails_chosen")
