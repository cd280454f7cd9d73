"""Rules and copies in the API, as nobody, the owner and another listener."""

from uuid import uuid4

import httpx2
import pytest

MAIL = """\
From: The Quay <hello@quay.example>
To: you@listener.example
Subject: {subject}
Date: {date} +0000
List-Id: The Quay <quay.example>
Content-Type: text/plain; charset=utf-8

The harbour of Aveiro opens again on Tuesday after nine weeks of repairs, says the mayor of {place}.

Growers in Huila report a harvest that is twelve percent larger than last year, and better prices.

Issue {number} was proofread by Ada Brook.
"""
TUESDAY, WEDNESDAY = "Tue, 24 Nov 2026 07:30:00", "Wed, 25 Nov 2026 07:30:00"


def upload(client: httpx2.Client, subject: str, date: str, number: int, place: str) -> str:
    mail = MAIL.format(subject=subject, date=date, number=number, place=place)
    file = ("a.eml", mail.encode(), "message/rfc822")
    response = client.post("/api/mail", files={"file": file}).raise_for_status()
    return str(response.json()["mails"][0]["id"])


def test_a_correction_is_told_instead_of_the_original(owner: httpx2.Client) -> None:
    original = upload(owner, "Harbour opens", TUESDAY, 1, "the town")
    correction = upload(owner, "[Correction] Harbour opens", WEDNESDAY, 1, "Ílhavo")
    by_id = {mail["id"]: mail for mail in owner.get("/api/mail").json()}

    assert [by_id[id]["is_new"] for id in (original, correction)] == [False, True]
    [newer], [older] = by_id[original]["copies"], by_id[correction]["copies"]
    assert (newer["id"], newer["newer"], newer["subject"]) == (
        correction,
        True,
        "[Correction] Harbour opens",
    )
    assert (older["id"], older["newer"], older["changed"]) == (original, False, True)
    quote = owner.post("/api/podcast/quote", json={"minutes": 1}).raise_for_status().json()
    assert quote["newsletters"] == sum(mail["is_new"] for mail in by_id.values())
    named = {"minutes": 1, "email_ids": [original]}
    assert owner.post("/api/podcast/quote", json=named).json()["newsletters"] == 1


def test_a_rule_is_made_listed_and_revoked(owner: httpx2.Client, second: httpx2.Client) -> None:
    id = upload(owner, "Trees", "Tue, 1 Dec 2026 07:30:00", 2, "Bergen")
    note = owner.get(f"/api/mail/{id}").json()["blocks"][-1]
    changed = owner.patch(f"/api/mail/{id}", json={"cut": [note["id"]]}).raise_for_status().json()
    [rule] = changed["rules"]

    assert (rule["kind"], rule["sender"], rule["text"]) == ("cut", "The Quay", note["text"])
    assert rule in owner.get("/api/rules").json()
    assert second.get("/api/rules").json() == []
    assert second.delete(f"/api/rules/{rule['id']}").status_code == 404
    later = upload(owner, "Schools", "Tue, 8 Dec 2026 07:30:00", 3, "Cork")
    assert owner.get(f"/api/mail/{later}").json()["blocks"][-1]["cut"] == "listener"

    assert owner.delete(f"/api/rules/{rule['id']}").status_code == 204
    assert owner.delete(f"/api/rules/{rule['id']}").status_code == 404
    assert owner.get(f"/api/mail/{later}").json()["rules"] == []
    last = upload(owner, "Bridges", "Tue, 15 Dec 2026 07:30:00", 4, "Ghent")
    assert owner.get(f"/api/mail/{last}").json()["blocks"][-1]["cut"] is None


def test_a_change_can_be_for_one_mail_only(owner: httpx2.Client) -> None:
    id = upload(owner, "Lamps", "Tue, 22 Dec 2026 07:30:00", 5, "Izmir")
    blocks = owner.get(f"/api/mail/{id}").json()["blocks"]
    change = {"cut": [blocks[0]["id"]], "remember": False}

    assert owner.patch(f"/api/mail/{id}", json=change).json()["rules"] == []


def test_a_sender_is_marked_and_the_mark_revoked(owner: httpx2.Client) -> None:
    id = upload(owner, "Swallows", "Tue, 29 Dec 2026 07:30:00", 6, "Hobart")
    marked = owner.patch(f"/api/mail/{id}", json={"newsletter": False}).raise_for_status().json()
    [rule] = marked["rules"]

    assert (marked["newsletter"], marked["marked"], marked["is_new"]) == (False, False, False)
    assert (rule["kind"], rule["text"]) == ("not_newsletter", None)
    owner.delete(f"/api/rules/{rule['id']}").raise_for_status()
    mail = owner.get(f"/api/mail/{id}").json()
    assert (mail["newsletter"], mail["marked"], mail["is_new"]) == (True, None, True)


@pytest.mark.parametrize(
    "change", [{"newsletter": "yes"}, {"remember": None}, {"newsletter": 1, "sender": "x"}]
)
def test_an_invalid_change_is_refused(owner: httpx2.Client, change: dict[str, object]) -> None:
    id = upload(owner, "Swallows", "Tue, 29 Dec 2026 07:30:00", 6, "Hobart")

    assert owner.patch(f"/api/mail/{id}", json=change).status_code == 422


def test_nobody_sees_or_revokes_rules(anonymous: httpx2.Client) -> None:
    assert anonymous.get("/api/rules").status_code == 401
    assert anonymous.delete(f"/api/rules/{uuid4()}").status_code == 401
