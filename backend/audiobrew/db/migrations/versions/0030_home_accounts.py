"""A server of one's own has accounts, passkeys and invitations.

Revision ID: 0030
Revises: 0029
"""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0030", "0029"
branch_labels = depends_on = None

TABLES = ("home_accounts", "passkeys", "passkey_challenges", "invitations")


def upgrade() -> None:
    timestamp = sa.DateTime(timezone=True)
    op.add_column("sessions", sa.Column("id", sa.Uuid, nullable=True))
    op.add_column("sessions", sa.Column("created_at", timestamp, nullable=True))
    op.add_column("sessions", sa.Column("client", sa.String(100), nullable=True))
    op.create_index("ix_sessions_listener_id", "sessions", ["listener_id"])
    op.create_table(
        "home_accounts",
        sa.Column(
            "listener_id",
            sa.Uuid,
            sa.ForeignKey("listeners.id", ondelete="CASCADE"),
            primary_key=True,
        ),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("key", sa.Text, nullable=False, unique=True),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("password", sa.Text),
        sa.Column("created_at", timestamp, nullable=False),
    )
    op.create_table(
        "passkeys",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column(
            "listener_id",
            sa.Uuid,
            sa.ForeignKey("listeners.id", ondelete="CASCADE"),
            nullable=False,
            index=True,
        ),
        sa.Column("credential", sa.LargeBinary, nullable=False, unique=True),
        sa.Column("public_key", sa.LargeBinary, nullable=False),
        sa.Column("sign_count", sa.BigInteger, nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("created_at", timestamp, nullable=False),
        sa.Column("used_at", timestamp),
    )
    op.create_table(
        "passkey_challenges",
        sa.Column("hash", sa.String(64), primary_key=True),
        sa.Column("purpose", sa.String(80), nullable=False),
        sa.Column("expires_at", timestamp, nullable=False),
    )
    op.create_table(
        "invitations",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("code_hash", sa.String(64), nullable=False, unique=True),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("note", sa.String(100), nullable=False),
        sa.Column(
            "created_by",
            sa.Uuid,
            sa.ForeignKey("listeners.id", ondelete="CASCADE"),
            index=True,
        ),
        sa.Column("created_at", timestamp, nullable=False),
        sa.Column("expires_at", timestamp, nullable=False),
        sa.Column("used_at", timestamp),
    )
    if op.get_bind().dialect.name == "postgresql":
        for table in TABLES:
            op.execute(f"alter table {table} enable row level security")


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
    op.drop_index("ix_sessions_listener_id", "sessions")
    for column in ("client", "created_at", "id"):
        op.drop_column("sessions", column)
