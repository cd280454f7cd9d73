"""A source says which domain its newsletter came from.

Revision ID: 0011
Revises: 0010
"""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0011", "0010"
branch_labels = depends_on = None


def upgrade() -> None:
    op.add_column("sources", sa.Column("sender_domain", sa.Text, nullable=True))


def downgrade() -> None:
    op.drop_column("sources", "sender_domain")
