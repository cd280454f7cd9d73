"""A real Postgres for a test: a cluster of its own in a temporary folder, gone afterwards."""

import os
import pwd
import secrets
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

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
    """A running Postgres: `databases` are made in it for AudioBrew's own role."""

    def __init__(self, port: int) -> None:
        self.port = port

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


@contextmanager
def cluster() -> Iterator[Cluster]:
    """Postgres refuses to run as root, so root lends it another user."""
    programs = binaries()
    user = _user()
    with tempfile.TemporaryDirectory(prefix="audiobrew-postgres-") as name:
        folder = Path(name) / "data"
        folder.mkdir(mode=0o700)
        if user:
            for path in (Path(name), folder):
                os.chown(path, user.pw_uid, user.pw_gid)
        _run(user, programs / "initdb", "-D", folder, "-A", "trust", "-U", "postgres", "-N")
        with _started(user, programs, folder) as port:
            made = Cluster(port)
            with psycopg.connect(f"{made.owner}/postgres", autocommit=True) as every:
                every.execute(f"create role {ROLE} login password 'secret'".encode())
            yield made


def _user() -> pwd.struct_passwd | None:
    return pwd.getpwnam("postgres") if os.geteuid() == 0 else None


def _run(user: pwd.struct_passwd | None, *command: object) -> None:
    subprocess.run(
        [str(word) for word in command],
        check=True,
        stdout=subprocess.DEVNULL,
        **_as(user),
    )


def _as(user: pwd.struct_passwd | None) -> dict[str, object]:
    return {"user": user.pw_uid, "group": user.pw_gid, "cwd": "/"} if user else {}


@contextmanager
def _started(user: pwd.struct_passwd | None, programs: Path, folder: Path) -> Iterator[int]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    told = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off"
    control = (programs / "pg_ctl", "-D", folder, "-w", "-s")
    _run(user, *control, "-o", told, "-l", folder / "log", "start")
    try:
        yield port
    finally:
        _run(user, *control, "-m", "immediate", "stop")
