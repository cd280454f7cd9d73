"""Limits on the size of a mail and of an upload."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from audiobrew.settings import Settings

# A .zip file of mails unpacks to a few times its size.
UNPACKED_FACTOR = 10


@dataclass(frozen=True, slots=True)
class Limits:
    """The most that is read.

    `mail_bytes`, `mail_parts` (MIME parts) and `blocks` apply to one mail; `mails` and `unpacked_bytes`,
    those of a .zip file, to one upload.
    """

    mail_bytes: int = 10 * 2**20
    mail_parts: int = 500
    mails: int = 500
    blocks: int = 20_000
    unpacked_bytes: int = 250 * 2**20

    @classmethod
    def of(cls, settings: "Settings") -> Self:
        return cls(
            settings.mail_bytes,
            settings.mail_parts,
            settings.mails_per_upload,
            unpacked_bytes=UNPACKED_FACTOR * settings.upload_bytes,
        )
