"""The scripts as somebody types them, against a running AudioBrew: at home, and as it is deployed."""

import json
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import feedparser
import httpx2
import pytest

from tests.product import SAMPLES, Product, clean_environment, run_product
from tests.production import PASSWORD, Production, production
from tests.serving import a_mail

SCRIPTS = Path(__file__).parents[2] / "scripts"


def script(name: str, *words: object, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, SCRIPTS / f"{name}.py", *map(str, words)],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=240,
        env=clean_environment() | env,
    )


def done(ended: subprocess.CompletedProcess[str]) -> str:
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


def refused(ended: subprocess.CompletedProcess[str], words: str) -> None:
    assert ended.returncode == 2, ended.stdout + ended.stderr
    assert words in ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    with run_product(tmp_path_factory.mktemp("home") / "data") as product:
        yield product


@pytest.fixture(scope="module")
def told(home: Product) -> dict[str, str]:
    return {"AUDIOBREW_URL": home.url, "AUDIOBREW_TOKEN": home.token}


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Production]:
    with production(tmp_path_factory.mktemp("live")) as made:
        made.serve()
        yield made


@pytest.mark.parametrize("name", ["brew", "export"])
def test_each_says_what_it_does(name: str) -> None:
    said = done(script(name, "--help"))

    assert "--sign-in" in said and "--url" in said


def test_a_folder_becomes_an_episode_and_the_same_again_costs_nothing(
    told: dict[str, str], tmp_path: Path
) -> None:
    (tmp_path / "mails" / "older").mkdir(parents=True)
    (tmp_path / "mails" / "notes.txt").write_text("not a mail")
    (tmp_path / "mails" / "older" / "broken.eml").write_bytes(b"\xff\xd8\xff\xe0 a picture")
    for sample in sorted(SAMPLES.glob("*.eml"))[:3]:
        (tmp_path / "mails" / sample.name).write_bytes(sample.read_bytes())
    choices = ("--minutes", 1, "-o", tmp_path / "e.mp3")
    first = done(script("brew", tmp_path / "mails", *choices, **told))
    audio = (tmp_path / "e.mp3").read_bytes()
    again = done(script("brew", tmp_path / "mails", *choices, **told))

    assert "Left out broken.eml" in first
    assert re.search(r"e\.mp3: [01] min \d\d s, “AudioBrew, .*”, \$0\.00\.", first)
    assert audio.startswith(b"ID3")
    assert (tmp_path / "e.mp3").read_bytes() == audio
    assert again.splitlines()[-1] == first.splitlines()[-1]
    assert not list(tmp_path.glob(".*.part"))


def test_a_sign_in_link_opens_once_and_is_closed_again(home: Product, tmp_path: Path) -> None:
    link = subprocess.run(
        [sys.executable, "-m", "audiobrew", "sign-in", "--data", home.data],
        capture_output=True,
        text=True,
        env=clean_environment(),
    ).stdout.strip()
    here = ("--url", home.url, "--sign-in", link)
    done(script("export", tmp_path / "library", *here))

    refused(script("export", tmp_path / "library", *here), "link")


def test_a_library_is_taken_home_whole_and_only_once(
    home: Product, told: dict[str, str], tmp_path: Path
) -> None:
    home.upload("a.eml", a_mail("../../etc <b>beans</b>"))
    home.brew(minutes=1, title="../..\\ A/quiet: “morning” ")
    library = tmp_path / "library"
    first = done(script("export", library, **told))
    [folder, *_] = [one for one in library.iterdir() if "morning" in one.name]
    (folder / "episode.json").unlink()  # as if it had been cut off there
    again = done(script("export", library, **told))
    feed = feedparser.parse((library / "feed.xml").read_bytes())
    published = script("export", library, "--published-at", "https://pod.example/mine", **told)
    entry = feedparser.parse((library / "feed.xml").read_bytes()).entries[0]

    assert re.search(r"(\d+) episodes in .*, \1 fetched now", first)
    assert ", 1 fetched now" in again
    assert ", 0 fetched now" in done(published)
    assert {one.name for one in folder.iterdir()} == {
        "episode.mp3", "transcript.vtt", "chapters.json", "script.json", "episode.json",
    }  # fmt: skip
    assert json.loads((folder / "script.json").read_text())["sources"]
    assert (folder / "transcript.vtt").read_text().startswith("WEBVTT")
    assert (library / "cover.jpg").read_bytes().startswith(b"\xff\xd8")
    for one in feed.entries:
        file = library / unquote(one.enclosures[0].href)
        assert file.stat().st_size == int(one.enclosures[0].length)
    assert entry.enclosures[0].href.startswith("https://pod.example/mine/2")
    assert "/feed/" not in (library / "feed.xml").read_text()


def begun(name: str, *words: object, **env: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, SCRIPTS / f"{name}.py", *map(str, words)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        env=clean_environment() | env,
    )


