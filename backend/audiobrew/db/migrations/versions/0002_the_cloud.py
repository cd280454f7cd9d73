"""Gmail connections, schedules, charges, accounts that end."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "deletions",
        sa.Column("listener_id", sa.Uuid(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("listener_id", name=op.f("pk_deletions")),
    )
    op.create_table(
        "paces",
        sa.Column("voice", sa.String(length=200), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("characters", sa.BigInteger(), nullable=False),
        sa.Column("seconds", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("voice", "language", name=op.f("pk_paces")),
    )
    op.create_table(
        "tombstones",
        sa.Column("listener_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("listener_hash", name=op.f("pk_tombstones")),
    )
    op.create_table(
        "connections",
        sa.Column("listener_id", sa.Uuid(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("key_id", sa.String(length=64), nullable=False),
        sa.Column("scopes", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("label", sa.Text(), nullable=True),
        sa.Column("history", sa.Text(), nullable=True),
        sa.Column("connected_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["listener_id"],
            ["listeners.id"],
            name=op.f("fk_connections_listener_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("listener_id", name=op.f("pk_connections")),
    )
    op.create_table(
        "consents",
        sa.Column("state_hash", sa.String(length=64), nullable=False),
        sa.Column("listener_id", sa.Uuid(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("key_id", sa.String(length=64), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["listener_id"],
            ["listeners.id"],
            name=op.f("fk_consents_listener_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("state_hash", name=op.f("pk_consents")),
    )
    op.create_table(
        "charges",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("episode_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("units", sa.JSON(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("kept", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["episode_id"], ["episodes.id"], name=op.f("fk_charges_episode_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_charges")),
    )
    op.create_index(op.f("ix_charges_episode_id"), "charges", ["episode_id"], unique=False)
    op.create_table(
        "gmail_mails",
        sa.Column("listener_id", sa.Uuid(), nullable=False),
        sa.Column("message", sa.String(length=64), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("mail_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["listener_id"],
            ["listeners.id"],
            name=op.f("fk_gmail_mails_listener_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["mail_id"], ["mails.id"], name=op.f("fk_gmail_mails_mail_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("listener_id", "message", "label", name=op.f("pk_gmail_mails")),
    )
    op.create_index(op.f("ix_gmail_mails_mail_id"), "gmail_mails", ["mail_id"], unique=False)
    op.create_table(
        "schedules",
        sa.Column("listener_id", sa.Uuid(), nullable=False),
        sa.Column("cadence", sa.String(length=8), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=True),
        sa.Column("time", sa.Time(), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("hosts", sa.Integer(), nullable=False),
        sa.Column("style", sa.String(length=16), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=True),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_episode", sa.Uuid(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["last_episode"],
            ["episodes.id"],
            name=op.f("fk_schedules_last_episode"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["listener_id"],
            ["listeners.id"],
            name=op.f("fk_schedules_listener_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("listener_id", name=op.f("pk_schedules")),
    )
    op.create_index(op.f("ix_schedules_next_at"), "schedules", ["next_at"], unique=False)
    op.add_column(
        "episodes",
        sa.Column("style", sa.String(length=16), server_default="briefing", nullable=False),
    )
    op.add_column("episodes", sa.Column("asked_language", sa.String(length=8), nullable=True))
    op.add_column("episodes", sa.Column("quoted", sa.BigInteger(), nullable=True))
    op.add_column("episodes", sa.Column("cap", sa.BigInteger(), nullable=True))
    op.add_column(
        "listeners", sa.Column("preferences", sa.JSON(), server_default="{}", nullable=False)
    )


def downgrade() -> None:
    for name in (
        "schedules",
        "gmail_mails",
        "charges",
        "consents",
        "connections",
        "tombstones",
        "paces",
        "deletions",
    ):
        op.drop_table(name)
    with op.batch_alter_table("listeners") as listeners:
        listeners.drop_column("preferences")
    with op.batch_alter_table("episodes") as episodes:
        for name in ("cap", "quoted", "asked_language", "style"):
            episodes.drop_column(name)
