"""Listeners of a server of one's own may sign in at an OpenID Connect provider.

Revision ID: 0033
Revises: 0032
"""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0033", "0032"
branch_labels = depends_on = None


def upgrade() -> None:
    op.create_table(
        "provided_identities",
        sa.Column(
            "listener_id",
            sa.Uuid,
            sa.ForeignKey("listeners.id", ondelete="CASCADE"),
            primary_key=True,
        ),
        sa.Column("issuer", sa.Text, nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("issuer", "subject"),
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute("alter table provided_identities enable row level security")


def downgrade() -> None:
    op.drop_table("provided_identities")
