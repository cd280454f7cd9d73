"""A service without a mail domain."""

from pathlib import Path

import httpx2
import pytest
from audiobrew.http.readiness import State, addresses_result
from audiobrew.settings import InvalidSettings, Settings, load_settings

from tests.sources.world import problem


def test_without_a_domain_there_are_no_addresses(owner: httpx2.Client) -> None:
    assert owner.get("/api/config").json()["own_addresses"] is False
    refused = owner.post("/api/sources/address", json={})
    assert problem(refused) == (409, "no-mail-domain")


@pytest.mark.parametrize(
    "settings",
    [
        {"smtp_listen": "127.0.0.1:2525"},
        {"smtp_listen": "2525", "mail_domain": "mail.example"},
        {"smtp_listen": "127.0.0.1:99999", "mail_domain": "mail.example"},
        {"smtp_certificate": "cert.pem", "mail_domain": "mail.example"},
        {"mail_domain": "mail example"},
    ],
)
def test_settings_that_cannot_be_meant_are_refused(settings: dict[str, str]) -> None:
    with pytest.raises(InvalidSettings):
        load_settings(**settings)


def test_readiness_says_how_emails_arrive(tmp_path: Path) -> None:
    broken = tmp_path / "certificate.pem"
    broken.write_text("no certificate")
    smtp = {"mail_domain": "mail.example", "smtp_listen": "127.0.0.1:2525"}
    files = {"smtp_certificate": broken, "smtp_key": broken}
    results = [
        addresses_result(Settings(**settings))
        for settings in ({}, {"mail_domain": "mail.example"}, smtp, {**smtp, **files})
    ]

    assert [result.state for result in results] == [
        *(State.READY, State.WARNING, State.READY, State.WARNING)
    ]
    assert "cannot be read (SSLError)" in results[-1].detail
