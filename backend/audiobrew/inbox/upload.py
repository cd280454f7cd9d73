"""Read the mails of an upload and store them in batches."""

from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from http import HTTPStatus
from types import MappingProxyType
from typing import BinaryIO, Generic, TypeVar
from uuid import UUID

from anyio import to_thread

from audiobrew.inbox.mail_files import find_mails, parse_mail
from audiobrew.mail.limits import Limits
from audiobrew.mail.mail import InboxFull
from audiobrew.mail.newsletter import Newsletter
from audiobrew.mail.parsing.parser import MailParser, ParseStopped
from audiobrew.mail.source_mail import MailTooLarge, Skipped, UnreadableMail
from audiobrew.ops.task_locks import TaskLocks
from audiobrew.problems import Problem

T = TypeVar("T")
StoreNewsletters = Callable[[Sequence[Newsletter]], Awaitable[Sequence[T]]]
# Blocks of an upload that are held in memory before they are stored: as many as one mail may have.
BLOCKS_PER_BATCH = 20_000
# After this many mails whose parsing had to be stopped, the rest of the upload is skipped.
MAX_STOPPED_MAILS = 3
NOT_TRIED = "Mails before this one took too much time or memory, so this one was not read."
# Uploads of one listener at a time: those that arrive, wait or are read.
MAX_WAITING_UPLOADS = 8


class UploadsRunning(Problem):
    """Several of your uploads are being processed. Send this one again when they are finished."""

    type = "uploads-running"
    status = HTTPStatus.TOO_MANY_REQUESTS
    headers = MappingProxyType({"Retry-After": "10"})


class UploadQueue:
    """Reads one upload of a listener at a time in this process, so that other listeners are served."""

    def __init__(self) -> None:
        self._locks = TaskLocks[UUID]()
        self._counts: Counter[UUID] = Counter()

    @contextmanager
    def reserve(self, listener: UUID) -> Iterator[None]:
        """Hold a place in the queue, from before the body is received, because it takes disk space.

        Raises UploadsRunning if the listener has too many uploads already.
        """
        if self._counts[listener] >= MAX_WAITING_UPLOADS:
            raise UploadsRunning
        self._counts[listener] += 1
        try:
            yield
        finally:
            self._counts[listener] -= 1
            self._counts += Counter()  # removes the entries that are zero

    @asynccontextmanager
    async def take_turn(self, listener: UUID) -> AsyncIterator[None]:
        """Wait until no other upload of the listener is being read, and keep others waiting."""
        async with self._locks.get(listener):
            yield


class BatchWriter(Generic[T]):
    """Stores the newsletters of an upload in batches, and skips the rest once the inbox is full.

    All newsletters of an mbox with short paragraphs would take sixty times its size in memory.
    """

    def __init__(self, store: StoreNewsletters[T]) -> None:
        self._store = store
        self._batch: list[tuple[str, Newsletter]] = []
        self.mails: list[T] = []
        self.skipped: list[Skipped] = []
        self.full: InboxFull | None = None

    async def add(self, name: str, newsletter: Newsletter) -> None:
        self._batch.append((name, newsletter))
        if sum(len(newsletter.blocks) for _, newsletter in self._batch) >= BLOCKS_PER_BATCH:
            await self.flush()

    async def flush(self) -> None:
        if not self._batch:
            return
        try:
            self.mails += await self._store([newsletter for _, newsletter in self._batch])
        except InboxFull as error:
            self.full = error
            self.skipped += [Skipped(name, str(error)) for name, _ in self._batch]
        self._batch.clear()


async def read_upload(
    parser: MailParser, file: BinaryIO, name: str, limits: Limits, store: StoreNewsletters[T]
) -> tuple[list[T], list[Skipped]]:
    """Parse each mail of a file and store it. Returns what `store` returns, and what was skipped.

    Raises UnreadableMail or MailTooLarge if no mail could be read, InboxFull if none could be
    stored, and ParserUnavailable.
    """
    writer = BatchWriter(store)
    problem: UnreadableMail | MailTooLarge = UnreadableMail()
    stopped_count = number = read_count = 0
    mails = find_mails(file, name, limits.mail_bytes, limits.unpacked_bytes)
    while mail := await to_thread.run_sync(next, mails, None):
        if mail.is_gap:
            continue
        number += 1
        if number > limits.mails:
            reason = f"AudioBrew reads at most {limits.mails} mails of a file."
            writer.skipped.append(Skipped(mail.name, reason))
            break
        if writer.full or stopped_count == MAX_STOPPED_MAILS:
            writer.skipped.append(Skipped(mail.name, str(writer.full or NOT_TRIED)))
            continue
        try:
            newsletter = await parse_mail(parser, mail, limits.mail_bytes)
        except (UnreadableMail, MailTooLarge) as error:
            stopped_count += isinstance(error, ParseStopped)
            problem = error
            writer.skipped.append(Skipped(mail.name, str(error)))
        else:
            read_count += 1
            await writer.add(mail.name, newsletter)
    await writer.flush()
    if not read_count:
        raise problem
    if writer.full and not writer.mails:
        raise writer.full
    return writer.mails, writer.skipped
