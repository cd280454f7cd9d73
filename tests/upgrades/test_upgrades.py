"""The present version opens and migrates the data of earlier versions, and finishes an interrupted brew.

Each folder beside this file has the data of one version, written by `record.py`. It is never written again.
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
from tests.standins.supabase.project_state import Bucket, StoredObject, User
from tests.upgrades.record import path

VERSIONS = sorted(
    path for path in Path(__file__).parent.iterdir() if (path / "folder.tar.xz").exists()
)
NAMES = [version.name for version in VERSIONS]
ENDED = {"ready", "failed", "cancelled"}
# Fields that must not change. A later version may add others.
EPISODE_FACTS = (
    "id", "user_id", "title", "status", "duration", "seconds", "minutes", "hosts", "style",
    "language", "source_emails", "script_markdown", "created_at",
)  # fmt: skip
ITEM_FACTS = ("title", "published", "itunes_duration")
MAIL_FACTS = ("id", "sender", "subject", "received_at", "told", "cut")


def unpack(archive: Path, folder: Path) -> tuple[Path, Any]:
    with tarfile.open(archive) as tar:
        tar.extractall(folder, filter="data")
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
    dump_folder, expected = unpack(request.param / "postgres.tar.xz", tmp_path)
    with production(tmp_path, ENCRYPTION_KEYS=expected["encryption_keys"]) as product:
        restore(product, dump_folder)
        expected["calls"] = calls_of(product, expected["brewing"])
        supabase = product.vendors.supabase
        user = User(expected["address"], PASSWORD, id=expected["listener"])
        supabase.users[user.id] = user
        assert product.run("migrate").returncode == 0
        product.serve()
        yield product, expected, supabase.access_token(user)


def restore(product: Production, dump_folder: Path) -> None:
    owner = product.postgres.as_owner(product.database)
    psql = [str(binaries() / "psql"), "--quiet", "--set=ON_ERROR_STOP=1", owner]
    drop = "drop schema audiobrew cascade; drop schema audiobrew_engine cascade"
    subprocess.run([*psql, "-c", drop], check=True, capture_output=True)
    subprocess.run([*psql, "-f", str(dump_folder / "dump.sql")], check=True, capture_output=True)
    for folder in sorted((dump_folder / "objects").iterdir()):
        bucket = product.vendors.supabase.buckets.setdefault(folder.name, Bucket(folder.name))
        for file in folder.rglob("*.mp3"):
            key = file.relative_to(folder).as_posix()
            bucket.objects[key] = StoredObject(file.read_bytes(), "audio/mpeg", "no-cache")


def calls_of(product: Production, episode: str) -> int:
    """How many calls to models an episode has paid for."""
    with psycopg.connect(product.postgres.as_owner(product.database)) as database:
        row = database.execute(
            "select count(*) from audiobrew.charges where episode_id = %s", [episode]
        ).fetchone()
    assert row
    return int(row[0])


def test_a_folder_is_migrated_and_its_brew_is_finished(folder: tuple[Product, Any]) -> None:
    product, expected = folder

    check_everything_is_there(product.http, product.url, expected)


def test_an_old_session_is_still_accepted(folder: tuple[Product, Any]) -> None:
    product, expected = folder

    answer = httpx2.get(
        f"{product.url}/api/podcast/list",
        headers={"Authorization": f"Bearer {expected['token']}"},
    )

    # After its 90 days, a session is refused with a problem, not with an internal error.
    assert answer.status_code in {200, 401}
    assert answer.status_code == 200 or answer.json()["type"] == "/problems/sign-in-needed"


def test_a_postgres_is_migrated_and_its_brew_is_finished(
    cloud: tuple[Production, Any, str],
) -> None:
    product, expected, token = cloud
    headers = {"Authorization": f"Bearer {token}"}

    with httpx2.Client(base_url=product.url, headers=headers, timeout=60) as http:
        check_everything_is_there(http, product.url, expected)
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
    if "review" in expected:
        check_settings(http, expected)
        check_rules(http, expected)
        check_import(http, expected)
        check_review(http, expected)
    episode = wait_until_ended(http, expected["brewing"])
    assert episode["status"] == "ready", episode
    assert episode["seconds"] > 20
    assert expected["brewing"] in feed_ids(url, expected)
    retry = http.post(f"/api/podcast/{expected['cancelled']}/retry")
    assert retry.status_code == 202, retry.text
    assert wait_until_ended(http, expected["cancelled"])["status"] == "ready"


def check_episodes(http: httpx2.Client, expected: Any) -> None:
    before, id = expected["ready"], expected["ready"]["id"]
    now = http.get(f"/api/podcast/{id}").raise_for_status().json()
    assert {name: now[name] for name in EPISODE_FACTS} == {
        name: before[name] for name in EPISODE_FACTS
    }
    script = http.get(f"/api/podcast/{id}/script").raise_for_status().json()
    assert spoken_sentences(script) == spoken_sentences(expected["script"])
    cancelled_episode = http.get(f"/api/podcast/{expected['cancelled']}").raise_for_status().json()
    assert (cancelled_episode["status"], cancelled_episode["retriable"]) == ("cancelled", True)


def spoken_sentences(script: Any) -> list[tuple[Any, ...]]:
    """Each sentence with its times and sources."""
    sentences = [sentence for part in script["segments"] for sentence in part["sentences"]]
    texts = {source["block_id"]: source["text"] for source in script["sources"]}
    return [
        (
            sentence["text"],
            sentence["start"],
            sentence["end"],
            *(texts[id] for id in sentence["cites"]),
        )
        for sentence in sentences
    ]


def check_mails(http: httpx2.Client, expected: Any) -> None:
    now = {mail["id"]: mail for mail in http.get("/api/mail").raise_for_status().json()}
    for before in expected["mails"]:
        mail = now[before["id"]]
        assert {name: mail[name] for name in MAIL_FACTS} == {
            name: before[name] for name in MAIL_FACTS
        }


def check_feed(url: str, expected: Any) -> None:
    """The feed is the same: an app recognizes the show and its episode, and downloads the same file."""
    answer = httpx2.get(f"{url}{expected['feed']}")
    before, now = feedparser.parse(expected["rss"]), feedparser.parse(answer.text)
    assert now.feed.title == before.feed.title
    assert now.feed.podcast_guid == before.feed.podcast_guid
    items = {entry.id: entry for entry in now.entries}
    for entry in before.entries:
        item = items[entry.id]
        assert {name: item[name] for name in ITEM_FACTS} == {
            name: entry[name] for name in ITEM_FACTS
        }
        assert path(item.link) == path(entry.link)
        [old_enclosure], [enclosure] = entry.enclosures, item.enclosures
        assert (enclosure.length, enclosure.type) == (old_enclosure.length, old_enclosure.type)
        audio_path = path(enclosure.href)
        assert audio_path == path(old_enclosure.href)
        audio = httpx2.get(f"{url}{audio_path}", follow_redirects=True)
        assert audio.status_code == 200
        assert len(audio.content) == int(old_enclosure.length) == expected["audio_bytes"]
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
    fields = ("cadence", "weekday", "time", "zone", "minutes", "hosts", "style")
    now = http.get("/api/schedule").raise_for_status().json()
    assert {name: now[name] for name in fields} == {
        name: expected["schedule"][name] for name in fields
    }


def check_settings(http: httpx2.Client, expected: Any) -> None:
    user = http.get(f"/api/user/{expected['user']['id']}").raise_for_status().json()
    before = expected["user"]["preferences"]
    assert {name: user["preferences"][name] for name in before} == before
    words = http.get("/api/pronunciations").raise_for_status().json()
    assert words == expected["pronunciations"] != []


def check_rules(http: httpx2.Client, expected: Any) -> None:
    assert http.get("/api/rules").raise_for_status().json() == expected["rules"] != []
    mail = http.get(f"/api/mail/{expected['cut']['mail']}").raise_for_status().json()
    [block] = [one for one in mail["blocks"] if one["id"] == expected["cut"]["block"]]
    assert block["cut"] == "listener"


def check_import(http: httpx2.Client, expected: Any) -> None:
    [now] = http.get("/api/mail/imports").raise_for_status().json()
    before = expected["import"]
    assert {name: now[name] for name in before} == before
    assert (now["status"], now["mails"]) == ("done", 2)


def check_review(http: httpx2.Client, expected: Any) -> None:
    """The script still waits, with the same sentences, and is spoken without the removed one."""
    before = expected["review"]
    where = f"/api/podcast/{before['episode_id']}"
    script = http.get(f"{where}/script").raise_for_status().json()
    assert spoken_sentences(script) == spoken_sentences(before)
    assert script["removed"] == before["removed"] != []
    assert http.get(where).raise_for_status().json()["awaits_review"]
    assert http.post(f"{where}/speak").status_code == 202
    assert wait_until_ended(http, before["episode_id"])["status"] == "ready"
    spoken = http.get(f"{where}/script").raise_for_status().json()
    texts = [text for text, *_ in spoken_sentences(spoken)]
    assert texts == [text for text, *_ in spoken_sentences(before)]


def wait_until_ended(http: httpx2.Client, id: str, within: float = 240) -> Any:
    late = monotonic() + within
    while monotonic() < late:
        episode = http.get(f"/api/podcast/{id}").raise_for_status().json()
        if episode["status"] in ENDED:
            return episode
        sleep(0.2)
    raise AssertionError(f"the episode is still {episode['status']} after {within} s")
