"""The episode that a stranger hears first: brewed over HTTP by the real product, measured by players
that did not make it."""

import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.product import Product, run_product

MINUTES = 5


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    with run_product(tmp_path_factory.mktemp("sample") / "data") as product:
        product.upload_samples()
        yield product


@pytest.fixture(scope="module")
def episode(product: Product) -> Any:
    return product.brew(minutes=MINUTES)


@pytest.fixture(scope="module")
def script(product: Product, episode: Any) -> Any:
    return product.http.get(f"/api/podcast/{episode['id']}/script").raise_for_status().json()


@pytest.fixture(scope="module")
def mp3(product: Product, episode: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("heard") / "episode.mp3"
    file.write_bytes(product.http.get(episode["audio_url"]).raise_for_status().content)
    return file


def mails(product: Product) -> list[Any]:
    listed = product.http.get("/api/mail", params={"limit": 200}).json()
    return [product.http.get(f"/api/mail/{mail['id']}").json() for mail in listed]


def test_the_minutes_asked_are_the_minutes_heard(episode: Any) -> None:
    assert abs(episode["seconds"] - MINUTES * 60) <= MINUTES * 6
    assert episode["note"] is None


def test_seconds_told_are_seconds_decoded(episode: Any, mp3: Path) -> None:
    wave = subprocess.run(
        ["mpg123", "-q", "--no-gapless", "-s", "-e", "s16", str(mp3)],
        capture_output=True,
        check=True,
    )

    assert len(wave.stdout) / 2 / 24_000 == pytest.approx(episode["seconds"], abs=0.001)


def test_it_is_as_loud_as_podcasts_are(mp3: Path) -> None:
    told = subprocess.run(
        [
            "ffmpeg",
            "-hide_banner",
            "-nostats",
            "-i",
            mp3,
            "-af",
            "ebur128=peak=true:framelog=verbose",
        ]
        + ["-f", "null", "-"],
        capture_output=True,
        text=True,
        check=True,
    ).stderr
    loudness = float(re.findall(r"I:\s+(-?[\d.]+) LUFS", told)[-1])
    peak = float(re.findall(r"Peak:\s+(-?[\d.]+) dBFS", told)[-1])
    print(f"\nsample episode: {loudness} LUFS, {peak} dBTP")

    assert abs(loudness + 16) <= 1
    assert peak <= -1


def test_chapters_are_stories(script: Any, mp3: Path) -> None:
    probed = subprocess.run(
        ["ffprobe", "-v", "error", "-show_chapters", "-of", "json", mp3],
        capture_output=True,
        check=True,
    )
    titles = [chapter["tags"]["title"] for chapter in json.loads(probed.stdout)["chapters"]]

    assert titles == [segment["title"] for segment in script["segments"]]


def test_every_newsletter_is_heard(product: Product, script: Any) -> None:
    heard = {source["mail_id"] for source in script["sources"]}

    assert heard == {mail["id"] for mail in mails(product) if mail["newsletter"]}


def test_nothing_that_was_cut_is_spoken(product: Product, script: Any) -> None:
    cut = {block["id"] for mail in mails(product) for block in mail["blocks"] if block["cut"]}
    cited = {
        block
        for segment in script["segments"]
        for said in segment["sentences"]
        for block in said["cites"]
    }

    assert cut and cited
    assert not cut & cited


def test_every_sentence_stands_in_what_it_cites(script: Any) -> None:
    texts = {source["block_id"]: source["text"] for source in script["sources"]}
    sourced = [
        said
        for segment in script["segments"]
        for said in segment["sentences"]
        if said["kind"] == "sourced"
    ]

    assert sourced
    for said in sourced:  # a heading that is told gets a full stop
        assert any(said["text"].removesuffix(".") in texts[block] for block in said["cites"])
    assert all(said["start"] < said["end"] for said in sourced)


def test_an_order_to_the_model_is_not_obeyed_and_not_told(script: Any) -> None:
    everything = json.dumps(script).lower()

    assert "ignore all previous" not in everything
    assert "ignore previous instructions" not in everything


def test_the_story_that_two_tell_is_told_once(script: Any) -> None:
    by_block = {source["block_id"]: source["sender"] for source in script["sources"]}
    senders = [
        {by_block[block] for said in segment["sentences"] for block in said["cites"]}
        for segment in script["segments"]
    ]

    assert any(len(names) > 1 for names in senders)
