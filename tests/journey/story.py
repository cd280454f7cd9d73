"""What production's log tells of an episode, to who searches it for the id of the order's request."""

import json
from typing import Any


def one_id_tells_the_story(log: str) -> None:
    """From the order to the end, whichever process brewed; and every line of every process is JSON."""
    lines = [json.loads(line) for line in log.splitlines()]
    [id] = [one["request"] for one in lines if one["event"] == "brew.ordered"]
    story = [one for one in lines if one.get("request") == id]
    events = [str(one["event"]) for one in story]

    assert any(is_order(one) for one in story)
    assert events.index("brew.ordered") < events.index("brew.begun") < events.index("brew.ended")
    assert {one["step"] for one in story if one["event"] == "step.done"} > {"gather", "publish"}
    assert {"call.begun", "clip.kept"} <= set(events)
    assert [one["outcome"] for one in story if one["event"] == "brew.ended"] == ["ready"]


def is_order(line: dict[str, Any]) -> bool:
    told = (line["event"], line.get("route"), line.get("status"))
    return told == ("request", "/api/podcast/generate", 202)
