"""What the application before AudioBrew kept, as it is found in its tables."""

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from urllib.parse import unquote, urlsplit
from uuid import UUID

from audiobrew.problems import Problem

PUBLIC = re.compile(r"/storage/v1/object/public/podcasts/(podcasts/([0-9a-f-]{36})/[^/]+\.mp3)")
PLACEHOLDER = "example.com"


class NotLiveProject(Problem):
    """Taking over needs the live project: set DATABASE_URL, SUPABASE_URL and the other variables of
    production, as on the server."""

    type = "not-here"


class OldTablesMissing(Problem):
    """There is no application to take over here: this database has no tables public.podcasts and
    public.gmail_connections."""

    type = "nothing-before"


class OldTablesUnreadable(Problem):
    """AudioBrew's role may not read the old tables. Run the last part of deploy/supabase.sql once more."""

    type = "cannot-read"


class OldTablesExposed(Problem):
    """Anybody can still read the old tables with the public key. Run deploy/close-the-hole.sql in
    Supabase's SQL editor first; the old application goes on working."""

    type = "hole-open"


class OldTableNotWritable(Problem):
    """AudioBrew's role may not write the old table. Run deploy/adopt-back.sql in Supabase's SQL editor
    first."""

    type = "cannot-write"


class AudioState(StrEnum):
    """What became of an old episode's sound. All but `copied` are failed episodes.

    `forgotten`: its listener deleted it here, so it is gone from the old application as well.
    """

    COPIED = "copied"
    PLACEHOLDER = "placeholder"  # speech had failed, and was recorded as if it were there
    MISSING = "missing"  # the file is no longer in the bucket
    UNREADABLE = "unreadable"  # it is there, and is no sound
    FORGOTTEN = "forgotten"
    ELSEWHERE = "elsewhere"  # an address that is not of this listener's folder in the bucket


NO_SOUND = {
    AudioState.PLACEHOLDER: "The application before AudioBrew had failed to speak this episode,"
    " so there is no sound. Its text is here.",
    AudioState.MISSING: "The sound of this episode was no longer there when it was taken over."
    " Its text is here.",
    AudioState.UNREADABLE: "What was kept as the sound of this episode cannot be played. Its text is here.",
    AudioState.ELSEWHERE: "The sound of this episode was not in its listener's own folder,"
    " so it was not taken over. Its text is here.",
}


@dataclass(frozen=True, slots=True)
class OldPodcast:
    """One row of public.podcasts."""

    id: UUID
    listener: UUID
    title: str
    audio_url: str | None
    script: str
    duration: int
    mails: int
    created_at: datetime
    changed_at: datetime

    @property
    def key(self) -> str | None:
        """Where its sound is in the bucket, if it is in its listener's own folder."""
        parts = urlsplit(self.audio_url or "")
        found = PUBLIC.fullmatch(unquote(parts.path))
        return found[1] if found and found[2] == str(self.listener) else None

    @property
    def without_sound(self) -> AudioState:
        """Why, when it has no key."""
        host = urlsplit(self.audio_url or "").hostname
        placeholder = self.audio_url is None or host == PLACEHOLDER
        return AudioState.PLACEHOLDER if placeholder else AudioState.ELSEWHERE


@dataclass(frozen=True, slots=True, repr=False)
class OldConnection:
    """One row of public.gmail_connections. It holds secrets, so it never shows itself."""

    listener: UUID
    address: str | None
    credentials: dict[str, Any]
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class Counts:
    """`left` are rows that were not taken, or changed since; `ours` was copied back by us."""

    old: int
    taken: int
    left: int
    ours: int = 0
