"""A pooler before Postgres, in session mode, as Supabase's own is: what AudioBrew must live behind.

`python -m tests.pgbouncer tests/store -q` runs these tests through one.
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

from tests.postgres import Cluster, as_lent, cluster, free_port, lend

TOLD = """\
[databases]
* = host=127.0.0.1 port={behind}
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
def pooler(behind: Cluster) -> Iterator[int]:
    """Its port."""
    program = shutil.which("pgbouncer", path=f"{os.environ['PATH']}:/usr/sbin")
    assert program, "Please install pgbouncer (on Debian: apt-get install pgbouncer)."
    with tempfile.TemporaryDirectory(prefix="audiobrew-pooler-") as name:
        port, users, told = free_port(), Path(name) / "users", Path(name) / "told.ini"
        users.write_text(USERS)
        told.write_text(TOLD.format(behind=behind.port, port=port, users=users))
        lend(Path(name), users, told)
        process = subprocess.Popen([program, "-q", str(told)], **as_lent())
        try:
            _until_it_listens(port)
            yield port
        finally:
            process.terminate()
            process.wait(10)


def _until_it_listens(port: int) -> None:
    late = monotonic() + 60
    while True:
        with socket.socket() as asking:
            if not asking.connect_ex(("127.0.0.1", port)):
                return
        assert monotonic() < late, "the pooler did not start"
        sleep(0.05)


def _suite(*chosen: str) -> int:
    with cluster() as behind, pooler(behind) as port:
        told = {
            **os.environ,
            "AUDIOBREW_TEST_POSTGRES": behind.owner,
            "AUDIOBREW_TEST_POOLER": f"127.0.0.1:{port}",
        }
        return subprocess.run([sys.executable, "-m", "pytest", *chosen], env=told).returncode


if __name__ == "__main__":
    sys.exit(_suite(*sys.argv[1:]))
