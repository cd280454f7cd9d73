from pathlib import Path
from typing import Any
from uuid import uuid4

import audiobrew.inbox
import httpx2
import pytest

from tests.serving import Service, a_mail

SAMPLES = sorted((Path(audiobrew.inbox.__file__).parent / "samples").glob("*.eml"))


def send(client: httpx2.Client, content: bytes, name: str = "a.eml") -> httpx2.Response:
    return client.post("/api/mail", files={"file": (name, content, "application/octet-stream")})


def mbox(*mails: bytes) -> bytes:
    return b"".join(
        b"From a@b.example Mon Nov 23 07:30:00 2026\n" + mail + b"\n\n" for mail in mails
    )


@pytest.fixture
def roast(owner: httpx2.Client) -> Any:
    """A mail in the owner's inbox, with its blocks."""
    id = send(owner, a_mail()).json()["mails"][0]["id"]
    return owner.get(f"/api/mail/{id}").json()


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.stem)
def test_the_samples_are_stored_completely(owner: httpx2.Client, sample: Path) -> None:
    answer = send(owner, sample.read_bytes(), sample.name)

    assert answer.status_code == 201
    assert answer.json()["skipped"] == []
    [mail] = answer.json()["mails"]
    blocks = owner.get(f"/api/mail/{mail['id']}").json()["blocks"]
    assert len(blocks) == mail["told"] + mail["cut"] > 0


def test_a_mail_is_returned_as_its_sender_wrote_it(roast: Any) -> None:
    assert roast["subject"] == "Beans are back"
    assert (roast["sender"], roast["address"]) == ("The Roast", "hello@roast.example")
    assert roast["received_at"] == "2026-11-23T07:30:00Z"
    assert roast["newsletter"] is True
    assert any("12 percent" in block["text"] for block in roast["blocks"])


def test_sending_a_mail_again_changes_nothing(owner: httpx2.Client) -> None:
    first, again = send(owner, a_mail("Twice")), send(owner, a_mail("Twice"))

    assert first.json() == again.json()


def test_each_mail_of_an_mbox_is_stored_or_reported_as_skipped(owner: httpx2.Client) -> None:
    answer = send(owner, mbox(a_mail("One"), b"X-Nothing: here", a_mail("Three")), "in.mbox")

    assert answer.status_code == 201
    assert [mail["subject"] for mail in answer.json()["mails"]] == ["One", "Three"]
    [skipped] = answer.json()["skipped"]
    assert skipped["name"] == "in.mbox, mail 2"
    assert skipped["reason"].endswith(".")


@pytest.mark.parametrize(
    "content", [b"", b"\0" * 1000, b"\x89PNG\r\n\x1a\n" + b"\xff" * 500, b"X-Nothing: here\n\n"]
)
def test_a_file_that_is_no_mail_is_refused_with_a_message(
    owner: httpx2.Client, content: bytes
) -> None:
    before = len(owner.get("/api/mail?limit=200").json())

    answer = send(owner, content)

    assert answer.status_code == 422
    assert answer.json()["type"] == "/problems/unreadable-mail"
    assert answer.json()["errors"] == []
    assert len(owner.get("/api/mail?limit=200").json()) == before


def test_a_mail_that_is_too_large_is_refused_with_a_message(
    owner: httpx2.Client, service: Service
) -> None:
    answer = send(owner, a_mail() + b"x" * service.settings.mail_bytes)

    assert answer.status_code == 413
    assert answer.json()["type"] == "/problems/mail-too-large"


def test_an_upload_that_is_too_large_is_refused_before_it_is_stored(owner: httpx2.Client) -> None:
    answer = send(owner, a_mail() + b"x" * 30 * 2**20)

    assert answer.status_code == 413
    assert "25 MB" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("content", "media"),
    [
        (b"--x\r\n", "multipart/form-data; boundary=x"),
        (b"", "multipart/form-data"),
        (b"{}", "application/json"),
        (b"file=text", "application/x-www-form-urlencoded"),
    ],
)
def test_an_upload_without_a_file_is_malformed(
    owner: httpx2.Client, content: bytes, media: str
) -> None:
    answer = owner.post("/api/mail", content=content, headers={"Content-Type": media})

    assert answer.status_code in (400, 422)
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("name", ["../../etc/passwd", "a\u202egpj.eml", "<script>.eml", "x" * 500])
def test_a_files_name_is_only_a_name(owner: httpx2.Client, name: str) -> None:
    assert send(owner, a_mail("Named"), name).status_code == 201


def test_a_listener_cuts_and_restores_blocks(owner: httpx2.Client, roast: Any) -> None:
    block = roast["blocks"][0]["id"]
    path = f"/api/mail/{roast['id']}"

    cut = owner.patch(path, json={"cut": [block]}).json()
    restored = owner.patch(path, json={"restore": [block]}).json()

    assert cut["blocks"][0]["cut"] == "listener"
    assert cut["told"] == roast["told"] - 1
    assert restored | {"rules": []} == roast
    assert [(rule["kind"], rule["text"]) for rule in restored["rules"]] == [
        ("tell", roast["blocks"][0]["text"])
    ]


def test_an_unknown_block_changes_nothing(owner: httpx2.Client, roast: Any) -> None:
    path = f"/api/mail/{roast['id']}"
    wish = {"cut": [roast["blocks"][0]["id"], "ffff"]}

    assert owner.patch(path, json=wish).status_code == 409
    assert owner.get(path).json() == roast


def test_a_deleted_mail_is_gone(owner: httpx2.Client) -> None:
    id = send(owner, a_mail("Soon gone")).json()["mails"][0]["id"]

    assert owner.delete(f"/api/mail/{id}").status_code == 204
    assert owner.get(f"/api/mail/{id}").status_code == 404
    assert owner.delete(f"/api/mail/{id}").status_code == 404


def test_the_list_continues_after_the_last_id(owner: httpx2.Client) -> None:
    send(owner, mbox(*(a_mail(f"Page {n}") for n in range(5))))
    whole = [mail["id"] for mail in owner.get("/api/mail?limit=200").json()]
    first = [mail["id"] for mail in owner.get("/api/mail?limit=3").json()]
    rest = owner.get("/api/mail", params={"limit": 200, "before": first[-1]}).json()

    assert first + [mail["id"] for mail in rest] == whole
    assert owner.get("/api/mail", params={"before": str(uuid4())}).json() == []
