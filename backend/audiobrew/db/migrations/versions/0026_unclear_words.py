"""A sentence knows which of its words a recognizer did not understand.

Revision ID: 0026
Revises: 0025
"""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0026", "0025"
branch_labels = depends_on = None


def upgrade() -> None:
    op.add_column("sentences", sa.Column("unclear", sa.JSON, nullable=True))


def downgrade() -> None:
    op.drop_column("sentences", "unclear")
