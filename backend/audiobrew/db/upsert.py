"""SQL that differs between SQLite and Postgres."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

# Seconds since 1970.
CLOCKS = {
    "postgresql": "extract(epoch from clock_timestamp())",
    "sqlite": "(julianday('now') - 2440587.5) * 86400.0",
}


def insert(database: AsyncConnection, table: sa.Table) -> Any:
    """An insert that supports ON CONFLICT."""
    dialect = postgresql if database.dialect.name == "postgresql" else sqlite
    return dialect.insert(table)


def clock(database: sa.Connection | AsyncConnection) -> Any:
    """An expression for the database's clock, in seconds since 1970. Heartbeats and key locks use it, because
    the clocks of several machines may differ."""
    return sa.literal_column(CLOCKS[database.dialect.name], sa.Float)
