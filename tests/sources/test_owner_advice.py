"""What the owner of a server has to allow: the owner reads which setting does, and others whom to ask."""

from collections.abc import Iterator
from typing import Any

import httpx2
import pytest

from tests.account.home.home_server import HomeServer, serving_home
from tests.sources.world import problem

MAILBOX = {"host": "127.0.0.1", "port": 9, "user": "ada", "password": "secret"}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HomeServer]:
    """Its owner allows no private addresses."""
    with serving_home(tmp_path_factory.mktemp("home")) as server:
        yield server


@pytest.fixture(scope="module")
def people(server: HomeServer) -> tuple[httpx2.Client, httpx2.Client]:
    owner = server.join(server.setup_code(), "Ada")
    return owner, server.invite(owner, "Ben")


@pytest.mark.parametrize(
    ("path", "body", "type"),
    [
        ("imap-certificate", {"host": "imap.mail.example"}, "only-valid-certificates"),
        ("imap-folders", MAILBOX, "private-address"),
        ("imap", MAILBOX, "private-address"),
        ("feed", {"address": "http://127.0.0.1:9/feed"}, "private-address"),
    ],
)
def test_the_owner_reads_which_setting_allows_it(
    people: tuple[httpx2.Client, httpx2.Client], path: str, body: dict[str, Any], type: str
) -> None:
    refusals = [one.post(f"/api/sources/{path}", json=body) for one in people]
    for_owner, for_guest = (refusal.json()["detail"] for refusal in refusals)

    assert [problem(refusal) for refusal in refusals] == [(422, type)] * 2
    assert "set AUDIOBREW_PRIVATE_SOURCES=on" in for_owner
    assert "AUDIOBREW_" not in for_guest
    assert "Ask" in for_guest
    assert "owner" in for_guest
