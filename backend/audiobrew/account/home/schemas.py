"""Request and response bodies of accounts on a server of one's own."""

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from audiobrew.account.home.names import MAX_CHARACTERS
from audiobrew.account.home.passwords import MAX_CHARACTERS as MAX_PASSWORD_CHARACTERS
from audiobrew.account.schemas import Code
from audiobrew.http.fields import PRINTABLE

AccountName = Annotated[
    str, StringConstraints(min_length=1, max_length=MAX_CHARACTERS, pattern=PRINTABLE)
]
Password = Annotated[str, StringConstraints(min_length=1, max_length=MAX_PASSWORD_CHARACTERS)]
Label = Annotated[
    str, StringConstraints(max_length=100, pattern=PRINTABLE), AfterValidator(str.strip)
]
RoleName = Literal["owner", "listener"]
PASSKEY_DESCRIPTION = "The browser's `PublicKeyCredential`, as its `toJSON()` returns it."
OPTIONS_DESCRIPTION = (
    "For `PublicKeyCredential.parseCreationOptionsFromJSON()` or `parseRequestOptionsFromJSON()`."
)


class Form(BaseModel):
    model_config = ConfigDict(extra="forbid")


class InvitationCode(Form):
    """The code of an invitation, from the end of its link."""

    code: Code


class InvitationDetails(BaseModel):
    """An open invitation."""

    role: RoleName
    expires_at: AwareDatetime


class NewAccountName(InvitationCode):
    """The name of a new account, for the passkey that will open it."""

    name: AccountName


class ProviderSignIn(Form):
    """What the provider's address back to the app contains. The browser's cookie belongs to it."""

    code: Annotated[str, StringConstraints(min_length=1, max_length=4096)]
    state: Annotated[str, StringConstraints(min_length=1, max_length=100)]
    iss: Annotated[str, StringConstraints(max_length=500)] | None = Field(
        default=None, description="The issuer, if the address contains it."
    )


class ProviderAddress(BaseModel):
    """Where the browser goes to sign in. The provider sends it back to `/dashboard` with a code."""

    url: str


class NewAccount(NewAccountName):
    """A new account. It needs a password, a passkey, or an account at the provider."""

    password: Password | None = None
    passkey: dict[str, Any] | None = Field(default=None, description=PASSKEY_DESCRIPTION)
    passkey_name: Label = ""
    provider: ProviderSignIn | None = None


class PasskeyOptions(BaseModel):
    """What the browser's passkey dialog needs."""

    options: dict[str, Any] = Field(description=OPTIONS_DESCRIPTION)


class PasswordSignIn(Form):
    """A name and a password."""

    name: AccountName
    password: Password


class PasskeySignIn(Form):
    """The browser's answer to the options of a sign-in."""

    passkey: dict[str, Any] = Field(description=PASSKEY_DESCRIPTION)


class Passkey(BaseModel):
    """A passkey of an account."""

    id: UUID
    name: str
    created_at: AwareDatetime
    used_at: AwareDatetime | None = Field(description="Null if it was never used to sign in.")


class SignedInBrowser(BaseModel):
    """A session of an account."""

    id: UUID
    client: str = Field(description='Such as "Firefox on Android"; empty if it is not known.')
    created_at: AwareDatetime
    current: bool = Field(description="Whether this request was made with it.")


class HomeAccount(BaseModel):
    """Your account on this server, and the ways to sign in to it."""

    name: str
    role: RoleName
    has_password: bool
    passkeys: list[Passkey]
    provider_name: str | None = Field(
        description="The name of the account at the provider with which you sign in; null if there is none."
    )
    sessions: list[SignedInBrowser]


class PasswordChange(Form):
    """A new password; null removes it. All other sessions end."""

    new: Password | None
    current: Password | None = Field(
        default=None, description="The present password, if the account has one."
    )


class NewPasskey(Form):
    """A passkey for an existing account."""

    passkey: dict[str, Any] = Field(description=PASSKEY_DESCRIPTION)
    name: Label = ""


class Person(BaseModel):
    """Somebody with an account on this server."""

    id: UUID
    name: str
    role: RoleName
    created_at: AwareDatetime


class InvitationRequest(Form):
    """`note` reminds you for whom the invitation is."""

    note: Label = ""


class Invitation(BaseModel):
    """An invitation that was sent and not used yet."""

    id: UUID
    note: str
    created_at: AwareDatetime
    expires_at: AwareDatetime


class NewInvitation(BaseModel):
    """A new invitation. Its link is only returned here, opens one account, and expires."""

    link: str
    expires_at: AwareDatetime


class SignInLink(BaseModel):
    """A one-time link that signs this person in, for somebody who lost every other way."""

    link: str
    expires_at: AwareDatetime
