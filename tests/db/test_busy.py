"""A database that another program has locked: the API answers 503 until the lock is released."""

import sqlite3
from collections.abc import Iterator

import httpx2
import pytest

from tests.serving import Service, a_mail, serving
from tests.settings_factory import make_settings, sqlite_only


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    data = tmp_path_factory.mktemp("busy")
    settings = make_settings(data=data, web=data / "none", busy_seconds=0.3, lease_beat_seconds=0.2)
    with serving(settings) as running:
        yield running


def upload_mail(client: httpx2.Client) -> httpx2.Response:
    return client.post("/api/mail", files={"file": ("a.eml", a_mail(), "message/rfc822")})


@sqlite_only
def test_a_busy_database_answers_503_and_changes_nothing(
    service: Service, owner: httpx2.Client
) -> None:
    other = sqlite3.connect(service.settings.data / "audiobrew.sqlite", isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    busy = upload_mail(owner)
    mails_during_lock = owner.get("/api/mail")
    other.execute("ROLLBACK")
    other.close()

    assert busy.status_code == 503
    assert busy.headers["content-type"] == "application/problem+json"
    assert busy.headers["retry-after"] == "60"
    assert busy.json()["detail"].endswith("Nothing was changed; try again in a minute.")
    assert mails_during_lock.json() == []
    assert upload_mail(owner).status_code == 201
    assert owner.get("/ready").status_code == 200
