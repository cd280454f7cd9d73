"""A sound whose encoded peaks vary from try to try is still a clip."""

from collections.abc import Iterator

import pytest
from audiobrew.audio import loudness
from audiobrew.audio.loudness import LAST_TOLERANCE, TARGET, Level
from audiobrew.audio.voice import ClipFailed

SPEECH = bytes(3 * 48_000)


def levels(*results: Level) -> Iterator[Level]:
    yield Level(-27.0, -12.0)
    yield from results
    while True:
        yield Level(TARGET - 2 * LAST_TOLERANCE, -5.0)


def encode_with(monkeypatch: pytest.MonkeyPatch, *results: Level) -> bytes:
    measurements = levels(*results)
    monkeypatch.setattr(loudness, "measure_level", lambda *_, **__: next(measurements))
    return loudness.normalize_and_encode(SPEECH, b"")


def test_the_closest_try_below_the_peak_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    loud, near = Level(TARGET, -0.5), Level(TARGET - 0.7 * LAST_TOLERANCE, -1.6)

    assert encode_with(monkeypatch, loud, loud, near, loud)


def test_without_a_close_one_the_clip_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ClipFailed):
        encode_with(monkeypatch, Level(TARGET, -0.5))
