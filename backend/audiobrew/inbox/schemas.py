"""Schemas of mails in the API."""

from typing import Annotated
from uuid import UUID

from fastapi import UploadFile
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from audiobrew.mail.newsletter import BlockKind, Cut

BlockId = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{1,32}$")]


class MailUpload(BaseModel):
    """One `.eml` file, or an `.mbox` with many mails."""

    file: UploadFile = Field(description="The mail as your mail program saves it.")


class Mail(BaseModel):
    """One mail in the inbox."""

    id: UUID
    subject: str
    sender: str = Field(description="The display name, else the address.")
    address: str
    language: str = Field(description="ISO 639-1.", examples=["en"])
    newsletter: bool = Field(description="Whether it can be brewed; other mail cannot.")
    told: int = Field(description="Blocks that may be spoken.")
    cut: int = Field(description="Blocks that were cut: sponsors, navigation, footers.")
    is_new: bool = Field(
        description="Whether it is a newsletter that no finished episode has told yet, and that can be"
        " told. An order without `email_ids` takes exactly these."
    )
    received_at: AwareDatetime


class BlockLink(BaseModel):
    """A link in a block. It is shown, never fetched."""

    text: str
    url: str


class MailBlock(BaseModel):
    """One paragraph of a mail."""

    id: str
    kind: BlockKind
    text: str
    links: list[BlockLink]
    cut: Cut | None = Field(description="Why it is not told; null when it is.")


class MailWithBlocks(Mail):
    """One mail with all its blocks, the cut ones too."""

    blocks: list[MailBlock]


class SkippedMail(BaseModel):
    """A part of an upload that was not taken, and why."""

    name: str = Field(examples=["inbox.mbox, mail 3"])
    reason: str


class Uploaded(BaseModel):
    """What came of an upload."""

    mails: list[Mail] = Field(description="Taken now, or known already.")
    skipped: list[SkippedMail]


class BlockChanges(BaseModel):
    """Which blocks to tell again and which to cut."""

    model_config = ConfigDict(extra="forbid")
    restore: list[BlockId] = Field(default=[], max_length=1000)
    cut: list[BlockId] = Field(default=[], max_length=1000)
