"""Imports through the API, with the background job of the running service."""

import time
from typing import Any
from uuid import uuid4

import httpx2
import pytest

from tests.inbox.test_routes import mbox
from tests.serving import Service, a_mail

IMPORTS = "/api/mail/imports"


def begin(client: httpx2.Client, bytes_: int, name: str = "in.mbox") -> Any:
    response = client.post(IMPORTS, json={"name": name, "bytes": bytes_})
    assert response.status_code == 202, response.text
    return response.json()


def send_part(client: httpx2.Client, id: str, offset: int, part: bytes) -> httpx2.Response:
    headers = {"Content-Type": "application/octet-stream"}
    url = f"{IMPORTS}/{id}/content?offset={offset}"
    return client.put(url, content=part, headers=headers)


def wait_until_ended(client: httpx2.Client, id: str) -> Any:
    late = time.monotonic() + 120
    while (state := client.get(f"{IMPORTS}/{id}").json())["status"] in ("waiting", "reading"):
        assert time.monotonic() < late, state
        time.sleep(0.2)
    return state


def test_a_file_in_two_parts_is_read_in_the_background(owner: httpx2.Client) -> None:
    filler = b"From: a@b.example\n\n" + b"0" * 3_000_000
    content = mbox(a_mail("One"), filler, filler, a_mail("Two"))
    answer = begin(owner, len(content))
    part_bytes = answer["part_bytes"]
    assert part_bytes < len(content)
    first = send_part(owner, answer["id"], 0, content[:part_bytes]).json()
    assert (first["status"], first["received_bytes"]) == ("uploading", part_bytes)
    last = send_part(owner, answer["id"], part_bytes, content[part_bytes:]).json()
    assert last["status"] in ("waiting", "reading", "done")

    done = wait_until_ended(owner, answer["id"])

    assert (done["status"], done["trouble"]) == ("done", None)
    assert (done["mails"], done["newsletters"], done["senders"]) == (4, 2, 1)
    assert done["read_bytes"] == done["bytes"] == len(content)
    assert owner.get(IMPORTS).json()[0] == done
    subjects = [mail["subject"] for mail in owner.get("/api/mail").json()]
    assert sorted(subjects) == ["One", "Two"]


def test_an_import_can_be_stopped_and_deleted(owner: httpx2.Client) -> None:
    id = begin(owner, 10)["id"]
    stopped = owner.post(f"{IMPORTS}/{id}/cancel")
    assert stopped.json()["status"] == "cancelled"
    assert owner.post(f"{IMPORTS}/{id}/cancel").status_code == 409
    assert send_part(owner, id, 0, b"0123456789").json()["type"] == "/problems/import-ended"
    assert owner.delete(f"{IMPORTS}/{id}").status_code == 204
    assert owner.get(f"{IMPORTS}/{id}").status_code == 404
    assert owner.delete(f"{IMPORTS}/{uuid4()}").status_code == 404


def test_a_part_at_the_wrong_place_is_refused(owner: httpx2.Client) -> None:
    id = begin(owner, 10)["id"]
    for offset, part in ((1, b"123456789"), (0, b"short")):
        refused = send_part(owner, id, offset, part)
        assert (refused.status_code, refused.json()["type"]) == (409, "/problems/part-misplaced")
        assert "begins at byte 0 and has 10 bytes" in refused.json()["detail"]
    assert send_part(owner, id, 0, b"").status_code == 422
    owner.delete(f"{IMPORTS}/{id}")


def test_a_part_has_a_limit(owner: httpx2.Client) -> None:
    answer = begin(owner, 10 * 2**20)
    refused = send_part(owner, answer["id"], 0, b"0" * (answer["part_bytes"] + 1))
    assert refused.status_code == 413
    owner.delete(f"{IMPORTS}/{answer['id']}")


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"name": "a", "bytes": 0}, 422),
        ({"name": " ", "bytes": 1}, 422),
        ({"name": f" {'a' * 255}", "bytes": 1}, 422),
        ({"name": "a"}, 422),
        ({"name": "a", "bytes": 2**45}, 413),
    ],
)
def test_an_impossible_import_is_refused(
    owner: httpx2.Client, body: dict[str, Any], status: int
) -> None:
    assert owner.post(IMPORTS, json=body).status_code == status


def test_the_configuration_has_the_limit(anonymous: httpx2.Client, service: Service) -> None:
    limits = anonymous.get("/api/config").json()["limits"]
    assert limits["import_bytes"] == service.settings.import_bytes


def test_a_bad_file_fails_with_a_sentence(owner: httpx2.Client) -> None:
    content = b"PK\x03\x04" + b"nothing" * 20
    id = begin(owner, len(content), "in.zip")["id"]
    assert send_part(owner, id, 0, content).status_code == 200

    failed = wait_until_ended(owner, id)

    assert failed["status"] == "failed"
    assert "damaged" in failed["trouble"]
