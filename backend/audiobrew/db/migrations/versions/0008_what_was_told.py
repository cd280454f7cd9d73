"""An episode knows which of its newsletters it told, and why it failed; changes are found by their time.

Revision ID: 0008
Revises: 0007

What finished episodes told is read from their scripts. What one of them left out waits to be told.
"""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0008", "0007"
branch_labels = depends_on = None

TOLD = """
CREATE TEMPORARY TABLE told_newsletters AS
SELECT DISTINCT sources.episode_id, sources.mail_id
FROM sources
JOIN episodes ON episodes.id = sources.episode_id AND episodes.stage = 'ready'
WHERE EXISTS (
  SELECT 1 FROM sentences CROSS JOIN {blocks}
  WHERE sentences.episode_id = sources.episode_id AND sentences.dropped IS NULL
  AND sentences.start IS NOT NULL AND cited.value = sources.block_id
)
"""
MARKED = """
UPDATE episode_mails SET
  told = EXISTS (
    SELECT 1 FROM told_newsletters
    WHERE told_newsletters.episode_id = episode_mails.episode_id
    AND told_newsletters.mail_id = episode_mails.mail_id
  )
WHERE episode_id IN (SELECT id FROM episodes WHERE stage = 'ready')
"""
LEFT_OUT = "UPDATE episode_mails SET left_out = 'time' WHERE told = {false}"
COUNTED = """
UPDATE episodes SET newsletters_told = (
  SELECT count(*) FROM told_newsletters WHERE told_newsletters.episode_id = episodes.id
)
WHERE stage = 'ready' AND request_hash <> ''
"""


def upgrade() -> None:
    op.add_column("episodes", sa.Column("trouble_type", sa.String(100), nullable=True))
    op.add_column("episodes", sa.Column("newsletters_told", sa.Integer, nullable=True))
    op.add_column("episode_mails", sa.Column("told", sa.Boolean, nullable=True))
    op.add_column("episode_mails", sa.Column("left_out", sa.String(16), nullable=True))
    _read_scripts()
    op.create_index("ix_episodes_updated_at", "episodes", ["updated_at"])
    op.create_table(
        "deleted_episodes",
        sa.Column("episode_id", sa.Uuid, nullable=False),
        sa.Column("listener_id", sa.Uuid, nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["listener_id"],
            ["listeners.id"],
            name="fk_deleted_episodes_listener_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("episode_id", name="pk_deleted_episodes"),
    )
    op.create_index("ix_deleted_episodes_listener_id", "deleted_episodes", ["listener_id"])
    op.create_index("ix_deleted_episodes_deleted_at", "deleted_episodes", ["deleted_at"])
    if op.get_bind().dialect.name == "postgresql":
        op.execute("alter table deleted_episodes enable row level security")


def _read_scripts() -> None:
    """At least one spoken sentence cites a block of the newsletter: then it was told."""
    postgres = op.get_bind().dialect.name == "postgresql"
    rows = "LATERAL json_array_elements_text" if postgres else "json_each"
    blocks = f"{rows}(sentences.cites) AS cited{' (value)' if postgres else ''}"
    op.execute(TOLD.format(blocks=blocks))
    op.execute(MARKED)
    op.execute(LEFT_OUT.format(false="false" if postgres else "0"))
    op.execute(COUNTED)
    op.execute("DROP TABLE told_newsletters")


def downgrade() -> None:
    op.drop_table("deleted_episodes")
    op.drop_index("ix_episodes_updated_at", "episodes")
    for table, columns in (
        ("episode_mails", ("left_out", "told")),
        ("episodes", ("newsletters_told", "trouble_type")),
    ):
        for column in columns:
            op.drop_column(table, column)
