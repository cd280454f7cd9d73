"""What all tables have in common: their metadata and the type of their timestamps."""

import sqlalchemy as sa

tables = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# Always UTC. SQLite returns it without a time zone, so queries convert it with `db.timestamps.utc`.
timestamp = sa.DateTime(timezone=True)
