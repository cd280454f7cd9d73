"""The product brews with a server of one's own that speaks: without a key, at no cost, each clip once."""

import json
from pathlib import Path

import pytest

from tests.product import SAMPLES, Product, run_product
from tests.standins.speech_server import KokoroServer, serving


def upload(product: Product) -> None:
    for name in ("01-morning-pour.eml", "07-gleis-9.eml"):
        product.upload(name, (SAMPLES / name).read_bytes())


def voice_calls(product: Product) -> list[str]:
    lines = [line for line in product.lines if line.startswith("{") and '"voice.called"' in line]
    return [json.loads(line)["key"] for line in lines]


def test_a_brew_with_a_server_of_ones_own(tmp_path: Path) -> None:
    """Its voices speak English only. The German newsletter is left out, and the order says so."""
    server = KokoroServer()
    with (
        serving(server) as url,
        run_product(tmp_path / "data", AUDIOBREW_VOICE="auto", AUDIOBREW_VOICE_URL=url) as product,
    ):
        upload(product)
        config = product.http.get("/api/config").json()
        quote = product.http.post("/api/podcast/quote", json={"minutes": 1}).json()
        ready = product.http.get("/ready")
        product.brew(minutes=1)
        calls = voice_calls(product)

    assert config["voice"] == "Heart and Michael"
    assert (quote["cost_usd"], quote["calls"]) == (0, 0)
    assert [one["language"] for one in quote["voices"]] == ["en"]
    assert (quote["voices"][0]["first"], quote["voices"][0]["second"]) == ("Heart", "Michael")
    assert ready.is_success
    assert len(calls) == len(set(calls)) == len(server.requests) > 1
    assert {request["voice"] for request in server.requests} == {"af_heart", "am_michael"}


@pytest.mark.parametrize("answer", ["silence", "hiss"])
def test_an_episode_of_silence_or_noise_fails_in_a_sentence(tmp_path: Path, answer: str) -> None:
    server = KokoroServer(answers=[answer] * 100)
    with (
        serving(server) as url,
        run_product(tmp_path / "data", AUDIOBREW_VOICE="auto", AUDIOBREW_VOICE_URL=url) as product,
    ):
        upload(product)
        episode = product.wait_until_ended(product.start(minutes=1))

    what = {"silence": "silence", "hiss": "noise"}[answer]
    assert episode["status"] == "failed"
    assert episode["trouble"].startswith(f"The voice's server gave {what} instead of speech")
