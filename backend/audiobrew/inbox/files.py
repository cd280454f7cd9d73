"""Read mails from files that are named on the command line. Their links are never fetched."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

from audiobrew.mail.limits import Limits
from audiobrew.mail.mime.mbox import split_mails
from audiobrew.mail.newsletter import Newsletter
from audiobrew.mail.reader import read_mail
from audiobrew.mail.source_mail import MailTooLarge, Skipped, UnreadableMail
from audiobrew.settings import Settings

Parse = Callable[[bytes], Newsletter]


class FileMailbox:
    """The mails of .eml and .mbox files. `newsletters()` fills `skipped`."""

    def __init__(
        self, files: Sequence[Path], settings: Settings, parse: "Parse | None" = None
    ) -> None:
        """`parse` reads a mail; by default it does so in this process."""
        self.files = files
        self.limits = Limits.of(settings)
        self.parse = parse or partial(read_mail, limits=self.limits)
        self.max_bytes = settings.upload_bytes
        self.skipped: list[Skipped] = []

    def newsletters(self) -> Iterator[Newsletter]:
        """Yield every mail that can be read, newest first, each once."""
        self.skipped.clear()
        by_digest = {mail.digest: mail for file in self.files for mail in self._read_mails(file)}
        yield from sorted(by_digest.values(), key=lambda mail: mail.received_at, reverse=True)

    def _read_mails(self, file: Path) -> Iterator[Newsletter]:
        try:
            raw = self._read_file(file)
        except OSError as error:
            reason = error.strerror or "it cannot be opened"
            self.skipped.append(Skipped(file.name, f"It cannot be opened: {reason}."))
            return
        except MailTooLarge as problem:
            self.skipped.append(Skipped(file.name, str(problem)))
            return
        for number, (name, mail) in enumerate(split_mails(raw, file.name), start=1):
            if number > self.limits.mails:
                reason = (
                    f"A file may contain {self.limits.mails} mails, so this and the following ones were"
                    " not read. Save them into another file."
                )
                self.skipped.append(Skipped(name, reason))
                return
            try:
                newsletter = self.parse(mail)
            except (UnreadableMail, MailTooLarge) as problem:
                self.skipped.append(Skipped(name, str(problem)))
                continue
            yield newsletter

    def _read_file(self, file: Path) -> bytes:
        """The file's bytes. Raises MailTooLarge, also for a device or a pipe that does not end."""
        with file.open("rb") as stream:
            raw = stream.read(self.max_bytes + 1)
        if len(raw) > self.max_bytes:
            raise MailTooLarge(
                f"This file is larger than {self.max_bytes / 2**20:.0f} MB."
                " Save fewer mails into one file."
            )
        return raw
