"""Episodes and schedules say whether there are sounds between stories.

Null leaves that to the setting of the service, as the version before this one does.

Revision ID: 0027
Revises: 0026
"""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0027", "0026"
branch_labels = depends_on = None


def upgrade() -> None:
    for table in ("episodes", "schedules"):
        op.add_column(table, sa.Column("sounds", sa.Boolean, nullable=True))


def downgrade() -> None:
    for table in ("schedules", "episodes"):
        op.drop_column(table, "sounds")
