"""Servers with other settings, one at a time, because a process can have only one engine."""

import asyncio
from pathlib import Path
from typing import Any

import httpx2
from audiobrew.db.engine import open_database
from audiobrew.settings import Settings
from audiobrew.sources.gmail.token_cipher import TokenCipher
from audiobrew.sources.store import RotationResult, SourceStore, rotate_keys

from tests.serving import service_settings, serving
from tests.sources.gmail_world import Person, World, make_google, run_world, settings_for
from tests.sources.test_gmail_errors import problem_type
from tests.sources.test_gmail_secrets import key_of, keys
from tests.standins.local_server import serving as on_loopback

NOTHING_LISTENS = "http://127.0.0.1:9"


def test_gmail_is_not_offered_without_the_settings_for_google(tmp_path: Path) -> None:
    with serving(service_settings(tmp_path)) as service, service.client(service.sign_in()) as owner:
        for method, path in (("GET", "auth"), ("GET", "labels"), ("GET", "emails")):
            assert problem_type(owner.request(method, f"/api/gmail/{path}")) == "gmail-not-offered"
        body = {"code": "4/0", "state": "a"}

        assert problem_type(owner.post("/api/gmail/connect", json=body)) == "gmail-not-offered"
        assert not owner.get("/api/gmail/status").json()["offered"]
        assert owner.delete("/api/gmail/disconnect").json()["success"]


def test_an_unreachable_google_is_reported(tmp_path: Path) -> None:
    with run_world(tmp_path, google_url=NOTHING_LISTENS) as world:
        ada = world.person()
        url = httpx2.URL(ada.begin())
        body = {"code": "4/0", "state": url.params["state"]}
        answer = ada.client.post("/api/gmail/connect", json=body)
        ada.client.close()

    assert (answer.status_code, problem_type(answer)) == (503, "google-away")


def test_an_unknown_client_id_is_reported(tmp_path: Path) -> None:
    with run_world(tmp_path, google_client_secret="wrong") as world:
        ada = world.person()
        answer = ada.finish_consent(ada.consent())
        ada.client.close()

    assert (answer.status_code, problem_type(answer)) == (502, "google-refused")


def test_key_rotation_keeps_listeners_connected(tmp_path: Path) -> None:
    google = make_google()
    with on_loopback(google.app) as url:

        def world_with(*names: str) -> Any:
            return serving(settings_for(tmp_path, url, encryption_keys=keys(*names)))

        with world_with("one") as service:
            ada = World(google, service).person()
            ada.connect()
            ada.receive("Beans are back")
            ada.client.close()
        for names, expected in ((("two", "one"), "two"), (("two",), "two")):
            with world_with(*names) as service:
                later = at_new_service(ada, World(google, service))

                assert later.subjects() == ["Beans are back"]
                assert key_of(World(google, service), later) == expected
                later.client.close()
        with world_with("six") as service:
            later = at_new_service(ada, World(google, service))
            answer = later.client.get("/api/gmail/emails")

            assert answer.json()["type"] == "/problems/reconnect-needed"
            assert later.status()["state"] == "reconnect"
            later.client.close()


def test_after_key_rotation_no_older_key_is_needed(tmp_path: Path) -> None:
    google = make_google()
    with on_loopback(google.app) as url:

        def settings_with(*names: str) -> Settings:
            return settings_for(tmp_path, url, encryption_keys=keys(*names))

        with serving(settings_with("one")) as service:
            people = [World(google, service).person() for _ in range(3)]
            for person in people:
                person.connect()
                person.receive("Beans are back")
                person.client.close()

        assert rotate_all(settings_with("two", "one")) == RotationResult(
            reencrypted=3, undecryptable=0
        )
        assert rotate_all(settings_with("two", "one")) == RotationResult(
            reencrypted=0, undecryptable=0
        )
        with serving(settings_with("two")) as service:
            later = [at_new_service(person, World(google, service)) for person in people]
            assert [one.subjects() for one in later] == [["Beans are back"]] * 3
            for one in later:
                one.client.close()
        assert rotate_all(settings_with("six")) == RotationResult(reencrypted=0, undecryptable=3)


def rotate_all(settings: Settings) -> RotationResult:
    async def rotate() -> RotationResult:
        engine = open_database(settings)
        try:
            return await rotate_keys(SourceStore(engine, TokenCipher.of(settings)))
        finally:
            await engine.dispose()

    return asyncio.run(rotate())


def at_new_service(person: Person, world: World) -> Person:
    """The same person, at a service that was restarted."""
    token = person.client.headers["Authorization"].removeprefix("Bearer ")
    return Person(world.service.client(token), person.id, person.address, person.box)
