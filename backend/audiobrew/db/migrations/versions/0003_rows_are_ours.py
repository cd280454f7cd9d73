"""On Postgres, rows are for the role that owns the tables alone, whatever somebody grants by mistake.

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0003", "0002"
branch_labels = depends_on = None


def _each_table(what: str) -> None:
    database = op.get_bind()
    if database.dialect.name == "postgresql":
        for table in sa.inspect(database).get_table_names():
            op.execute(f'alter table "{table}" {what} row level security')


def upgrade() -> None:
    _each_table("enable")


def downgrade() -> None:
    _each_table("disable")
