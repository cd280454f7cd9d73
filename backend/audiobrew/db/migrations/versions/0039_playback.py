"""How far a listener has heard an episode, and which episodes come up next.

Revision ID: 0039
Revises: 0038
"""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0039", "0038"
branch_labels = depends_on = None


def upgrade() -> None:
    op.add_column("episodes", sa.Column("heard_seconds", sa.Float, nullable=True))
    op.add_column("episodes", sa.Column("heard_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("episodes", sa.Column("heard_client", sa.String(100), nullable=True))
    op.add_column(
        "episodes", sa.Column("finished", sa.Boolean, nullable=False, server_default=sa.false())
    )
    op.add_column("episodes", sa.Column("queue_place", sa.Integer, nullable=True))


def downgrade() -> None:
    for name in ("queue_place", "finished", "heard_client", "heard_at", "heard_seconds"):
        op.drop_column("episodes", name)
