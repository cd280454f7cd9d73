"""Own addresses over HTTP, and the whole way of a mail through `audiobrew serve`."""

import re
import smtplib
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from tests.product import run_product
from tests.serving import service_settings, serving
from tests.sources.address.conftest import DOMAIN
from tests.sources.world import a_newsletter, problem, subjects

ADDRESS = re.compile(rf"[a-z0-9-]{{1,30}}\.[a-z2-7]{{20}}@{re.escape(DOMAIN)}")


@pytest.fixture(scope="module")
def clients(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[httpx2.Client, ...]]:
    settings = service_settings(tmp_path_factory.mktemp("address"), mail_domain=DOMAIN)
    with (
        serving(settings) as service,
        service.client(service.sign_in()) as owner,
        service.client(service.sign_in(second=True)) as second,
    ):
        yield owner, second


def test_an_address_is_made_replaced_and_removed(clients: tuple[httpx2.Client, ...]) -> None:
    owner, second = clients
    made = owner.post("/api/sources/address", json={"name": "Harbour café & more"})
    source = made.raise_for_status().json()

    assert made.status_code == 201 and source["kind"] == "address"
    assert ADDRESS.fullmatch(source["address"])
    assert source["address"].startswith("harbour-cafe-more.")
    assert source["state"] == "waiting" and "Subscribe" in source["message"]
    assert owner.get("/api/sources").json() == [source]
    assert second.get("/api/sources").json() == []

    path = f"/api/sources/{source['id']}"
    assert problem(second.post(f"{path}/address")) == (404, "source-not-found")
    replaced = owner.post(f"{path}/address").raise_for_status().json()
    assert ADDRESS.fullmatch(replaced["address"])
    assert replaced["address"] != source["address"]

    assert problem(owner.post(f"{path}/look")) == (409, "nothing-to-change")
    assert problem(owner.patch(path, json={"password": "x"})) == (409, "nothing-to-change")
    assert owner.patch(path, json={"name": "Mine"}).json()["name"] == "Mine"
    assert owner.delete(path).status_code == 204
    assert owner.get("/api/sources").json() == []


def test_a_listener_can_have_several_with_one_name(clients: tuple[httpx2.Client, ...]) -> None:
    _, second = clients
    sources = [second.post("/api/sources/address", json={}).json() for _ in range(2)]

    assert len({source["address"] for source in sources}) == 2
    for source in sources:
        second.delete(f"/api/sources/{source['id']}").raise_for_status()


@pytest.mark.parametrize("name", ["新闻", "…", "a" * 100])
def test_any_name_makes_an_address(clients: tuple[httpx2.Client, ...], name: str) -> None:
    owner, _ = clients
    source = owner.post("/api/sources/address", json={"name": name}).raise_for_status().json()

    assert ADDRESS.fullmatch(source["address"])
    assert len(source["address"].partition("@")[0]) <= 64
    owner.delete(f"/api/sources/{source['id']}").raise_for_status()


def test_addresses_are_offered_where_there_is_a_domain(clients: tuple[httpx2.Client, ...]) -> None:
    owner, _ = clients
    assert owner.get("/api/config").json()["own_addresses"] is True


def test_a_mail_comes_through_the_product(tmp_path: Path) -> None:
    settings = {"AUDIOBREW_MAIL_DOMAIN": DOMAIN, "AUDIOBREW_SMTP_LISTEN": "127.0.0.1:0"}
    with run_product(tmp_path / "data", **settings) as product:
        [port] = [
            int(match[1])
            for line in product.lines
            if (match := re.search(r"Emails arrive at 127\.0\.0\.1:(\d+)", line))
        ]
        source = product.http.post("/api/sources/address", json={}).raise_for_status().json()
        with smtplib.SMTP("127.0.0.1", port, timeout=120) as client:
            client.sendmail("hello@roast.example", [source["address"]], a_newsletter(1))
            with pytest.raises(smtplib.SMTPRecipientsRefused):
                client.sendmail("a@b.example", [f"nobody@{DOMAIN}"], a_newsletter(1))

        assert subjects(product.http) == ["Bridge 1"]
        [source] = product.http.get("/api/sources").json()
        assert (source["mails"], source["message"]) == (1, "Ready for new emails.")
        log = "\n".join(product.lines)
        assert source["address"].partition("@")[0] not in log and "roast.example" not in log
