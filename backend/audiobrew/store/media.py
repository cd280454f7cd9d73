"""Where audio is kept: whole files under keys that only we make."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from pathlib import Path
from typing import Protocol

from audiobrew.problem import Problem


class DiskFull(Problem):
    """There is no room left to keep this. Free some disk space, then retry: what was finished is kept."""

    status = HTTPStatus.INSUFFICIENT_STORAGE


@dataclass(frozen=True, slots=True)
class Stored:
    """What is known of a kept file."""

    bytes: int
    etag: str
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

    async def stat(self, key: str) -> Stored | None: ...

    def read(self, key: str, start: int, end: int) -> AsyncIterator[bytes]:
        """Yield bytes `start` to `end` (exclusive) in pieces. Raises FileNotFoundError."""
        ...

    async def delete(self, key: str) -> None:
        """Deleting what is not there is no error."""
        ...
