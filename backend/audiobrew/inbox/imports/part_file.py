"""Reads a file whose parts are in storage."""

import io

from anyio import from_thread

from audiobrew.inbox.imports.mail_import import MailImport
from audiobrew.media.storage import Media, part_key
from audiobrew.problems import Problem

# Parts in memory: the one that is read, and the list of members of a .zip, which is at its end.
CACHED_PARTS = 2


class PartMissing(Problem):
    """A part of the uploaded file is gone. Upload it again."""

    type = "part-missing"


class PartUnreadable(Exception):
    """The storage failed to read a part, which is no fault of the file."""


class PartFile(io.RawIOBase):
    """A seekable file for threads that were started with `anyio.to_thread`.

    Reading raises PartMissing, PartUnreadable, and the problems that the storage raises.
    """

    def __init__(self, media: Media, mail_import: MailImport) -> None:
        self._media = media
        self._import = mail_import
        self._position = 0
        self._cache: dict[int, bytes] = {}

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._position

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self._import.bytes}
        position = start[whence] + offset
        if position < 0:
            raise ValueError("negative position")
        self._position = position
        return position

    def read(self, size: int | None = -1, /) -> bytes:
        remaining = max(0, self._import.bytes - self._position)
        missing = remaining if size is None or size < 0 else min(size, remaining)
        pieces = []
        while missing:
            number, start = divmod(self._position, self._import.part_bytes)
            piece = self._part(number)[start : start + missing]
            if not piece:
                raise PartMissing
            pieces.append(piece)
            self._position += len(piece)
            missing -= len(piece)
        return b"".join(pieces)

    def _part(self, number: int) -> bytes:
        if number not in self._cache:
            if len(self._cache) >= CACHED_PARTS:
                del self._cache[next(iter(self._cache))]
            try:
                key = part_key(self._import.id, number)
                self._cache[number] = from_thread.run(self._media.get, key)
            except FileNotFoundError:
                raise PartMissing from None
            except OSError as error:  # which would look like a damaged .zip file
                raise PartUnreadable from error
        else:
            self._cache[number] = self._cache.pop(number)  # the last one that was used
        return self._cache[number]
