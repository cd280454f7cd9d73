"""The address of the client: only trusted proxies and the platform's own header count."""

import pytest
from audiobrew.http.client_address import client_network, is_https


def scope(forwarded: list[str], peer: str = "10.0.0.9", name: str = "x-forwarded-for"):  # type: ignore[no-untyped-def]
    headers = [(name.encode(), one.encode()) for one in forwarded]
    return {"type": "http", "scheme": "http", "client": (peer, 1), "headers": headers}


@pytest.mark.parametrize(
    ("forwarded", "proxies", "network"),
    [
        (["203.0.113.7"], 0, "10.0.0.9"),
        ([], 1, "10.0.0.9"),
        (["203.0.113.7"], 1, "203.0.113.7"),
        (["1.1.1.1, 203.0.113.7"], 1, "203.0.113.7"),
        (["1.1.1.1", "203.0.113.7"], 1, "203.0.113.7"),
        (["1.1.1.1, 203.0.113.7, 10.1.1.1"], 2, "203.0.113.7"),
        (["203.0.113.7"], 2, "10.0.0.9"),
        (["nonsense"], 1, "10.0.0.9"),
        (["203.0.113.7:4711"], 1, "203.0.113.7"),
        (["::ffff:203.0.113.7"], 1, "203.0.113.7"),
        (["2001:db8:1:2:3:4:5:6"], 1, "2001:db8:1:2::"),
        (["2001:db8:1:2:ffff::1"], 1, "2001:db8:1:2::"),
        (["[2001:db8:1:2::1]:443"], 1, "2001:db8:1:2::"),
    ],
)
def test_only_entries_of_trusted_proxies_count(
    forwarded: list[str], proxies: int, network: str
) -> None:
    assert client_network(scope(forwarded), proxies) == network


@pytest.mark.parametrize("client", [None, (None, 0)])
def test_a_client_without_an_address_is_unknown(client: tuple[None, int] | None) -> None:
    assert client_network({**scope([]), "client": client}, 0) == "unknown"


@pytest.mark.parametrize(
    ("values", "proxies", "https"),
    [
        (["https"], 0, False),
        (["https"], 1, True),
        (["https, http"], 1, False),
        (["http", "https"], 1, True),
        ([], 1, False),
    ],
)
def test_only_a_trusted_proxy_says_whether_the_client_uses_https(
    values: list[str], proxies: int, https: bool
) -> None:
    assert is_https(scope(values, name="x-forwarded-proto"), proxies) is https


@pytest.mark.parametrize(
    ("values", "network"),
    [
        (["203.0.113.7"], "203.0.113.7"),
        (["2001:db8:1:2:ffff::1"], "2001:db8:1:2::"),
        ([], "10.0.0.9"),
        (["203.0.113.7, 198.51.100.7"], "10.0.0.9"),
        (["203.0.113.7", "198.51.100.7"], "10.0.0.9"),
        (["nonsense"], "10.0.0.9"),
    ],
)
def test_the_platforms_header_counts_only_if_it_is_one_address(
    values: list[str], network: str
) -> None:
    request_scope = scope(values, name="fly-client-ip")
    request_scope["headers"].append((b"x-forwarded-for", b"192.0.2.1"))
    assert client_network(request_scope, 1, "Fly-Client-IP") == network
