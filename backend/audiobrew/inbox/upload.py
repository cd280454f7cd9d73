"""What was uploaded, mail by mail: what could be read, and what could not and why."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from functools import partial
from http import HTTPStatus
from mmap import ACCESS_READ, mmap
from tempfile import SpooledTemporaryFile
from types import MappingProxyType
from typing import IO, Generic, TypeVar
from uuid import UUID
from weakref import WeakValueDictionary

from anyio import to_thread

from audiobrew.mail.limits import Limits
from audiobrew.mail.mail import InboxFull
from audiobrew.mail.mime.mbox import Raw, extract_mail, locate_mails
from audiobrew.mail.newsletter import Newsletter
from audiobrew.mail.parsing.parser import MailParser, ParseStopped
from audiobrew.mail.source_mail import MailTooLarge, Skipped, UnreadableMail
from audiobrew.problems import Problem

T = TypeVar("T")
StoreNewsletters = Callable[[Sequence[Newsletter]], Awaitable[Sequence[T]]]
# So many blocks of an upload are in memory before they are kept: as many as one mail may have.
BLOCKS_AT_ONCE = 20_000
MAX_STOPPED_MAILS = 3
"""After so many mails that had to be stopped the rest of an upload is not tried."""
NOT_TRIED = "Mails before this one took too much time or memory, so that it was not read."

MAX_WAITING_UPLOADS = 8
"""Uploads of one listener that arrive, wait or are read."""


class UploadsRunning(Problem):
    """Several uploads of yours are being read already. Send this one again when they are through."""

    type = "uploads-running"
    status = HTTPStatus.TOO_MANY_REQUESTS
    headers = MappingProxyType({"Retry-After": "10"})


class UploadQueue:
    """One upload of a listener is read at a time in this process, so that none takes the others' turn."""

    def __init__(self) -> None:
        self._locks: WeakValueDictionary[UUID, asyncio.Lock] = WeakValueDictionary()
        self._waiting: Counter[UUID] = Counter()

    @contextmanager
    def place(self, listener: UUID) -> Iterator[None]:
        """To be held while an upload's body is received, too: each of them takes room on disk.

        Raises UploadsRunning when the listener has too many already.
        """
        if self._waiting[listener] >= MAX_WAITING_UPLOADS:
            raise UploadsRunning
        self._waiting[listener] += 1
        try:
            yield
        finally:
            self._waiting[listener] -= 1
            self._waiting += Counter()  # forgets who has none

    @asynccontextmanager
    async def turn(self, listener: UUID) -> AsyncIterator[None]:
        """Wait for the listener's other uploads."""
        async with self._locks.setdefault(listener, asyncio.Lock()):
            yield


class UploadStorage(Generic[T]):
    """Keeps the newsletters of an upload in parts: an mbox of short paragraphs takes sixty times its size in
    memory. Once the inbox is full, the rest is skipped."""

    def __init__(self, keep: StoreNewsletters[T]) -> None:
        self._keep = keep
        self._part: list[tuple[str, Newsletter]] = []
        self.kept: list[T] = []
        self.skipped: list[Skipped] = []
        self.full: InboxFull | None = None

    async def add(self, name: str, newsletter: Newsletter) -> None:
        self._part.append((name, newsletter))
        if sum(len(one.blocks) for _, one in self._part) >= BLOCKS_AT_ONCE:
            await self.keep_part()

    async def keep_part(self) -> None:
        if not self._part:
            return
        try:
            self.kept += await self._keep([newsletter for _, newsletter in self._part])
        except InboxFull as error:
            self.full = error
            self.skipped += [Skipped(name, str(error)) for name, _ in self._part]
        self._part.clear()


async def read_upload(
    parser: MailParser, raw: Raw, name: str, limits: Limits, keep: StoreNewsletters[T]
) -> tuple[list[T], list[Skipped]]:
    """What `keep` made of the mails that could be read, and what was left out.

    Raises the trouble itself when nothing at all could be read, InboxFull when nothing could be kept.
    """
    storage = UploadStorage(keep)
    trouble: UnreadableMail | MailTooLarge = UnreadableMail()
    stopped = number = read = 0
    parts = locate_mails(raw, name)
    while found := await to_thread.run_sync(next, parts, None):
        part, start, end = found
        number += 1
        if number > limits.mails:
            reason = f"AudioBrew takes {limits.mails} mails at a time."
            storage.skipped.append(Skipped(part, reason))
            break
        if storage.full or stopped == MAX_STOPPED_MAILS:
            storage.skipped.append(Skipped(part, str(storage.full or NOT_TRIED)))
            continue
        try:
            if end - start > limits.mail_bytes:
                raise MailTooLarge.of(end - start, limits.mail_bytes)
            newsletter = await parser.parse(partial(extract_mail, raw, start, end))
        except (UnreadableMail, MailTooLarge) as error:
            stopped += isinstance(error, ParseStopped)
            trouble = error
            storage.skipped.append(Skipped(part, str(error)))
        else:
            read += 1
            await storage.add(part, newsletter)
    await storage.keep_part()
    if not read:
        raise trouble
    if storage.full and not storage.kept:
        raise storage.full
    return storage.kept, storage.skipped


@contextmanager
def map_file(file: IO[bytes]) -> Iterator[Raw]:
    """What a form's file holds, without a copy in memory."""
    if isinstance(file, SpooledTemporaryFile):
        file.rollover()
    file.seek(0, 2)
    if not file.tell():
        yield b""
        return
    with mmap(file.fileno(), 0, access=ACCESS_READ) as mapped:
        yield mapped
