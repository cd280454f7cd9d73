"""A listener's Gmail is a source, and sources know their mails.

The connections become sources, with their encrypted tokens as they are: nobody signs in again.

Revision ID: 0036
Revises: 0035
"""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0036", "0035"
branch_labels = depends_on = None

timestamp = sa.DateTime(timezone=True)
connections = sa.table(
    "connections",
    *(sa.column("listener_id", sa.Uuid), sa.column("address", sa.Text)),
    *(sa.column("sealed", sa.LargeBinary), sa.column("key_id", sa.String)),
    *(sa.column("scopes", sa.JSON), sa.column("state", sa.String), sa.column("label", sa.Text)),
    *(sa.column("history", sa.Text), sa.column("connected_at", timestamp)),
    sa.column("read_at", timestamp),
)
gmail_mails = sa.table(
    "gmail_mails", sa.column("listener_id", sa.Uuid), sa.column("mail_id", sa.Uuid)
)
mail_sources = sa.table(
    "mail_sources",
    *(sa.column("id", sa.Uuid), sa.column("listener_id", sa.Uuid), sa.column("kind", sa.String)),
    *(sa.column("name", sa.Text), sa.column("config", sa.JSON), sa.column("state", sa.String)),
    *(sa.column("sealed", sa.LargeBinary), sa.column("key_id", sa.String)),
    *(sa.column("trouble", sa.Text), sa.column("trouble_type", sa.String)),
    *(sa.column("cursor", sa.JSON(none_as_null=True)), sa.column("failures", sa.Integer)),
    *(sa.column("next_at", timestamp), sa.column("looked_at", timestamp)),
    *(sa.column("succeeded_at", timestamp), sa.column("created_at", timestamp)),
    *(sa.column("mails", sa.Integer), sa.column("new_mails", sa.Integer)),
    *(sa.column("position", sa.Integer), sa.column("total", sa.Integer)),
)
source_mails = sa.table(
    "source_mails", sa.column("source_id", sa.Uuid), sa.column("mail_id", sa.Uuid)
)


def upgrade() -> None:
    op.create_table(
        "source_mails",
        key_column("source_id", "mail_sources.id"),
        key_column("mail_id", "mails.id"),
    )
    op.create_index("ix_source_mails_mail_id", "source_mails", ["mail_id"])
    database = op.get_bind()
    if database.dialect.name == "postgresql":
        op.execute("alter table source_mails enable row level security")
    for connection in database.execute(sa.select(connections)).all():
        mails = (
            sa.select(gmail_mails.c.mail_id)
            .distinct()
            .where(
                gmail_mails.c.listener_id == connection.listener_id,
                gmail_mails.c.mail_id.is_not(None),
            )
        )
        count = database.execute(sa.select(sa.func.count()).select_from(mails.subquery())).scalar()
        source = source_of(connection, count or 0)
        database.execute(mail_sources.insert().values(source))
        columns = ["source_id", "mail_id"]
        own = mails.with_only_columns(
            sa.literal(source["id"], sa.Uuid), gmail_mails.c.mail_id
        ).distinct()
        database.execute(source_mails.insert().from_select(columns, own))
    database.execute(connections.delete())


def source_of(connection: Any, mails: int) -> dict[str, Any]:
    needs_consent = connection.state == "reconnect"
    history, _, label = (connection.history or "").partition(" ")
    trouble = "Google no longer lets AudioBrew read your mail. Connect Gmail again under Sources."
    return {
        "id": uuid4(),
        "listener_id": connection.listener_id,
        "kind": "gmail",
        "name": connection.address or "Gmail",
        "config": {
            "address": connection.address,
            "scopes": connection.scopes,
            "label": connection.label,
            "keeps_others": True,
        },
        "sealed": connection.sealed,
        "key_id": connection.key_id,
        "state": "stopped" if needs_consent else "waiting",
        "trouble": trouble if needs_consent else None,
        "trouble_type": "/problems/reconnect-needed" if needs_consent else None,
        "cursor": {"label": label, "history": history} if label else None,
        "next_at": None if needs_consent else datetime.now(UTC),
        "looked_at": connection.read_at,
        "succeeded_at": connection.read_at,
        "created_at": connection.connected_at,
        "mails": mails,
        "new_mails": 0,
        "position": 0,
        "total": 0,
        "failures": 0,
    }


def key_column(name: str, target: str) -> sa.Column[object]:
    key = sa.ForeignKey(target, ondelete="CASCADE")
    return sa.Column(name, sa.Uuid, key, primary_key=True)


def downgrade() -> None:
    op.drop_table("source_mails")
