"""A block knows its heading level, and what it is for beyond its kind.

Revision ID: 0014
Revises: 0013
"""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0014", "0013"
branch_labels = depends_on = None


def upgrade() -> None:
    op.add_column("blocks", sa.Column("level", sa.SmallInteger, nullable=True))
    op.add_column("blocks", sa.Column("role", sa.String(16), nullable=True))


def downgrade() -> None:
    op.drop_column("blocks", "role")
    op.drop_column("blocks", "level")
