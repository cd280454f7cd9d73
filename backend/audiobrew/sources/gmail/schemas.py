"""Request and response bodies of the Gmail routes."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

# Of an authorization code or a state; Google's have a few hundred.
MAX_CODE_CHARACTERS = 2048
LabelId = Annotated[str, StringConstraints(min_length=1, max_length=200)]
FromGoogle = Annotated[str, StringConstraints(min_length=1, max_length=MAX_CODE_CHARACTERS)]


class GmailConsent(BaseModel):
    """Google's consent page."""

    authorization_url: str = Field(
        description="The URL of the page. It is valid for ten minutes, and only for you."
    )


class GmailCode(BaseModel):
    """Google's answer, which the app finds in its URL."""

    model_config = ConfigDict(extra="forbid")
    code: FromGoogle
    state: FromGoogle


class GmailStatus(BaseModel):
    """Whether Gmail is connected."""

    is_connected: bool
    email: str | None = Field(description="The mailbox's address.")
    state: Literal["connected", "reconnect", "none"] = Field(
        description="`reconnect`: Google no longer accepts the consent; connect Gmail again."
    )
    label: str | None = Field(description="The chosen label; null for the one named AudioBrew.")
    offered: bool = Field(description="Whether Gmail can be connected on this server.")


class GmailDisconnected(BaseModel):
    """The result of disconnecting Gmail."""

    success: bool
    message: str


class GmailLabel(BaseModel):
    """A label of the mailbox."""

    id: str
    name: str
    type: str = Field(description="Who created the label.", examples=["user", "system"])


class GmailLabels(BaseModel):
    """All labels of the mailbox."""

    labels: list[GmailLabel]
    audiobrew_label: GmailLabel | None = Field(
        description="The label named AudioBrew, in upper or lower case."
    )
    has_audiobrew_label: bool


class GmailLabelChoice(BaseModel):
    """The label from which newsletters are read."""

    model_config = ConfigDict(extra="forbid")
    label_id: LabelId | None = Field(description="Null for the label named AudioBrew.")


class GmailEmail(BaseModel):
    """A mail with the label. Its id is the same as in the inbox."""

    id: UUID
    subject: str
    from_: str = Field(alias="from", examples=["The Roast <hello@roast.example>"])
    date: AwareDatetime
    snippet: str = Field(description="The beginning of the text, without blocks that are cut.")
    told: bool = Field(description="Whether a finished episode includes it.")
    newsletter: bool = Field(
        description="Whether this is a newsletter. Other mails cannot be brewed."
    )


class GmailEmails(BaseModel):
    """A label's mails, newest first."""

    label_id: str
    emails: list[GmailEmail]
    total: int = Field(description="The number of mails with the label, on all pages.")
