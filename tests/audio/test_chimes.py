"""The sounds of an episode: their level, their length, where they are heard, and where the chapters begin."""

from array import array
from collections.abc import Sequence
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from audiobrew.audio import mp3
from audiobrew.audio.chimes import Chime, chime_mp3
from audiobrew.audio.join import Piece, Tags, join
from audiobrew.audio.pauses import Pauses, Place
from audiobrew.script.script import Speaker

from tests.audio.conftest import Episode
from tests.audio.sound import decode, measure_level

FRAMES = 10
SILENCE = mp3.silence(FRAMES)
FIRST, SECOND = Speaker


def loudest(sound: Sequence[int], start: float, end: float) -> int:
    return max(map(abs, sound[round(start * mp3.RATE) : round(end * mp3.RATE)]))


@pytest.mark.parametrize("chime", Chime)
def test_a_sound_is_softer_than_speech_and_never_clips(chime: Chime, tmp_path: Path) -> None:
    file = tmp_path / "chime.mp3"
    file.write_bytes(chime_mp3(chime) + mp3.silence(20))
    loudness, peak = measure_level(file)

    assert loudness == pytest.approx(-20, abs=1)
    assert peak <= -3


@pytest.mark.parametrize("chime", Chime)
def test_a_sound_has_its_length_and_begins_and_ends_in_silence(
    chime: Chime, tmp_path: Path
) -> None:
    file = tmp_path / "chime.mp3"
    file.write_bytes(mp3.silence(5) + chime_mp3(chime) + mp3.silence(5))
    sound, seconds = array("h", decode(file)), chime.frames * mp3.FRAME_SECONDS

    assert mp3.count_frames(chime_mp3(chime)) == chime.frames
    assert len(sound) == (chime.frames + 10) * mp3.FRAME_SAMPLES
    assert loudest(sound, 0, 0.12) < 30
    assert loudest(sound, 0.15, 0.4) > 3000
    assert loudest(sound, 0.12 + seconds, 0.24 + seconds) < 30


def test_sounds_are_as_long_as_their_kind() -> None:
    seconds = {chime: chime.frames * mp3.FRAME_SECONDS for chime in Chime}

    assert 2 <= seconds[Chime.OPENING] <= 3
    assert 2 <= seconds[Chime.CLOSING] <= 3
    assert 0.6 <= seconds[Chime.STORY] <= 1.2 < seconds[Chime.LANGUAGE]


def test_every_process_computes_the_same_sounds() -> None:
    for chime in Chime:
        before = chime_mp3(chime)
        chime_mp3.cache_clear()

        assert chime_mp3(chime) == before


@pytest.mark.parametrize("episode", ["sounds"], indirect=True)
def test_a_chapter_begins_with_its_sound(episode: Episode) -> None:
    sound = array("h", decode(episode.file))
    marks = [cue.start for cue in episode.joined.chapters]

    for mark in marks:
        assert mark == 0 or loudest(sound, mark - 0.1, mark) < 30
        assert loudest(sound, mark, mark + 0.3) > 3000
    end = episode.joined.seconds
    assert loudest(sound, end - 2.8, end - 2) > 3000
    assert loudest(sound, end - 0.15, end) < 30


@pytest.mark.parametrize("episode", ["silence"], indirect=True)
def test_without_sounds_chapters_begin_with_speech_after_silence(episode: Episode) -> None:
    sound = array("h", decode(episode.file))
    last = episode.joined.starts[-1] + episode.clips[-1].cues[-1].end

    assert {cue.start for cue in episode.joined.chapters[1:]} <= set(episode.joined.starts)
    assert loudest(sound, 0, episode.joined.starts[0]) < 30
    assert loudest(sound, last + 0.1, episode.joined.seconds) < 30


def test_pauses_between_sentences_hosts_and_stories(episode: Episode) -> None:
    """The short utterance in the fixture is between two hosts; all its chapters change the language."""
    spoken = [
        (start + clip.cues[0].start, start + clip.cues[-1].end)
        for start, clip in zip(episode.joined.starts, episode.clips, strict=True)
    ]
    gaps = [after[0] - before[1] for before, after in pairwise(spoken)]
    languages = 2.4 if episode.pauses == Pauses.of(True) else 1.8

    assert gaps[::2] == pytest.approx([0.9] * 3, abs=0.06)
    assert gaps[1::2] == pytest.approx([languages] * 2, abs=0.1)


@pytest.mark.parametrize("chimes", [True, False])
def test_the_pause_between_stories_is_the_same_with_sounds_and_longer_for_a_language(
    tmp_path: Path, chimes: bool
) -> None:
    places = [
        Place(0, "en", FIRST),
        Place(0, "en", FIRST),
        Place(0, "en", SECOND),
        Place(1, "en-GB", SECOND),
        Place(2, "de", SECOND),
    ]
    pauses, tags = (
        Pauses.of(chimes),
        Tags("T", "S", "en", ("A", "B", "C"), date(2026, 11, 29), b"cover"),
    )
    joined = join([Piece(SILENCE, one) for one in places], tmp_path / "e.mp3", tags, pauses)
    own = FRAMES * mp3.FRAME_SECONDS
    same, host, story, language = (b - a - own for a, b in pairwise(joined.starts))

    assert 0 < same < host < story
    assert story == pytest.approx(1.368)
    assert (language > story) == chimes
    assert pauses.seconds((FRAMES, one) for one in places) == pytest.approx(joined.seconds)
    talk = same + host + len(places) * own
    assert pauses.breaks.seconds(["en", "en", "de"]) == pytest.approx(joined.seconds - talk)
