"""Tokens and codes appear in no log, error or response, and not in plain text in the database."""

import asyncio
import base64
import logging
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from audiobrew.db.engine import open_database
from audiobrew.db.source_tables import mail_sources
from audiobrew.db.tables import tables

from tests.sources.gmail_world import SECRET, Person, World

KEYS = {name: base64.b64encode(name[0].encode() * 32).decode() for name in ("one", "two", "six")}


def keys(*names: str) -> str:
    return ",".join(f"{name}:{KEYS[name]}" for name in names)


def trigger_responses(world: World, person: Person) -> Iterator[str]:
    """Responses to successful and failing requests."""
    back = person.consent()
    for _ in range(2):
        yield person.finish_consent(back).text
    person.receive("Beans are back")
    for path in ("labels", "emails", "status"):
        yield person.client.get(f"/api/gmail/{path}").text
    for kind in ("daily", "503"):
        world.google.inject("list", kind, times=4)
        yield person.client.get("/api/gmail/emails").text
        world.google.faults.clear()
    world.google.revoke_all(person.address)
    yield person.client.get("/api/gmail/labels").text
    yield person.client.delete("/api/gmail/disconnect").text


def rows(world: World, query: Any) -> list[Any]:
    async def fetch() -> list[Any]:
        engine = open_database(world.service.settings)
        async with engine.begin() as database:
            result = await database.execute(query)
            rows = list(result) if result.returns_rows else []
        await engine.dispose()
        return rows

    return asyncio.run(fetch())


def key_of(world: World, person: Person) -> str:
    own = mail_sources.c.listener_id == UUID(person.id)
    return str(rows(world, sa.select(mail_sources.c.key_id).where(own))[0].key_id)


def test_no_secret_is_logged_or_returned(
    world: World,
    ada: Person,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    consent = world.google.consent
    caplog.set_level(
        logging.WARNING, "aiosqlite"
    )  # as the product sets it, whatever level it runs at
    with caplog.at_level(logging.DEBUG):
        answers = list(trigger_responses(world, ada))
    ada.connect()
    opening = [*consent.refresh, *consent.access, *consent.codes, SECRET]
    logged = caplog.text + "".join(capfd.readouterr())

    assert "/api/gmail/connect" in logged
    assert len(answers) == 9
    assert len(opening) >= 4
    assert not [secret for secret in opening if secret in logged or secret in "".join(answers)]
    assert not [private for private in (ada.address, "town's oldest roaster") if private in logged]


def test_the_database_contains_no_usable_token(world: World, ada: Person) -> None:
    ada.connect()
    opening = [*world.google.consent.refresh, *world.google.consent.access]
    content = "".join(
        str(row) for table in tables.sorted_tables for row in rows(world, table.select())
    )

    assert ada.address in content
    assert not [token for token in opening if token in content]


def test_a_row_that_is_copied_to_another_listener_cannot_be_decrypted(
    world: World, ada: Person, bob: Person
) -> None:
    ada.receive("Of Ada")
    for person in (ada, bob):
        person.connect()
    [theirs] = rows(world, mail_sources.select().where(mail_sources.c.listener_id == UUID(ada.id)))
    moved = {"sealed": theirs.sealed, "created_at": theirs.created_at.replace(year=2025)}
    own = mail_sources.c.listener_id == UUID(bob.id)
    rows(world, mail_sources.update().where(own).values(moved))

    answer = bob.client.get("/api/gmail/emails")
    assert answer.json()["type"] == "/problems/reconnect-needed"
    assert bob.status()["state"] == "reconnect"
    assert ada.subjects() == ["Of Ada"]
