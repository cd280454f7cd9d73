"""The scripts as a user runs them, against an AudioBrew on this machine and a deployed one."""

import json
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from urllib.parse import unquote

import feedparser
import httpx2
import pytest

from tests.inbox.test_routes import mbox
from tests.product import SAMPLES, Product, clean_environment, run_product
from tests.production import PASSWORD, Production, production
from tests.serving import a_mail

SCRIPTS = Path(__file__).parents[2] / "scripts"


def run_script(name: str, *words: object, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, SCRIPTS / f"{name}.py", *map(str, words)],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=240,
        env=clean_environment() | env,
    )


def output_of(process: subprocess.CompletedProcess[str]) -> str:
    assert process.returncode == 0, process.stderr
    return process.stdout


def assert_refused(process: subprocess.CompletedProcess[str], words: str) -> None:
    assert process.returncode == 2, process.stdout + process.stderr
    assert words in process.stderr
    assert "Traceback" not in process.stderr


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    with run_product(tmp_path_factory.mktemp("home") / "data") as product:
        yield product


@pytest.fixture(scope="module")
def variables(home: Product) -> dict[str, str]:
    return {"AUDIOBREW_URL": home.url, "AUDIOBREW_TOKEN": home.token}


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Production]:
    with production(tmp_path_factory.mktemp("live")) as made:
        made.serve()
        yield made


@pytest.mark.parametrize("name", ["brew", "export", "import_mail"])
def test_help_names_the_options(name: str) -> None:
    text = output_of(run_script(name, "--help"))

    assert "--sign-in" in text and "--url" in text


def test_a_mailbox_is_imported_and_an_interrupted_upload_goes_on(
    home: Product, variables: dict[str, str], tmp_path: Path
) -> None:
    other = b"From: Bob <bob@b.example>\nSubject: Hi\n\nShall we meet in the harbour on Tuesday?\n"
    file = tmp_path / "All mail.mbox"
    file.write_bytes(mbox(a_mail("Imported"), other, b"X-Nothing: here" + b"0" * 5_000_000))
    content = file.read_bytes()
    hashed = sha256(content[: 4 * 2**20] + content[-4 * 2**20 :]).hexdigest()
    body = {"name": file.name, "bytes": len(content), "content_hash": hashed}
    for other in ({"content_hash": "0" * 64}, {"content_hash": None}, {"include_others": True}):
        home.http.post("/api/mail/imports", json=body | other).raise_for_status()
    begun = home.http.post("/api/mail/imports", json=body).raise_for_status().json()
    home.http.post("/api/mail/imports", json=body | {"name": "other.mbox"}).raise_for_status()
    path = f"/api/mail/imports/{begun['id']}/content?offset=0"
    part = file.read_bytes()[: begun["part_bytes"]]
    headers = {"Content-Type": "application/octet-stream"}
    home.http.put(path, content=part, headers=headers).raise_for_status()
    text = output_of(run_script("import_mail", file, **variables))

    assert "1 newsletters of 1 senders, 1 mails added; 1 other mails." in text
    assert "All mail.mbox, mail 3" in text
    statuses = {one["id"]: one["status"] for one in home.http.get("/api/mail/imports").json()}
    assert statuses.pop(begun["id"]) == "done"
    assert list(statuses.values()) == ["uploading"] * 4
    file.write_bytes(b"\0" * 100)
    assert_refused(run_script("import_mail", file, **variables), "not a mail")


def test_a_folder_becomes_an_episode_and_a_second_run_costs_nothing(
    variables: dict[str, str], tmp_path: Path
) -> None:
    (tmp_path / "mails" / "older").mkdir(parents=True)
    (tmp_path / "mails" / "notes.txt").write_text("not a mail")
    (tmp_path / "mails" / "older" / "broken.eml").write_bytes(b"\xff\xd8\xff\xe0 a picture")
    for sample in sorted(SAMPLES.glob("*.eml"))[:3]:
        (tmp_path / "mails" / sample.name).write_bytes(sample.read_bytes())
    options = ("--minutes", 1, "-o", tmp_path / "e.mp3")
    first = output_of(run_script("brew", tmp_path / "mails", *options, **variables))
    audio = (tmp_path / "e.mp3").read_bytes()
    again = output_of(run_script("brew", tmp_path / "mails", *options, **variables))

    assert "Left out broken.eml" in first
    assert re.search(r"e\.mp3: [01] min \d\d s, “.+”, \$0\.00\.", first)
    assert audio.startswith(b"ID3")
    assert (tmp_path / "e.mp3").read_bytes() == audio
    assert again.splitlines()[-1] == first.splitlines()[-1]
    assert not list(tmp_path.glob(".*.part"))


