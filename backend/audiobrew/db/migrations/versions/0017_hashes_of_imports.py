"""An import has a hash of its file, by which a client recognizes the file when it continues the upload.

Revision ID: 0017
Revises: 0016
"""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0017", "0016"
branch_labels = depends_on = None


def upgrade() -> None:
    op.add_column("imports", sa.Column("content_hash", sa.String(64), nullable=True))


def downgrade() -> None:
    op.drop_column("imports", "content_hash")
