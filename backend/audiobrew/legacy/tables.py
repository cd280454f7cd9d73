"""The tables of the application before, in the schema `public`: not ours, so no migration makes them."""

import sqlalchemy as sa

podcasts = sa.table(
    "podcasts",
    sa.column("id", sa.Uuid),
    sa.column("user_id", sa.Uuid),
    sa.column("title", sa.Text),
    sa.column("audio_url", sa.Text),
    sa.column("script_markdown", sa.Text),
    sa.column("duration", sa.Integer),
    sa.column("source_emails", sa.Integer),
    sa.column("created_at", sa.DateTime(timezone=True)),
    sa.column("updated_at", sa.DateTime(timezone=True)),
    schema="public",
)
gmail_connections = sa.table(
    "gmail_connections",
    sa.column("user_id", sa.Uuid),
    sa.column("email", sa.Text),
    sa.column("credentials"),
    sa.column("updated_at", sa.DateTime(timezone=True)),
    schema="public",
)
OLD_TABLES = (podcasts, gmail_connections)
