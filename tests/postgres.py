"""A real Postgres for tests: a temporary cluster.

`python -m tests.postgres tests/db -q` runs pytest with these arguments on such a cluster.
"""

import os
import pwd
import secrets
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.ports import free_port

ROLE = "audiobrew"
SCHEMAS = ("audiobrew", "audiobrew_engine")


def binaries() -> Path:
    """The folder with the programs of the newest installed Postgres."""
    programs = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=_version)
    if programs:
        return programs[-1].parent
    if on_path := shutil.which("postgres"):
        return Path(on_path).parent
    pytest.fail("Please install Postgres (on Debian: apt-get install postgresql).")


def _version(path: Path) -> float:
    return float(path.parts[-3])


class Cluster:
    """A Postgres cluster. It keeps its port when it is stopped and started again."""

    def __init__(self, folder: Path) -> None:
        self._programs, self._folder = binaries(), folder
        self.port = free_port()

    @property
    def owner(self) -> str:
        """The address of the superuser."""
        return f"postgresql://postgres@127.0.0.1:{self.port}"

    def database(self) -> str:
        """The address of a new database, for a role that owns two schemas in it and nothing else."""
        name = f"d{secrets.token_hex(6)}"
        with psycopg.connect(f"{self.owner}/postgres", autocommit=True) as database:
            database.execute(f'create database "{name}"'.encode())
        with psycopg.connect(f"{self.owner}/{name}", autocommit=True) as database:
            for schema in SCHEMAS:
                database.execute(f"create schema {schema} authorization {ROLE}".encode())
        return f"postgresql://{ROLE}:secret@127.0.0.1:{self.port}/{name}"

    def as_owner(self, address: str) -> str:
        return f"{self.owner}/{address.rsplit('/', 1)[1]}"

    def make(self) -> None:
        self._folder.mkdir(mode=0o700)
        give_to_service_user(self._folder.parent, self._folder)
        run(self._programs / "initdb", "-D", self._folder, "-A", "trust", "-U", "postgres", "-N")

    def start(self) -> None:
        limits = "-c fsync=off -c max_connections=300"
        options = f"-p {self.port} -k {self._folder} -c listen_addresses=127.0.0.1 {limits}"
        self._control("-o", options, "-l", self._folder / "log", "start")

    def stop(self) -> None:
        self._control("-m", "immediate", "stop")

    def _control(self, *words: object) -> None:
        run(self._programs / "pg_ctl", "-D", self._folder, "-w", "-s", *words)


@contextmanager
def cluster() -> Iterator[Cluster]:
    with tempfile.TemporaryDirectory(prefix="audiobrew-postgres-") as name:
        postgres = Cluster(Path(name) / "data")
        postgres.make()
        postgres.start()
        try:
            with psycopg.connect(f"{postgres.owner}/postgres", autocommit=True) as database:
                database.execute(f"create role {ROLE} login password 'secret'".encode())
            yield postgres
        finally:
            postgres.stop()


def service_user() -> pwd.struct_passwd | None:
    """The user for Postgres and pgbouncer, which refuse to run as root; None if we are not root."""
    return pwd.getpwnam("postgres") if os.geteuid() == 0 else None


def give_to_service_user(*paths: Path) -> None:
    if user := service_user():
        for path in paths:
            os.chown(path, user.pw_uid, user.pw_gid)


def run(*command: object) -> None:
    words = [str(word) for word in command]
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL, **as_service_user())


def as_service_user() -> dict[str, Any]:
    user = service_user()
    return {"user": user.pw_uid, "group": user.pw_gid, "cwd": "/"} if user else {}


def run_pytest(*arguments: str) -> int:
    """Run pytest with all data in a Postgres instead of SQLite."""
    with cluster() as postgres:
        options = {**os.environ, "AUDIOBREW_TEST_POSTGRES": postgres.owner}
        return subprocess.run([sys.executable, "-m", "pytest", *arguments], env=options).returncode


if __name__ == "__main__":
    sys.exit(run_pytest(*sys.argv[1:]))
