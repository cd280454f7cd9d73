"""The web app of a server of one's own, in a browser with a virtual passkey."""

import asyncio
import socket
import ssl
from contextlib import ExitStack
from hashlib import sha256
from pathlib import Path

import pytest
from audiobrew.account.home.accounts import HomeAccounts, Role
from audiobrew.account.listener_store import ListenerStore
from audiobrew.account.local import LocalIdentity
from audiobrew.app import create_app
from audiobrew.db.engine import open_database
from audiobrew.settings import Settings

from tests.serving import service_settings
from tests.sources.address.worker_request import SECRET
from tests.standins import local_server
from tests.standins.dovecot import write_certificate
from tests.standins.feed_site import feed_site
from tests.standins.lying_imap import lying_server
from tests.standins.oidc_provider import serving_provider
from tests.web.browser import MINUTES, WEB, require_build, run_projects
from tests.web.qr_code import read_qr_code

ITEM = (
    b"<item><title>%s</title><guid>%s</guid><description>The ferry was sold.</description></item>"
)
FEED = (
    b'<rss version="2.0"><channel><title>Tide &amp; Time</title>'
    + ITEM % (b"One", b"1")
    + ITEM % (b"Two", b"2")
    + b"</channel></rss>"
)
pytestmark = pytest.mark.timeout((MINUTES + 5) * 60)


def fingerprint(certificate: Path) -> str:
    """As openssl shows it."""
    content = ssl.PEM_cert_to_DER_cert(certificate.read_text())
    return sha256(content).digest().hex(":").upper()


def test_an_owner_and_a_guest_share_a_server(tmp_path: Path) -> None:
    require_build()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    # Browsers allow passkeys on localhost without https.
    url = f"http://localhost:{port}"

    async def links(settings: Settings) -> dict[str, str]:
        """The owner's setup link, an invitation, and sign-in links of somebody else."""
        engine = open_database(settings)
        accounts, listeners = HomeAccounts(engine), ListenerStore(engine)
        setup = await accounts.invite(Role.OWNER)
        code = await accounts.invite(Role.LISTENER)
        account = await accounts.open_account(code, "Ben", "no password", None)
        code = await accounts.invite(Role.LISTENER)
        receiver = await accounts.open_account(code, "Nora", "no password", None)
        identity = LocalIdentity(listeners, 1)
        codes = {
            "SETUP": f"invitation={setup}",
            "INVITATION": f"invitation={await accounts.invite(Role.LISTENER)}",
            "SIGN_IN": f"code={await identity.issue_code(account.listener)}",
            "SIGN_IN_AGAIN": f"code={await identity.issue_code(account.listener)}",
            "SIGN_IN_TO_REPAIR": f"code={await identity.issue_code(account.listener)}",
            "SIGN_IN_TO_TRUST": f"code={await identity.issue_code(account.listener)}",
            "SIGN_IN_TO_LISTEN": f"code={await identity.issue_code(account.listener)}",
            "SIGN_IN_TO_RECEIVE": f"code={await identity.issue_code(receiver.listener)}",
        }
        await engine.dispose()
        return {name: f"{url}/dashboard#{code}" for name, code in codes.items()}

    with ExitStack() as stack:
        provider = stack.enter_context(serving_provider())
        mailbox = stack.enter_context(lying_server())
        write_certificate(tmp_path)
        encrypted = stack.enter_context(lying_server(folder=tmp_path))
        site = stack.enter_context(feed_site())
        settings = service_settings(
            tmp_path,
            mode="home",
            public_url=url,
            allowed_origins=(),
            private_sources=True,
            mail_domain="mail.brew.example",
            cloudflare_email_secret=SECRET,
            web=WEB / "build",
            **provider.settings,
        )
        variables = asyncio.run(links(settings))
        stack.enter_context(local_server.serving(create_app(settings), lifespan="on", port=port))
        variables |= {
            "FEED": site.serve("/feed", FEED),
            "MAILBOX": str(mailbox.port),
            "ENCRYPTED_MAILBOX": str(encrypted.port),
            "FINGERPRINT": fingerprint(tmp_path / "cert.pem"),
            "MAIL_SECRET": SECRET,
        }
        image = tmp_path / "qr.png"
        assert run_projects("home", BASE_URL=url, QR_IMAGE=str(image), **variables) == 0
    assert read_qr_code(image) == (
        "https://brew.example.org/listen#https%3A%2F%2Fbrew.example.org%2Ffeed%2FZk3d_9-abcDEFghij%2Frss.xml"
    )
