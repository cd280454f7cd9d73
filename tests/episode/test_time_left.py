"""How long a brew still takes: measured, absent until it is known, and without wild jumps."""

import io
from collections.abc import AsyncIterator
from itertools import pairwise
from typing import Any

import pytest
from audiobrew.cli.brewing import describe_time_left, follow
from audiobrew.db.stages import Stage
from audiobrew.episode.episode import EpisodeChange, Progress
from audiobrew.episode.followers import changes
from audiobrew.episode.time_left import MAX_GROWTH, MAX_GROWTH_SECONDS, MIN_CLIP_SECONDS, TimeLeft
from rich.console import Console

from tests.episode.test_followers import Place, place

__all__ = ["place"]
TOTAL = 20


def speaking(done: int, seconds_left: int | None = None) -> Progress:
    return Progress(done + 1, Stage.SPEAKING, done, TOTAL, 18, None, seconds_left=seconds_left)


def estimates(*clip_seconds: float) -> list[int | None]:
    """The estimate at the start, and after each clip."""
    time_left, now = TimeLeft(), 100.0
    result = [time_left.estimate(speaking(0), now)]
    for done, seconds in enumerate(clip_seconds, 1):
        now += seconds
        result.append(time_left.estimate(speaking(done), now))
    return result


def test_it_is_known_after_two_clips_and_ends_at_zero() -> None:
    first, second, *rest = estimates(*[3.0] * TOTAL)

    assert (first, second) == (None, None)
    assert rest == [3 * left for left in range(TOTAL - 2, -1, -1)]


@pytest.mark.parametrize("stage", [one for one in Stage if one is not Stage.SPEAKING])
def test_it_is_unknown_in_other_stages(stage: Stage) -> None:
    time_left = TimeLeft()
    for done in range(4):
        time_left.estimate(speaking(done), 2.0 * done)

    assert time_left.estimate(Progress(9, stage, 3, TOTAL, 92, None), 9.0) is None
    # A retry is measured anew.
    assert time_left.estimate(speaking(3), 10.0) is None


def test_clips_that_were_stored_before_say_nothing_about_those_to_come() -> None:
    *before, last = estimates(*[MIN_CLIP_SECONDS / 10] * 12, 4.0, 4.0)

    assert set(before) == {None}
    assert last == 4 * (TOTAL - 14)


def test_it_follows_a_voice_that_slows_down_without_a_jump() -> None:
    values = estimates(*[1.0] * 6, *[30.0] * 8)
    known = [value for value in values if value is not None]

    assert min(known) >= 0
    for before, after in pairwise(known):
        assert after <= before * MAX_GROWTH + MAX_GROWTH_SECONDS + 1
    assert known[-1] > 30


def test_it_falls_while_no_clip_is_finished() -> None:
    time_left = TimeLeft()
    for done in range(4):
        time_left.estimate(speaking(done), 2.0 * done)

    assert time_left.estimate(speaking(3), 6.0 + 4) == 2 * (TOTAL - 3) - 4
    assert time_left.estimate(speaking(3), 600.0) == 0


async def test_a_stream_begins_with_the_state_of_an_order_and_measures_its_clips(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = iter(float(10 * n) for n in range(10_000))
    monkeypatch.setattr("audiobrew.episode.followers.monotonic", lambda: next(clock))
    listener = await place.listener()
    with place.followers.join(listener) as follower:
        id = await place.brew(listener)
        stream = changes(follower)
        first = await anext(stream)
        while isinstance(first, list) and not first:  # the order came after the snapshot
            first = await anext(stream)
        change = first[0] if isinstance(first, list) else first
        assert change.id == id and change.progress
        assert (change.progress.stage, change.progress.seconds_left) == (Stage.WAITING, None)

        values = []
        for done in range(4):
            follower.put(EpisodeChange(listener, id, speaking(done)))
            change = await next_speaking(stream, done)
            assert change.progress
            values.append(change.progress.seconds_left)
    assert values[:2] == [None, None]
    assert all(value and value > 0 for value in values[2:])


async def next_speaking(stream: AsyncIterator[Any], done: int) -> EpisodeChange:
    async for update in stream:
        for change in update if isinstance(update, list) else [update]:
            if change.progress and change.progress.revision == done + 1 and change.progress.total:
                assert isinstance(change, EpisodeChange)
                return change
    raise AssertionError("the stream ended")


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (None, ""),
        (0, "a few seconds left"),
        (34, "about 30 seconds left"),
        (59, "about 60 seconds left"),
        (75, "about 1 minute left"),
        (119, "about 2 minutes left"),
    ],
)
def test_how_the_terminal_says_it(seconds: int | None, text: str) -> None:
    assert describe_time_left(seconds) == text


async def test_the_bar_says_it() -> None:
    async def events() -> AsyncIterator[Progress]:
        yield speaking(4, 119)

    output = io.StringIO()
    await follow(events(), Console(file=output, force_terminal=True, width=140))

    assert "about 2 minutes left" in output.getvalue()
