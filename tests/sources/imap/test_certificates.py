"""Certificates that no authority vouches for, as of Proton Mail Bridge or a NAS, against a real Dovecot."""

import os
import ssl
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import httpx2
import pytest
from audiobrew.sources.imap.certificate import Certificate

from tests.sources.world import (
    a_newsletter,
    forget_all,
    is_up_to_date,
    problem,
    serving_sources,
    subjects,
    wait_for,
)
from tests.standins.dovecot import PASSWORD, Dovecot, running_dovecot, write_certificate

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="Dovecot is started as root")
USER = "trusting@mail.example"


@pytest.fixture(scope="module")
def dovecot() -> Iterator[Dovecot]:
    with running_dovecot() as server:
        yield server


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx2.Client]:
    with serving_sources(tmp_path_factory.mktemp("product")) as client:
        yield client


@pytest.fixture
def owner(product: httpx2.Client) -> httpx2.Client:
    forget_all(product)
    return product


def fingerprint(dovecot: Dovecot) -> str:
    return sha256(ssl.PEM_cert_to_DER_cert(dovecot.certificate.read_text())).hexdigest()


def mailbox(dovecot: Dovecot, security: str = "tls", **more: Any) -> dict[str, Any]:
    port = dovecot.tls if security == "tls" else dovecot.plain
    user = {"user": USER, "password": PASSWORD}
    return {"host": "localhost", "port": port, "security": security, **user, **more}


def renew_certificate(dovecot: Dovecot) -> None:
    write_certificate(dovecot.folder)
    dovecot.stop()
    dovecot.start()


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_a_refused_certificate_can_be_seen_and_trusted(
    owner: httpx2.Client, dovecot: Dovecot, security: str
) -> None:
    dovecot.deliver(a_newsletter(1), user=USER)
    body = mailbox(dovecot, security)
    address = {name: body[name] for name in ("host", "port", "security")}

    refused = owner.post("/api/sources/imap-folders", json=body)
    certificate = owner.post("/api/sources/imap-certificate", json=address).json()
    body["certificate_sha256"] = certificate["sha256"]
    folders = owner.post("/api/sources/imap-folders", json=body)
    added = owner.post("/api/sources/imap", json=body)
    wait_for(owner, is_up_to_date)

    assert problem(refused) == (422, "certificate-refused")
    assert certificate["sha256"] == fingerprint(dovecot)
    assert certificate["subject"] == "localhost"
    assert certificate["valid_until"] > "2026"
    assert folders.json() == {"folders": ["INBOX"]}
    assert added.json()["server"] == address | {"certificate_sha256": certificate["sha256"]}
    assert subjects(owner) == ["Bridge 1"]


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_any_other_certificate_is_refused_before_the_password_is_sent(
    owner: httpx2.Client, dovecot: Dovecot, security: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(
        "SSL_CERT_FILE", str(dovecot.certificate)
    )  # it is valid, and not the trusted one
    log = dovecot.folder / "dovecot.log"
    sign_ins = log.read_text().count("Login")
    body = mailbox(dovecot, security, certificate_sha256="0" * 64)

    refused = owner.post("/api/sources/imap", json=body)

    assert problem(refused) == (422, "certificate-refused")
    assert "another certificate than the one that you trust" in refused.json()["detail"]
    assert log.read_text().count("Login") == sign_ins
    assert owner.get("/api/sources").json() == []


def test_a_source_stops_when_the_certificate_changes_until_the_new_one_is_trusted(
    owner: httpx2.Client, dovecot: Dovecot
) -> None:
    body = mailbox(dovecot, certificate_sha256=fingerprint(dovecot))
    source = owner.post("/api/sources/imap", json=body).raise_for_status().json()
    wait_for(owner, is_up_to_date)
    path = f"/api/sources/{source['id']}"
    renew_certificate(dovecot)
    dovecot.deliver(a_newsletter(7), user=USER)

    owner.post(f"{path}/look").raise_for_status()
    stopped = wait_for(owner, lambda one: one["state"] == "stopped")
    old = owner.patch(path, json={"certificate_sha256": body["certificate_sha256"]})
    untrusted = owner.patch(path, json={"certificate_sha256": ""})
    new = owner.patch(path, json={"certificate_sha256": fingerprint(dovecot)})
    wait_for(owner, is_up_to_date)

    assert stopped["trouble_type"] == "/problems/certificate-refused"
    assert "another certificate" in stopped["message"]
    assert problem(old) == problem(untrusted) == (422, "certificate-refused")
    assert new.json()["server"]["certificate_sha256"] == fingerprint(dovecot)
    assert "Bridge 7" in subjects(owner)


def test_a_feed_has_no_certificate_to_trust(owner: httpx2.Client) -> None:
    opml = '<opml><body><outline xmlUrl="http://127.0.0.1:9/feed"/></body></opml>'
    [feed] = owner.post("/api/sources/opml", json={"opml": opml}).json()["added"]

    change = owner.patch(f"/api/sources/{feed['id']}", json={"certificate_sha256": "0" * 64})

    assert problem(change) == (409, "nothing-to-change")
    assert feed["server"] is None


def test_a_certificate_that_cannot_be_read_has_a_fingerprint() -> None:
    assert Certificate.read(b"nonsense") == Certificate(sha256(b"nonsense").hexdigest(), "", None)


@pytest.mark.parametrize("version", [1, 4, 127])
def test_a_certificate_of_a_version_that_does_not_exist_has_a_fingerprint(
    tmp_path: Path, version: int
) -> None:
    write_certificate(tmp_path)
    content = ssl.PEM_cert_to_DER_cert((tmp_path / "cert.pem").read_text())
    version_3 = b"\xa0\x03\x02\x01\x02"
    changed = content.replace(version_3, version_3[:-1] + bytes([version]), 1)

    assert changed != content
    assert Certificate.read(changed) == Certificate(sha256(changed).hexdigest(), "", None)
