"""The port for storage of audio and of uploaded mails: whole files, under keys that only AudioBrew
generates."""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from pathlib import Path
from typing import Protocol
from uuid import UUID

from audiobrew.problems import Problem

FOLDERS = ("episodes", "clips", "imports")
# The keys that we generate, such as `episodes/<uuid>.mp3`. No match can lead out of a folder.
KEY_PATTERN = re.compile(r"[a-z]{1,20}(/[a-z0-9][a-z0-9-]{0,63}){1,3}\.[a-z0-9]{2,4}")


def validate_key(key: str) -> str:
    """Returns the key. Raises ValueError if it does not look like one of ours."""
    if not KEY_PATTERN.fullmatch(key):
        raise ValueError("not a key of ours")
    return key


def episode_key(id: UUID, attempt: int) -> str:
    """The key for the MP3 of one attempt of a brew. Each attempt has its own key, so a file that a failed
    attempt left behind can be deleted at any time."""
    return f"episodes/{id}.mp3" if attempt == 1 else f"episodes/{id}-{attempt}.mp3"


def part_key(id: UUID, number: int) -> str:
    """The key for one part of an uploaded file, from which mails are imported."""
    return f"imports/{id}-{number}.part"


def stored_part_keys(id: UUID, bytes_: int, received: int, part_bytes: int) -> list[str]:
    """The keys of a file's parts that are in storage, and of the one that may be about to be stored.

    The file has `bytes_` bytes.
    """
    stored = min(bytes_, received + part_bytes)
    return [part_key(id, number) for number in range(-(-stored // part_bytes))]


def is_valid_key(key: str) -> bool:
    return KEY_PATTERN.fullmatch(key) is not None


class DiskFull(Problem):
    """There is no disk space left. Free some disk space, then retry: finished parts are kept."""

    type = "disk-full"
    status = HTTPStatus.INSUFFICIENT_STORAGE


@dataclass(frozen=True, slots=True)
class StoredObject:
    """The metadata of a stored file. `bytes`: its size."""

    bytes: int
    etag: str
    modified: datetime


@dataclass(frozen=True, slots=True)
class ListedObject:
    """A stored file in a listing."""

    key: str
    modified: datetime


class Media(Protocol):
    """Keys look like `episodes/<uuid>.mp3` or `clips/ab/<sha256>.mp3`."""

    @property
    def name(self) -> str:
        """Where the files are, as `doctor` prints it."""
        ...

    async def check(self) -> None:
        """Check that a file could be stored now. Raises Problem, OSError."""
        ...

    async def put(self, key: str, file: Path) -> None:
        """Move a finished file into storage: completely or not at all, even if the power fails.

        Raises DiskFull; the file then stays where it was."""
        ...

    async def put_bytes(self, key: str, content: bytes) -> None:
        """Store bytes, with the same guarantee. Raises DiskFull."""
        ...

    async def get(self, key: str) -> bytes:
        """Raises FileNotFoundError."""
        ...

    async def stat(self, key: str) -> StoredObject | None: ...

    def read(self, key: str, start: int, end: int) -> AsyncIterator[bytes]:
        """Yield bytes `start` to `end` (exclusive) in chunks. Raises FileNotFoundError."""
        ...

    async def delete(self, key: str) -> None:
        """Deleting a file that does not exist is not an error."""
        ...

    def list(self) -> AsyncIterator[ListedObject]:
        """All files with a valid key, in no particular order. Files that are stored or deleted meanwhile may
        be left out."""
        ...

    async def discard_partial(self, older_than: timedelta) -> int:
        """Delete unfinished writes of processes that died. Returns how many files."""
        ...

    async def signed_url(self, key: str, seconds: int) -> str | None:
        """A URL with which anybody can read the file for `seconds`; None if the storage has no URLs.

        May raise FileNotFoundError."""
        ...
