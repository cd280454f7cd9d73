"""A key is claimed before its answer is paid for.

Revision ID: 0010
Revises: 0009
"""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0010", "0009"
branch_labels = depends_on = None


def upgrade() -> None:
    op.create_table(
        "claims",
        sa.Column("key", sa.String(64), primary_key=True),
        sa.Column("listener_id", sa.Uuid, nullable=False),
        sa.Column("token", sa.String(32), nullable=False),
        sa.Column("until", sa.Float, nullable=False),
        sa.ForeignKeyConstraint(["listener_id"], ["listeners.id"], ondelete="CASCADE"),
    )
    op.create_index("ix_claims_listener_id", "claims", ["listener_id"])
    if op.get_bind().dialect.name == "postgresql":
        op.execute("alter table claims enable row level security")


def downgrade() -> None:
    op.drop_table("claims")
