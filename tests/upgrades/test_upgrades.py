"""Data that earlier versions left behind, taken in the middle of a brew, is opened, migrated and finished.

Each folder beside this file is one version's, made by `record.py`; none is ever made anew.
"""

import json
import subprocess
import tarfile
from collections.abc import Iterator
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import feedparser
import httpx2
import psycopg
import pytest

from tests.postgres import binaries
from tests.product import Product
from tests.production import PASSWORD, Production, production
from tests.standins.supabase.project_state import Bucket, Obj, User
from tests.upgrades.record import path

VERSIONS = sorted(
    one for one in Path(__file__).parent.iterdir() if (one / "folder.tar.xz").exists()
)
NAMES = [one.name for one in VERSIONS]
ENDED = {"ready", "failed", "cancelled"}
# What a later version may add is not compared; these facts of an episode must stay as they were.
EPISODE_FACTS = (
    "id", "user_id", "title", "status", "duration", "seconds", "minutes", "hosts", "style",
    "language", "source_emails", "script_markdown", "created_at",
)  # fmt: skip
ITEM_FACTS = ("title", "published", "itunes_duration")
MAIL_FACTS = ("id", "sender", "subject", "received_at", "told", "cut")


def unpack(archive: Path, folder: Path) -> tuple[Path, Any]:
    with tarfile.open(archive) as packed:
        packed.extractall(folder, filter="data")
    return folder / "data", json.loads((folder / "data" / "expected.json").read_text())


@pytest.fixture(params=VERSIONS, ids=NAMES)
def folder(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Product, Any]]:
    """The present product on an older version's data folder."""
    data, expected = unpack(request.param / "folder.tar.xz", tmp_path)
    product = Product(data)
    yield product, expected
    product.stop()


@pytest.fixture(params=VERSIONS, ids=NAMES)
def cloud(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Production, Any, str]]:
    """The present product, in production, on an older version's Postgres and bucket."""
    kept, expected = unpack(request.param / "postgres.tar.xz", tmp_path)
    with production(tmp_path, ENCRYPTION_KEYS=expected["encryption_keys"]) as made:
        restore(made, kept)
        expected["calls"] = calls_of(made, expected["brewing"])
        supabase = made.vendors.supabase
        user = User(expected["address"], PASSWORD, id=expected["listener"])
        supabase.users[user.id] = user
        assert made.run("migrate").returncode == 0
        made.serve()
        yield made, expected, supabase.access_token(user)


def restore(made: Production, kept: Path) -> None:
    owner = made.postgres.as_owner(made.database)
    psql = [str(binaries() / "psql"), "--quiet", "--set=ON_ERROR_STOP=1", owner]
    drop = "drop schema audiobrew cascade; drop schema audiobrew_engine cascade"
    subprocess.run([*psql, "-c", drop], check=True, capture_output=True)
    subprocess.run([*psql, "-f", str(kept / "dump.sql")], check=True, capture_output=True)
    for folder in sorted((kept / "objects").iterdir()):
        bucket = made.vendors.supabase.buckets.setdefault(folder.name, Bucket(folder.name))
        for file in folder.rglob("*.mp3"):
            key = file.relative_to(folder).as_posix()
            bucket.objects[key] = Obj(file.read_bytes(), "audio/mpeg", "no-cache")


def calls_of(made: Production, episode: str) -> int:
    """How many calls to models an episode has paid for."""
    with psycopg.connect(made.postgres.as_owner(made.database)) as database:
        counted = database.execute(
            "select count(*) from audiobrew.charges where episode_id = %s", [episode]
        ).fetchone()
    assert counted
    return int(counted[0])


def test_a_folder_is_taken_over_and_its_brew_is_finished(folder: tuple[Product, Any]) -> None:
    product, expected = folder

    check_everything_is_there(product.http, product.url, expected)


def test_a_session_of_before_still_opens_the_folder(folder: tuple[Product, Any]) -> None:
    product, expected = folder

    answer = httpx2.get(
        f"{product.url}/api/podcast/list",
        headers={"Authorization": f"Bearer {expected['token']}"},
    )

    # After the 90 days of a session it is refused in words, not with an error of ours.
    assert answer.status_code in {200, 401}
    assert answer.status_code == 200 or answer.json()["type"] == "/problems/sign-in-needed"


def test_a_postgres_is_taken_over_and_its_brew_is_finished(
    cloud: tuple[Production, Any, str],
) -> None:
    made, expected, token = cloud
    headers = {"Authorization": f"Bearer {token}"}

    with httpx2.Client(base_url=made.url, headers=headers, timeout=60) as http:
        check_everything_is_there(http, made.url, expected)
        bill = http.get(f"/api/podcast/{expected['brewing']}").raise_for_status().json()["bill"]

    # Every part was paid for before the process was killed.
    assert bill["calls"] == expected["calls"]
    assert bill["lost_usd"] == 0