def test_an_export_that_is_killed_goes_on_where_it_was(
    home: Product, told: dict[str, str], tmp_path: Path
) -> None:
    library = tmp_path / "library"
    for number in range(3):
        home.upload(f"{number}.eml", a_mail(f"Cut off {number}"))
        home.brew(minutes=1, title=f"Episode {number}")
    every = len(home.http.get("/api/podcast/list").json())
    cut_off = begun("export", library, **told)
    while not (whole := list(library.glob("*/episode.json"))):
        assert cut_off.poll() is None
        time.sleep(0.002)
    cut_off.kill()
    cut_off.communicate()
    kept = {file: file.stat().st_mtime_ns for file in whole[0].parent.iterdir()}
    before = len(list(library.glob("*/episode.json")))
    again = done(script("export", library, **told))

    assert f"{every} episodes in {library}, {every - before} fetched now." in again
    assert before < every
    assert {file: file.stat().st_mtime_ns for file in whole[0].parent.iterdir()} == kept
    assert all(len(list(one.iterdir())) == 5 for one in library.iterdir() if one.is_dir())
    assert not list(library.rglob(".*.part"))


def test_a_brew_that_is_followed_no_more_is_taken_up_again(
    home: Product, told: dict[str, str], tmp_path: Path
) -> None:
    words = (SAMPLES, "--minutes", 2, "--title", "Cut off", "-o", tmp_path / "e.mp3")
    cut_off = begun("brew", *words, **told)
    assert cut_off.stderr
    for line in cut_off.stderr:
        if line.startswith(("Writing", "Checking", "Speaking")):
            break
    cut_off.kill()
    cut_off.communicate()
    done(script("brew", *words, **told))
    titles = [one["title"] for one in home.http.get("/api/podcast/list").json()]

    assert titles.count("Cut off") == 1
    assert (tmp_path / "e.mp3").read_bytes().startswith(b"ID3")


def test_its_feed_token_is_revoked_also_that_of_one_that_was_killed(
    home: Product, told: dict[str, str], tmp_path: Path
) -> None:
    home.http.post("/api/feed/tokens", json={"name": "AudioBrew export"}).raise_for_status()
    done(script("export", tmp_path / "library", **told))
    tokens = home.http.get("/api/feed/tokens").json()

    assert [token["revoked_at"] for token in tokens if token["name"] == "AudioBrew export"]
    assert all(token["revoked_at"] for token in tokens if token["name"] == "AudioBrew export")


def test_what_cannot_be_is_said_in_a_sentence(told: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "a.eml").write_bytes(a_mail())
    (tmp_path / "empty").mkdir()
    nowhere = told | {"AUDIOBREW_URL": "http://127.0.0.1:9"}

    refused(script("brew", tmp_path / "a.eml"), "Sign in first")
    refused(script("brew", tmp_path / "a.eml", **nowhere), "There is no AudioBrew at")
    refused(script("brew", tmp_path / "a.eml", AUDIOBREW_URL="what", AUDIOBREW_TOKEN="x"), "what")
    refused(script("brew", tmp_path / "empty", **told), "no .eml or .mbox file")
    refused(script("brew", tmp_path / "none.eml", **told), "none.eml")
    refused(script("brew", tmp_path / "a.eml", "-o", tmp_path / "no" / "e.mp3", **told), "folder")
    refused(script("brew", tmp_path / "a.eml", "--minutes", 0, **told), "minutes")
    refused(script("export", tmp_path / "a.eml", **told), "a.eml")
    refused(script("export", tmp_path, **told | {"AUDIOBREW_TOKEN": "x"}), "sign in")


def test_a_token_is_had_by_address_and_password(live: Production, told: dict[str, str]) -> None:
    grace = live.sign_up("grace@mail.example")
    there = {"AUDIOBREW_URL": live.url, "AUDIOBREW_PASSWORD": PASSWORD}
    token = done(script("sign_in", grace.address, **there)).strip()
    answer = httpx2.get(f"{live.url}/api/mail", headers={"Authorization": f"Bearer {token}"})

    assert answer.json() == []
    refused(script("sign_in", grace.address, **there | {"AUDIOBREW_PASSWORD": "x"}), "no account")
    refused(script("sign_in", "nobody@mail.example", **there), "no account")
    refused(script("sign_in", grace.address, **there | told), "--sign-in")
    refused(script("sign_in", grace.address, "--url", "what", **there), "what")
    refused(script("sign_in", grace.address, AUDIOBREW_URL=live.url), "AUDIOBREW_PASSWORD")


def test_both_work_as_it_is_deployed(live: Production, tmp_path: Path) -> None:
    ada = live.sign_up("ada@mail.example")
    told = {"AUDIOBREW_URL": live.url, "AUDIOBREW_TOKEN": ada.token}
    said = done(script("brew", SAMPLES, "--minutes", 2, "-o", tmp_path / "e.mp3", **told))
    capped = script(
        "brew", SAMPLES, "--minutes", 4, "--cap", "0.01", "-o", tmp_path / "f.mp3", **told
    )
    taken = done(script("export", tmp_path / "library", **told))
    [audio] = (tmp_path / "library").glob("*/episode.mp3")

    assert re.search(r"\d+ newsletters, \d+ calls to models, about \$\d+\.\d\d\.", said)
    assert re.search(r"[12] min \d\d s, “.*”, \$0\.[0-9]{2}\.", said)
    refused(capped, "cap")
    assert taken.startswith("1 episode in ")
    assert audio.read_bytes() == (tmp_path / "e.mp3").read_bytes()
