"""The product brews with natural voices: it says who speaks, answers meanwhile, and speaks nothing twice."""

import json
import os
import signal
from collections.abc import Iterator
from time import monotonic, sleep

import psutil
import pytest

from tests.product import ENDED, SAMPLES, Product, run_product

CHILD = "audiobrew.audio.local.process"


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    data = tmp_path_factory.mktemp("natural") / "data"
    with run_product(data, AUDIOBREW_VOICE="fast") as product:
        for name in sorted(SAMPLES.glob("*.eml"))[:4]:
            product.upload(name.name, name.read_bytes())
        yield product


def speakers(product: Product) -> list[psutil.Process]:
    return [
        child
        for child in psutil.Process(product.process.pid).children()
        if CHILD in " ".join(child.cmdline())
    ]


def test_a_quote_names_the_voices_and_starts_none(product: Product) -> None:
    order = {"minutes": 2}
    quote = product.http.post("/api/podcast/quote", json=order).raise_for_status().json()
    ready = product.http.get("/ready")
    [english] = [one for one in quote["voices"] if one["language"] == "en"]

    assert english["first"] == "Heart"
    assert english["second"] == "Heart, lower"
    assert english["note"] == ""
    assert ready.is_success
    assert speakers(product) == []


def test_one_host_has_one_voice(product: Product) -> None:
    quote = product.http.post("/api/podcast/quote", json={"minutes": 2, "hosts": 1}).json()

    assert {one["second"] for one in quote["voices"]} == {None}


def test_a_brew_survives_the_death_of_its_voice_and_the_server_answers(product: Product) -> None:
    id, slowest, kills = product.start(minutes=2), 0.0, 0
    while (episode := product.episode(id))["status"] not in ENDED:
        before = monotonic()
        product.http.get("/health").raise_for_status()
        slowest = max(slowest, monotonic() - before)
        if (children := speakers(product)) and not kills:
            os.kill(children[0].pid, signal.SIGKILL)
            kills += 1
        sleep(0.05)

    assert episode["status"] == "ready", episode["trouble"]
    assert kills == 1
    assert slowest < 2
    assert abs(episode["seconds"] - 120) < 40
    assert_each_clip_was_stored_once(product)


def test_two_brews_at_once_share_one_process(product: Product) -> None:
    mails = [mail["id"] for mail in product.http.get("/api/mail").raise_for_status().json()]
    ids = [
        product.start(minutes=1, email_ids=mails[place::2], title=f"{place}") for place in (0, 1)
    ]
    most = 0
    while not all(product.episode(id)["status"] in ENDED for id in ids):
        most = max(most, len(speakers(product)))
        sleep(0.05)

    assert [product.episode(id)["status"] for id in ids] == ["ready", "ready"]
    assert most == 1
    assert_each_clip_was_stored_once(product)


def assert_each_clip_was_stored_once(product: Product) -> None:
    keys = [
        json.loads(line)["key"]
        for line in product.lines
        if line.startswith("{") and '"voice.called"' in line
    ]
    assert len(keys) > 3
    assert len(keys) == len(set(keys))
