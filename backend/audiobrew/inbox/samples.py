"""The sample mailbox: a dozen mails that come with AudioBrew, to hear it before trusting it."""

from collections.abc import Iterator
from importlib.resources import files

from audiobrew.mail.limits import Limits
from audiobrew.mail.newsletter import Newsletter
from audiobrew.mail.reader import read_mail


class SampleMailbox:
    """Newsletters in four languages, a receipt and an invitation, all of our own making."""

    def newsletters(self) -> Iterator[Newsletter]:
        """Yield every sample mail, newest first."""
        folder = files("audiobrew.inbox") / "samples"
        found = [
            read_mail(file.read_bytes(), limits=Limits())
            for file in folder.iterdir()
            if file.name.endswith(".eml")
        ]
        yield from sorted(found, key=lambda mail: mail.received_at, reverse=True)
