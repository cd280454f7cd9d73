"""The rehearsal of a server of one's own, with real parts: `python -m tests.drills.rehearsal`, as root.

The wheel in a clean environment, Caddy with `deploy/Caddyfile` and a certificate of its own authority, a name
that leads to an address of this machine that is not loopback, Chromium with a passkey, a Dovecot, a site with
a feed, a newsletter that comes by SMTP, and a podcast client that is not ours. Prints the steps and their
seconds.

It runs in a mount namespace of its own, where it may write `/etc/hosts`.
"""

import json
import os
import shutil
import smtplib
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formatdate, make_msgid
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import feedparser
import requests

from deploy.wheel import UV, build_wheel
from tests.drills.home_server import (
    INSIDE,
    NAME,
    own_address,
    run_in_own_namespace,
    running_caddy,
    trusting_home,
    usual_port,
)
from tests.hosting.wheel import install, serving, timed, uv_environment, wait_for
from tests.ports import free_port
from tests.sources.world import a_newsletter
from tests.standins.dovecot import PASSWORD, Dovecot, running_dovecot
from tests.standins.feed_site import Answer, FeedSite, feed_site
from tests.web.browser import run_projects

USER, MAIL_DOMAIN = "ada@rehearsal.test", "mail.rehearsal.test"
# A podcast client that knows nothing of AudioBrew.
CLIENT = "podcast-archiver==2.3.5"
LINK = r"https://\S+/dashboard#invitation=\S+"
ITEM = "<item><title>{title}</title><guid>{title}</guid><description>{text}</description></item>"
ITEMS = (
    ("The ferry", "The island's old ferry was sold to a museum in Bergen on Monday."),
    ("The pier", "The pier opens again in May, the harbour master says."),
)
FEED = (
    "<rss version='2.0'><channel><title>Tide &amp; Time</title>"
    + "".join(ITEM.format(title=title, text=text) for title, text in ITEMS)
    + "</channel></rss>"
)


def main() -> int:
    if os.geteuid() != 0:
        print("Please run this as root: Dovecot and a name of its own need it.", file=sys.stderr)
        return 2
    if INSIDE not in os.environ:
        return run_in_own_namespace("tests.drills.rehearsal")
    start = time.monotonic()
    with TemporaryDirectory(prefix="audiobrew-rehearsal-") as name, ExitStack() as stack:
        rehearse(Path(name), stack)
    print(f"{time.monotonic() - start:6.1f} s  in all", flush=True)
    return 0


@dataclass(frozen=True)
class Home:
    """The server that is rehearsed. `authority`: the certificate of Caddy's authority."""

    program: Path
    folder: Path
    url: str
    port: int
    smtp: int
    authority: Path
    mail_certificate: Path

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def variables(self) -> dict[str, str]:
        return {
            "AUDIOBREW_PUBLIC_URL": self.url,
            "AUDIOBREW_PRIVATE_SOURCES": "on",
            "AUDIOBREW_MAIL_DOMAIN": MAIL_DOMAIN,
            "AUDIOBREW_SMTP_LISTEN": f"127.0.0.1:{self.smtp}",
            "SSL_CERT_FILE": str(self.mail_certificate),
        }

    @contextmanager
    def serving(self, pattern: str) -> Iterator[str]:
        """Run the server. Yields what it prints that matches the pattern."""
        options = ("--port", str(self.port), "--data", str(self.data))
        with serving(self.program, self.folder, pattern, *options, **self.variables) as match:
            yield match[0]

    def command(self, *words: str) -> None:
        result = subprocess.run(
            [self.program, *words, "--data", self.data],
            env={"PATH": str(self.program.parent), **self.variables},
            capture_output=True,
            text=True,
        )
        assert result.returncode == 0, result.stderr
        print("   " + result.stdout.splitlines()[0].replace(str(self.folder), "…"), flush=True)

    def feed(self, address: str) -> Any:
        response = requests.get(address, verify=str(self.authority), timeout=60)
        response.raise_for_status()
        return feedparser.parse(response.content)


