"""Listeners have sources of mails besides uploads and Gmail.

Revision ID: 0031
Revises: 0030
"""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0031", "0030"
branch_labels = depends_on = None


def upgrade() -> None:
    timestamp = sa.DateTime(timezone=True)
    op.create_table(
        "mail_sources",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column(
            "listener_id",
            sa.Uuid,
            sa.ForeignKey("listeners.id", ondelete="CASCADE"),
            nullable=False,
        ),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("config", sa.JSON, nullable=False),
        sa.Column("sealed", sa.LargeBinary),
        sa.Column("key_id", sa.String(64)),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("trouble", sa.Text),
        sa.Column("trouble_type", sa.String(100)),
        sa.Column("cursor", sa.JSON(none_as_null=True)),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("next_at", timestamp, index=True),
        sa.Column("looked_at", timestamp),
        sa.Column("succeeded_at", timestamp),
        sa.Column("mails", sa.Integer, nullable=False),
        sa.Column("new_mails", sa.Integer, nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("total", sa.Integer, nullable=False),
        sa.Column("created_at", timestamp, nullable=False),
    )
    columns = ["listener_id", "created_at", "id"]
    op.create_index("ix_mail_sources_listener_id_created_at_id", "mail_sources", columns)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("alter table mail_sources enable row level security")


def downgrade() -> None:
    op.drop_table("mail_sources")
