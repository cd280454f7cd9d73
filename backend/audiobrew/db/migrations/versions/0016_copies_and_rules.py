"""Mails know their copies, and listeners have rules for newsletters.

Fingerprints of the mails that are stored already are computed by a background job, because that takes
milliseconds for each of them.

Revision ID: 0016
Revises: 0015
"""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0016", "0015"
branch_labels = depends_on = None


def upgrade() -> None:
    op.add_column("mails", sa.Column("fingerprint", sa.LargeBinary, nullable=True))
    op.add_column("mails", sa.Column("issue_id", sa.Uuid, nullable=True))
    op.add_column("mails", sa.Column("marked", sa.Boolean, nullable=True))
    # A large service builds these two before; see docs/runbooks/deploy.md.
    for column in ("key", "address"):
        name = op.f(f"ix_mails_listener_id_{column}")
        op.create_index(name, "mails", ["listener_id", column], if_not_exists=True)
    op.create_index(op.f("ix_mails_issue_id"), "mails", ["issue_id"])
    missing = sa.text("fingerprint IS NULL")
    op.create_index(
        "ix_mails_without_fingerprint",
        "mails",
        ["created_at"],
        sqlite_where=missing,
        postgresql_where=missing,
    )
    op.create_table(
        "listener_rules",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("listener_id", sa.Uuid, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("sender", sa.Text, nullable=False),
        sa.Column("pattern", sa.String(64), nullable=False),
        sa.Column("text", sa.Text, nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_listener_rules")),
        sa.UniqueConstraint(
            "listener_id",
            "key",
            "pattern",
            name=op.f("uq_listener_rules_listener_id_key_pattern"),
        ),
        sa.ForeignKeyConstraint(
            ["listener_id"],
            ["listeners.id"],
            name=op.f("fk_listener_rules_listener_id"),
            ondelete="CASCADE",
        ),
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute("alter table listener_rules enable row level security")


def downgrade() -> None:
    op.drop_table("listener_rules")
    names = ("without_fingerprint", "issue_id", "listener_id_address", "listener_id_key")
    for name in names:
        op.drop_index(f"ix_mails_{name}", "mails")
    for name in ("marked", "issue_id", "fingerprint"):
        op.drop_column("mails", name)
