"""One brew and what becomes of it."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID


class Stage(StrEnum):
    """Where an episode is; the last three are ends, though a failed or cancelled one can be retried."""

    WAITING = "waiting"
    GATHERING = "gathering"
    PLANNING = "planning"
    WRITING = "writing"
    CHECKING = "checking"
    SPEAKING = "speaking"
    JOINING = "joining"
    READY = "ready"
    FAILED = "failed"
    CANCELLED = "cancelled"


ENDED = frozenset({Stage.READY, Stage.FAILED, Stage.CANCELLED})


@dataclass(frozen=True, slots=True)
class Order:
    """What a listener asked to have brewed. Without mails: every newsletter no episode has told yet."""

    mails: tuple[UUID, ...]
    minutes: int
    day: date
    title: str | None = None
    hosts: int = 2


@dataclass(frozen=True, slots=True)
class Episode:
    """One row of `episodes`; times are UTC."""

    id: UUID
    listener: UUID
    title: str
    stage: Stage
    minutes: int
    hosts: int
    day: date
    language: str | None
    mail_count: int
    trouble: str | None
    note: str | None
    seconds: float | None
    bytes: int | None
    media: str | None
    created_at: datetime
    updated_at: datetime
    published_at: datetime | None
