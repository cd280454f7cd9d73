"""Dumps AudioBrew's schemas of a Postgres with pg_dump, and restores them with pg_restore."""

import os
import shutil
import subprocess
from pathlib import Path

import sqlalchemy as sa
from psycopg.conninfo import conninfo_to_dict

from audiobrew.db.engine import open_sync_database, sqlalchemy_url
from audiobrew.settings import Settings

# libpq's variables for what is in DATABASE_URL. An argument would show the password to every user of the
# machine.
VARIABLES = {
    "host": "PGHOST",
    "hostaddr": "PGHOSTADDR",
    "port": "PGPORT",
    "user": "PGUSER",
    "password": "PGPASSWORD",
    "dbname": "PGDATABASE",
    "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT",
    "options": "PGOPTIONS",
}


class DumpFailed(Exception):
    """The message is the first error of pg_dump or pg_restore."""


def has_program(name: str) -> bool:
    return shutil.which(name) is not None


def dump_postgres(settings: Settings, file: Path) -> None:
    """Raises DumpFailed."""
    options = [f"--schema={name}" for name in schemas(settings)]
    run_program(
        settings,
        "pg_dump",
        "--format=custom",
        "--no-owner",
        "--no-privileges",
        *options,
        f"--file={file}",
    )


def restore_postgres(settings: Settings, file: Path) -> None:
    """Restore all tables or none. Raises DumpFailed."""
    contents = file.with_suffix(".list")
    run_program(settings, "pg_restore", "--list", f"--file={contents}", str(file))
    # The schemas may exist already, because a role that owns nothing else cannot create them.
    lines = [line for line in contents.read_text().splitlines() if " SCHEMA - " not in line]
    contents.write_text("\n".join(lines) + "\n")
    create_schemas(settings)
    run_program(
        settings,
        "pg_restore",
        "--single-transaction",
        "--exit-on-error",
        "--no-owner",
        "--no-privileges",
        f"--use-list={contents}",
        f"--dbname={connection_variables(settings).get('PGDATABASE', 'postgres')}",
        str(file),
    )


def postgres_revision(settings: Settings) -> str:
    """The number of the newest migration; empty if there are no tables yet. Raises DatabaseUnavailable."""
    engine = open_sync_database(settings, settings.busy_seconds)
    try:
        with engine.connect() as database:
            revision = database.scalar(sa.text("SELECT version_num FROM alembic_version"))
            return str(revision or "")
    except sa.exc.ProgrammingError:
        return ""
    finally:
        engine.dispose()


def schemas_with_tables(settings: Settings) -> list[str]:
    """Those of AudioBrew's schemas that contain tables. Raises DatabaseUnavailable."""
    query = sa.text(
        "SELECT DISTINCT schemaname FROM pg_tables WHERE schemaname = ANY(:names) ORDER BY 1"
    )
    engine = open_sync_database(settings, settings.busy_seconds)
    try:
        with engine.connect() as database:
            return list(database.scalars(query, {"names": list(schemas(settings))}))
    finally:
        engine.dispose()


def create_schemas(settings: Settings) -> None:
    """Create those of AudioBrew's schemas that do not exist. Raises DumpFailed."""
    query = sa.text("SELECT nspname FROM pg_namespace WHERE nspname = ANY(:names)")
    engine = open_sync_database(settings, settings.busy_seconds)
    try:
        with engine.begin() as database:
            existing = set(database.scalars(query, {"names": list(schemas(settings))}))
            for name in set(schemas(settings)) - existing:
                database.execute(sa.schema.CreateSchema(name))
    except sa.exc.ProgrammingError as error:
        raise DumpFailed(f"this role may not create the schemas ({error.orig})") from error
    finally:
        engine.dispose()


def schemas(settings: Settings) -> tuple[str, str]:
    """Our schema, and the engine's."""
    return settings.database_schema, f"{settings.database_schema}_engine"


def connection_variables(settings: Settings) -> dict[str, str]:
    url = sqlalchemy_url(settings).replace("postgresql+psycopg://", "postgresql://", 1)
    parts = conninfo_to_dict(url)
    return {VARIABLES[name]: str(value) for name, value in parts.items() if name in VARIABLES}


def run_program(settings: Settings, program: str, *options: str) -> None:
    environment = {**os.environ, **connection_variables(settings)}
    command = [program, *options]
    result = subprocess.run(command, env=environment, capture_output=True, text=True)
    if result.returncode != 0:
        lines = [line for line in result.stderr.splitlines() if "error:" in line]
        raise DumpFailed((lines or [f"{program} failed"])[0].rstrip("."))
