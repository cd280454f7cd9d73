"""A fuzz of a deployed service leaves it as it was."""

from pathlib import Path
from typing import Any

import httpx2
import pytest

from tests.contract.deployed import at
from tests.contract.fuzz_target import things
from tests.ports import free_port
from tests.product import SAMPLES
from tests.production import Listener, production

SCHEDULE = {"cadence": "daily", "time": "06:30", "zone": "Europe/Madrid"}


def test_what_was_there_stays_and_what_the_fuzz_made_goes(tmp_path: Path) -> None:
    with production(tmp_path) as live:
        assert live.run("migrate").returncode == 0
        live.serve()
        both = [live.sign_up(f"{name}@mail.example") for name in ("ada", "bob")]
        tokens = {"FUZZ_TOKEN": both[0].token, "FUZZ_SECOND_TOKEN": both[1].token}
        with client_of(live.url, both[0]) as ada:
            send(ada, sorted(SAMPLES.glob("*.eml"))[-1])
            ada.put("/api/schedule", json=SCHEDULE).raise_for_status()
            before = everything(ada, both[0])

            with at(live.url, tokens) as host:
                assert set(before["mails"]) < set(host.kept["owner"]["mails"])
                assert "deleteUser" in host.left_out and "connectGmail" in host.closed
                spoil(ada, both[0])

            assert everything(ada, both[0]) == before
            assert all(token["revoked_at"] for token in ada.get("/api/feed/tokens").json())


def client_of(url: str, who: Listener) -> httpx2.Client:
    return httpx2.Client(base_url=url, headers={"Authorization": f"Bearer {who.token}"}, timeout=60)


def send(client: httpx2.Client, mail: Path) -> None:
    file = (mail.name, mail.read_bytes(), "message/rfc822")
    client.post("/api/mail", files={"file": file}).raise_for_status()


def spoil(client: httpx2.Client, who: Listener) -> None:
    """As random requests would."""
    send(client, sorted(SAMPLES.glob("*.eml"))[-2])
    client.delete("/api/schedule").raise_for_status()
    preferred = {"preferences": {"minutes": 9}}
    client.patch(f"/api/user/{who.id}", json=preferred).raise_for_status()
    client.post("/api/feed/tokens", json={"name": "x"}).raise_for_status()


def everything(client: httpx2.Client, who: Listener) -> dict[str, Any]:
    """But for feed tokens, which stay listed when they are revoked."""
    had = things(client)
    del had["feed_tokens"]
    schedule = client.get("/api/schedule").json()
    del schedule["next_at"]
    preferences = client.get(f"/api/user/{who.id}").json()["preferences"]
    return had | {"schedule": schedule, "preferences": preferences}


@pytest.mark.parametrize(
    ("tokens", "why"),
    [
        ({}, "FUZZ_TOKEN is not set"),
        ({"FUZZ_TOKEN": "not-a-token"}, "does not answer"),
    ],
)
def test_what_it_lacks_is_said(
    tokens: dict[str, str], why: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit, match="2"), at(f"http://127.0.0.1:{free_port()}", tokens):
        pass

    assert why in capsys.readouterr().err
