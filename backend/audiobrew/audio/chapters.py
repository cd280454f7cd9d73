"""The chapters of an episode in the JSON format of Podcasting 2.0."""

from collections.abc import Iterable
from typing import Any

from audiobrew.audio.clip import Cue


def chapters_json(title: str, chapters: Iterable[tuple[str, Cue]]) -> dict[str, Any]:
    """The chapters as version 1.2.0 of the format, with times in seconds, rounded to milliseconds.

    See https://github.com/Podcastindex-org/podcast-namespace/blob/main/docs/examples/chapters/jsonChapters.md.
    """
    marks = [
        {"startTime": round(cue.start, 3), "endTime": round(cue.end, 3), "title": name}
        for name, cue in chapters
    ]
    return {"version": "1.2.0", "title": title, "chapters": marks}
