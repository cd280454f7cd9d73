"""Read mails from files and folders that are named on the command line. Their links are never fetched."""

import heapq
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import anyio
from anyio import to_thread

from audiobrew.inbox.folders import MailFile, find_mail_files
from audiobrew.inbox.mail_files import FileMail, find_mails, find_streamed_mails, parse_mail
from audiobrew.mail.newsletter import Newsletter
from audiobrew.mail.parsing.parser import MailParser, ParserUnavailable
from audiobrew.mail.source_mail import MailTooLarge, Skipped, UnreadableMail
from audiobrew.settings import Settings

# Names that are given for each reason for which mails were skipped.
MAX_NAMES = 3


class SkippedMails:
    """What was skipped, by reason: the first names and the number of all. A mailbox may have thousands."""

    def __init__(self) -> None:
        self._names: dict[str, list[str]] = {}
        self._counts: dict[str, int] = {}

    def add(self, name: str, reason: str) -> None:
        reason = " ".join(reason.split())
        self._counts[reason] = self._counts.get(reason, 0) + 1
        names = self._names.setdefault(reason, [])
        if len(names) < MAX_NAMES:
            names.append(name)

    def __iter__(self) -> Iterator[Skipped]:
        for reason, names in self._names.items():
            if (number := self._counts[reason]) > MAX_NAMES:
                yield Skipped(f"{number:,} mails, the first of them {names[0]}", reason)
            else:
                yield from (Skipped(name, reason) for name in names)


@dataclass(slots=True)
class ReadingProgress:
    """How far the files are read. `total` bytes are in all of them."""

    total: int = 0
    position: int = 0
    mails: int = 0
    newsletters: int = 0


@dataclass(slots=True)
class NewestNewsletters:
    """The newest newsletters, each once, and their number before older ones were dropped."""

    most: int
    count: int = 0
    _heap: list[tuple[float, int, Newsletter]] = field(default_factory=list)
    _digests: set[str] = field(default_factory=set)

    def add(self, newsletter: Newsletter) -> None:
        if newsletter.digest in self._digests:
            return
        self._digests.add(newsletter.digest)
        self.count += 1
        # Of two from the same time, the first one counts as the newer one.
        entry = (newsletter.received_at.timestamp(), -self.count, newsletter)
        if len(self._heap) < self.most:
            heapq.heappush(self._heap, entry)
        else:
            heapq.heappushpop(self._heap, entry)

    def __iter__(self) -> Iterator[Newsletter]:
        yield from (newsletter for *_, newsletter in sorted(self._heap, reverse=True))


class FileMailbox:
    """The mails of files and folders of any size. `read` fills `newsletters`, `others` and `skipped`.

    Only the newest `most` newsletters are kept, so that memory is limited. `others` are mails without any
    sign of a newsletter.
    """

    def __init__(self, paths: Sequence[Path], settings: Settings, most: int) -> None:
        self.paths = paths
        self.max_bytes = settings.mail_bytes
        self.concurrency = settings.parsers
        self.newsletters = NewestNewsletters(most)
        self.others = NewestNewsletters(most)
        self.skipped = SkippedMails()
        self.progress = ReadingProgress()
        self._failure: ParserUnavailable | None = None

    async def read(
        self, parser: MailParser, report: Callable[[ReadingProgress], None] = lambda progress: None
    ) -> None:
        """Read every mail. `report` is called after each. Raises ParserUnavailable."""
        files = await to_thread.run_sync(list, find_mail_files(self.paths))
        self.progress.total = sum(file.size for file in files)
        # As many mails are in memory as are parsed at a time, and the next one.
        slots = anyio.CapacityLimiter(self.concurrency)
        finished = 0
        for file in files:
            async with anyio.create_task_group() as tasks:
                mails = find_file_mails(file, self.max_bytes)
                while mail := await to_thread.run_sync(next, mails, None):
                    self.progress.position = finished + min(mail.position, file.size)
                    if mail.is_gap:
                        report(self.progress)
                        continue
                    await slots.acquire_on_behalf_of(mail)
                    if self._failure:
                        break
                    tasks.start_soon(self._read_mail, parser, mail, slots)
                    report(self.progress)
            if self._failure:
                raise self._failure
            finished += file.size
            self.progress.position = finished
            report(self.progress)

    async def _read_mail(
        self, parser: MailParser, mail: FileMail, slots: anyio.CapacityLimiter
    ) -> None:
        try:
            newsletter = await parse_mail(parser, mail, self.max_bytes)
        except (UnreadableMail, MailTooLarge) as problem:
            self.skipped.add(mail.name, str(problem))
        except ParserUnavailable as problem:
            self._failure = problem
        else:
            self.progress.mails += 1
            self.progress.newsletters += newsletter.bulk
            (self.newsletters if newsletter.bulk else self.others).add(newsletter)
        finally:
            slots.release_on_behalf_of(mail)


def find_file_mails(file: MailFile, max_bytes: int) -> Iterator[FileMail]:
    """Yield the mails of a file. If the file cannot be read, a mail that is left out says why."""
    name = file.path.name
    if file.left_out:
        yield FileMail(name, 0, bytes, left_out=file.left_out)
        return
    try:
        with file.path.open("rb") as stream:
            if stream.seekable() and stream.read(2) == b"PK":
                yield from find_mails(stream, name, max_bytes)
            else:
                if stream.seekable():
                    stream.seek(0)
                yield from find_streamed_mails(stream, name, max_bytes)
    except OSError as error:
        reason = error.strerror or "it cannot be opened"
        yield FileMail(name, 0, bytes, left_out=f"It cannot be opened: {reason}.")
