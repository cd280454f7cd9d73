"""Which responses are compressed."""

import httpx2
import pytest

GZIP = {"Accept-Encoding": "gzip"}


def test_a_long_answer_is_compressed_and_a_short_one_is_not(owner: httpx2.Client) -> None:
    contract, health = (owner.get(path, headers=GZIP) for path in ("/openapi.json", "/health"))

    assert contract.headers["content-encoding"] == "gzip"
    assert int(contract.headers["content-length"]) * 4 < len(contract.content)
    assert contract.json()["openapi"]
    assert "content-encoding" not in health.headers


@pytest.mark.parametrize("accepted", ["identity", "gzip;q=0", "br, gzip; q=0.0"])
def test_a_client_that_does_not_accept_gzip_gets_none(owner: httpx2.Client, accepted: str) -> None:
    response = owner.get("/openapi.json", headers={"Accept-Encoding": accepted})

    assert "content-encoding" not in response.headers
    assert response.json()["openapi"]


def test_events_are_sent_as_they_happen(owner: httpx2.Client) -> None:
    with owner.stream("GET", "/api/podcast/events", headers=GZIP) as response:
        assert response.headers["content-type"].startswith("text/event-stream")
        assert "content-encoding" not in response.headers
