"""The copies of an issue are found in their order, so that the newest of thousands is found at once.

Revision ID: 0018
Revises: 0017
"""

from alembic import op

revision, down_revision = "0018", "0017"
branch_labels = depends_on = None
COLUMNS = ["issue_id", "received_at", "created_at", "id"]


def upgrade() -> None:
    name = op.f("ix_mails_issue_id_received_at_created_at_id")
    # A large service builds it before; see docs/runbooks/deploy.md.
    op.create_index(name, "mails", COLUMNS, if_not_exists=True)
    op.drop_index(op.f("ix_mails_issue_id"), "mails")


def downgrade() -> None:
    op.create_index(op.f("ix_mails_issue_id"), "mails", ["issue_id"])
    op.drop_index(op.f("ix_mails_issue_id_received_at_created_at_id"), "mails")
