"""The fields that say how a show sounds: in preferences, orders, schedules and episodes."""

from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator, Field, StrictBool, StringConstraints, WithJsonSchema

from audiobrew.script.host_name import (
    HOST_NAME_PATTERN,
    MAX_HOST_NAME_LENGTH,
    is_host_name,
)
from audiobrew.script.writer import ShowStyle

MAX_INTERESTS_LENGTH = 500
INTERESTS_DESCRIPTION = (
    "What the listener wants to hear about, and how much they know of it, in their own words. Stories that"
    " fit come first."
)
HOST_NAMES_DESCRIPTION = (
    "The names of the first and the second host, who introduce themselves with them. An empty name stands"
    " for a host without one."
)
HOST_ROLES_DESCRIPTION = (
    "What two hosts do: both tell stories, or one asks and leads through the show, and the other one tells"
    " every story."
)
SOUNDS_DESCRIPTION = (
    "Whether short sounds open and close an episode and separate its stories; null for the setting of this"
    " service."
)
SHOW_STYLE_DESCRIPTION = (
    "How the show sounds. `style` is the closest of the two styles that the first version had."
)


class Style(StrEnum):
    """In a briefing, one host tells each story. In a conversation, the hosts take turns within a story."""

    # Clients were promised that an answer has one of these values. Its `show_style` has all.
    BRIEFING = ShowStyle.BRIEFING.value
    CONVERSATION = ShowStyle.CONVERSATION.value


CLOSEST_STYLES = {
    ShowStyle.BRIEFING: Style.BRIEFING,
    ShowStyle.CONVERSATION: Style.CONVERSATION,
    ShowStyle.INTERVIEW: Style.CONVERSATION,
    ShowStyle.DEEP_DIVE: Style.BRIEFING,
}


def stored_style(style: ShowStyle) -> dict[str, str]:
    """The style in two values, so that a version that knows only the first two styles can read it."""
    return {"style": CLOSEST_STYLES[style].value, "show_style": style.value}


def choose_style(style: str, show_style: str | None) -> ShowStyle:
    """The style that both say: `show_style` counts as long as `style` is the closest to it.

    A client or a version that knows only `style` may have changed it alone.
    """
    if show_style and CLOSEST_STYLES[ShowStyle(show_style)] == style:
        return ShowStyle(show_style)
    return ShowStyle(style)


def check_host_name(name: str) -> str:
    """Raises ValueError for what is not a plain name."""
    name = " ".join(name.split())
    if not is_host_name(name):
        raise ValueError(
            f"must be a name of letters, with at most {MAX_HOST_NAME_LENGTH} characters"
        )
    return name


HostName = Annotated[
    str,
    AfterValidator(check_host_name),
    WithJsonSchema(
        {"type": "string", "maxLength": MAX_HOST_NAME_LENGTH, "pattern": HOST_NAME_PATTERN}
    ),
]
HostNames = Annotated[list[HostName], Field(max_length=2)]
Sounds = StrictBool | None
# Free text of several lines, without control characters.
Interests = Annotated[
    str,
    StringConstraints(max_length=MAX_INTERESTS_LENGTH, pattern=r"^[^\x00-\x08\x0b-\x1f\x7f]*$"),
    AfterValidator(str.strip),
]
