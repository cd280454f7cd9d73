"""Rows as they would be found, for tests that look at many of them at once."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4


def episode_row(listener: UUID, stage: str, changed: datetime) -> dict[str, Any]:
    counts = dict.fromkeys(("mail_count", "done", "total", "percent"), 0)
    asked = {"title": "", "title_chosen": False, "minutes": 1, "hosts": 1, "request_hash": ""}
    own = {"id": uuid4(), "listener_id": listener, "stage": stage, "day": changed.date()}
    more = {"attempt": 1, "revision": 1, "created_at": changed, "updated_at": changed}
    return {**counts, **asked, **own, **more}


def schedule_row(listener: UUID, due: datetime) -> dict[str, Any]:
    asked = {"cadence": "daily", "zone": "UTC", "minutes": 5, "hosts": 1, "style": "briefing"}
    return {"listener_id": listener, "time": due.time(), "next_at": due, **asked}
