"""`audiobrew serve` as a process of its own, asked by strangers on this machine."""

from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from tests.product import Product, running


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    strict = {"AUDIOBREW_REQUESTS_PER_MINUTE_PER_ADDRESS": "50"}
    with running(Path(tmp_path_factory.mktemp("served"), "data"), **strict) as made:
        yield made


def test_a_local_client_cannot_choose_its_address(product: Product) -> None:
    """No proxy stands before a machine of one's own: what `X-Forwarded-For` says there is what its sender
    wrote, and each new address would have a limit of its own."""
    assert product.http.get("/api/mail").status_code == 200
    with httpx2.Client(base_url=product.url, timeout=30) as nobody:
        tries = [
            nobody.get("/api/mail", headers={"X-Forwarded-For": f"203.0.113.{number}"})
            for number in range(40)
        ]
        https = nobody.get("/health", headers={"X-Forwarded-Proto": "https"})

    assert tries[0].status_code == 401
    assert tries[-1].status_code == 429
    assert int(tries[-1].headers["retry-after"]) >= 1
    assert "strict-transport-security" not in https.headers
    assert product.http.get("/api/mail").status_code == 200
