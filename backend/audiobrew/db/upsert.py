"""What SQLite and Postgres write differently."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

CLOCKS = {
    "postgresql": "extract(epoch from clock_timestamp())",
    "sqlite": "(julianday('now') - 2440587.5) * 86400.0",
}


def insert(database: AsyncConnection, table: sa.Table) -> Any:
    """An insert with ON CONFLICT."""
    dialect = postgresql if database.dialect.name == "postgresql" else sqlite
    return dialect.insert(table)


def clock(database: sa.Connection | AsyncConnection) -> Any:
    """The database's clock in seconds since 1970, as an expression: machines' clocks need not agree."""
    return sa.literal_column(CLOCKS[database.dialect.name], sa.Float)
