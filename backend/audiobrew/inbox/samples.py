"""The sample mails that come with AudioBrew, to try it without one's own mail."""

from collections.abc import Iterator
from importlib.resources import files

from audiobrew.mail.limits import Limits
from audiobrew.mail.newsletter import Newsletter
from audiobrew.mail.reader import read_mail


class SampleMailbox:
    """Newsletters in four languages, a receipt and an invitation, all written for AudioBrew."""

    def newsletters(self) -> Iterator[Newsletter]:
        """Yield every sample mail, newest first."""
        folder = files("audiobrew.inbox") / "samples"
        newsletters = [
            read_mail(file.read_bytes(), limits=Limits())
            for file in folder.iterdir()
            if file.name.endswith(".eml")
        ]
        yield from sorted(newsletters, key=lambda mail: mail.received_at, reverse=True)
