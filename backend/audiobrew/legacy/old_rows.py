"""The rows of the old application, the application that AudioBrew replaces."""

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from urllib.parse import unquote, urlsplit
from uuid import UUID

from audiobrew.problems import Problem

PUBLIC_URL_PATH = re.compile(
    r"/storage/v1/object/public/podcasts/(podcasts/([0-9a-f-]{36})/[^/]+\.mp3)"
)
PLACEHOLDER_HOST = "example.com"


class NotLiveProject(Problem):
    """The import needs the production project: set DATABASE_URL, SUPABASE_URL and the other variables of
    production, as on the server."""

    type = "not-here"


class OldTablesMissing(Problem):
    """There is no old application to import from: this database has no tables public.podcasts and
    public.gmail_connections."""

    type = "nothing-before"


class OldTablesUnreadable(Problem):
    """AudioBrew's role may not read the old tables. Run the last part of deploy/supabase.sql once more."""

    type = "cannot-read"


class OldTablesExposed(Problem):
    """Anybody can still read the old tables with the public key. Run deploy/close-public-access.sql in
    Supabase's SQL editor first; the old application keeps working."""

    type = "hole-open"


class OldTableNotWritable(Problem):
    """AudioBrew's role may not write the old table. Run deploy/adopt-back.sql in Supabase's SQL editor
    first."""

    type = "cannot-write"


class AudioState(StrEnum):
    """The state of an old episode's audio after the import. All but COPIED and PURGED are failed episodes."""

    COPIED = "copied"
    PLACEHOLDER = "placeholder"  # speech had failed, and the row has a made-up address
    MISSING = "missing"  # the file is no longer in the bucket
    UNREADABLE = "unreadable"  # the file is not audio
    PURGED = (
        "forgotten"  # its listener deleted it here, so it was deleted in the old application too
    )
    ELSEWHERE = "elsewhere"  # the address is not in this listener's folder of the bucket


NO_AUDIO_MESSAGES = {
    AudioState.PLACEHOLDER: "The old application could not make audio for this episode. Only its"
    " text is here.",
    AudioState.MISSING: "The audio of this episode was missing when it was imported. Only its text is here.",
    AudioState.UNREADABLE: "The audio file of this episode cannot be played. Only its text is here.",
    AudioState.ELSEWHERE: "The audio of this episode was not in its listener's own folder, so it was not"
    " imported. Only its text is here.",
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
        """The key of its audio in the old bucket; None if that is not in its listener's own folder."""
        parts = urlsplit(self.audio_url or "")
        match = PUBLIC_URL_PATH.fullmatch(unquote(parts.path))
        return match[1] if match and match[2] == str(self.listener) else None

    @property
    def state_without_key(self) -> AudioState:
        """Why there is no key."""
        host = urlsplit(self.audio_url or "").hostname
        placeholder = self.audio_url is None or host == PLACEHOLDER_HOST
        return AudioState.PLACEHOLDER if placeholder else AudioState.ELSEWHERE


@dataclass(frozen=True, slots=True, repr=False)
class OldConnection:
    """One row of public.gmail_connections. It has no `repr`, because it holds secrets."""

    listener: UUID
    address: str | None
    credentials: dict[str, Any]
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class Counts:
    """Numbers of old rows. `remaining` were not imported, or changed since; `exported` were written by us."""

    total: int
    imported: int
    remaining: int
    exported: int = 0
