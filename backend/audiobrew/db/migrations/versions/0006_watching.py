"""An attempt of a brew knows the request that asked for it; open episodes are found without the others.

Revision ID: 0006
Revises: 0005
"""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0006", "0005"
branch_labels = depends_on = None
OPEN = "stage IN ('waiting', 'gathering', 'planning', 'writing', 'checking', 'speaking', 'joining')"


def upgrade() -> None:
    op.create_table(
        "origins",
        sa.Column("episode_id", sa.Uuid, primary_key=True),
        sa.Column("attempt", sa.Integer, primary_key=True),
        sa.Column("request", sa.String(64), nullable=False),
        sa.ForeignKeyConstraint(["episode_id"], ["episodes.id"], ondelete="CASCADE"),
    )
    op.create_index(
        "ix_episodes_open",
        "episodes",
        ["stage", "updated_at"],
        postgresql_where=sa.text(OPEN),
        sqlite_where=sa.text(OPEN),
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute("alter table origins enable row level security")


def downgrade() -> None:
    op.drop_index("ix_episodes_open", "episodes")
    op.drop_table("origins")
