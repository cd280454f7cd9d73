"""From an empty machine to an episode on a phone, as root: `python -m tests.drills.first_steps FOLDER`.

The wheel in a clean environment, Caddy with `deploy/Caddyfile`, a Dovecot with the sample newsletters, and
Chromium: once as a phone that does everything, once as a desktop whose QR code a phone scans. Prints the
steps, and writes a screenshot of each page into the folder.
"""

import json
import os
import sys
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import feedparser
import requests

from deploy.wheel import ROOT, build_wheel
from tests.drills.home_server import (
    INSIDE,
    NAME,
    run_in_own_namespace,
    running_caddy,
    trusting_home,
    usual_port,
)
from tests.hosting.wheel import install, serving, timed
from tests.ports import free_port
from tests.standins.dovecot import PASSWORD, Dovecot, running_dovecot
from tests.web.browser import run_projects
from tests.web.qr_code import read_qr_code

# The app guesses this server for an address that it does not know.
USER, MAIL_HOST = "ada@rehearsal.test", "imap.rehearsal.test"
LINK = r"https://\S+/dashboard#invitation=\S+"
SAMPLES = ROOT / "backend" / "audiobrew" / "inbox" / "samples"
SIZES = ("phone", "desktop")
# docs/home-server.md says so.
STEPS = 5


def main() -> int:
    if os.geteuid() != 0:
        print("Please run this as root: Dovecot and a name of its own need it.", file=sys.stderr)
        return 2
    if INSIDE not in os.environ:
        return run_in_own_namespace("tests.drills.first_steps", MAIL_HOST)
    shots = Path(sys.argv[1]).resolve()
    with TemporaryDirectory(prefix="audiobrew-steps-") as name, ExitStack() as stack:
        folder = Path(name)
        with timed("the wheel is built, and installed into an empty environment"):
            program = install(build_wheel(folder / "dist"), folder, extra="voices")
        mailbox = stack.enter_context(running_dovecot(MAIL_HOST, tls=usual_port(993)))
        mails = [path.read_bytes() for path in sorted(SAMPLES.glob("*.eml"))]
        mailbox.deliver(*mails, user=USER)
        upstream, https = free_port(), usual_port(443)
        url = f"https://{NAME}" if https == 443 else f"https://{NAME}:{https}"
        authority = stack.enter_context(running_caddy(folder, upstream, https))
        home = trusting_home(folder, authority)
        walk = Walk(program, folder, shots, url, upstream, authority, home, mailbox)
        for size in SIZES:
            with timed(f"the steps on a {size}"):
                walk.take(size)
        assert mailbox.unseen(user=USER) == len(mails)
    print(f"The screenshots are in {shots}.")
    return 0


@dataclass(frozen=True)
class Walk:
    """The steps of somebody who has only the program. `authority`: the certificate of Caddy's authority."""

    program: Path
    folder: Path
    shots: Path
    url: str
    port: int
    authority: Path
    home: Path
    mailbox: Dovecot

    def take(self, size: str) -> None:
        """All steps on a new server."""
        results = self.folder / size
        results.mkdir()
        variables = {"BASE_URL": self.url, "HOME": str(self.home), "SHOTS": str(self.shots)}
        mail = {
            "MAIL_PORT": str(self.mailbox.tls),
            "MAIL_USER": USER,
            "MAIL_PASSWORD": PASSWORD,
        }
        settings = {
            "AUDIOBREW_PUBLIC_URL": self.url,
            "AUDIOBREW_PRIVATE_SOURCES": "on",
            "SSL_CERT_FILE": str(self.mailbox.certificate),
        }
        options = ("--port", str(self.port), "--data", str(results / "data"))
        with serving(self.program, self.folder, LINK, *options, **settings) as setup:
            variables["RESULTS"] = str(results)
            run(f"first-steps-{size}", SETUP=setup[0], **mail, **variables)
            walked = json.loads((results / "steps.json").read_text())
            if (qr := results / "qr.png").exists():
                run(f"scan-{size}", LISTEN=read_qr_code(qr), FEED=walked["feed"], **variables)
            self.play(walked["feed"])
        print_steps(walked["steps"])

    def play(self, feed: str) -> None:
        """Load the feed and its only episode, as a podcast app does."""

        def load(address: str) -> bytes:
            response = requests.get(address, verify=str(self.authority), timeout=60)
            response.raise_for_status()
            return response.content

        [episode] = feedparser.parse(load(feed)).entries
        [audio] = episode.enclosures
        assert len(load(audio.href)) > 1_000_000


def run(project: str, **variables: str) -> None:
    assert run_projects(project, **variables) == 0


def print_steps(steps: list[dict[str, str | int]]) -> None:
    for number, step in enumerate(steps, 1):
        print(f"   {number}. {step['name']}: {step['clicks']} clicks, {step['fields']} fields")
    assert len(steps) == STEPS


if __name__ == "__main__":
    sys.exit(main())
