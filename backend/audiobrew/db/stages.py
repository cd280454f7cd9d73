"""The stages of an episode (the column `episodes.stage`), and the conditions on it that rooms share."""

from enum import StrEnum

import sqlalchemy as sa

from audiobrew.db.tables import episodes


class Stage(StrEnum):
    """Where an episode is. The last three are final, though a failed or cancelled episode can be retried.

    In review, the script waits for the listener, and no process works on the episode.
    """

    WAITING = "waiting"
    GATHERING = "gathering"
    PLANNING = "planning"
    WRITING = "writing"
    CHECKING = "checking"
    REVIEW = "review"
    SPEAKING = "speaking"
    JOINING = "joining"
    READY = "ready"
    FAILED = "failed"
    CANCELLED = "cancelled"


RETRIABLE = frozenset({Stage.FAILED, Stage.CANCELLED})
ENDED = RETRIABLE | {Stage.READY}
# Those in which a process works on the episode, or will.
OPEN = tuple(stage for stage in Stage if stage not in ENDED and stage is not Stage.REVIEW)
# The values are written into the statement, so that the database sees that the partial index below applies.
IS_OPEN = episodes.c.stage.in_(sa.bindparam("open", OPEN, expanding=True, literal_execute=True))
# Small however many episodes are finished: the background jobs search it, too.
open_episodes = sa.Index(
    "ix_episodes_open",
    episodes.c.stage,
    episodes.c.updated_at,
    postgresql_where=episodes.c.stage.in_(OPEN),
    sqlite_where=episodes.c.stage.in_(OPEN),
)
