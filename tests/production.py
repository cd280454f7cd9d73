"""AudioBrew as a hosting platform runs it: with production settings, a real Postgres and stand-ins for all
vendors.

`python -m tests.production` runs it until Ctrl-C, for manual tests.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic, sleep
from typing import TYPE_CHECKING

import httpx2

from tests.ports import free_port
from tests.postgres import Cluster, cluster
from tests.product import SAMPLES, UNLIMITED
from tests.standins.google import Google
from tests.standins.local_server import serving
from tests.standins.openai import OpenAI
from tests.standins.openai.fake_model import FakeModel
from tests.standins.supabase import Supabase

if TYPE_CHECKING:
    from tests.standins.google import Mailbox

ROOT = Path(__file__).parents[1]
PASSWORD = "correct horse battery"
CLIENT, CLIENT_SECRET = "audiobrew.apps.googleusercontent.com", "GOCSPX-this-server-alone"
KEY = "sk-proj-this-server-alone"


@dataclass
class Vendors:
    """The stand-ins, which run in this process so that tests can inspect them."""

    supabase: Supabase
    google: Google
    openai: OpenAI


@dataclass
class Production:
    """A database, the vendors, and processes of AudioBrew, which all write to `log`."""

    url: str
    folder: Path
    postgres: Cluster
    database: str
    vendors: Vendors
    environment: dict[str, str]
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def log(self) -> Path:
        return self.folder / "log"

    def sign_up(self, address: str) -> "Listener":
        """A new listener at Supabase, with a mailbox at Google, signed in."""
        user = self.vendors.supabase.add_user(address, PASSWORD)
        box = self.vendors.google.add_account(address)
        return Listener(str(user.id), address, self.vendors.supabase.access_token(user), box)

    def start(self, *words: str) -> subprocess.Popen[bytes]:
        """Start `audiobrew` with these arguments in its own process."""
        with self.log.open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "audiobrew", *words],
                env=clean_environment() | self.environment,
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        self.processes.append(process)
        return process

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run `audiobrew` with these arguments and wait until it ends."""
        return subprocess.run(
            [sys.executable, "-m", "audiobrew", *words],
            env=clean_environment() | self.environment,
            cwd=self.folder,
            capture_output=True,
            text=True,
            timeout=120,
        )

    def serve(self) -> None:
        """Start the server and wait until it is healthy."""
        process, deadline = self.start("serve"), monotonic() + 180
        while not _is_healthy(self.url):
            assert process.poll() is None, self.log.read_text()
            assert monotonic() < deadline, self.log.read_text()
            sleep(0.1)

    def stop(self) -> None:
        for process in self.processes:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
        for process in self.processes:
            process.wait(60)
        self.processes.clear()


@dataclass(frozen=True)
class Listener:
    """Somebody with an account, a token and a mailbox."""

    id: str
    address: str
    token: str
    box: "Mailbox"

    def receive(self, *mails: bytes, label: str = "AudioBrew") -> None:
        for mail in mails:
            self.box.deliver(mail, label)


@contextmanager
def production(folder: Path, **more: str) -> Iterator[Production]:
    """Everything that AudioBrew needs. No process of AudioBrew runs yet."""
    with ExitStack() as stack:
        postgres = stack.enter_context(cluster())
        origin = f"http://127.0.0.1:{free_port()}"
        google = Google(CLIENT, CLIENT_SECRET, [f"{origin}/api/auth/gmail/callback"])
        vendors = Vendors(Supabase(), google, OpenAI(FakeModel(), key=KEY))
        vendors.supabase.base = stack.enter_context(serving(vendors.supabase.app))
        urls = {
            "AUDIOBREW_GOOGLE_URL": stack.enter_context(serving(google.app)),
            "OPENAI_BASE_URL": f"{stack.enter_context(serving(vendors.openai.app))}/v1",
        }
        database = postgres.database()
        environment = _environment(origin, folder, vendors.supabase, database) | urls | more
        product = Production(origin, folder, postgres, database, vendors, environment)
        stack.callback(product.stop)
        yield product


def _environment(origin: str, folder: Path, supabase: Supabase, database: str) -> dict[str, str]:
    """The environment variables of production."""
    return {
        "SUPABASE_URL": supabase.base,
        "SUPABASE_SECRET_KEY": supabase.secret_key,
        "SUPABASE_PUBLISHABLE_KEY": supabase.publishable_key,
        "DATABASE_URL": database,
        "GOOGLE_CLIENT_ID": CLIENT,
        "GOOGLE_CLIENT_SECRET": CLIENT_SECRET,
        "REDIRECT_URI": f"{origin}/api/auth/gmail/callback",
        "OPENAI_API_KEY": KEY,
        "METRICS_TOKEN": "figures",
        "PORT": origin.rpartition(":")[2],
        "AUDIOBREW_HOST": "127.0.0.1",
        "AUDIOBREW_DATA": str(folder / "data"),
        **UNLIMITED,
    }


def clean_environment() -> dict[str, str]:
    """The environment of this process without the variables that AudioBrew reads."""
    from audiobrew.settings import CLOUD_VARIABLES

    return {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("AUDIOBREW_") and name not in CLOUD_VARIABLES
    }


def _is_healthy(url: str) -> bool:
    try:
        return httpx2.get(f"{url}/health").is_success
    except httpx2.TransportError:
        return False


def run_until_interrupted() -> None:
    with TemporaryDirectory() as folder, production(Path(folder)) as product:
        product.serve()
        ada = product.sign_up("ada@mail.example")
        ada.receive(*(sample.read_bytes() for sample in sorted(SAMPLES.glob("*.eml"))))
        print(
            f"AudioBrew  {product.url}\nlistener   {ada.address}  {PASSWORD}\nlog        {product.log}"
        )
        try:
            signal.pause()
        except KeyboardInterrupt:
            print()


if __name__ == "__main__":
    run_until_interrupted()
