from collections import Counter

import pytest

from tests.serving import a_mail
from tests.sources.gmail_world import Person, World

MANY = [f"Issue {number}" for number in range(25)]


@pytest.fixture
def connected(world: World, ada: Person) -> Person:
    ada.connect()
    world.fetched()
    return ada


@pytest.mark.parametrize("name", ["AudioBrew", "audiobrew", "AUDIObrew"])
def test_the_label_is_found_in_upper_and_lower_case(ada: Person, name: str) -> None:
    ada.receive("Beans are back", label=name)
    ada.connect()
    labels = ada.client.get("/api/gmail/labels").json()

    assert labels["has_audiobrew_label"]
    assert labels["audiobrew_label"] == {"id": "Label_1", "name": name, "type": "user"}
    assert {"id": "INBOX", "name": "INBOX", "type": "system"} in labels["labels"]
    assert ada.subjects() == ["Beans are back"]


def test_a_missing_label_is_reported_with_instructions(connected: Person) -> None:
    connected.receive("Beans are back", label="News")
    labels = connected.client.get("/api/gmail/labels").json()
    answer = connected.client.get("/api/gmail/emails")

    assert (labels["has_audiobrew_label"], labels["audiobrew_label"]) == (False, None)
    assert answer.status_code == 409
    assert "Create it" in answer.json()["detail"]


def test_all_mails_of_a_label_are_imported_and_listed_in_pages(connected: Person) -> None:
    connected.receive(*MANY)
    connected.receive("Private", label="INBOX")
    seen, before = [], None
    while page := connected.emails(limit=10, **({"before": before} if before else {}))["emails"]:
        seen += [mail["subject"] for mail in page]
        before = page[-1]["id"]

    assert Counter(seen) == Counter(MANY)
    assert connected.emails(limit=1)["total"] == 25


def test_a_listed_mail_has_a_snippet_and_the_id_of_the_inbox(connected: Person) -> None:
    connected.receive("Beans are back")
    [mail] = connected.emails()["emails"]
    [mail_in_inbox] = connected.client.get("/api/mail").json()

    assert mail["id"] == mail_in_inbox["id"]
    assert mail["snippet"].startswith("Beans are back in the shop on Tuesday, says")
    assert len(mail["snippet"]) <= 201
    assert mail["from"] == "The Roast <hello@roast.example>"
    assert mail["date"] == mail_in_inbox["received_at"]
    assert (mail["told"], mail["newsletter"]) == (False, True)


def test_only_new_messages_are_fetched(world: World, connected: Person) -> None:
    connected.receive(*MANY)
    connected.emails()
    assert world.fetched() == 25
    connected.receive("A new one")

    assert connected.emails()["total"] == 26
    assert world.fetched() == 1
    connected.emails()
    assert world.google.calls == ["labels.list", "history.list"]


def test_later_label_changes_are_applied(world: World, connected: Person) -> None:
    [first, second] = connected.receive("First", "Second")
    [later] = connected.receive("Later", label="INBOX")
    [deleted] = connected.receive("Gone")
    connected.emails()
    connected.box.relabel(later, add=["AudioBrew"])
    connected.box.relabel(first, remove=["AudioBrew"])
    connected.box.relabel(second, add=["TRASH"])
    connected.box.delete(deleted)

    assert connected.subjects() == ["Later"]
    assert len(connected.client.get("/api/mail").json()) == 4


def test_an_expired_history_causes_a_full_sync_without_new_fetches(
    world: World, connected: Person
) -> None:
    [first, _] = connected.receive("First", "Second")
    connected.emails()
    world.fetched()
    connected.receive("Third")
    connected.box.relabel(first, remove=["AudioBrew"])
    connected.box.forget_history()

    assert set(connected.subjects()) == {"Second", "Third"}
    assert world.fetched() == 1


def test_a_message_imported_under_another_label_is_not_fetched_again(
    world: World, connected: Person
) -> None:
    [message] = connected.receive("Beans are back")
    connected.box.relabel(message, add=["News"])
    other = connected.box.label("News")

    assert connected.subjects() == connected.subjects(label_id=other) == ["Beans are back"]
    assert world.fetched() == 1


def test_another_label_can_be_chosen_and_reset(connected: Person, bob: Person) -> None:
    connected.receive("Of AudioBrew")
    connected.receive("Of News", label="News")
    news = connected.box.label("News")
    response = connected.client.put("/api/gmail/label", json={"label_id": news})

    assert response.json()["label"] == connected.status()["label"] == news
    assert connected.subjects() == ["Of News"]
    connected.client.put("/api/gmail/label", json={"label_id": None}).raise_for_status()
    assert connected.subjects() == ["Of AudioBrew"]
    assert bob.client.put("/api/gmail/label", json={"label_id": news}).status_code == 409


@pytest.mark.parametrize("label", ["Label_99", "no such label & more"])
def test_an_unknown_label_is_reported(connected: Person, label: str) -> None:
    listing = connected.client.get("/api/gmail/emails", params={"label_id": label})
    choice = connected.client.put("/api/gmail/label", json={"label_id": label})

    assert listing.status_code == choice.status_code == 404
    assert listing.json()["type"] == choice.json()["type"] == "/problems/no-such-label"


def test_a_mail_that_was_uploaded_before_is_the_same_mail(connected: Person) -> None:
    file = {"file": ("a.eml", a_mail("Twice here"), "message/rfc822")}
    [uploaded] = connected.client.post("/api/mail", files=file).json()["mails"]
    connected.receive("Twice here")

    assert [mail["id"] for mail in connected.emails()["emails"]] == [uploaded["id"]]
    assert len(connected.client.get("/api/mail").json()) == 1


def test_a_mail_that_was_deleted_here_stays_deleted(world: World, connected: Person) -> None:
    connected.receive("Unwanted", "Wanted")
    unwanted = next(m for m in connected.emails()["emails"] if m["subject"] == "Unwanted")
    connected.client.delete(f"/api/mail/{unwanted['id']}").raise_for_status()
    world.fetched()

    assert connected.subjects() == ["Wanted"]
    assert connected.emails()["total"] == 1
    assert world.fetched() == 0


def test_unreadable_messages_are_skipped_and_not_fetched_again(
    world: World, connected: Person
) -> None:
    large = a_mail("Large") + b"x" * world.service.settings.mail_bytes
    for raw in (b"\x00\x01 not a mail", large, a_mail("Readable")):
        connected.box.deliver(raw, "AudioBrew")

    assert connected.subjects() == ["Readable"]
    assert world.fetched() == 2  # the large one is not even asked for
    connected.box.forget_history()
    assert connected.subjects() == ["Readable"]
    assert world.fetched() == 0


def test_concurrent_syncs_fetch_each_mail_once(world: World, connected: Person) -> None:
    connected.receive(*MANY)
    world.google.inject("messages.get", "none", times=4, delay=0.1)

    assert sync_concurrently(connected, 3) == [25, 25, 25]
    assert world.fetched() == 25


def test_another_listener_does_not_see_the_mails(connected: Person, bob: Person) -> None:
    bob.connect()
    bob.receive("Of Bob")
    connected.receive("Of Ada")

    assert (connected.subjects(), bob.subjects()) == (["Of Ada"], ["Of Bob"])
    assert [mail["subject"] for mail in bob.client.get("/api/mail").json()] == ["Of Bob"]


def sync_concurrently(person: Person, count: int) -> list[int]:
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(count) as threads:
        return list(threads.map(lambda _: int(person.emails()["total"]), range(count)))
