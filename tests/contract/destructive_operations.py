"""Operations that random requests must not call: they are called once, and checked against the contract."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import schemathesis
from schemathesis import Case, Response

from tests.account.home.home_server import serving_home
from tests.contract.fuzz_report import CONTRACT
from tests.contract.fuzz_target import HOME_OPERATIONS, SOURCE_OPERATIONS, FuzzTarget
from tests.contract.home_exercise import HomeExercise
from tests.product import LINK, Product, clean_environment, run_product
from tests.sources.address.worker_request import SECRET, cloudflare
from tests.sources.world import a_newsletter
from tests.standins.dovecot import write_certificate
from tests.standins.feed_site import feed_site
from tests.standins.lying_imap import lying_server
from tests.standins.oidc_provider import serving_provider

Exercise = Callable[[FuzzTarget, Path], set[str]]
SCHEMA = schemathesis.openapi.from_path(str(CONTRACT))


def delete_listener(target: FuzzTarget, folder: Path) -> set[str]:
    """A third listener deletes their account; their token is refused from then on."""
    assert target.spare
    parameters = {"user_id": target.spare.id}
    _call(target.url, "deleteUser", target.spare.token, 202, path_parameters=parameters)
    _call(target.url, "getUser", target.spare.token, 401, path_parameters=parameters)
    return {"deleteUser"}


def sign_in_and_out(target: FuzzTarget, folder: Path) -> set[str]:
    """A listener signs in to an embedded service with the code from the terminal, and signs out."""
    with run_product(folder / "embedded") as product:
        code = _sign_in_code(product.data)
        response = _call(product.url, "createSession", "", 201, body={"code": code})
        _call(product.url, "createSession", "", 403, body={"code": code})
        token = str(response.json()["token"])
        _call(product.url, "createBrowserSession", token, 201, body={})
        _call(product.url, "deleteSession", token, 204)
        _call(product.url, "listMail", token, 401)
        _call(product.url, "createBrowserSession", token, 401, body={})
    return {"createSession", "createBrowserSession", "deleteSession"}


def use_home_server(target: FuzzTarget, folder: Path) -> set[str]:
    """An owner and guests have accounts on a server of one's own, with every way to sign in."""
    with (
        serving_provider() as provider,
        serving_home(folder / "home", **provider.settings) as server,
    ):
        HomeExercise(server, provider).run()
    return set(HOME_OPERATIONS)


def use_sources(target: FuzzTarget, folder: Path) -> set[str]:
    """A listener of an embedded service adds a mailbox, feeds and an address, changes and removes them."""
    with (
        run_product(
            folder / "sources",
            AUDIOBREW_MAIL_DOMAIN="mail.brew.example",
            AUDIOBREW_CLOUDFLARE_EMAIL_SECRET=SECRET,
        ) as product,
        lying_server() as mailbox,
        lying_server(folder=certificate_folder(folder)) as encrypted,
        feed_site() as site,
    ):
        code = _sign_in_code(product.data)
        session = _call(product.url, "createSession", "", 201, body={"code": code})
        token = str(session.json()["token"])
        feed = site.serve("/feed", RSS)
        server = {
            "host": "127.0.0.1",
            "port": mailbox.port,
            "security": "none",
            "user": "ada",
            "password": "secret",
        }
        address = {"host": "127.0.0.1", "port": encrypted.port}
        _call(product.url, "getImapCertificate", token, 200, body=address)
        _call(product.url, "listImapFolders", token, 200, body=server)
        added = _call(product.url, "addImapSource", token, 201, body=server)
        _call(product.url, "addImapSource", token, 409, body=server)
        _call(product.url, "addFeedSource", token, 201, body={"address": feed})
        opml = f'<opml><body><outline xmlUrl="{site.url}/other"/></body></opml>'
        _call(product.url, "importOpml", token, 200, body={"opml": opml})
        path = {"id": added.json()["id"]}
        _call(product.url, "changeSource", token, 200, path_parameters=path, body={"name": "Mine"})
        _call(product.url, "lookAtSource", token, 202, path_parameters=path)
        own = _call(product.url, "addAddressSource", token, 201, body={"name": "Mine"})
        _call(product.url, "replaceAddress", token, 409, path_parameters=path)
        path_of_own = {"id": own.json()["id"]}
        _call(product.url, "replaceAddress", token, 200, path_parameters=path_of_own)
        _call(product.url, "lookAtSource", token, 409, path_parameters=path_of_own)
        _answer_requests(product, own.json()["id"])
        _call(product.url, "removeSource", token, 204, path_parameters=path)
        _call(product.url, "removeSource", token, 404, path_parameters=path)
    return set(SOURCE_OPERATIONS)


def certificate_folder(folder: Path) -> Path:
    """A folder with a certificate for a server on loopback."""
    certificates = folder / "certificates"
    certificates.mkdir()
    write_certificate(certificates)
    return certificates


def _answer_requests(product: Product, id: str) -> None:
    """A mail to an own address asks to confirm, and another one has a new sender."""
    body = {"asks_for_senders": True}
    path = {"id": id}
    source = _call(product.url, "changeSource", product.token, 200, path_parameters=path, body=body)
    for mail in (CONFIRMATION, a_newsletter(1)):
        product.http.post(**cloudflare(source.json()["address"], mail)).raise_for_status()
    listed = _call(product.url, "listSources", product.token, 200).json()
    [own] = [source for source in listed if source["id"] == id]
    confirmation = path | {"number": own["confirmations"][0]["number"]}
    sender = path | {"number": own["new_senders"][0]["number"]}
    body = {"newsletter": True}
    for status in (204, 404):
        _call(
            *(product.url, "finishConfirmation", product.token, status),
            path_parameters=confirmation,
        )
        _call(
            *(product.url, "decideAboutSender", product.token, status),
            path_parameters=sender,
            body=body,
        )


CONFIRMATION = b"""\
From: The Ledger <hello@ledger.example>\r
To: news@mail.brew.example\r
Subject: Please confirm your subscription\r
Date: Mon, 23 Nov 2026 07:30:00 +0000\r
Content-Type: text/html; charset=utf-8\r
\r
<p>Confirm your email.</p><p><a href="https://ledger.example/confirm/7">Confirm</a></p>\r
"""
RSS = b"""<rss version="2.0"><channel><title>The Roast</title><item><title>One</title><guid>1</guid>
<description>Beans are back, says the oldest roaster of the town.</description></item></channel></rss>"""

EXERCISES: dict[str, Exercise] = {
    "deleteUser": delete_listener,
    "createSession": sign_in_and_out,
    "createAccount": use_home_server,
    "addImapSource": use_sources,
}


def _sign_in_code(data: Path) -> str:
    command = [sys.executable, "-m", "audiobrew", "sign-in", "--data", str(data)]
    process = subprocess.run(command, capture_output=True, text=True, env=clean_environment())
    match = LINK.search(process.stdout)
    assert match, process.stdout + process.stderr
    return match[2]


def _call(url: str, name: str, token: str, status: int, **more: Any) -> Response:
    """Call an operation. Raises an error if the response breaks the contract or has another status."""
    operation = SCHEMA.find_operation_by_id(name)
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    case: Case = operation.Case(headers=headers, **more)
    response = case.call(base_url=url)
    case.validate_response(response)
    assert response.status_code == status, f"{name} answered {response.status_code}, not {status}"
    return response
