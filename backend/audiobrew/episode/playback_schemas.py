"""Request and response bodies of positions in episodes, and of what comes up next."""

from typing import Annotated
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, StrictBool

from audiobrew.http.fields import reject_non_numbers

# An episode is shorter than a day.
MAX_SECONDS = 86_400
# A device that was offline sends its positions later, but not years later.
MAX_AGE_SECONDS = 366 * 86_400
MAX_QUEUE = 100

PLAYBACK_DESCRIPTION = (
    "How far you have heard it, on whichever device. Null if it was never played."
)
FILTER_DESCRIPTION = (
    "Only episodes that you have not begun (`new`), begun (`unfinished`) or finished (`played`)."
)
Seconds = Annotated[float, Field(ge=0, le=MAX_SECONDS), BeforeValidator(reject_non_numbers)]
Age = Annotated[float, Field(ge=0, le=MAX_AGE_SECONDS), BeforeValidator(reject_non_numbers)]


class Playback(BaseModel):
    """How far an episode was heard."""

    seconds: float = Field(description="From the beginning.")
    finished: bool = Field(
        description="Whether it counts as played. It then begins at its beginning again."
    )
    heard_at: AwareDatetime = Field(description="When the listener was there.")
    client: str = Field(
        description="The browser in which it was heard, such as `Firefox on Android`. Empty if unknown."
    )


class PlaybackRequest(BaseModel):
    """Where the listener is, or was."""

    model_config = ConfigDict(extra="forbid")
    seconds: Seconds = Field(description="From the beginning of the episode.")
    finished: StrictBool = Field(default=False, description="Whether the episode counts as played.")
    age_seconds: Age = Field(
        default=0,
        description="How long ago that was. An age needs no clock that agrees with this service's.",
    )


class Queue(BaseModel):
    """The episodes that come up next, in order."""

    model_config = ConfigDict(extra="forbid")
    episode_ids: list[UUID] = Field(max_length=MAX_QUEUE)
