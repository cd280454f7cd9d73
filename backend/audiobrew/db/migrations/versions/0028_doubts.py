"""A block knows how likely it is boilerplate.

Revision ID: 0028
Revises: 0027
"""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0028", "0027"
branch_labels = depends_on = None


def upgrade() -> None:
    op.add_column("blocks", sa.Column("doubt", sa.Float, nullable=True))


def downgrade() -> None:
    op.drop_column("blocks", "doubt")
