"""What a server of one's own has around it in drills.

A name that is not loopback, Caddy with `deploy/Caddyfile`, and a browser that trusts its certificate.
"""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import requests

from deploy.wheel import ROOT
from tests.hosting.wheel import wait_for
from tests.ports import free_port

NAME = "brew.rehearsal.test"
INSIDE = "AUDIOBREW_REHEARSAL"
CADDYFILE = """\
{{
	admin off
	auto_https disable_redirects
	https_port {port}
	local_certs
	skip_install_trust
	storage file_system {folder}
}}
import {caddyfile}
"""


def run_in_own_namespace(module: str, *names: str) -> int:
    """Run a program where `NAME` is the machine's own address, and `names` are loopback."""
    with TemporaryDirectory(prefix="audiobrew-hosts-") as name:
        hosts = Path(name, "hosts")
        lines = [f"{own_address()} {NAME}", *(f"127.0.0.1 {name}" for name in names)]
        hosts.write_text("\n".join([Path("/etc/hosts").read_text(), *lines, ""]))
        script = 'mount --bind "$0" /etc/hosts && exec "$@"'
        program = (sys.executable, "-m", module, *sys.argv[1:])
        command = ("unshare", "--mount", "--propagation", "private", "sh", "-c", script, str(hosts))
        return subprocess.run([*command, *program], env={**os.environ, INSIDE: "1"}).returncode


def own_address() -> str:
    """An address of this machine that is not loopback. Nothing is sent."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.connect(("203.0.113.1", 9))
        address = str(probe.getsockname()[0])
    assert not address.startswith("127."), "this machine has no address but loopback"
    return address


def usual_port(port: int) -> int:
    """This port if nobody listens there, else another one."""
    with socket.socket() as probe:
        return port if probe.connect_ex((own_address(), port)) else free_port()


@contextmanager
def running_caddy(folder: Path, upstream: int, https: int) -> Iterator[Path]:
    """Caddy with the Caddyfile of `deploy/`. Yields the certificate of its own authority."""
    config, storage = folder / "Caddyfile", folder / "caddy"
    config.write_text(
        CADDYFILE.format(port=https, folder=storage, caddyfile=ROOT / "deploy" / "Caddyfile")
    )
    variables = {"DOMAIN": NAME, "UPSTREAM": f"127.0.0.1:{upstream}", "HOME": str(folder)}
    with (folder / "caddy.log").open("wb") as log:
        process = subprocess.Popen(
            [os.environ["CADDY"], "run", "--config", str(config)],
            env={**os.environ, **variables},
            stdout=log,
            stderr=log,
        )
    authority = storage / "pki" / "authorities" / "local" / "root.crt"

    def answers() -> bool:
        assert process.poll() is None, (folder / "caddy.log").read_text()
        try:  # 502 while AudioBrew does not run yet
            address = f"https://{NAME}:{https}/"
            return authority.exists() and bool(
                requests.get(address, verify=str(authority), timeout=5).status_code
            )
        except requests.RequestException:
            return False

    try:
        wait_for(answers)
        yield authority
    finally:
        process.terminate()
        process.wait(30)


def trusting_home(folder: Path, authority: Path) -> Path:
    """A home folder in which Chromium trusts Caddy's authority."""
    database = folder / "home" / ".pki" / "nssdb"
    database.mkdir(parents=True)
    for words in (
        ("-N", "--empty-password"),
        ("-A", "-t", "C,,", "-n", "caddy", "-i", str(authority)),
    ):
        subprocess.run(["certutil", "-d", f"sql:{database}", *words], check=True)
    return folder / "home"
