"""Orders, episodes, their progress, and the problems of ordering and brewing."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from http import HTTPStatus
from uuid import UUID

from audiobrew.db.stages import RETRIABLE, Stage
from audiobrew.problems import Problem
from audiobrew.script.writer import HostRoles, ShowStyle


@dataclass(frozen=True, slots=True)
class Order:
    """What a listener orders. Without mails: every newsletter that no episode has told yet; once an order is
    complete, it has them, and `mails_chosen` says whether the listener named them.

    `language` is the language of the whole script; None: each mail keeps its own. `cap` and `quoted` are in
    millionths of a dollar.
    """

    mails: tuple[UUID, ...]
    minutes: int
    day: date
    title: str | None = None
    hosts: int = 2
    style: ShowStyle = ShowStyle.BRIEFING
    language: str | None = None
    cap: int | None = None
    quoted: int | None = None
    interests: str = ""
    host_names: tuple[str, ...] = ()
    host_roles: HostRoles = HostRoles.SHARED
    review: bool = False
    mails_chosen: bool = False
    sounds: bool | None = None


class Review(StrEnum):
    """Whether the listener reads the script before it is spoken: it was ordered so, or was approved."""

    ORDERED = "ordered"
    APPROVED = "approved"


@dataclass(frozen=True, slots=True)
class Playback:
    """How far the listener has heard an episode, when (UTC), and in which browser (empty if unknown)."""

    seconds: float
    finished: bool
    heard_at: datetime
    client: str


@dataclass(frozen=True, slots=True)
class Episode:
    """One row of `episodes`. Times are UTC.

    `asked_language` is the language that was ordered for all mails, `language` the one of most of the script.
    `title_chosen`: the listener chose the title. `sounds`: whether there are sounds between stories; None in
    episodes of earlier versions. `ordered_here`: false for imported episodes.
    """

    id: UUID
    listener: UUID
    title: str
    stage: Stage
    minutes: int
    hosts: int
    style: ShowStyle
    interests: str
    host_names: tuple[str, ...]
    host_roles: HostRoles
    sounds: bool | None
    day: date
    asked_language: str | None
    review: Review | None
    mails_chosen: bool
    language: str | None
    quoted: int | None
    cap: int | None
    mail_count: int
    newsletters_told: int | None
    trouble: str | None
    trouble_type: str | None
    note: str | None
    seconds: float | None
    bytes: int | None
    media: str | None
    attempt: int
    title_chosen: bool
    ordered_here: bool
    created_at: datetime
    updated_at: datetime
    published_at: datetime | None
    playback: Playback | None

    @property
    def retriable(self) -> bool:
        return self.ordered_here and self.stage in RETRIABLE


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a brew has come. `revision` rises with every change.

    `seconds_left`: see `TimeLeft`.
    """

    revision: int
    stage: Stage
    done: int
    total: int
    percent: int
    trouble: str | None
    trouble_type: str | None = None
    seconds_left: int | None = None


@dataclass(frozen=True, slots=True)
class EpisodeChange:
    """The present state of an episode. `progress` is None if it was deleted."""

    listener: UUID
    id: UUID
    progress: Progress | None


class IdempotencyKeyReused(Problem):
    """This Idempotency-Key was used for another order. Use a new one for a new order."""

    type = "idempotency-key-reused"
    status = HTTPStatus.CONFLICT


class NothingToBrew(Problem):
    """There is no newsletter to brew. Upload some, or choose mails that are newsletters."""

    type = "nothing-to-brew"
    status = HTTPStatus.CONFLICT


ALL_TOLD = (
    "Every newsletter that you have was told in an episode already. Add newer ones, or choose some of these"
    " to hear them again."
)


class TooManyBrews(Problem):
    """Too many episodes are waiting already. Wait until some are finished, or cancel them."""

    type = "too-many-brews"
    status = HTTPStatus.TOO_MANY_REQUESTS


class NotRetriable(Problem):
    """Only an episode that failed or was cancelled can be retried. Order a new one instead."""

    type = "not-retriable"
    status = HTTPStatus.CONFLICT


class NotInReview(Problem):
    """This script is not waiting for you: it was spoken already, or is still being written."""

    type = "not-in-review"
    status = HTTPStatus.CONFLICT


class SentenceNotFound(Problem):
    """There is no such sentence in this script."""

    type = "sentence-not-found"
    status = HTTPStatus.NOT_FOUND


class SentenceNotSupported(Problem):
    """The newsletter does not say that. Keep to what its source says, or remove the sentence."""

    type = "sentence-not-supported"
    status = HTTPStatus.CONFLICT


class AlreadyEnded(Problem):
    """This episode has ended already, so there is nothing to cancel."""

    type = "already-ended"
    status = HTTPStatus.CONFLICT


class BrewFailed(Problem):
    """Something went wrong on our side. Retry the episode: finished parts are kept."""

    type = "brew-failed"


class BrewSetAside(Problem):
    """This episode crashed its worker three times, so it was set aside. Retry it with other
    newsletters, or tell whoever runs AudioBrew."""

    type = "brew-set-aside"


class BrewStopped(Exception):
    """The listener cancelled or deleted the episode while a step was running."""
