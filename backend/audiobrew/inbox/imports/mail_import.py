"""An import: a file of mails that is uploaded in parts and read in the background, and its problems."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from uuid import UUID

from audiobrew.db.import_states import ImportState
from audiobrew.inbox.mail_files import Place
from audiobrew.problems import Problem

# Vercel's functions accept bodies of 4.5 MB, and Supabase files of 50 MB.
PART_BYTES = 4 * 2**20


class ImportNotFound(Problem):
    """There is no such import."""

    type = "import-not-found"
    status = HTTPStatus.NOT_FOUND


class ImportEnded(Problem):
    """This import has ended. Upload the file again to start another one."""

    type = "import-ended"
    status = HTTPStatus.CONFLICT


class PartMisplaced(Problem):
    """This is not the next part of the file. Load the import, and go on after the bytes that were
    received."""

    type = "part-misplaced"
    status = HTTPStatus.CONFLICT


class ImportTooLarge(Problem):
    """This file is larger than AudioBrew imports. Split it, and import the parts one after another."""

    type = "import-too-large"
    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE


class ImportsFull(Problem):
    """Your other imports take all the space that you have. Wait until they are read, or stop one."""

    type = "imports-full"
    status = HTTPStatus.CONFLICT


@dataclass(slots=True)
class Counts:
    """What was found: `mails` in all, of which `newsletters` are in the inbox now, `added` of them by this
    import. `others` are mails without any sign of a newsletter, and `stopped` those of the skipped ones that
    took too much time or memory."""

    mails: int = 0
    newsletters: int = 0
    added: int = 0
    others: int = 0
    skipped: int = 0
    stopped: int = 0


@dataclass(frozen=True, slots=True)
class SkipReason:
    """Why mails were skipped, how many, and the names of the first ones."""

    reason: str
    count: int
    names: Sequence[str]


@dataclass(frozen=True, slots=True)
class MailImport:
    """`received` bytes of the file are uploaded, `position` of them are read, and reading goes on at `place`.

    `content_hash` is what the client gave, to recognize the file. `keeps_others`: mails that are no
    newsletters are stored as well. `sender_count` senders of newsletters were found.
    """

    id: UUID
    listener: UUID
    name: str
    bytes: int
    part_bytes: int
    received: int
    content_hash: str | None
    keeps_others: bool
    state: ImportState
    position: int
    place: Place
    counts: Counts
    reasons: Sequence[SkipReason]
    sender_count: int
    attempts: int
    trouble: str | None
    created_at: datetime
    updated_at: datetime

    @property
    def next_part_bytes(self) -> int:
        """The size of the part that is uploaded next."""
        return min(self.part_bytes, self.bytes - self.received)
