"""A backup of a running server, restored into an empty folder, is the same server."""

import json
import os
import stat
import tarfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import feedparser
import httpx2
import pytest

from tests.account.home.home_server import PUBLIC_URL, serving_home, signed_in
from tests.cli.backups import back_up, files, restore, rows
from tests.cli.test_refusals import assert_refused, audiobrew
from tests.product import Product, run_product
from tests.settings_factory import make_migrated_settings, sqlite_only
from tests.standins.authenticator import Authenticator
from tests.standins.lying_imap import LyingServer, lying_server

pytestmark = [sqlite_only, pytest.mark.timeout(600)]
PASSWORD = "abcd-efgh-ijkl"
HOME = {"AUDIOBREW_PUBLIC_URL": PUBLIC_URL}


@pytest.fixture(scope="module")
def mailbox() -> Iterator[LyingServer]:
    with lying_server() as server:
        yield server


def use(product: Product, mailbox: LyingServer) -> dict[str, Any]:
    """Brew an episode, subscribe to it, connect a mailbox, and return what a podcast app gets."""
    product.upload_samples()
    server = {"host": "127.0.0.1", "port": mailbox.port, "security": "none"}
    account = {"user": "ada", "password": PASSWORD}
    product.http.post("/api/sources/imap", json=server | account).raise_for_status()
    ready = product.brew(minutes=1)["id"]
    token = product.http.post("/api/feed/tokens", json={"name": "Phone"}).raise_for_status().json()
    path = "/" + token["url"].split("/", 3)[3]
    return {
        "ready": ready,
        "feed": path,
        "rss": feed_facts(product, path),
        **play(product, path, ready),
    }


def feed_facts(product: Product, path: str) -> list[tuple[str, str, str]]:
    feed = feedparser.parse(httpx2.get(product.url + path).raise_for_status().text)
    return [(item.id, item.title, item.published) for item in feed.entries]


def play(product: Product, path: str, episode: str) -> dict[str, Any]:
    url = f"{product.url}{path.removesuffix('/rss.xml')}/{episode}.mp3"
    audio = httpx2.get(url, follow_redirects=True).raise_for_status()
    return {"audio": audio.content, "etag": audio.headers["etag"]}


def test_a_backup_while_a_brew_writes_is_the_same_server(
    tmp_path: Path, mailbox: LyingServer
) -> None:
    file, private = tmp_path / "backup.tar", {"AUDIOBREW_PRIVATE_SOURCES": "on"}
    with run_product(tmp_path / "data", **private) as product:
        before = use(product, mailbox)
        token, brewing = product.token, product.start(minutes=3, hosts=2)
        wait_until(
            lambda: product.episode(brewing)["status"] not in ("waiting", "gathering", "planning")
        )
        back_up(tmp_path / "data", file)
        at_backup = product.episode(brewing)["status"]
        assert product.wait_until_ended(brewing)["status"] == "ready"

    restore(file, tmp_path / "restored")

    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]
    original, copy = (
        rows(tmp_path / "data/audiobrew.sqlite"),
        rows(tmp_path / "restored/audiobrew.sqlite"),
    )
    for table in ("listeners", "mails", "blocks", "feed_tokens", "mail_sources"):
        assert len(copy[table]) == len(original[table]), table
    assert copy["blocks"] == original["blocks"]
    with run_product(tmp_path / "restored", **private) as product:
        product.http.headers["Authorization"] = f"Bearer {token}"
        assert product.http.get("/api/mail").raise_for_status().json()
        after = {"ready": before["ready"], "feed": before["feed"]}
        after |= {"rss": feed_facts(product, before["feed"])[-1:]}
        after |= play(product, before["feed"], before["ready"])
        assert after == before
        # Unfinished at the moment of the backup, the brew continues as after a power cut.
        assert at_backup not in ("failed", "cancelled")
        assert product.wait_until_ended(brewing)["status"] == "ready"
        sign_in_to_mailbox_again(product, mailbox)


def wait_until(condition: Callable[[], bool], within: float = 180) -> None:
    deadline = monotonic() + within
    while not condition():
        assert monotonic() < deadline, "it takes too long"
        sleep(0.1)


def sign_in_to_mailbox_again(product: Product, mailbox: LyingServer) -> None:
    """The password is encrypted with a key of the data folder."""
    mailbox.received.clear()
    [source] = product.http.get("/api/sources").raise_for_status().json()
    product.http.post(f"/api/sources/{source['id']}/look").raise_for_status()
    wait_until(lambda: any(PASSWORD.encode() in line for line in list(mailbox.received)))


def test_all_rows_and_files_of_a_stopped_server_come_back(
    tmp_path: Path, mailbox: LyingServer
) -> None:
    data, copy = tmp_path / "data", tmp_path / "copy"
    with run_product(data, AUDIOBREW_PRIVATE_SOURCES="on") as product:
        use(product, mailbox)
        product.start(minutes=1)
    rest = {path.name for path in data.iterdir()}
    back_up(data, tmp_path / "backup.tar")
    restore(tmp_path / "backup.tar", copy)

    for name in ("audiobrew.sqlite", "engine.sqlite"):
        assert rows(copy / name) == rows(data / name)
    assert files(copy) == files(data)
    assert {"signing.key", "sealing.key", "media"} <= rest
    assert not [
        path
        for path in (copy, *copy.rglob("*"))
        if stat.S_IMODE(path.stat().st_mode) & 0o077 and path.suffix != ".lock"
    ]


