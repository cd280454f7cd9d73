"""Rows of tables, for tests that need many of them."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4


def episode_row(listener: UUID, stage: str, updated_at: datetime) -> dict[str, Any]:
    counts = dict.fromkeys(("mail_count", "done", "total", "percent"), 0)
    order = {"title": "", "title_chosen": False, "minutes": 1, "hosts": 1, "request_hash": ""}
    identity = {"id": uuid4(), "listener_id": listener, "stage": stage, "day": updated_at.date()}
    times = {"attempt": 1, "revision": 1, "created_at": updated_at, "updated_at": updated_at}
    return {**counts, **order, **identity, **times}


def schedule_row(listener: UUID, next_at: datetime) -> dict[str, Any]:
    order = {"cadence": "daily", "zone": "UTC", "minutes": 5, "hosts": 1, "style": "briefing"}
    return {"listener_id": listener, "time": next_at.time(), "next_at": next_at, **order}
