"""Request and response bodies of a listener's account."""

from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from audiobrew.http.fields import Dollars, Hosts, Language, Minutes
from audiobrew.http.time_zone import Zone
from audiobrew.script.writer import Style

LANGUAGE_DESCRIPTION = "ISO 639-1; null for the language of the mails."
DELETION_MESSAGE = (
    "Your account is being deleted, with your mails, episodes and feeds. It takes a minute or two."
)
CAP_DESCRIPTION = (
    "The most that an episode may cost, in US dollars; null for the setting of this service."
)


class Preferences(BaseModel):
    """Defaults for what an order or a schedule leaves out, which the app also suggests."""

    minutes: Minutes = 5
    hosts: Hosts = 2
    style: Style = Style.BRIEFING
    language: Language | None = Field(default=None, description=LANGUAGE_DESCRIPTION)
    zone: Zone = "UTC"
    cap_usd: Dollars | None = Field(default=None, description=CAP_DESCRIPTION)


class PreferenceChanges(Preferences):
    """Omitted preferences stay unchanged."""

    model_config = ConfigDict(extra="forbid")


class UserPatch(BaseModel):
    """Changes to an account."""

    model_config = ConfigDict(extra="forbid")
    preferences: PreferenceChanges


class User(BaseModel):
    """A listener's account."""

    id: UUID
    created_at: AwareDatetime
    preferences: Preferences
    mailbox_connected: bool = Field(description="Whether a Gmail mailbox is connected.")


class UserDeleted(BaseModel):
    """What happens next."""

    message: str
