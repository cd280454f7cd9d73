"""Request and response bodies of the Gmail routes."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

# Of an authorization code or a state; Google's have a few hundred.
MAX_CODE_CHARACTERS = 2048
LabelId = Annotated[str, StringConstraints(min_length=1, max_length=200)]
FromGoogle = Annotated[str, StringConstraints(min_length=1, max_length=MAX_CODE_CHARACTERS)]


class GmailConsent(BaseModel):
    """Where a listener consents."""

    authorization_url: str = Field(
        description="At Google. Good for ten minutes, and for you alone."
    )


class GmailCode(BaseModel):
    """What came back from Google, as the app found it in its address."""

    model_config = ConfigDict(extra="forbid")
    code: FromGoogle
    state: FromGoogle


class GmailStatus(BaseModel):
    """Whether Gmail is connected."""

    is_connected: bool
    email: str | None = Field(description="The mailbox's address.")
    state: Literal["connected", "reconnect", "none"] = Field(
        description="`reconnect`: Google no longer lets AudioBrew in until you connect again."
    )
    label: str | None = Field(description="The chosen label; null: the one named AudioBrew.")
    offered: bool = Field(description="Whether Gmail can be connected on this server.")


class GmailDisconnected(BaseModel):
    """Gmail is not connected any more."""

    success: bool
    message: str


class GmailLabel(BaseModel):
    """A label of the mailbox."""

    id: str
    name: str
    type: str = Field(description="Whose it is.", examples=["user", "system"])


class GmailLabels(BaseModel):
    """Every label of the mailbox."""

    labels: list[GmailLabel]
    audiobrew_label: GmailLabel | None = Field(description="The one named AudioBrew, in any case.")
    has_audiobrew_label: bool


class GmailLabelChoice(BaseModel):
    """Which label newsletters are read from."""

    model_config = ConfigDict(extra="forbid")
    label_id: LabelId | None = Field(description="null: the one named AudioBrew.")


class GmailEmail(BaseModel):
    """One mail under the label. Its id is the one it has in the inbox."""

    id: UUID
    subject: str
    from_: str = Field(alias="from", examples=["The Roast <hello@roast.example>"])
    date: AwareDatetime
    snippet: str = Field(description="The first words of what may be told.")
    told: bool = Field(description="Whether a finished episode told it already.")
    newsletter: bool = Field(description="Whether it can be brewed; other mail cannot.")


class GmailEmails(BaseModel):
    """A label's mails, newest first."""

    label_id: str
    emails: list[GmailEmail]
    total: int = Field(description="How many there are under the label, on all pages.")
