"""Voices have a pace of speech without pauses, and sentences know that their listener wants to keep them.

Revision ID: 0024
Revises: 0023
"""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0024", "0023"
branch_labels = depends_on = None


def upgrade() -> None:
    for name, kind in (("speech_characters", sa.BigInteger), ("speech_seconds", sa.Float)):
        op.add_column("paces", sa.Column(name, kind(), nullable=False, server_default="0"))
    op.add_column(
        "sentences", sa.Column("kept", sa.Boolean, nullable=False, server_default=sa.false())
    )


def downgrade() -> None:
    op.drop_column("sentences", "kept")
    for name in ("speech_seconds", "speech_characters"):
        op.drop_column("paces", name)
