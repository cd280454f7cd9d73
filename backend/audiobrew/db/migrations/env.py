"""Alembic's environment. `db.engine.upgrade` runs it."""

import sqlalchemy as sa
from alembic import context
from audiobrew.db.engine import translate_driver_error
from audiobrew.db.stages import open_episodes
from audiobrew.db.tables import tables

# Our advisory lock on Postgres: of two processes that start together, one migrates and the other waits.
MIGRATION_LOCK_ID = 20_261_123
assert open_episodes.table is tables.tables["episodes"]
schema = context.config.attributes.get("schema", "audiobrew")


def begin(connection: sa.Connection) -> None:
    """Begin a transaction that holds the migration lock, in our schema."""
    if connection.dialect.name == "sqlite":
        # By default, Python's driver would begin the transaction only before the first insert.
        connection.connection.isolation_level = None  # type: ignore[attr-defined]
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        return
    connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({MIGRATION_LOCK_ID})")
    if schema not in sa.inspect(connection).get_schema_names():
        connection.exec_driver_sql(f"CREATE SCHEMA {schema}")
    connection.exec_driver_sql(f"SET LOCAL search_path TO {schema}")


engine = sa.create_engine(
    context.config.get_main_option("sqlalchemy.url") or "",
    poolclass=sa.pool.NullPool,
    hide_parameters=True,
)
sa.event.listen(engine, "handle_error", translate_driver_error)
with engine.connect() as connection:
    begin(connection)
    context.configure(
        connection=connection,
        target_metadata=tables,
        render_as_batch=connection.dialect.name == "sqlite",
        transactional_ddl=True,
    )
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()
