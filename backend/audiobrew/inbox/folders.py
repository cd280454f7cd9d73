"""Find the files of mails in folders, as mail programs store them: .eml files, mailboxes, Maildir."""

import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from audiobrew.inbox.zip_files import MAIL_SUFFIXES, is_mail_file

TRASHED = "It is deleted, but not yet removed, in its Maildir."
_SNIFFED_BYTES = 1_000


@dataclass(frozen=True, slots=True)
class MailFile:
    """A file that was named or found in a folder. `left_out` is the reason why it is not to be read."""

    path: Path
    size: int
    left_out: str | None = None


def find_mail_files(paths: Sequence[Path]) -> Iterator[MailFile]:
    """Yield the named files, whatever they are, and the files of mails in the named folders.

    Other files in folders are ignored. Links to folders are not followed.
    """
    for path in paths:
        if path.is_dir():
            yield from find_in_folder(path)
        else:
            yield MailFile(path, size_of(path))


def find_in_folder(folder: Path) -> Iterator[MailFile]:
    for root, folders, names in os.walk(folder):
        folders.sort()
        place = Path(root)
        in_maildir = place.name in ("cur", "new") and (place.parent / "cur").is_dir()
        if place.name == "tmp" and (place.parent / "cur").is_dir():
            continue  # mails that are being delivered
        for name in sorted(names):
            path = place / name
            if name.startswith("._") or not is_regular(path):
                continue
            if in_maildir:
                yield MailFile(path, size_of(path), TRASHED if is_trashed(name) else None)
            elif name.lower().endswith((*MAIL_SUFFIXES, ".zip")) or begins_as_mail(path):
                yield MailFile(path, size_of(path))


def is_trashed(name: str) -> bool:
    """Whether a file's name in a Maildir has the flag T: `1700.M5.host:2,ST`."""
    for mark in (":2,", ";2,", "!2,"):  # a colon is not allowed on Windows
        if mark in name:
            return "T" in name.rpartition(mark)[2]
    return False


def is_regular(path: Path) -> bool:
    """Whether it is a file, unlike a pipe, which may never end."""
    try:
        return stat.S_ISREG(path.stat().st_mode)
    except OSError:
        return False


def begins_as_mail(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return is_mail_file(path.name, file.read(_SNIFFED_BYTES))
    except OSError:
        return False


def size_of(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
