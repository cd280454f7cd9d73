"""Chapters in the JSON format of Podcasting 2.0."""

from audiobrew.audio.chapters import chapters_json
from audiobrew.audio.clip import Cue


def test_chapters_have_a_start_an_end_and_a_title() -> None:
    result = chapters_json(
        "Tuesday", [("One & <two>", Cue(0, 61.23456)), ("Three", Cue(61.23456, 80))]
    )

    assert result == {
        "version": "1.2.0",
        "title": "Tuesday",
        "chapters": [
            {"startTime": 0, "endTime": 61.235, "title": "One & <two>"},
            {"startTime": 61.235, "endTime": 80, "title": "Three"},
        ],
    }


def test_an_episode_without_chapters_has_an_empty_list() -> None:
    assert chapters_json("Tuesday", [])["chapters"] == []
