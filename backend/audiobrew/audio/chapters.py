"""The chapters of an episode as Podcasting 2.0 writes them."""

from collections.abc import Iterable
from typing import Any

from audiobrew.audio.clip import Cue


def chapters_json(title: str, chapters: Iterable[tuple[str, Cue]]) -> dict[str, Any]:
    """Version 1.2.0 of the format: times in seconds, to the millisecond."""
    marks = [
        {"startTime": round(cue.start, 3), "endTime": round(cue.end, 3), "title": name}
        for name, cue in chapters
    ]
    return {"version": "1.2.0", "title": title, "chapters": marks}
