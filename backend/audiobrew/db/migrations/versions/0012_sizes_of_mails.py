"""A mail knows how much it has to tell; a message of Gmail's, how often its parse was begun.

Revision ID: 0012
Revises: 0011
"""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0012", "0011"
branch_labels = depends_on = None

SIZES = {
    "told_blocks": "count(*) FROM blocks WHERE mail_id = mails.id AND cut IS NULL",
    "told_characters": "coalesce(sum(length(text)), 0) FROM blocks"
    " WHERE mail_id = mails.id AND cut IS NULL",
    "characters": "coalesce(sum(length(text)), 0) FROM blocks WHERE mail_id = mails.id",
}


def upgrade() -> None:
    for name in SIZES:
        op.add_column("mails", sa.Column(name, sa.Integer, nullable=False, server_default="0"))
    counted = ", ".join(f"{name} = (SELECT {sql})" for name, sql in SIZES.items())
    op.execute(f"UPDATE mails SET {counted}")  # noqa: S608
    op.add_column("gmail_mails", sa.Column("attempts", sa.Integer, nullable=True))


def downgrade() -> None:
    op.drop_column("gmail_mails", "attempts")
    for name in SIZES:
        op.drop_column("mails", name)
