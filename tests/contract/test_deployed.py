"""A deployed service is restored after a fuzz."""

from pathlib import Path
from typing import Any

import httpx2
import pytest

from tests.contract.deployed import open_deployed
from tests.contract.fuzz_target import things
from tests.ports import free_port
from tests.product import SAMPLES
from tests.production import Listener, production

SCHEDULE = {"cadence": "daily", "time": "06:30", "zone": "Europe/Madrid"}


def test_existing_things_stay_and_those_of_the_fuzz_are_removed(tmp_path: Path) -> None:
    with production(tmp_path) as live:
        assert live.run("migrate").returncode == 0
        live.serve()
        both = [live.sign_up(f"{name}@mail.example") for name in ("ada", "bob")]
        tokens = {"FUZZ_TOKEN": both[0].token, "FUZZ_SECOND_TOKEN": both[1].token}
        with client_of(live.url, both[0]) as ada:
            send(ada, sorted(SAMPLES.glob("*.eml"))[-1])
            ada.put("/api/schedule", json=SCHEDULE).raise_for_status()
            before = everything(ada, both[0])

            with open_deployed(live.url, tokens) as target:
                assert set(before["mails"]) < set(target.protected["owner"]["mails"])
                assert "deleteUser" in target.excluded and "connectGmail" in target.impossible
                change_everything(ada, both[0])

            assert everything(ada, both[0]) == before
            assert all(token["revoked_at"] for token in ada.get("/api/feed/tokens").json())


def client_of(url: str, who: Listener) -> httpx2.Client:
    return httpx2.Client(base_url=url, headers={"Authorization": f"Bearer {who.token}"}, timeout=60)


def send(client: httpx2.Client, mail: Path) -> None:
    file = (mail.name, mail.read_bytes(), "message/rfc822")
    client.post("/api/mail", files={"file": file}).raise_for_status()


def change_everything(client: httpx2.Client, who: Listener) -> None:
    """Change the listener's things, as random requests would."""
    send(client, sorted(SAMPLES.glob("*.eml"))[-2])
    client.delete("/api/schedule").raise_for_status()
    preferences = {"preferences": {"minutes": 9}}
    client.patch(f"/api/user/{who.id}", json=preferences).raise_for_status()
    client.post("/api/feed/tokens", json={"name": "x"}).raise_for_status()


def everything(client: httpx2.Client, who: Listener) -> dict[str, Any]:
    """All that the listener has, except feed tokens, which stay in the list when they are revoked."""
    ids = things(client)
    del ids["feed_tokens"]
    schedule = client.get("/api/schedule").json()
    del schedule["next_at"]
    preferences = client.get(f"/api/user/{who.id}").json()["preferences"]
    return ids | {"schedule": schedule, "preferences": preferences}


@pytest.mark.parametrize(
    ("tokens", "message"),
    [
        ({}, "FUZZ_TOKEN is not set"),
        ({"FUZZ_TOKEN": "not-a-token"}, "does not answer"),
    ],
)
def test_a_missing_token_or_service_gets_an_error_message(
    tokens: dict[str, str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    url = f"http://127.0.0.1:{free_port()}"

    with pytest.raises(SystemExit, match="2"), open_deployed(url, tokens):
        pass

    assert message in capsys.readouterr().err
