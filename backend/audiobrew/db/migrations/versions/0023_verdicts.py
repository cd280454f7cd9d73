"""A sentence keeps what a model says of it beside its source.

Revision ID: 0023
Revises: 0022
"""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0023", "0022"
branch_labels = depends_on = None


def upgrade() -> None:
    op.add_column("sentences", sa.Column("verdict", sa.JSON, nullable=True))


def downgrade() -> None:
    op.drop_column("sentences", "verdict")
