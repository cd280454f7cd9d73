"""How Alembic reaches the database; called by `store.database`."""

import sqlalchemy as sa
from alembic import context
from audiobrew.store.tables import tables

engine = sa.create_engine(
    context.config.get_main_option("sqlalchemy.url") or "",
    poolclass=sa.pool.NullPool,
    hide_parameters=True,
)
with engine.connect() as connection:
    context.configure(
        connection=connection,
        target_metadata=tables,
        render_as_batch=connection.dialect.name == "sqlite",
        transactional_ddl=True,
    )
    if (
        connection.dialect.name == "sqlite"
    ):  # else Python's driver opens one at the first insert only
        connection.connection.isolation_level = None  # type: ignore[attr-defined]
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()