def rehearse(folder: Path, stack: ExitStack) -> None:
    with timed("the wheel is built, and installed into an empty environment"):
        program = install(build_wheel(folder / "dist"), folder)
    mailbox = stack.enter_context(running_dovecot())
    site = stack.enter_context(feed_site())
    mailbox.deliver(*map(a_newsletter, range(3)), user=USER)
    variables = {
        "FEED": site.serve("/feed", FEED.encode()),
        "MAIL_PORT": str(mailbox.tls),
        "MAIL_USER": USER,
        "MAIL_PASSWORD": PASSWORD,
        "MAIL_DOMAIN": MAIL_DOMAIN,
        "SUBSCRIBE": f"{site.url}/subscribe",
        "RESULT": str(folder / "result.json"),
    }
    upstream, smtp, https = free_port(), free_port(), usual_port(443)
    url = f"https://{NAME}" if https == 443 else f"https://{NAME}:{https}"
    with timed(f"Caddy has a certificate for {url}, which is {own_address()}"):
        authority = stack.enter_context(running_caddy(folder, upstream, https))
    home = Home(program, folder, url, upstream, smtp, authority, mailbox.certificate)
    offer_subscription(site, smtp)
    variables |= {"BASE_URL": url, "HOME": str(trusting_home(folder, authority))}

    with home.serving(LINK) as setup:
        with timed("in Chromium: passkey, mailbox, feed, own address, guest, feed link, schedule"):
            assert run_projects("rehearsal", SETUP=setup, **variables) == 0
        address = str(json.loads((folder / "result.json").read_text())["feed"])
        assert address.startswith(url)
        with timed("the schedule has brewed by itself, and the feed has the episode"):
            [before] = wait_for(lambda: home.feed(address).entries, seconds=600)
        with timed(f"{CLIENT.partition('==')[0]} downloads it"):
            episode = download(home, address, folder / "first")
        with timed("backup while it runs"):
            home.command("backup", str(folder / "backup.tar"))
    shutil.rmtree(home.data)
    with timed("everything deleted, and restored"):
        home.command("restore", str(folder / "backup.tar"))
    mailbox.deliver(a_newsletter(3), user=USER)
    with home.serving("AudioBrew is ready"):
        with timed(f"the same feed plays in {CLIENT.partition('==')[0]}"):
            [after] = home.feed(address).entries
            assert (after.id, after.title, after.links) == (before.id, before.title, before.links)
            assert download(home, address, folder / "second") == episode
        with timed("in Chromium: the passkey signs in, and the mailbox is read again"):
            assert run_projects("rehearsal-after", **variables) == 0
    assert unread(mailbox) == 4


def offer_subscription(site: FeedSite, port: int) -> None:
    """A newsletter that asks to confirm, by a link, and then sends an issue by SMTP."""
    subscribers: list[str] = []

    def send(mail: bytes) -> None:
        with smtplib.SMTP("127.0.0.1", port, timeout=60) as smtp:
            smtp.sendmail("bounces@harbour.example", subscribers, mail)

    def subscribe(headers: dict[str, str]) -> Answer:
        subscribers.append(headers["x-to"])
        mail = EmailMessage()
        mail["From"], mail["To"] = "Harbour News <hello@harbour.example>", headers["x-to"]
        mail["Subject"], mail["Date"] = "Please confirm", formatdate()
        mail["Message-ID"] = make_msgid(domain="harbour.example")
        link = f'<a href="{site.url}/confirm">Confirm my subscription</a>'
        mail.set_content(f"<p>To get Harbour News, press the button.</p>{link}", subtype="html")
        send(mail.as_bytes(policy=SMTP))
        return 200, {}, b"We sent you an email."

    def confirm(_: dict[str, str]) -> Answer:
        send(a_newsletter(1, "harbour.example", "Harbour News"))
        return 200, {"Content-Type": "text/plain"}, b"Thank you"

    site.pages |= {"/subscribe": subscribe, "/confirm": confirm}


def unread(mailbox: Dovecot) -> int:
    """Nothing may be marked as read."""
    return mailbox.unseen(user=USER)


def download(home: Home, address: str, target: Path) -> bytes:
    """Let the podcast client download all episodes of the feed. Returns the only one."""
    (target / "episodes").mkdir(parents=True)
    environment = uv_environment() | {
        "REQUESTS_CA_BUNDLE": str(home.authority),
        "HOME": str(target),
    }
    run = (UV, "tool", "run", "--quiet", "--python", sys.executable, "--from", CLIENT)
    result = subprocess.run(
        [*run, "podcast-archiver", "--feed", address, "--dir", str(target / "episodes")],
        env=environment,
        capture_output=True,
        text=True,
    )
    files = list((target / "episodes").rglob("*.mp3"))
    assert len(files) == 1, result.stdout + result.stderr
    return files[0].read_bytes()


if __name__ == "__main__":
    sys.exit(main())
