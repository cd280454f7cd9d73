"""Schemas of imports in the API."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    StrictBool,
    StringConstraints,
)

from audiobrew.http.fields import trim

FileName = Annotated[
    str,
    StringConstraints(min_length=1, max_length=255),
    AfterValidator(trim),
    # PostgreSQL stores no NUL.
    AfterValidator(lambda name: name.replace("\0", "\ufffd")),
]

ContentHash = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


class ImportRequest(BaseModel):
    """The file that is going to be uploaded in parts."""

    model_config = ConfigDict(extra="forbid")
    name: FileName = Field(description="The name of the file, to show it.")
    bytes: int = Field(gt=0, le=2**50, description="The size of the file.")
    include_others: StrictBool = Field(
        default=False,
        description="Whether mails without any sign of a newsletter are stored as well.",
    )
    content_hash: ContentHash | None = Field(
        default=None,
        description="The SHA-256 of the file's first 4 MiB followed by its last 4 MiB, in hexadecimal digits."
        " The import has it, too, so that a client recognizes the file before it continues the upload.",
    )


class SkippedMails(BaseModel):
    """Mails that were skipped for one reason."""

    reason: str = Field(examples=["It is in the spam folder of Gmail."])
    count: int
    names: list[str] = Field(
        description="Of the first of these mails.", examples=[["inbox.mbox, mail 3"]]
    )


class MailImport(BaseModel):
    """A file of mails that is uploaded in parts and read in the background."""

    id: UUID
    name: str
    status: Literal["uploading", "waiting", "reading", "done", "failed", "cancelled"] = Field(
        description="The last three are final."
    )
    bytes: int = Field(description="The size of the file.")
    part_bytes: int = Field(description="The size of every part of the file but the last one.")
    received_bytes: int = Field(description="How much of the file is uploaded.")
    read_bytes: int = Field(description="How much of the file is read.")
    mails: int = Field(description="The mails that were found so far.")
    newsletters: int = Field(description="Those of them that are newsletters.")
    added: int = Field(description="The mails that were not in the inbox before.")
    senders: int = Field(description="The newsletters' senders; not counted beyond 2,000.")
    other_mails: int = Field(
        description="Mails without any sign of a newsletter. Unless the import includes them, they"
        " are left out."
    )
    skipped_mails: int = Field(description="Mails that were not read.")
    skipped: list[SkippedMails] = Field(description="Why they were not read.")
    include_others: bool = Field(
        description="Whether mails without any sign of a newsletter are stored as well."
    )
    content_hash: str | None = Field(
        description="The hash of the file that the import began with; null if it began without one."
    )
    trouble: str | None = Field(description="Why the import failed; null if it did not.")
    created_at: AwareDatetime
    updated_at: AwareDatetime
