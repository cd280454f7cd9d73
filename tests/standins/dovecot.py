"""A real Dovecot on loopback, with mailboxes that tests fill."""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from pwd import getpwnam

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

USER, PASSWORD = "ada@mail.example", "abcd-efgh-ijkl-mnop"
CONFIG = """\
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/dovecot.log
protocols = imap
listen = 127.0.0.1
ssl = yes
ssl_cert = <{folder}/cert.pem
ssl_key = <{folder}/key.pem
disable_plaintext_auth = yes
auth_mechanisms = plain login
auth_failure_delay = 0
first_valid_uid = 1
mail_location = maildir:{folder}/homes/%u/Maildir
mail_fsync = never
namespace inbox {{
  inbox = yes
  separator = /
}}
service imap-login {{
  inet_listener imap {{
    port = {plain}
  }}
  inet_listener imaps {{
    port = {tls}
    ssl = yes
  }}
  process_min_avail = 0
}}
service stats {{
  chroot =
}}
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={user} gid={group} home={folder}/homes/%u
}}
"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def write_certificate(folder: Path, *hosts: str) -> None:
    """A certificate for localhost and these hosts, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    names = [*map(x509.DNSName, ("localhost", *hosts)), x509.IPAddress(ip_address("127.0.0.1"))]
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=30))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "cert.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    secret = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    (folder / "key.pem").write_bytes(secret)


@dataclass
class Dovecot:
    """`tls` and `plain` are its ports; the latter offers STARTTLS."""

    folder: Path
    tls: int
    plain: int
    process: subprocess.Popen[bytes] | None = None

    @property
    def certificate(self) -> Path:
        return self.folder / "cert.pem"

    def start(self) -> None:
        program = shutil.which("dovecot", path=f"{os.environ['PATH']}:/usr/sbin")
        assert program, "install dovecot-imapd"
        command = [program, "-F", "-c", str(self.folder / "dovecot.conf")]
        self.process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
        end = time.monotonic() + 60
        while time.monotonic() < end:
            try:
                with socket.create_connection(("127.0.0.1", self.plain), 1) as probe:
                    if probe.recv(100).startswith(b"* OK"):
                        return
            except OSError:
                time.sleep(0.05)
            assert self.process.poll() is None, (self.folder / "dovecot.log").read_text()
        raise AssertionError("Dovecot does not answer")

    def stop(self) -> None:
        if self.process is not None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(timeout=30)
            self.process = None

    def deliver(self, *mails: bytes, folder: str = "", user: str = USER) -> None:
        """Put mails into a mailbox, as its server's delivery does. `folder`: empty for the inbox."""
        maildir = self.folder / "homes" / user / "Maildir" / (f".{folder}" if folder else "")
        for part in ("new", "cur", "tmp"):
            (maildir / part).mkdir(parents=True, exist_ok=True)
        now = time.time_ns()
        for number, mail in enumerate(mails):
            (maildir / "new" / f"{now + number}.test.localhost").write_bytes(mail)
        self._give_to_user(self.folder / "homes" / user)

    def unseen(self, folder: str = "", user: str = USER) -> int:
        """How many mails are not marked as read."""
        maildir = self.folder / "homes" / user / "Maildir" / (f".{folder}" if folder else "")
        new = list((maildir / "new").iterdir())
        cur = [
            mail for mail in (maildir / "cur").iterdir() if "S" not in mail.name.partition(":2,")[2]
        ]
        return len(new) + len(cur)

    def change_uidvalidity(self, folder: str = "", user: str = USER) -> None:
        """All mails get new numbers, as after a restore from a backup."""
        maildir = self.folder / "homes" / user / "Maildir" / (f".{folder}" if folder else "")
        for name in (
            "dovecot-uidlist",
            "dovecot.index",
            "dovecot.index.log",
            "dovecot.index.cache",
        ):
            (maildir / name).unlink(missing_ok=True)
        (maildir / "dovecot-uidvalidity").unlink(missing_ok=True)
        time.sleep(1.1)  # Dovecot takes the time in seconds

    def _give_to_user(self, path: Path) -> None:
        owner = getpwnam("mail")
        for part in (path, *path.rglob("*")):
            os.chown(part, owner.pw_uid, owner.pw_gid)


@contextmanager
def running_dovecot(*hosts: str, tls: int | None = None) -> Iterator[Dovecot]:
    """Needs root, as Dovecot does. `hosts`: names of this machine that its certificate has, too."""
    folder = Path(tempfile.mkdtemp(prefix="audiobrew-dovecot-"))
    folder.chmod(0o755)
    try:
        write_certificate(folder, *hosts)
        owner = getpwnam("mail")
        (folder / "homes").mkdir()
        os.chown(folder / "homes", owner.pw_uid, owner.pw_gid)
        server = Dovecot(folder, tls or free_port(), free_port())
        config = CONFIG.format(
            folder=folder,
            plain=server.plain,
            tls=server.tls,
            password=PASSWORD,
            user=owner.pw_uid,
            group=owner.pw_gid,
        )
        (folder / "dovecot.conf").write_text(config)
        server.start()
        try:
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
