"""A real Postgres for a test: a cluster of its own in a temporary folder, gone afterwards.

`python -m tests.postgres tests/store -q` runs these tests on one.
"""

import os
import pwd
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest

ROLE = "audiobrew"
SCHEMAS = ("audiobrew", "audiobrew_engine")


def binaries() -> Path:
    """Where the newest installed Postgres keeps its programs."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=_version)
    if found:
        return found[-1].parent
    if on_path := shutil.which("postgres"):
        return Path(on_path).parent
    pytest.fail("Please install Postgres (on Debian: apt-get install postgresql).")


def _version(path: Path) -> float:
    return float(path.parts[-3])


class Cluster:
    """A Postgres of its own: `databases` are made in it for AudioBrew's own role.

    It keeps its port from one start to the next, as a server that is down for a while does.
    """

    def __init__(self, folder: Path) -> None:
        self._programs, self._folder = binaries(), folder
        self.port = free_port()

    @property
    def owner(self) -> str:
        """The superuser's address, for looking at everything."""
        return f"postgresql://postgres@127.0.0.1:{self.port}"

    def database(self) -> str:
        """A new database's address, for a role that owns two schemas of it and nothing else."""
        name = f"d{secrets.token_hex(6)}"
        with psycopg.connect(f"{self.owner}/postgres", autocommit=True) as every:
            every.execute(f'create database "{name}"'.encode())
        with psycopg.connect(f"{self.owner}/{name}", autocommit=True) as own:
            for schema in SCHEMAS:
                own.execute(f"create schema {schema} authorization {ROLE}".encode())
        return f"postgresql://{ROLE}:secret@127.0.0.1:{self.port}/{name}"

    def as_owner(self, address: str) -> str:
        return f"{self.owner}/{address.rsplit('/', 1)[1]}"

    def make(self) -> None:
        self._folder.mkdir(mode=0o700)
        lend(self._folder.parent, self._folder)
        run(self._programs / "initdb", "-D", self._folder, "-A", "trust", "-U", "postgres", "-N")

    def start(self) -> None:
        limits = "-c fsync=off -c max_connections=300"
        told = f"-p {self.port} -k {self._folder} -c listen_addresses=127.0.0.1 {limits}"
        self._control("-o", told, "-l", self._folder / "log", "start")

    def stop(self) -> None:
        self._control("-m", "immediate", "stop")

    def _control(self, *words: object) -> None:
        run(self._programs / "pg_ctl", "-D", self._folder, "-w", "-s", *words)


@contextmanager
def cluster() -> Iterator[Cluster]:
    with tempfile.TemporaryDirectory(prefix="audiobrew-postgres-") as name:
        made = Cluster(Path(name) / "data")
        made.make()
        made.start()
        try:
            with psycopg.connect(f"{made.owner}/postgres", autocommit=True) as every:
                every.execute(f"create role {ROLE} login password 'secret'".encode())
            yield made
        finally:
            made.stop()


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def lent() -> pwd.struct_passwd | None:
    """Postgres and pgbouncer refuse to run as root, so root lends them another user."""
    return pwd.getpwnam("postgres") if os.geteuid() == 0 else None


def lend(*paths: Path) -> None:
    if user := lent():
        for path in paths:
            os.chown(path, user.pw_uid, user.pw_gid)


def run(*command: object) -> None:
    words = [str(word) for word in command]
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL, **as_lent())


def as_lent() -> dict[str, Any]:
    user = lent()
    return {"user": user.pw_uid, "group": user.pw_gid, "cwd": "/"} if user else {}


def _suite(*chosen: str) -> int:
    """pytest, with every test's data in a Postgres instead of a file."""
    with cluster() as running:
        told = {**os.environ, "AUDIOBREW_TEST_POSTGRES": running.owner}
        return subprocess.run([sys.executable, "-m", "pytest", *chosen], env=told).returncode


if __name__ == "__main__":
    sys.exit(_suite(*sys.argv[1:]))
