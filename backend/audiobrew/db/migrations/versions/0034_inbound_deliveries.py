"""Mail providers deliver mails to own addresses over HTTP.

Revision ID: 0034
Revises: 0033
"""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0034", "0033"
branch_labels = depends_on = None


def upgrade() -> None:
    op.create_table(
        "inbound_deliveries",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("is_over", sa.Boolean, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, index=True),
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute("alter table inbound_deliveries enable row level security")


def downgrade() -> None:
    op.drop_table("inbound_deliveries")