def test_a_sign_in_link_works_once(home: Product, tmp_path: Path) -> None:
    link = subprocess.run(
        [sys.executable, "-m", "audiobrew", "sign-in", "--data", home.data],
        capture_output=True,
        text=True,
        env=clean_environment(),
    ).stdout.strip()
    options = ("--url", home.url, "--sign-in", link)
    output_of(run_script("export", tmp_path / "library", *options))

    assert_refused(run_script("export", tmp_path / "library", *options), "link")


def test_a_library_is_exported_completely_and_only_once(
    home: Product, variables: dict[str, str], tmp_path: Path
) -> None:
    home.upload("a.eml", a_mail("../../etc <b>beans</b>"))
    home.brew(minutes=1, title="../..\\ A/quiet: “morning” ")
    library = tmp_path / "library"
    first = output_of(run_script("export", library, **variables))
    [folder, *_] = [one for one in library.iterdir() if "morning" in one.name]
    (folder / "episode.json").unlink()  # as if the export had been interrupted there
    again = output_of(run_script("export", library, **variables))
    feed = feedparser.parse((library / "feed.xml").read_bytes())
    publish_run = run_script(
        "export", library, "--published-at", "https://pod.example/mine", **variables
    )
    entry = feedparser.parse((library / "feed.xml").read_bytes()).entries[0]

    assert re.search(r"(\d+) episodes? in .*, \1 fetched now", first)
    assert ", 1 fetched now" in again
    assert ", 0 fetched now" in output_of(publish_run)
    assert {one.name for one in folder.iterdir()} == {
        "episode.mp3", "transcript.vtt", "chapters.json", "script.json", "episode.json", "cover.png",
    }  # fmt: skip
    assert json.loads((folder / "script.json").read_text())["sources"]
    assert (folder / "transcript.vtt").read_text().startswith("WEBVTT")
    assert (library / "cover.jpg").read_bytes().startswith(b"\xff\xd8")
    for item in feed.entries:
        file = library / unquote(item.enclosures[0].href)
        assert (library / unquote(item.image.href)).read_bytes().startswith(b"\x89PNG")
        assert file.stat().st_size == int(item.enclosures[0].length)
    assert entry.enclosures[0].href.startswith("https://pod.example/mine/2")
    assert "/feed/" not in (library / "feed.xml").read_text()


def start_script(name: str, *words: object, **env: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, SCRIPTS / f"{name}.py", *map(str, words)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        env=clean_environment() | env,
    )


def test_an_export_continues_where_it_was_killed(
    home: Product, variables: dict[str, str], tmp_path: Path
) -> None:
    library = tmp_path / "library"
    stories = (  # issues of the same text would be one issue, told once
        "Growers in Cauca plant trees for shade, and the valley has water again.",
        "The ferry to Sundby runs twice an hour from May on, the town council says.",
        "A bakery in Lund mills its own rye and is sold out before nine.",
    )
    for number, story in enumerate(stories):
        home.upload(f"{number}.eml", a_mail(f"Cut off {number}") + f"\n{story}\n".encode())
        home.brew(minutes=1, title=f"Episode {number}")
    total = len(home.http.get("/api/podcast/list").json())
    export = start_script("export", library, **variables)
    while not (complete := list(library.glob("*/episode.json"))):
        assert export.poll() is None
        time.sleep(0.002)
    export.kill()
    export.communicate()
    times = {file: file.stat().st_mtime_ns for file in complete[0].parent.iterdir()}
    before = len(list(library.glob("*/episode.json")))
    again = output_of(run_script("export", library, **variables))

    assert f"{total} episodes in {library}, {total - before} fetched now." in again
    assert before < total
    assert {file: file.stat().st_mtime_ns for file in complete[0].parent.iterdir()} == times
    assert all(len(list(path.iterdir())) == 6 for path in library.iterdir() if path.is_dir())
    assert not list(library.rglob(".*.part"))


def test_a_brew_is_followed_again_after_the_script_was_killed(
    home: Product, variables: dict[str, str], tmp_path: Path
) -> None:
    words = (SAMPLES, "--minutes", 2, "--title", "Cut off", "-o", tmp_path / "e.mp3")
    brew = start_script("brew", *words, **variables)
    assert brew.stderr
    for line in brew.stderr:
        if line.startswith(("Writing", "Checking", "Speaking")):
            break
    brew.kill()
    brew.communicate()
    output_of(run_script("brew", *words, **variables))
    titles = [one["title"] for one in home.http.get("/api/podcast/list").json()]

    assert titles.count("Cut off") == 1
    assert (tmp_path / "e.mp3").read_bytes().startswith(b"ID3")


