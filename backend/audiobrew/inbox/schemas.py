"""Schemas of mails in the API."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import UploadFile
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StrictBool, StringConstraints

from audiobrew.mail.newsletter import BlockKind, Cut

BlockId = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{1,32}$")]


class MailUpload(BaseModel):
    """An `.eml` or `.emlx` file with one mail, an `.mbox` file with many, or a `.zip` file of these."""

    file: UploadFile = Field(description="The file as your mail program saves it.")


class MailCopy(BaseModel):
    """Another mail with the same issue: sent again, corrected or forwarded."""

    id: UUID
    subject: str
    received_at: AwareDatetime
    newer: bool = Field(description="Whether an order without `email_ids` takes this copy instead.")
    in_episode: bool = Field(
        description="Whether a finished episode included this copy. The others are not new then, either."
    )
    changed: bool = Field(description="Whether its text differs by more than a greeting.")


class EarlierSentence(BaseModel):
    """The sentence of one of your episodes that told something first."""

    episode_id: UUID | None = Field(description="Null if that episode was deleted.")
    sentence_id: int = Field(description="The id of the sentence in the script of that episode.")
    day: date = Field(description="The day of that episode, on your clock.")


class Mail(BaseModel):
    """One mail in the inbox."""

    id: UUID
    subject: str
    sender: str = Field(description="The sender's display name, or the address if there is none.")
    address: str
    language: str = Field(description="ISO 639-1.", examples=["en"])
    newsletter: bool = Field(
        description="Whether this is a newsletter. Other mails are brewed only if an order names them."
    )
    told: int = Field(description="The number of blocks that an episode may read aloud.")
    cut: int = Field(description="The number of blocks that are cut, such as ads and footers.")
    is_new: bool = Field(
        description="Whether this is a newsletter that can be brewed and that no finished episode has"
        " included yet. An order without `email_ids` includes all of these."
    )
    received_at: AwareDatetime
    marked: bool | None = Field(
        default=None,
        description="Whether you marked this sender as a newsletter (true) or as none (false); null if you"
        " did not, and `newsletter` is what AudioBrew found.",
    )
    copies: list[MailCopy] = Field(
        default=[],
        description="Other mails with the same issue, the newest 20 of them. Only the newest of all is new.",
    )
    repeat_of: EarlierSentence | None = Field(
        default=None,
        description="Where an earlier episode told what this newsletter says, if an order found nothing new"
        " in it. It is not new then, but an order can name it.",
    )


class BlockLink(BaseModel):
    """A link in a block. AudioBrew never fetches it."""

    text: str
    url: str


class MailBlock(BaseModel):
    """One paragraph of a mail."""

    id: str
    kind: BlockKind
    level: int | None = Field(
        default=None,
        ge=1,
        le=6,
        description="Of a heading; null for other kinds, and in mails that were read before it was kept.",
    )
    role: str | None = Field(
        default=None,
        description="What it is for, where `kind` does not say it: `code`, `image` (its alternative text),"
        " `caption`, `question` and `answer` (of an interview), `byline`, `footnote`, or `link` (of a list of"
        " links). More may be added: show a role that you do not know as `kind` says.",
    )
    text: str
    links: list[BlockLink]
    cut: Cut | None = Field(description="Why the block is cut; null if it is not.")


class Rule(BaseModel):
    """What you decided about a newsletter. It applies to mails that are added later."""

    id: UUID
    kind: str = Field(
        description="`tell` or `cut`: blocks like `text` are told or cut. `newsletter` or `not_newsletter`:"
        " the sender's mails are newsletters or are not, including those that are in the inbox already."
        " `first`: they are newsletters, and come first in every episode. More may be added."
    )
    sender: str
    address: str
    text: str | None = Field(
        description="The beginning of the block that the rule is about. Blocks with other numbers, dates or"
        " names are recognized, too. Null for a rule about the sender."
    )
    created_at: AwareDatetime


class MailWithBlocks(Mail):
    """A mail with all its blocks, including those that are cut."""

    blocks: list[MailBlock]
    rules: list[Rule] = Field(
        default=[], description="Your rules for this newsletter, newest first."
    )


class SkippedMail(BaseModel):
    """A part of an upload that was skipped, and why."""

    name: str = Field(examples=["inbox.mbox, mail 3"])
    reason: str


class Uploaded(BaseModel):
    """The result of an upload."""

    mails: list[Mail] = Field(description="Mails that were added now or were already in the inbox.")
    skipped: list[SkippedMail]


class BlockChanges(BaseModel):
    """Which blocks to restore and which to cut, and whether the sender sends newsletters."""

    model_config = ConfigDict(extra="forbid")
    restore: list[BlockId] = Field(default=[], max_length=1000)
    cut: list[BlockId] = Field(default=[], max_length=1000)
    remember: StrictBool = Field(
        default=True,
        description="Whether each restored or cut block becomes a rule for later issues.",
    )
    newsletter: StrictBool | None = Field(
        default=None,
        description="Whether this sender sends newsletters. Becomes a rule; null changes nothing.",
    )
    first: StrictBool | None = Field(
        default=None,
        description="Whether this sender's newsletters come first in every episode. Becomes a rule, also that"
        " they are newsletters; null changes nothing.",
    )