def check_everything_is_there(http: httpx2.Client, url: str, expected: Any) -> None:
    check_episodes(http, expected)
    check_mails(http, expected)
    check_feed(url, expected)
    check_feed_tokens(http)
    check_schedule(http, expected)
    finished = ended(http, expected["brewing"])
    assert finished["status"] == "ready", finished
    assert finished["seconds"] > 20
    assert expected["brewing"] in feed_ids(url, expected)
    retried = http.post(f"/api/podcast/{expected['cancelled']}/retry")
    assert retried.status_code == 202, retried.text
    assert ended(http, expected["cancelled"])["status"] == "ready"


def check_episodes(http: httpx2.Client, expected: Any) -> None:
    before, id = expected["ready"], expected["ready"]["id"]
    now = http.get(f"/api/podcast/{id}").raise_for_status().json()
    assert {name: now[name] for name in EPISODE_FACTS} == {
        name: before[name] for name in EPISODE_FACTS
    }
    script = http.get(f"/api/podcast/{id}/script").raise_for_status().json()
    assert spoken(script) == spoken(expected["script"])
    cancelled = http.get(f"/api/podcast/{expected['cancelled']}").raise_for_status().json()
    assert (cancelled["status"], cancelled["retriable"]) == ("cancelled", True)


def spoken(script: Any) -> list[tuple[Any, ...]]:
    """Each sentence with its time and its sources."""
    sentences = [one for segment in script["segments"] for one in segment["sentences"]]
    texts = {source["block_id"]: source["text"] for source in script["sources"]}
    return [
        (one["text"], one["start"], one["end"], *(texts[id] for id in one["cites"]))
        for one in sentences
    ]


def check_mails(http: httpx2.Client, expected: Any) -> None:
    now = {mail["id"]: mail for mail in http.get("/api/mail").raise_for_status().json()}
    for before in expected["mails"]:
        mail = now[before["id"]]
        assert {name: mail[name] for name in MAIL_FACTS} == {
            name: before[name] for name in MAIL_FACTS
        }


def check_feed(url: str, expected: Any) -> None:
    """The same feed: an app knows the show and its episode again, and downloads the same file."""
    answer = httpx2.get(f"{url}{expected['feed']}")
    before, now = feedparser.parse(expected["rss"]), feedparser.parse(answer.text)
    assert now.feed.title == before.feed.title
    assert now.feed.podcast_guid == before.feed.podcast_guid
    known = {entry.id: entry for entry in now.entries}
    for entry in before.entries:
        item = known[entry.id]
        assert {name: item[name] for name in ITEM_FACTS} == {
            name: entry[name] for name in ITEM_FACTS
        }
        assert path(item.link) == path(entry.link)
        [was], [enclosure] = entry.enclosures, item.enclosures
        assert (enclosure.length, enclosure.type) == (was.length, was.type)
        place = path(enclosure.href)
        assert place == path(was.href)
        audio = httpx2.get(f"{url}{place}", follow_redirects=True)
        assert audio.status_code == 200
        assert len(audio.content) == int(was.length) == expected["audio_bytes"]
        for file in (entry.podcast_transcript, entry.podcast_chapters):
            assert httpx2.get(f"{url}{path(file['url'])}").status_code == 200
    assert httpx2.get(f"{url}{expected['revoked_feed']}").status_code == 410


def check_feed_tokens(http: httpx2.Client) -> None:
    tokens = http.get("/api/feed/tokens").raise_for_status().json()
    assert {one["name"]: one["revoked_at"] is None for one in tokens} == {
        "Phone": True,
        "Lost phone": False,
    }


def feed_ids(url: str, expected: Any) -> str:
    return httpx2.get(f"{url}{expected['feed']}").raise_for_status().text


def check_schedule(http: httpx2.Client, expected: Any) -> None:
    wanted = ("cadence", "weekday", "time", "zone", "minutes", "hosts", "style")
    now = http.get("/api/schedule").raise_for_status().json()
    assert {name: now[name] for name in wanted} == {
        name: expected["schedule"][name] for name in wanted
    }


def ended(http: httpx2.Client, id: str, within: float = 240) -> Any:
    late = monotonic() + within
    while monotonic() < late:
        episode = http.get(f"/api/podcast/{id}").raise_for_status().json()
        if episode["status"] in ENDED:
            return episode
        sleep(0.2)
    raise AssertionError(f"the episode is still {episode['status']} after {within} s")
