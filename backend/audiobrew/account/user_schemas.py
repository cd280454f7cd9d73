"""Request and response bodies of a listener's account."""

from typing import Any, Self
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from audiobrew.account.show_fields import (
    HOST_NAMES_DESCRIPTION,
    HOST_ROLES_DESCRIPTION,
    INTERESTS_DESCRIPTION,
    SHOW_STYLE_DESCRIPTION,
    SOUNDS_DESCRIPTION,
    HostNames,
    Interests,
    Sounds,
    Style,
    choose_style,
    stored_style,
)
from audiobrew.http.fields import Dollars, Hosts, Language, Minutes, Speed
from audiobrew.http.time_zone import Zone
from audiobrew.script.writer import HostRoles, ShowStyle

LANGUAGE_DESCRIPTION = "ISO 639-1; null for the language of the mails."
DELETION_MESSAGE = (
    "Your account is being deleted, with your mails, episodes and feeds. It takes a minute or two."
)
CAP_DESCRIPTION = (
    "The most that an episode may cost, in US dollars; null for the setting of this service."
)


class PreferenceFields(BaseModel):
    """The preferences but for the style, which answers name in two ways."""

    minutes: Minutes = 5
    hosts: Hosts = 2
    language: Language | None = Field(default=None, description=LANGUAGE_DESCRIPTION)
    zone: Zone = "UTC"
    cap_usd: Dollars | None = Field(default=None, description=CAP_DESCRIPTION)
    interests: Interests = Field(default="", description=INTERESTS_DESCRIPTION)
    host_names: HostNames = Field(default=[], description=HOST_NAMES_DESCRIPTION)
    host_roles: HostRoles = Field(default=HostRoles.SHARED, description=HOST_ROLES_DESCRIPTION)
    sounds: Sounds = Field(default=None, description=SOUNDS_DESCRIPTION)
    speed: Speed = Field(
        default=1.0, description="How fast the app plays episodes; 1 is as spoken."
    )


class Preferences(PreferenceFields):
    """Defaults for what an order or a schedule leaves out, which the app also suggests."""

    style: Style = Style.BRIEFING
    show_style: ShowStyle = Field(default=ShowStyle.BRIEFING, description=SHOW_STYLE_DESCRIPTION)

    @classmethod
    def of(cls, stored: dict[str, Any]) -> Self:
        """The stored preferences with the defaults for those that are not stored."""
        style = choose_style(stored.get("style", Style.BRIEFING), stored.get("show_style"))
        return cls.model_validate(stored | {"show_style": style})


class PreferenceChanges(PreferenceFields):
    """Omitted preferences stay unchanged."""

    model_config = ConfigDict(extra="forbid")
    style: ShowStyle = ShowStyle.BRIEFING
    show_style: ShowStyle | None = Field(
        default=None,
        description="For clients that send back what they received: it counts as long as `style` is the"
        " closest to it.",
    )

    def to_stored(self) -> dict[str, Any]:
        """The changed preferences as they are stored."""
        styles = {"style", "show_style"}
        changes = self.model_dump(mode="json", exclude_unset=True, exclude=styles)
        if styles & self.model_fields_set:
            style = self.style
            if self.show_style:
                is_set = "style" in self.model_fields_set
                style = choose_style(style, self.show_style) if is_set else self.show_style
            changes |= stored_style(style)
        return changes


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
