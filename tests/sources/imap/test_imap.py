"""Mailboxes over IMAP, against a real Dovecot."""

import os
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest

from tests.sources.world import (
    a_letter,
    a_newsletter,
    forget_all,
    is_up_to_date,
    problem,
    serving_sources,
    subjects,
    wait_for,
)
from tests.standins.dovecot import PASSWORD, USER, Dovecot, running_dovecot

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="Dovecot is started as root")


@pytest.fixture(scope="module")
def servers() -> Iterator[Dovecot]:
    with running_dovecot() as server:
        yield server


@pytest.fixture
def dovecot(servers: Dovecot, monkeypatch: pytest.MonkeyPatch) -> Dovecot:
    monkeypatch.setenv("SSL_CERT_FILE", str(servers.certificate))
    return servers


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx2.Client]:
    with serving_sources(tmp_path_factory.mktemp("product")) as client:
        yield client


@pytest.fixture
def owner(product: httpx2.Client) -> httpx2.Client:
    """A listener without sources and mails."""
    forget_all(product)
    return product


@pytest.fixture
def user(request: pytest.FixtureRequest) -> str:
    """A mailbox of its own for each test."""
    return f"{request.node.name.replace('[', '-').strip(']')}@mail.example".lower()


def mailbox(dovecot: Dovecot, user: str = USER, **more: Any) -> dict[str, Any]:
    server = {"host": "localhost", "port": dovecot.tls, "user": user, "password": PASSWORD}
    return server | more


def look(owner: httpx2.Client, source: dict[str, Any]) -> None:
    owner.post(f"/api/sources/{source['id']}/look").raise_for_status()


def test_newsletters_come_and_nothing_is_marked_as_read(
    owner: httpx2.Client, dovecot: Dovecot, user: str
) -> None:
    dovecot.deliver(*map(a_newsletter, range(60)), a_letter(1), user=user)

    added = owner.post("/api/sources/imap", json=mailbox(dovecot, user))
    source = wait_for(owner, is_up_to_date)

    assert added.status_code == 201
    assert "password" not in added.text
    assert subjects(owner) == sorted(f"Bridge {number}" for number in range(60))
    assert (source["mails"], source["new_mails"]) == (60, 60)
    assert source["message"] == "Up to date, 60 new."
    assert dovecot.unseen(user=user) == 61

    dovecot.deliver(a_newsletter(100), user=user)
    look(owner, source)
    wait_for(owner, lambda one: is_up_to_date(one) and one["new_mails"] == 1)
    assert "Bridge 100" in subjects(owner)
    assert dovecot.unseen(user=user) == 62


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_both_ways_of_encryption_work(
    owner: httpx2.Client, dovecot: Dovecot, user: str, security: str
) -> None:
    dovecot.deliver(a_newsletter(1), user=user)
    port = dovecot.tls if security == "tls" else dovecot.plain
    body = mailbox(dovecot, user, port=port, security=security)

    owner.post("/api/sources/imap", json=body).raise_for_status()
    wait_for(owner, is_up_to_date)

    assert subjects(owner) == ["Bridge 1"]


def test_a_wrong_password_is_told_at_once_and_nothing_is_stored(
    owner: httpx2.Client, dovecot: Dovecot, user: str
) -> None:
    body = mailbox(dovecot, user, password="wrong")
    assert problem(owner.post("/api/sources/imap", json=body)) == (422, "password-refused")
    assert owner.get("/api/sources").json() == []


def test_a_password_that_stops_working_stops_the_source_until_there_is_another(
    owner: httpx2.Client, dovecot: Dovecot, user: str
) -> None:
    dovecot.deliver(a_newsletter(1), user=user)
    owner.post("/api/sources/imap", json=mailbox(dovecot, user)).raise_for_status()
    source = wait_for(owner, is_up_to_date)
    config = dovecot.folder / "dovecot.conf"
    config.write_text(config.read_text().replace(f"password={PASSWORD}", "password=another"))
    dovecot.stop()
    dovecot.start()
    try:
        look(owner, source)
        stopped = wait_for(owner, lambda one: one["state"] == "stopped")
        wrong = owner.patch(f"/api/sources/{source['id']}", json={"password": "wrong"})
        dovecot.deliver(a_newsletter(2), user=user)
        change = owner.patch(f"/api/sources/{source['id']}", json={"password": "another"})
        wait_for(owner, is_up_to_date)
    finally:
        config.write_text(config.read_text().replace("password=another", f"password={PASSWORD}"))
        dovecot.stop()
        dovecot.start()

    assert stopped["trouble_type"] == "/problems/password-refused"
    assert "app password" in stopped["message"]
    assert problem(wrong) == (422, "password-refused")
    assert change.status_code == 200
    assert subjects(owner) == ["Bridge 1", "Bridge 2"]


