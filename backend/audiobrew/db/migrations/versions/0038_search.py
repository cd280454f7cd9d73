"""Listeners search their episodes and newsletters.

A background job fills the table with what there is already.

Revision ID: 0038
Revises: 0037
"""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0038", "0037"
branch_labels = depends_on = None

# The words are separated by spaces already, and this tokenizer splits nothing else that is not ASCII.
SQLITE = (
    "create virtual table search_index using fts5(title, body, content='search_texts',"
    " content_rowid='number', tokenize='ascii', prefix='2 3')",
    "create trigger search_texts_insert after insert on search_texts begin"
    " insert into search_index(rowid, title, body) values (new.number, new.title, new.body); end",
    "create trigger search_texts_delete after delete on search_texts begin"
    " insert into search_index(search_index, rowid, title, body)"
    " values ('delete', old.number, old.title, old.body); end",
    "create trigger search_texts_update after update on search_texts begin"
    " insert into search_index(search_index, rowid, title, body)"
    " values ('delete', old.number, old.title, old.body);"
    " insert into search_index(rowid, title, body) values (new.number, new.title, new.body); end",
)
POSTGRES = (
    "alter table search_texts add column search_index tsvector generated always as ("
    "setweight(to_tsvector('simple'::regconfig, title), 'A')"
    " || to_tsvector('simple'::regconfig, body)) stored",
    "create index search_index_words on search_texts using gin (search_index)",
    "alter table search_texts enable row level security",
)


def upgrade() -> None:
    op.create_table(
        "search_texts",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("id", sa.Uuid, nullable=False),
        key_column("listener_id", "listeners.id", nullable=False),
        key_column("episode_id", "episodes.id", nullable=True),
        sa.Column("segment", sa.Integer),
        key_column("mail_id", "mails.id", nullable=True),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
    )
    op.create_index("ix_search_texts_id", "search_texts", ["id"], unique=True)
    for column in ("listener_id", "episode_id", "mail_id"):
        op.create_index(f"ix_search_texts_{column}", "search_texts", [column])
    for statement in POSTGRES if op.get_bind().dialect.name == "postgresql" else SQLITE:
        op.execute(statement)


def key_column(name: str, target: str, *, nullable: bool) -> sa.Column[object]:
    key = sa.ForeignKey(target, ondelete="CASCADE")
    return sa.Column(name, sa.Uuid, key, nullable=nullable)


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("drop table search_index")
    op.drop_table("search_texts")
