"""Request and response bodies of sources."""

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

from audiobrew.http.fields import PRINTABLE, trim
from audiobrew.sources.gmail.schemas import GmailLabel, LabelId

SourceName = Annotated[
    str,
    StringConstraints(min_length=1, max_length=100, pattern=PRINTABLE),
    AfterValidator(trim),
]
HostName = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True, max_length=253, pattern=r"^[A-Za-z0-9]([A-Za-z0-9.:-]*[A-Za-z0-9])?$"
    ),
]
User = Annotated[str, StringConstraints(min_length=1, max_length=320), AfterValidator(trim)]
Secret = Annotated[str, StringConstraints(min_length=1, max_length=500)]
Folder = Annotated[str, StringConstraints(min_length=1, max_length=500)]
Fingerprint = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Address = Annotated[str, StringConstraints(min_length=1, max_length=2000), AfterValidator(trim)]


class Form(BaseModel):
    model_config = ConfigDict(extra="forbid")


class SourceConfirmation(BaseModel):
    """What an email to an own address asks you to confirm. AudioBrew never opens its link."""

    number: int
    kind: Literal["subscription", "forwarding"] = Field(
        description="`forwarding`: Gmail asks whether it may forward emails to the address."
    )
    sender: str
    url: str | None = Field(description="What to open. It comes from the email.")
    host: str = Field(description="The host of `url`; empty without one.")
    code: str | None = Field(description="What to enter at Gmail instead.")
    created_at: AwareDatetime


class NewSender(BaseModel):
    """A sender whose emails are told only if you say so."""

    number: int
    sender: str
    address: str
    created_at: AwareDatetime


class SenderDecision(Form):
    """Whether a sender sends newsletters. Becomes a rule, also for the emails that have arrived."""

    newsletter: StrictBool


class MailServer(Form):
    """A mail server, and how its connections are encrypted."""

    host: HostName
    port: int = Field(default=993, ge=1, le=65535)
    security: Literal["tls", "starttls"] = "tls"


class MailServerCertificate(BaseModel):
    """The certificate that a mail server shows."""

    sha256: str = Field(description="Its fingerprint, in hexadecimal digits.")
    subject: str = Field(description="Whom it names, as it says itself; empty if it says nothing.")
    valid_until: AwareDatetime | None


class MailboxServer(BaseModel):
    """The mail server of a mailbox, and the certificate that you trust there."""

    host: str
    port: int
    security: Literal["tls", "starttls", "none"]
    certificate_sha256: str | None = Field(
        description="The fingerprint of the only certificate that you trust there; null for those that are"
        " valid for its name."
    )


class NewsletterSource(BaseModel):
    """Where mails come from, and how the last look at it went."""

    id: UUID
    kind: Literal["imap", "feed", "gmail", "address"]
    name: str
    address: str = Field(
        description="The mailbox's user and folder, the address of a Gmail mailbox, the feed's URL, or the"
        " address at which newsletters arrive. The last one is secret: who knows it can send you newsletters."
        " Empty if the server lost its key."
    )
    state: Literal["waiting", "reading", "up_to_date", "trouble", "stopped", "paused"] = Field(
        description="`trouble`: the last look failed, and the next one may succeed. `stopped`: there are no"
        " more looks until you change the source, or ask for one. `paused`: you want no more looks."
    )
    message: str = Field(description="The state in a sentence, for the listener.")
    trouble_type: str | None = Field(description="The type of the problem of the last look.")
    mails: int = Field(description="Newsletters that came from it.")
    new_mails: int = Field(description="Newsletters that the last look found.")
    position: int = Field(description="Mails that a long look has looked at so far.")
    total: int = Field(description="Of this many; 0 if no long look goes on.")
    server: MailboxServer | None = Field(description="The mail server of a mailbox.")
    label: str | None = Field(
        description="The id of the label that is read; null for the one named AudioBrew, and without Gmail."
    )
    asks_for_senders: bool = Field(
        description="Whether new senders of an own address wait for you in `new_senders`."
    )
    confirmations: list[SourceConfirmation] = Field(
        description="What emails to an own address ask you to confirm, in the last 14 days."
    )
    new_senders: list[NewSender] = Field(description="The first 50 senders that wait for you.")
    looked_at: AwareDatetime | None
    succeeded_at: AwareDatetime | None = Field(
        description="When a look last succeeded, or an email last arrived at an own address."
    )
    created_at: AwareDatetime


class ImapServer(Form):
    """How to reach a mailbox."""

    host: HostName
    port: int = Field(default=993, ge=1, le=65535)
    security: Literal["tls", "starttls", "none"] = Field(
        default="tls", description="`none` only within a private network."
    )
    user: User
    password: Secret = Field(description="Usually an app password. It is stored encrypted.")
    certificate_sha256: Fingerprint | None = Field(
        default=None,
        description="Trust the certificate with this fingerprint and no other one, instead of those that are"
        " valid for the name of the server. The owner of the server has to allow private addresses.",
    )


class ImapSource(ImapServer):
    """A folder of a mailbox."""

    folder: Folder = "INBOX"
    name: SourceName | None = None
    keeps_others: bool = Field(
        default=False, description="Also keep mails that do not look like newsletters."
    )


class ImapFolders(BaseModel):
    """The folders of a mailbox."""

    folders: list[str]


class ImapSettings(BaseModel):
    """What is known about the mail server of an address."""

    provider: str = Field(description="The provider's name; empty if it is not known.")
    host: str = Field(description="Empty if a mailbox there cannot be read in this way.")
    port: int
    security: Literal["tls", "starttls"]
    is_own_server: bool = Field(
        description="Whether you run the server yourself, so that host and port may be other ones."
    )
    help: str = Field(description="What to do first, such as making an app password.")
    help_url: str


class SourceLabels(BaseModel):
    """The labels of a Gmail mailbox."""

    labels: list[GmailLabel]
    has_audiobrew_label: bool = Field(
        description="Whether one is named AudioBrew, in upper or lower case."
    )


class FeedSource(Form):
    """The address of a feed, or of a site that has one."""

    address: Address
    name: SourceName | None = None


class AddressSource(Form):
    """An address of your own. It begins with the name, as far as an address can have its letters."""

    name: SourceName = Field(default="Newsletters")


class SourcePatch(Form):
    """Changes to a source. Omitted fields stay."""

    name: SourceName | None = None
    password: Secret | None = None
    asks_for_senders: StrictBool | None = Field(
        default=None, description="Of an own address: whether you are asked about new senders."
    )
    label: LabelId | Literal[""] | None = Field(
        default=None,
        description="Of Gmail: the id of the label to read. Empty for the label named AudioBrew.",
    )
    certificate_sha256: Fingerprint | Literal[""] | None = Field(
        default=None,
        description="Of a mailbox: the fingerprint of the only certificate to trust. Empty for those that are"
        " valid for the name of its server.",
    )
    paused: StrictBool | None = Field(
        default=None, description="Whether you want no more looks. An own address cannot be paused."
    )


class OpmlImport(Form):
    """A list of feeds from another program."""

    opml: str = Field(min_length=1, max_length=500_000, description="OPML, as text.")


class OpmlFeed(BaseModel):
    """A feed of a list that was not added, and why."""

    url: str
    reason: str


class OpmlResult(BaseModel):
    """What became of a list of feeds."""

    added: list[NewsletterSource]
    skipped: list[OpmlFeed]
