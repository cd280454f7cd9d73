"""A pooler in session mode in front of Postgres, as at Supabase.

`python -m tests.pgbouncer tests/db -q` runs pytest with these arguments through one.
"""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep

from tests.ports import free_port
from tests.postgres import Cluster, as_service_user, cluster, give_to_service_user

CONFIG = """\
[databases]
* = host=127.0.0.1 port={postgres_port}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = trust
auth_file = {users}
pool_mode = session
default_pool_size = 60
server_idle_timeout = 3
"""
USERS = '"audiobrew" "secret"\n"postgres" ""\n'


@contextmanager
def pooler(postgres: Cluster) -> Iterator[int]:
    """The port of the pooler."""
    program = shutil.which("pgbouncer", path=f"{os.environ['PATH']}:/usr/sbin")
    assert program, "Please install pgbouncer (on Debian: apt-get install pgbouncer)."
    with tempfile.TemporaryDirectory(prefix="audiobrew-pooler-") as name:
        port, users, config = free_port(), Path(name) / "users", Path(name) / "pgbouncer.ini"
        users.write_text(USERS)
        config.write_text(CONFIG.format(postgres_port=postgres.port, port=port, users=users))
        give_to_service_user(Path(name), users, config)
        process = subprocess.Popen([program, "-q", str(config)], **as_service_user())
        try:
            wait_until_listening(port)
            yield port
        finally:
            process.terminate()
            process.wait(10)


def wait_until_listening(port: int) -> None:
    deadline = monotonic() + 60
    while True:
        with socket.socket() as probe:
            if not probe.connect_ex(("127.0.0.1", port)):
                return
        assert monotonic() < deadline, "the pooler did not start"
        sleep(0.05)


def run_pytest(*arguments: str) -> int:
    with cluster() as postgres, pooler(postgres) as port:
        environment = {
            **os.environ,
            "AUDIOBREW_TEST_POSTGRES": postgres.owner,
            "AUDIOBREW_TEST_POOLER": f"127.0.0.1:{port}",
        }
        return subprocess.run(
            [sys.executable, "-m", "pytest", *arguments], env=environment
        ).returncode


if __name__ == "__main__":
    sys.exit(run_pytest(*sys.argv[1:]))