def test_accounts_passkeys_and_invitations_of_a_home_server_come_back(tmp_path: Path) -> None:
    key = Authenticator(PUBLIC_URL)
    with serving_home(tmp_path / "one") as server:
        owner = server.join(server.setup_code(), "Ada")
        options = owner.post("/api/home/account/passkey-options").json()["options"]
        owner.post(
            "/api/home/account/passkeys", json={"passkey": key.create(options)}
        ).raise_for_status()
        invitation = owner.post("/api/home/invitations", json={"note": "Ben"}).json()["link"]
        back_up(tmp_path / "one" / "data", tmp_path / "backup.tar", **HOME)
        cookie = owner.headers["Cookie"]
    restore(tmp_path / "backup.tar", tmp_path / "two" / "data", **HOME)

    with serving_home(tmp_path / "two") as server, ExitStack():
        browser = server.browser()
        options = browser.post("/api/home/session/passkey-options").json()["options"]
        signed_in(
            browser, browser.post("/api/home/session/passkey", json={"passkey": key.get(options)})
        )
        assert browser.get("/api/home/account").raise_for_status().json()["name"] == "Ada"
        same_browser = server.browser()
        same_browser.headers["Cookie"] = cookie
        assert same_browser.get("/api/home/account").status_code == 200
        guest = server.join(invitation.partition("#invitation=")[2], "Ben")
        assert guest.get("/api/home/account").raise_for_status().json()["name"] == "Ben"


def test_the_manifest_names_version_schema_sizes_and_hashes(tmp_path: Path) -> None:
    make_migrated_settings(tmp_path / "data")
    back_up(tmp_path / "data", tmp_path / "backup.tar")
    with tarfile.open(tmp_path / "backup.tar") as tar:
        names = tar.getnames()
        manifest = json.load(tar.extractfile("manifest.json"))  # type: ignore[arg-type]

    assert (names[0], names[-1]) == ("audiobrew-backup.json", "manifest.json")
    assert manifest.keys() == {"format", "version", "schema", "created", "database", "files"}
    assert set(manifest["files"]) == set(names[1:-1])
    assert all(one["bytes"] >= 0 and len(one["sha256"]) == 64 for one in manifest["files"].values())


def test_a_folder_on_another_disk_is_in_the_backup(tmp_path: Path) -> None:
    make_migrated_settings(tmp_path / "data")
    (tmp_path / "disk").mkdir()
    (tmp_path / "data" / "media").symlink_to(tmp_path / "disk")
    (tmp_path / "disk" / "episodes").mkdir()
    (tmp_path / "disk" / "episodes" / "one.mp3").write_bytes(b"audio")
    (tmp_path / "disk" / "loop").symlink_to(tmp_path / "data")
    back_up(tmp_path / "data", tmp_path / "backup.tar")
    restore(tmp_path / "backup.tar", tmp_path / "copy")

    assert (tmp_path / "copy" / "media" / "episodes" / "one.mp3").read_bytes() == b"audio"
    assert not (tmp_path / "copy" / "media" / "loop").exists()


@pytest.mark.parametrize("folder", ["", "episodes", "elsewhere"])
def test_a_backup_is_not_written_where_the_next_one_would_contain_it(
    tmp_path: Path, folder: str
) -> None:
    data, disk = tmp_path / "data", tmp_path / "disk"
    make_migrated_settings(data)
    (disk / "episodes").mkdir(parents=True)
    (data / "media").symlink_to(disk)
    (tmp_path / "elsewhere").symlink_to(disk)
    target = tmp_path / folder if folder == "elsewhere" else disk / folder

    answer = audiobrew("backup", target / "backup.tar", "--data", data)
    assert_refused(answer, "folder to which the data folder links")
    back_up(data, tmp_path / "backup.tar")


def test_backups_that_cannot_be_made(tmp_path: Path) -> None:
    data, file = tmp_path / "data", tmp_path / "backup.tar"
    assert_refused(audiobrew("backup", file, "--data", data), "no data", "--data")
    make_migrated_settings(data)
    assert_refused(audiobrew("backup", data / "x.tar", "--data", data), "inside the data folder")
    assert_refused(audiobrew("backup", tmp_path, "--data", data), "is a folder")
    assert_refused(audiobrew("backup", tmp_path / "no" / "x.tar", "--data", data), "does not exist")
    file.write_bytes(b"precious")
    assert_refused(audiobrew("backup", file, "--data", data), "--force")
    assert file.read_bytes() == b"precious"
    back_up(data, file, "--force")
    assert tarfile.is_tarfile(file)
    (data / "engine.sqlite").write_bytes(os.urandom(8192))
    assert_refused(audiobrew("backup", file, "--data", data, "--force"), "engine.sqlite")
    assert tarfile.is_tarfile(file)
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]
