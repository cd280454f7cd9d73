"""Own addresses show what is to be confirmed, and new senders.

Revision ID: 0035
Revises: 0034
"""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0035", "0034"
branch_labels = depends_on = None


def upgrade() -> None:
    op.create_table(
        "confirmations",
        sa.Column("number", sa.Integer, primary_key=True),
        source_column(),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("sender", sa.Text, nullable=False),
        sa.Column("url", sa.Text),
        sa.Column("code", sa.String(20)),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
    )
    columns = ["source_id", "created_at"]
    op.create_index("ix_confirmations_source_id_created_at", "confirmations", columns)
    op.create_table(
        "waiting_senders",
        sa.Column("number", sa.Integer, primary_key=True),
        source_column(),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("sender", sa.Text, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
    )
    columns = ["source_id", "key"]
    op.create_index("ix_waiting_senders_source_id_key", "waiting_senders", columns, unique=True)
    if op.get_bind().dialect.name == "postgresql":
        for table in ("confirmations", "waiting_senders"):
            op.execute(f"alter table {table} enable row level security")


def source_column() -> sa.Column[object]:
    source = sa.ForeignKey("mail_sources.id", ondelete="CASCADE")
    return sa.Column("source_id", sa.Uuid, source, nullable=False)


def downgrade() -> None:
    op.drop_table("waiting_senders")
    op.drop_table("confirmations")