def test_the_feed_tokens_of_this_and_of_killed_exports_are_revoked(
    home: Product, variables: dict[str, str], tmp_path: Path
) -> None:
    home.http.post("/api/feed/tokens", json={"name": "AudioBrew export"}).raise_for_status()
    output_of(run_script("export", tmp_path / "library", **variables))
    tokens = home.http.get("/api/feed/tokens").json()

    assert [token["revoked_at"] for token in tokens if token["name"] == "AudioBrew export"]
    assert all(token["revoked_at"] for token in tokens if token["name"] == "AudioBrew export")


def test_errors_are_explained_in_a_sentence(variables: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "a.eml").write_bytes(a_mail())
    (tmp_path / "empty").mkdir()
    nowhere = variables | {"AUDIOBREW_URL": "http://127.0.0.1:9"}

    assert_refused(run_script("brew", tmp_path / "a.eml"), "Sign in first")
    assert_refused(run_script("brew", tmp_path / "a.eml", **nowhere), "There is no AudioBrew at")
    assert_refused(
        run_script("brew", tmp_path / "a.eml", AUDIOBREW_URL="what", AUDIOBREW_TOKEN="x"), "what"
    )
    assert_refused(
        run_script("brew", tmp_path / "empty", **variables), "no .eml, .emlx, .mbox or .zip file"
    )
    assert_refused(run_script("brew", tmp_path / "none.eml", **variables), "none.eml")
    assert_refused(
        run_script("brew", tmp_path / "a.eml", "-o", tmp_path / "no" / "e.mp3", **variables),
        "folder",
    )
    assert_refused(run_script("brew", tmp_path / "a.eml", "--minutes", 0, **variables), "minutes")
    assert_refused(run_script("export", tmp_path / "a.eml", **variables), "a.eml")
    assert_refused(
        run_script("export", tmp_path, **variables | {"AUDIOBREW_TOKEN": "x"}), "sign in"
    )


def test_sign_in_prints_a_token_for_address_and_password(
    live: Production, variables: dict[str, str]
) -> None:
    grace = live.sign_up("grace@mail.example")
    there = {"AUDIOBREW_URL": live.url, "AUDIOBREW_PASSWORD": PASSWORD}
    token = output_of(run_script("sign_in", grace.address, **there)).strip()
    answer = httpx2.get(f"{live.url}/api/mail", headers={"Authorization": f"Bearer {token}"})

    assert answer.json() == []
    assert_refused(
        run_script("sign_in", grace.address, **there | {"AUDIOBREW_PASSWORD": "x"}), "no account"
    )
    assert_refused(run_script("sign_in", "nobody@mail.example", **there), "no account")
    assert_refused(run_script("sign_in", grace.address, **there | variables), "--sign-in")
    assert_refused(run_script("sign_in", grace.address, "--url", "what", **there), "what")
    assert_refused(
        run_script("sign_in", grace.address, AUDIOBREW_URL=live.url), "AUDIOBREW_PASSWORD"
    )


def test_both_scripts_work_with_a_deployed_service(live: Production, tmp_path: Path) -> None:
    ada = live.sign_up("ada@mail.example")
    variables = {"AUDIOBREW_URL": live.url, "AUDIOBREW_TOKEN": ada.token}
    brew_output = output_of(
        run_script("brew", SAMPLES, "--minutes", 2, "-o", tmp_path / "e.mp3", **variables)
    )
    too_expensive = run_script(
        "brew", SAMPLES, "--minutes", 4, "--cap", "0.01", "-o", tmp_path / "f.mp3", **variables
    )
    export_output = output_of(run_script("export", tmp_path / "library", **variables))
    [audio] = (tmp_path / "library").glob("*/episode.mp3")

    assert re.search(r"\d+ newsletters, \d+ calls to models, about \$\d+\.\d\d\.", brew_output)
    assert re.search(r"[12] min \d\d s, “.*”, \$0\.[0-9]{2}\.", brew_output)
    assert_refused(too_expensive, "cap")
    assert export_output.startswith("1 episode in ")
    assert audio.read_bytes() == (tmp_path / "e.mp3").read_bytes()
