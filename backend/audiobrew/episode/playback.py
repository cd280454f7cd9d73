"""How far a listener has heard an episode, in the rows of `episodes`."""

from enum import StrEnum
from types import MappingProxyType
from typing import Any

import sqlalchemy as sa

from audiobrew.db.tables import episodes
from audiobrew.db.timestamps import utc
from audiobrew.episode.episode import Playback


class PlaybackFilter(StrEnum):
    """Which episodes of a list: not begun, begun, or heard to the end."""

    NEW = "new"
    UNFINISHED = "unfinished"
    PLAYED = "played"


HAS_BEGUN = sa.func.coalesce(episodes.c.heard_seconds, 0) > 0
PLAYBACK_CONDITIONS = MappingProxyType(
    {
        PlaybackFilter.NEW: sa.and_(sa.not_(episodes.c.finished), sa.not_(HAS_BEGUN)),
        PlaybackFilter.UNFINISHED: sa.and_(sa.not_(episodes.c.finished), HAS_BEGUN),
        PlaybackFilter.PLAYED: episodes.c.finished,
    }
)


def read_playback(row: Any) -> Playback | None:
    """Of a row of `episodes`; None if the episode was never played."""
    if row.heard_at is None:
        return None
    return Playback(row.heard_seconds, row.finished, utc(row.heard_at), row.heard_client)
