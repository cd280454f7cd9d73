"""Where audio is kept: whole files under keys that only we make."""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from pathlib import Path
from typing import Protocol
from uuid import UUID

from audiobrew.problems import Problem

FOLDERS = ("episodes", "clips")
KEY = re.compile(r"[a-z]{1,20}(/[a-z0-9][a-z0-9-]{0,63}){1,3}\.[a-z0-9]{2,4}")
"""The shapes that we make, such as `episodes/<uuid>.mp3`: nothing in them can leave a folder."""


def validate_key(key: str) -> str:
    """The key. Raises ValueError for one that we did not make."""
    if not KEY.fullmatch(key):
        raise ValueError("not a key of ours")
    return key


def episode_key(id: UUID, attempt: int) -> str:
    """Where an attempt of a brew puts its MP3. Never used by another attempt: what one left can be deleted
    whatever the next one does."""
    return f"episodes/{id}.mp3" if attempt == 1 else f"episodes/{id}-{attempt}.mp3"


def is_valid_key(key: str) -> bool:
    return KEY.fullmatch(key) is not None


class DiskFull(Problem):
    """There is no room left to keep this. Free some disk space, then retry: what was finished is kept."""

    type = "disk-full"
    status = HTTPStatus.INSUFFICIENT_STORAGE


@dataclass(frozen=True, slots=True)
class StoredObject:
    """What is known of a kept file."""

    bytes: int
    etag: str
    modified: datetime


@dataclass(frozen=True, slots=True)
class ListedObject:
    """An object that is kept, and since when."""

    key: str
    modified: datetime


class Media(Protocol):
    """Keys look like `episodes/<uuid>.mp3` or `clips/ab/<sha256>.mp3`."""

    @property
    def name(self) -> str:
        """Where it is kept, in words for `doctor`."""
        ...

    async def check(self) -> None:
        """Whether something could be kept now. Raises Problem, OSError."""
        ...

    async def put(self, key: str, file: Path) -> None:
        """Keep a finished file: wholly there, or not at all, even when the power fails. Moves it.

        Raises DiskFull; the file given is then still where it was."""
        ...

    async def put_bytes(self, key: str, content: bytes) -> None:
        """Keep bytes, under the same promise. Raises DiskFull."""
        ...

    async def get(self, key: str) -> bytes:
        """Raises FileNotFoundError."""
        ...

    async def stat(self, key: str) -> StoredObject | None: ...

    def read(self, key: str, start: int, end: int) -> AsyncIterator[bytes]:
        """Yield bytes `start` to `end` (exclusive) in pieces. Raises FileNotFoundError."""
        ...

    async def delete(self, key: str) -> None:
        """Deleting what is not there is no error."""
        ...

    def list(self) -> AsyncIterator[ListedObject]:
        """Every object under a key of ours, in no order; what comes or goes meanwhile may be left out."""
        ...

    async def discard_partial(self, older_than: timedelta) -> int:
        """Delete what processes that died had begun to write. How many files."""
        ...

    async def signed_url(self, key: str, seconds: int) -> str | None:
        """An address that opens this file to whoever has it, for so long; None where files have none.

        May raise FileNotFoundError."""
        ...
