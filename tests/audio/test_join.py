"""Clips are joined to one file that every player reads in the same way."""

from array import array
from dataclasses import replace
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from audiobrew.audio import mp3
from audiobrew.audio.join import MAX_DESCRIPTION, Piece, Tags, join
from audiobrew.audio.pauses import Pauses, Place
from audiobrew.audio.voice import ClipFailed
from audiobrew.script.script import Speaker
from mutagen.id3 import ID3

from tests.audio.conftest import TITLES, Episode
from tests.audio.sound import count_samples, decode, measure_level, probe

ONE = Tags("One", "Show", "en", ("Only",), date(2026, 11, 29), b"cover")
FIRST = Place(0, "en", Speaker.FIRST)
PAUSES = Pauses.of(True)


def test_the_reported_duration_is_the_played_duration(episode: Episode) -> None:
    expected = round(episode.joined.seconds * mp3.RATE)

    assert count_samples(episode.file) == expected
    assert len(decode(episode.file)) // 2 == expected
    assert float(probe(episode.file)["format"]["duration"]) == pytest.approx(
        episode.joined.seconds, abs=1e-5
    )


def test_the_reported_size_is_the_size_of_the_file(episode: Episode) -> None:
    assert episode.file.stat().st_size == episode.joined.bytes


def test_the_episode_has_the_loudness_of_podcasts(episode: Episode) -> None:
    loudness, peak = measure_level(episode.file)

    assert -17 <= loudness <= -15
    assert peak <= -1


def test_all_clips_have_the_same_loudness(episode: Episode, tmp_path: Path) -> None:
    for number, clip in enumerate(episode.clips):
        file = tmp_path / f"{number}.mp3"
        file.write_bytes(clip.mp3)
        loudness, peak = measure_level(file)

        assert peak <= -1
        assert clip.seconds < 1.5 or -16.7 <= loudness <= -15.3


def test_mutagen_and_ffprobe_read_the_same_chapters(episode: Episode) -> None:
    tag = ID3(episode.file)
    ids = tag["CTOC:toc"].child_element_ids
    by_mutagen = [
        (str(tag[f"CHAP:{name}"].sub_frames["TIT2"]), tag[f"CHAP:{name}"].start_time)
        for name in ids
    ]
    by_ffprobe = [
        (chapter["tags"]["title"], chapter["start"]) for chapter in probe(episode.file)["chapters"]
    ]
    starts = [round(cue.start * 1000) for cue in episode.joined.chapters]

    assert by_mutagen == by_ffprobe == list(zip(TITLES, starts, strict=True))


def test_chapters_cover_the_whole_episode(episode: Episode) -> None:
    chapters = episode.joined.chapters

    assert chapters[0].start == 0
    assert chapters[-1].end == pytest.approx(episode.joined.seconds)
    assert all(one.end == other.start for one, other in pairwise(chapters))


def test_the_tag_has_the_title_the_show_and_the_language(episode: Episode) -> None:
    tag = ID3(episode.file)

    assert tag.version == (2, 3, 0)
    assert str(tag["TIT2"]) == "Tuesday brew: “beans”"
    assert str(tag["TALB"]) == str(tag["TPE1"]) == "Ada's AudioBrew"
    assert str(tag["TLAN"]) == "deu"


def test_players_read_the_day_and_the_description(episode: Episode) -> None:
    tag, tags = ID3(episode.file), probe(episode.file)["format"]["tags"]
    description = "Grüße & <news> · Kaffee ☕ – 新闻 · The end. Told by synthetic voices."

    assert str(tag["TDRC"]) == "2026-11-29"
    assert tag["COMM::eng"].text == [description]
    assert str(tag["TDES"]) == description
    assert tags["comment"] == description
    assert tags["date"].startswith("2026")


def test_the_cover_is_a_picture_players_can_show(episode: Episode) -> None:
    [picture] = [s for s in probe(episode.file)["streams"] if s["codec_type"] == "video"]

    assert (picture["codec_name"], picture["width"], picture["height"]) == ("png", 600, 600)
    assert picture["disposition"]["attached_pic"] == 1


def test_a_clip_is_audible_at_its_reported_start(episode: Episode) -> None:
    sound = array("h", decode(episode.file))
    for start, clip in zip(episode.joined.starts, episode.clips, strict=True):
        first = round((start + clip.cues[0].start) * mp3.RATE)
        before = sound[first - mp3.RATE // 20 : first - mp3.RATE // 100]
        after = sound[first : first + mp3.RATE // 5]

        assert max(map(abs, before)) < 300
        assert max(map(abs, after)) > 1000


def test_the_header_has_the_position_of_each_hundredth(episode: Episode) -> None:
    content = episode.file.read_bytes()
    head = content.index(b"Info") - 4 - mp3.SIDE_INFORMATION
    marks = head + mp3.SIDE_INFORMATION + 20
    table = content[marks : marks + 100]
    size = len(content) - head

    assert table[0] <= 1
    assert sorted(table) == list(table)
    assert all(abs(mark / 256 - number / 100) < 0.02 for number, mark in enumerate(table))
    assert int.from_bytes(content[marks - 4 : marks], "big") == size


def test_silence_has_the_bit_rate(tmp_path: Path) -> None:
    file = tmp_path / "silence.mp3"
    file.write_bytes(mp3.silence(1000))

    assert count_samples(file) == 1000 * mp3.FRAME_SAMPLES
    assert not any(decode(file))
    assert len(mp3.silence(1000)) == pytest.approx(
        1000 * mp3.FRAME_SECONDS * mp3.BIT_RATE / 8, abs=1
    )


@pytest.mark.parametrize("broken", [b"no mp3 at all", b"\xff\xf3\x84\xc4", b"\xff"])
def test_a_broken_clip_fails_and_leaves_no_file(tmp_path: Path, broken: bytes) -> None:
    with pytest.raises(ClipFailed):
        join([Piece(mp3.silence(3), FIRST), Piece(broken, FIRST)], tmp_path / "e.mp3", ONE, PAUSES)

    assert not list(tmp_path.iterdir())


def test_an_earlier_episode_survives_a_join_that_fails(tmp_path: Path) -> None:
    out = tmp_path / "e.mp3"
    join([Piece(mp3.silence(3), FIRST)], out, ONE, PAUSES)
    before = out.read_bytes()
    with pytest.raises(ClipFailed):
        join([Piece(b"broken", FIRST)], out, ONE, PAUSES)

    assert out.read_bytes() == before
    assert list(tmp_path.iterdir()) == [out]


def test_a_long_description_has_whole_titles() -> None:
    chapters = tuple(f"Chapter {number} of a long episode" for number in range(100))
    description = replace(ONE, chapters=chapters).description

    assert len(description) < MAX_DESCRIPTION + 50
    assert description.endswith(" of a long episode · …. Told by synthetic voices.")
