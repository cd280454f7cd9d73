"""What was uploaded, mail by mail: what could be read, and what could not and why."""

from audiobrew.inbox.limits import Limits
from audiobrew.inbox.mailbox import MailTooLarge, Skipped, UnreadableMail
from audiobrew.inbox.mbox import mails_in
from audiobrew.inbox.newsletter import Newsletter


def read_upload(raw: bytes, name: str, limits: Limits) -> tuple[list[Newsletter], list[Skipped]]:
    """Raises the trouble itself when nothing at all could be read."""
    from audiobrew.inbox.reading import read_mail  # slow to import: only with the first mail

    read: list[Newsletter] = []
    skipped: list[Skipped] = []
    trouble: UnreadableMail | MailTooLarge = UnreadableMail()
    for number, (part, mail) in enumerate(mails_in(raw, name)):
        if number >= limits.mails:
            skipped.append(Skipped(part, f"AudioBrew takes {limits.mails} mails at a time."))
            break
        try:
            read.append(read_mail(mail, limits=limits))
        except (UnreadableMail, MailTooLarge) as error:
            trouble = error
            skipped.append(Skipped(part, str(error)))
    if not read:
        raise trouble
    return read, skipped
