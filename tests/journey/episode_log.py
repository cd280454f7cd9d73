"""Checks that production's log contains an episode's whole course under the request id of its order."""

import json
from typing import Any


def assert_episode_is_logged(log: str) -> None:
    """All lines are JSON, and all events from the order to the end have the request id, in every process."""
    lines = [json.loads(line) for line in log.splitlines()]
    [id] = [line["request"] for line in lines if line["event"] == "brew.ordered"]
    episode_lines = [line for line in lines if line.get("request") == id]
    events = [str(line["event"]) for line in episode_lines]

    assert any(is_order(line) for line in episode_lines)
    assert events.index("brew.ordered") < events.index("brew.begun") < events.index("brew.ended")
    steps = {line["step"] for line in episode_lines if line["event"] == "step.done"}
    assert steps > {"gather", "publish"}
    assert {"call.begun", "clip.kept"} <= set(events)
    outcomes = [line["outcome"] for line in episode_lines if line["event"] == "brew.ended"]
    assert outcomes == ["ready"]


def is_order(line: dict[str, Any]) -> bool:
    event = (line["event"], line.get("route"), line.get("status"))
    return event == ("request", "/api/podcast/generate", 202)
