"""Sources can be addresses of a listener's own.

Revision ID: 0032
Revises: 0031
"""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0032", "0031"
branch_labels = depends_on = None


def upgrade() -> None:
    op.add_column("mail_sources", sa.Column("address_hash", sa.String(64), nullable=True))
    op.create_index("ix_mail_sources_address_hash", "mail_sources", ["address_hash"], unique=True)


def downgrade() -> None:
    op.drop_index("ix_mail_sources_address_hash", "mail_sources")
    op.drop_column("mail_sources", "address_hash")