def test_folders_are_listed_and_one_is_read(
    owner: httpx2.Client, dovecot: Dovecot, user: str
) -> None:
    dovecot.deliver(a_newsletter(1), user=user)
    dovecot.deliver(a_newsletter(2), folder="Newsletters", user=user)

    folders = owner.post("/api/sources/imap-folders", json=mailbox(dovecot, user)).json()
    body = mailbox(dovecot, user, folder="Newsletters", name="My letters")
    owner.post("/api/sources/imap", json=body).raise_for_status()
    source = wait_for(owner, is_up_to_date)
    missing = owner.post("/api/sources/imap", json=mailbox(dovecot, user, folder="Nowhere"))

    assert sorted(folders["folders"]) == ["INBOX", "Newsletters"]
    assert (source["name"], source["address"]) == ("My letters", f"{user}, Newsletters")
    assert subjects(owner) == ["Bridge 2"]
    assert problem(missing) == (422, "folder-not-found")
    again = owner.post("/api/sources/imap", json=body)
    assert problem(again) == (409, "source-exists")


def test_new_numbers_of_all_mails_bring_nothing_twice(
    owner: httpx2.Client, dovecot: Dovecot, user: str
) -> None:
    dovecot.deliver(*map(a_newsletter, range(30)), user=user)
    owner.post("/api/sources/imap", json=mailbox(dovecot, user)).raise_for_status()
    source = wait_for(owner, is_up_to_date)

    dovecot.change_uidvalidity(user=user)
    dovecot.deliver(a_newsletter(99), user=user)
    look(owner, source)
    wait_for(owner, lambda one: is_up_to_date(one) and one["mails"] == 31)

    assert len(subjects(owner)) == 31


def test_a_certificate_for_another_name_is_refused(
    owner: httpx2.Client, dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    answer = owner.post("/api/sources/imap", json=mailbox(dovecot))
    assert problem(answer) == (422, "certificate-refused")


def test_marked_senders_count_as_newsletters(
    owner: httpx2.Client, dovecot: Dovecot, user: str
) -> None:
    """What the listener decided about a sender holds for sources as well."""
    upload = owner.post("/api/mail", files={"file": ("a.eml", a_letter(7), "message/rfc822")})
    [mail] = upload.raise_for_status().json()["mails"]
    owner.patch(f"/api/mail/{mail['id']}", json={"newsletter": True}).raise_for_status()
    dovecot.deliver(a_letter(8), a_newsletter(1), user=user)

    owner.post("/api/sources/imap", json=mailbox(dovecot, user)).raise_for_status()
    wait_for(owner, is_up_to_date)

    assert subjects(owner) == ["Bridge 1", "Bridge 7", "Bridge 8"]


def test_a_removed_source_leaves_its_mails_and_comes_no_more(
    owner: httpx2.Client, dovecot: Dovecot, user: str
) -> None:
    dovecot.deliver(a_newsletter(1), user=user)
    owner.post("/api/sources/imap", json=mailbox(dovecot, user)).raise_for_status()
    source = wait_for(owner, is_up_to_date)

    assert owner.delete(f"/api/sources/{source['id']}").status_code == 204

    assert owner.get("/api/sources").json() == []
    assert subjects(owner) == ["Bridge 1"]
    assert problem(owner.post(f"/api/sources/{source['id']}/look")) == (404, "source-not-found")


@pytest.mark.parametrize(
    ("address", "host", "has_help"),
    [
        ("ada@GMAIL.com", "imap.gmail.com", True),
        ("ada@icloud.com", "imap.mail.me.com", True),
        ("ada@outlook.com", "", True),
        ("ada@own.example", "", False),
        ("nonsense", "", False),
    ],
)
def test_known_providers_have_their_server_and_the_next_step(
    owner: httpx2.Client, address: str, host: str, has_help: bool
) -> None:
    answer = owner.get("/api/sources/imap-settings", params={"address": address}).json()
    assert answer["host"] == host
    assert bool(answer["help"]) is has_help
