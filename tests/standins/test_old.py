"""The stand-in for the old application: its table of calls, and its faults, on a real Postgres."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, sleep
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import httpx2
import psycopg
import pytest

from tests.postgres import cluster
from tests.standins.google import Google
from tests.standins.old import Gmail, OldApplication, add_user, as_api, install, serving
from tests.standins.supabase import Supabase

ID, SECRET = "old.apps.googleusercontent.com", "GOCSPX-old"
BACK = "https://audiobrew.vercel.app/api/auth/gmail/callback"
MAIL = b"""\
From: The Roast <hello@roast.example>
To: ada@mail.example
Subject: Beans are back
Date: Mon, 23 Nov 2026 07:00:00 +0000
Content-Type: text/plain; charset=utf-8

Beans are back in the shop on Tuesday. """ + (b"And so on, for a long while. " * 40)


@dataclass
class World:
    old: OldApplication
    supabase: Supabase
    google: Google
    database: str
    client: httpx2.Client

    def sign_up(self, address: str) -> str:
        user = self.supabase.add_user(address, "correct horse")
        add_user(self.database, user.id, address)
        self.google.add_account(address, {"AudioBrew": [MAIL]})
        return user.id

    def connect(self, user: str, address: str) -> httpx2.Response:
        """As the old front end did: the browser comes back with the code by way of the app."""
        page = self.client.get("/api/gmail/auth", params={"user_id": user}).json()
        asked = httpx2.URL(page["authorization_url"])
        consented = httpx2.get(asked.copy_merge_params({"consent": "allow", "account": address}))
        back = urlsplit(consented.headers["location"])
        return self.client.get(f"{back.path}?{back.query}", follow_redirects=False)

    def generate(self, user: str, emails: list[str], **more: str) -> dict[str, Any]:
        """The row, once it is there."""
        before = len(self.podcasts(user))
        body = {"user_id": user, "email_ids": emails, **more}
        told = self.client.post("/api/podcast/generate", json=body).json()
        assert set(told) == {"id", "status", "message"}
        late = monotonic() + 30
        while len(self.podcasts(user)) == before:
            assert monotonic() < late
            sleep(0.02)
        row = self.podcasts(user)[0]
        assert row["id"] != told["id"]
        return row

    def podcasts(self, user: str) -> list[dict[str, Any]]:
        return self.client.get("/api/podcast/list", params={"user_id": user}).json()


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    supabase, google = Supabase(), Google(ID, SECRET, [BACK])
    with cluster() as postgres, serving(supabase.app) as project, serving(google.app) as url:
        database = postgres.as_owner(postgres.database())
        install(database)
        public = {"id": "podcasts", "name": "podcasts", "public": True}
        held = {"apikey": supabase.secret_key}
        httpx2.post(f"{project}/storage/v1/bucket", json=public, headers=held).raise_for_status()
        gmail = Gmail(url, ID, SECRET, BACK)
        old = OldApplication(database, project, supabase.secret_key, gmail)
        with serving(old.app) as here, httpx2.Client(base_url=here, timeout=30) as client:
            yield World(old, supabase, google, database, client)


def test_a_listeners_day(world: World) -> None:
    user = world.sign_up("ada@mail.example")
    assert world.client.get("/health").json() == {"status": "healthy", "service": "audiobrew-api"}
    assert world.client.get("/").json().keys() == {"message"}
    forwarded = world.connect(user, "ada@mail.example")
    came_back = world.client.get(forwarded.headers["location"], follow_redirects=False)
    assert "gmail_connected=true&email=ada@mail.example" in came_back.headers["location"]
    mine = {"user_id": user}
    status = world.client.get("/api/gmail/status", params=mine).json()
    assert status == {"is_connected": True, "email": "ada@mail.example"}
    assert world.client.get("/api/gmail/labels", params=mine).json()["has_audiobrew_label"]
    listed = world.client.get("/api/gmail/emails", params=mine).json()
    assert listed["total"] == 1
    assert len(listed["emails"][0]["snippet"]) == 200

    row = world.generate(user, [listed["emails"][0]["id"]], title="Tuesday")

    assert row["title"] == "Tuesday"
    assert httpx2.get(row["audio_url"]).content.startswith(b"\xff\xf3")
    one = world.client.get(f"/api/podcast/{row['id']}", params=mine)
    assert one.json() == row
    gone = world.client.delete(f"/api/podcast/{row['id']}", params=mine)
    assert gone.json().keys() == {"message"}
    assert httpx2.get(row["audio_url"]).status_code == 400
    assert world.client.get(f"/api/podcast/{row['id']}", params=mine).status_code == 404
    assert world.client.delete("/api/gmail/disconnect", params=mine).json()["success"]
    assert world.client.delete(f"/api/user/{user}").json().keys() == {"message"}
    assert user not in world.supabase.users
    assert world.podcasts(user) == []


def test_speech_that_fails_is_recorded_as_if_it_were_there(world: World) -> None:
    user = world.sign_up("bob@mail.example")
    world.client.get(world.connect(user, "bob@mail.example").headers["location"])
    mails = world.client.get("/api/gmail/emails", params={"user_id": user}).json()["emails"]
    world.old.speaks = False

    row = world.generate(user, [mails[0]["id"]])

    world.old.speaks = True
    assert row["audio_url"].startswith("https://example.com/audio/")
    assert row["duration"] > 0


def test_whoever_knows_an_id_has_what_is_anothers(world: World) -> None:
    user = world.sign_up("cy@mail.example")
    world.client.get(world.connect(user, "cy@mail.example").headers["location"])
    state = parse_qs(urlsplit(world.old.gmail.consent(user)).query)["state"]

    assert state == [user]
    with as_api(world.database, "anon") as anonymous:
        [row] = anonymous.execute(
            "select credentials from public.gmail_connections where user_id = %s", [user]
        ).fetchall()
    assert row["credentials"]["client_secret"] == SECRET


def test_row_level_security_holds_where_there_is_no_hole(world: World) -> None:
    user = world.sign_up("eve@mail.example")
    add_user(world.database, other := str(uuid4()), "other@mail.example")
    row = {"title": "t", "duration": 1, "source_emails": 1}
    world.old.rows.add_podcast(user_id=user, **row)

    with as_api(world.database, "authenticated", user) as mine:
        assert len(mine.execute("select 1 from public.podcasts").fetchall()) == 1
    with as_api(world.database, "authenticated", other) as theirs:
        assert theirs.execute("select 1 from public.podcasts").fetchall() == []
    with (
        pytest.raises(psycopg.errors.InsufficientPrivilege),
        as_api(world.database, "authenticated", other) as theirs,
    ):
        theirs.execute(
            "insert into public.podcasts (user_id, title, duration, source_emails)"
            " values (%s, 't', 1, 1)",
            [user],
        )


def test_it_runs_in_a_process_of_its_own(world: World) -> None:
    import subprocess
    import sys

    from tests.ports import free_port

    words = ["--port", str(port := free_port()), "--database", world.database]
    words += ["--supabase", world.supabase.base or "", "--key", world.supabase.secret_key]
    command = [sys.executable, "-m", "tests.standins.old", *words]
    process = subprocess.Popen(command, cwd=Path(__file__).parents[2])
    try:
        late = monotonic() + 30
        while True:
            try:
                told = httpx2.get(f"http://127.0.0.1:{port}/health").json()
                break
            except httpx2.TransportError:
                assert monotonic() < late
                sleep(0.1)
    finally:
        process.terminate()
        process.wait(10)

    assert told["status"] == "healthy"
