"""What was uploaded, mail by mail: what could be read, and what could not and why."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from functools import partial
from http import HTTPStatus
from mmap import ACCESS_READ, mmap
from tempfile import SpooledTemporaryFile
from types import MappingProxyType
from typing import IO
from uuid import UUID
from weakref import WeakValueDictionary

from anyio import to_thread

from audiobrew.inbox.limits import Limits
from audiobrew.inbox.mailbox import MailTooLarge, Skipped, UnreadableMail
from audiobrew.inbox.mbox import Raw, mail_at, places
from audiobrew.inbox.newsletter import Newsletter
from audiobrew.inbox.parser import MailParser, ParseStopped
from audiobrew.problem import Problem

MOST_STOPPED = 3
"""After so many mails that had to be stopped the rest of an upload is not tried."""
NOT_TRIED = "Mails before this one took too much time or memory, so that it was not read."

MOST_WAITING = 8
"""Uploads of one listener that arrive, wait or are read."""


class UploadsRunning(Problem):
    """Several uploads of yours are being read already. Send this one again when they are through."""

    status = HTTPStatus.TOO_MANY_REQUESTS
    headers = MappingProxyType({"Retry-After": "10"})


class Uploads:
    """One upload of a listener is read at a time in this process, so that none takes the others' turn."""

    def __init__(self) -> None:
        self._locks: WeakValueDictionary[UUID, asyncio.Lock] = WeakValueDictionary()
        self._waiting: Counter[UUID] = Counter()

    @contextmanager
    def place(self, listener: UUID) -> Iterator[None]:
        """To be held while an upload's body is received, too: each of them takes room on disk.

        Raises UploadsRunning when the listener has too many already.
        """
        if self._waiting[listener] >= MOST_WAITING:
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


async def read_upload(
    parser: MailParser, raw: Raw, name: str, limits: Limits
) -> tuple[list[Newsletter], list[Skipped]]:
    """Raises the trouble itself when nothing at all could be read."""
    read: list[Newsletter] = []
    skipped: list[Skipped] = []
    trouble: UnreadableMail | MailTooLarge = UnreadableMail()
    stopped = number = 0
    parts = places(raw, name)
    while found := await to_thread.run_sync(next, parts, None):
        part, start, end = found
        number += 1
        if number > limits.mails:
            skipped.append(Skipped(part, f"AudioBrew takes {limits.mails} mails at a time."))
            break
        if stopped == MOST_STOPPED:
            skipped.append(Skipped(part, NOT_TRIED))
            continue
        try:
            if end - start > limits.mail_bytes:
                raise MailTooLarge.of(end - start, limits.mail_bytes)
            read.append(await parser.parse(partial(mail_at, raw, start, end)))
        except (UnreadableMail, MailTooLarge) as error:
            stopped += isinstance(error, ParseStopped)
            trouble = error
            skipped.append(Skipped(part, str(error)))
    if not read:
        raise trouble
    return read, skipped


@contextmanager
def on_disk(file: IO[bytes]) -> Iterator[Raw]:
    """What a form's file holds, without a copy in memory."""
    if isinstance(file, SpooledTemporaryFile):
        file.rollover()
    file.seek(0, 2)
    if not file.tell():
        yield b""
        return
    with mmap(file.fileno(), 0, access=ACCESS_READ) as mapped:
        yield mapped
