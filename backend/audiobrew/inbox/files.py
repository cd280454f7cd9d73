"""Mails saved as files, named on the command line. Nothing in them is followed or fetched."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

from audiobrew.mail.limits import Limits
from audiobrew.mail.mime.mbox import split_mails
from audiobrew.mail.newsletter import Newsletter
from audiobrew.mail.reader import read_mail
from audiobrew.mail.source_mail import MailTooLarge, Skipped, UnreadableMail
from audiobrew.settings import Settings

Read = Callable[[bytes], Newsletter]


class FileMailbox:
    """The mails of .eml and .mbox files; `skipped` fills while `newsletters()` is read."""

    def __init__(
        self, files: Sequence[Path], settings: Settings, read: "Read | None" = None
    ) -> None:
        """`read`: how a mail is parsed, when not in this process."""
        self.files = files
        self.limits = Limits.of(settings)
        self.read = read or partial(read_mail, limits=self.limits)
        self.most_bytes = settings.upload_bytes
        self.skipped: list[Skipped] = []

    def newsletters(self) -> Iterator[Newsletter]:
        """Yield every mail that can be read once, newest first."""
        self.skipped.clear()
        found = {mail.digest: mail for file in self.files for mail in self._mails(file)}
        yield from sorted(found.values(), key=lambda mail: mail.received_at, reverse=True)

    def _mails(self, file: Path) -> Iterator[Newsletter]:
        try:
            raw = self._read(file)
        except OSError as error:
            reason = error.strerror or "it cannot be opened"
            self.skipped.append(Skipped(file.name, f"It cannot be opened: {reason}."))
            return
        except MailTooLarge as trouble:
            self.skipped.append(Skipped(file.name, str(trouble)))
            return
        for number, (name, mail) in enumerate(split_mails(raw, file.name), start=1):
            if number > self.limits.mails:
                self.skipped.append(Skipped(name, self._too_many()))
                return
            yield from self._mail(name, mail)

    def _read(self, file: Path) -> bytes:
        """The file's bytes; a file that cannot end (a device, a pipe) is cut off by the limit."""
        with file.open("rb") as opened:
            raw = opened.read(self.most_bytes + 1)
        if len(raw) > self.most_bytes:
            raise MailTooLarge(
                f"This file is larger than {self.most_bytes / 2**20:.0f} MB."
                " Save fewer mails into one file."
            )
        return raw

    def _mail(self, name: str, raw: bytes) -> Iterator[Newsletter]:
        try:
            yield self.read(raw)
        except (UnreadableMail, MailTooLarge) as trouble:
            self.skipped.append(Skipped(name, str(trouble)))

    def _too_many(self) -> str:
        return (
            f"A file may hold {self.limits.mails} mails; the ones from here on were not read."
            " Save them into another file."
        )
