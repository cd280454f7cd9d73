"""The sample episode: the real product brews it with natural voices, and independent programs measure it."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.audio.episode_sound import listen_to_episode
from tests.audio.sound import count_samples, probe
from tests.product import Product, run_product

MINUTES = 5


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    data = tmp_path_factory.mktemp("sample") / "data"
    with run_product(data, AUDIOBREW_VOICE="fast") as product:
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
    mail_list = product.http.get("/api/mail", params={"limit": 200}).json()
    return [product.http.get(f"/api/mail/{mail['id']}").json() for mail in mail_list]


def test_the_episode_is_as_long_as_ordered(episode: Any) -> None:
    assert abs(episode["seconds"] - MINUTES * 60) <= MINUTES * 6
    assert episode["note"] is None


def test_the_reported_seconds_are_those_of_the_audio(episode: Any, mp3: Path) -> None:
    assert count_samples(mp3) / 24_000 == pytest.approx(episode["seconds"], abs=0.001)


def test_ffmpeg_hears_the_level_the_cues_and_the_silence_between_stories(
    script: Any, mp3: Path
) -> None:
    starts = [float(chapter["start_time"]) for chapter in probe(mp3)["chapters"]]
    cues = [
        [sentence["start"] for sentence in segment["sentences"]] for segment in script["segments"]
    ]
    sound = listen_to_episode(mp3, list(zip(starts, cues, strict=True)))
    print(f"\nsample episode: {sound}")

    assert len(sound.cue_errors) > 40
    assert len(sound.chapter_errors) > 5
    assert sound.faults == []


def test_chapters_are_stories(script: Any, mp3: Path) -> None:
    titles = [chapter["tags"]["title"] for chapter in probe(mp3)["chapters"]]

    assert titles == [segment["title"] for segment in script["segments"]]


def test_every_newsletter_is_a_source(product: Product, script: Any) -> None:
    mail_ids = {source["mail_id"] for source in script["sources"]}

    assert mail_ids == {mail["id"] for mail in mails(product) if mail["newsletter"]}


def test_nothing_that_was_cut_is_spoken(product: Product, script: Any) -> None:
    cut = {block["id"] for mail in mails(product) for block in mail["blocks"] if block["cut"]}
    citations = {
        block
        for segment in script["segments"]
        for sentence in segment["sentences"]
        for block in sentence["cites"]
    }

    assert cut and citations
    assert not cut & citations


def test_every_sentence_is_in_a_block_that_it_cites(script: Any) -> None:
    texts = {source["block_id"]: source["text"] for source in script["sources"]}
    sourced_sentences = [
        sentence
        for segment in script["segments"]
        for sentence in segment["sentences"]
        if sentence["kind"] == "sourced"
    ]

    assert sourced_sentences
    for sentence in sourced_sentences:  # a spoken heading gets a full stop
        sources = [texts[block] for block in sentence["cites"]]
        text = sentence["text"].removesuffix(".").casefold()  # some headings are in capitals
        assert any(text in source.casefold() for source in sources), sentence
    assert all(sentence["start"] < sentence["end"] for sentence in sourced_sentences)


def test_instructions_to_the_model_are_not_obeyed_and_not_spoken(script: Any) -> None:
    everything = json.dumps(script).lower()

    assert "ignore all previous" not in everything
    assert "ignore previous instructions" not in everything


def test_a_story_in_two_newsletters_is_told_once(script: Any) -> None:
    by_block = {source["block_id"]: source["sender"] for source in script["sources"]}
    senders = [
        {by_block[block] for sentence in segment["sentences"] for block in sentence["cites"]}
        for segment in script["segments"]
    ]

    assert any(len(names) > 1 for names in senders)


def test_contractions_are_spoken_as_they_are_written(script: Any) -> None:
    texts = " ".join(one["text"] for part in script["segments"] for one in part["sentences"])

    assert re.search(r"\b(?:wasn't|It’s)", texts)
    assert not re.search(r"\bwas ?not a\b|\bIt is the longest", texts)
