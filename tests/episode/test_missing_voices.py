"""An order and its quote say which better voices the service lacks."""

from pathlib import Path

import pytest
from audiobrew.audio.local import weights

from tests.product import SAMPLES
from tests.serving import service_settings, serving


def test_an_order_says_which_better_voice_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The quote says it as well, for the languages of the newsletters alone."""
    find = weights.find_spec
    monkeypatch.setattr(
        weights, "find_spec", lambda name: None if name == "py_nanotts" else find(name)
    )
    with (
        serving(service_settings(tmp_path, voice="fast")) as service,
        service.client(service.sign_in()) as client,
    ):
        answers = {}
        for name, sample in (("english", "01-morning-pour.eml"), ("german", "07-gleis-9.eml")):
            files = {"file": (sample, (SAMPLES / sample).read_bytes(), "message/rfc822")}
            [mail] = client.post("/api/mail", files=files).raise_for_status().json()["mails"]
            order = {"email_ids": [mail["id"]], "minutes": 1}
            quote = client.post("/api/podcast/quote", json=order).raise_for_status().json()
            brew = client.post("/api/podcast/generate", json=order).raise_for_status().json()
            answers[name] = quote["voices"], brew["message"]

    [[english], message] = answers["english"]
    assert (english["first"], english["note"]) == ("Heart", "")
    assert message == "Your episode is being brewed."
    [[german], message] = answers["german"]
    assert (german["first"], german["second"]) == ("espeak", "espeak, lower")
    assert german["note"] == "Pico is not installed: pip install 'audiobrew[voices]'"
    assert message == f"Your episode is being brewed. {german['note']}."
