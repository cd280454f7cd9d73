"""The schemas of episodes in the API, where an episode is called a podcast."""

from datetime import date
from enum import StrEnum
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints
from typing_extensions import TypeAliasType

from audiobrew.db.stages import Stage
from audiobrew.http.fields import Dollars, Hosts, Language, Whole
from audiobrew.http.time_zone import Zone
from audiobrew.inbox.coverage import LeftOut
from audiobrew.inbox.schemas import BlockLink
from audiobrew.mail.newsletter import BlockKind
from audiobrew.script.script import DropReason, Kind, Speaker
from audiobrew.script.writer import Style

Title = Annotated[
    str, StringConstraints(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]+$")
]


LEFT_OUT = "Left out: as your account prefers."


def preferable(default: Any, description: str = "") -> Any:
    """A field that takes its value from the listener's preferences if it is left out.

    The schema shows no default: clients would send it, and we could not tell that the field was left out.
    """
    return Field(
        default=default,
        description=f"{description} {LEFT_OUT}".strip(),
        json_schema_extra=_without_default,
    )


def _without_default(schema: dict[str, Any]) -> None:
    schema.pop("default", None)


class BrewRequest(BaseModel):
    """What to brew. Without `email_ids`: every newsletter that no episode has told yet."""

    model_config = ConfigDict(extra="forbid")
    user_id: UUID | None = Field(
        default=None, description="Only your own; the token says who you are."
    )
    email_ids: list[UUID] | None = Field(default=None, min_length=1, max_length=500)
    title: Title | None = Field(default=None, examples=["Tuesday brew"])
    minutes: Whole = preferable(5, "How long it should be; `/api/config` tells the limits.")
    hosts: Hosts = preferable(2)
    style: Style = preferable(Style.BRIEFING, "One host per story, or a conversation.")
    language: Language | None = preferable(
        None, "Of the whole episode, ISO 639-1; null: each mail keeps its own."
    )
    time_zone: Zone | None = Field(
        default=None,
        description="Where you are, for the day in the title; else that of your preferences or schedule.",
    )
    cap_usd: Dollars | None = preferable(
        None, "No call is made that would make the episode dearer; null: as this service is set up."
    )


class BrewQuote(BaseModel):
    """What an order would cost and how long it would be, before anything is made."""

    newsletters: int
    characters: int = Field(description="Of text that may be told.")
    minutes: int = Field(description="What these newsletters can fill of the minutes asked for.")
    calls: int = Field(description="To models, each counted once.")
    cost_usd: float | None = Field(description="Null when a model has no known price.")
    prices_as_of: date


class Bill(BaseModel):
    """What an episode has cost so far, beside what was said before."""

    quoted_usd: float | None
    cap_usd: float | None
    calls: int
    cost_usd: float = Field(description="Of calls whose answers are kept.")
    lost_usd: float = Field(
        description="At most, for calls that were cut off before their answer arrived."
    )


class Brewing(BaseModel):
    """A brew that has been taken on; its id can be asked for at once."""

    id: UUID
    status: Literal["processing"]
    message: str


class Podcast(BaseModel):
    """One episode, without its script."""

    id: UUID
    user_id: UUID
    title: str
    status: Stage
    trouble: str | None = Field(description="Why it failed, and what to do.")
    trouble_type: str | None = Field(
        description="The type of the problem that made it fail, such as `/problems/cap-reached`."
    )
    retriable: bool = Field(description="Whether another attempt can be asked for.")
    note: str | None = Field(description="Something to know, for example why it is short.")
    audio_url: str | None = Field(description="Signed and expiring; null until it is ready.")
    duration: int | None = Field(description="Whole seconds, measured on the file.")
    seconds: float | None = Field(description="Exact to the frame, measured on the file.")
    minutes: int = Field(description="Asked for.")
    hosts: int
    style: Style
    language: str | None
    source_emails: int = Field(description="How many newsletters it was made from.")
    newsletters_told: int | None = Field(
        description="How many of them it tells; the others come first in the next order. Null until it"
        " is ready, and where it is not known."
    )
    created_at: AwareDatetime
    updated_at: AwareDatetime


class EpisodeNewsletter(BaseModel):
    """A newsletter that an episode was ordered from."""

    mail_id: UUID
    sender: str
    subject: str
    told: bool | None = Field(
        description="Whether at least one sentence comes from it; null until the episode is ready."
    )
    left_out: LeftOut | None = Field(
        description="Why it is not told: `time` (it comes first in the next order), `language` (the voice"
        " does not speak it), `empty` (nothing in it to tell) or `refused` (no sentence held up)."
    )


class PodcastWithScript(Podcast):
    """One episode with its script as text, its newsletters, and its bill."""

    script_markdown: str
    newsletters: list[EpisodeNewsletter] = Field(description="In the order of telling.")
    bill: Bill


class PodcastPatch(BaseModel):
    """What may be changed of an episode; what is left out stays."""

    model_config = ConfigDict(extra="forbid")
    title: Title | None = None
    cap_usd: Dollars | None = Field(
        default=None, description="Raise it before a retry; null: no limit of yours."
    )


class SpokenSentence(BaseModel):
    """One sentence: who says it, when, and which blocks it comes from."""

    id: int
    text: str
    speaker: Speaker
    kind: Kind
    start: float | None = Field(description="Seconds; null until it is spoken.")
    end: float | None
    cites: list[str] = Field(description="Ids of blocks in `sources`.")


class ScriptSegment(BaseModel):
    """One story: one chapter."""

    title: str
    language: str
    start: float | None
    end: float | None
    sentences: list[SpokenSentence]


class Source(BaseModel):
    """A block of a mail that is cited."""

    block_id: str
    mail_id: UUID
    sender: str
    sender_domain: str | None = Field(
        description="Of the address that the mail says it is from: anybody can choose a name. Null when it"
        " says none, and in episodes from before it was kept."
    )
    subject: str
    kind: BlockKind
    text: str
    links: list[BlockLink]


class Why(StrEnum):
    """Why a sentence is not told: what the gate found wrong with it, or that the minutes are full."""

    # The name that the contract publishes for `DropReason`.
    FIGURE = DropReason.FIGURE.value
    NAME = DropReason.NAME.value
    QUOTATION = DropReason.QUOTATION.value
    NO_SOURCE = DropReason.NO_SOURCE.value
    CUT_SOURCE = DropReason.CUT_SOURCE.value
    FRAMING = DropReason.FRAMING.value
    TIME = DropReason.TIME.value


class DroppedSentence(BaseModel):
    """A sentence the gate refused, and what in it had no source."""

    text: str
    why: Why
    found: list[str]
    cites: list[str]


class EpisodeScript(BaseModel):
    """What is said in an episode, where it comes from, and what was refused."""

    episode_id: UUID
    language: str | None
    segments: list[ScriptSegment]
    sources: list[Source]
    dropped: list[DroppedSentence]


class BrewProgress(BaseModel):
    """How far a brew has come."""

    event: Literal["progress"]
    stage: Stage
    done: int = Field(description="Parts of this stage that are done.")
    total: int = Field(description="Parts of this stage; 0 when it has none.")
    percent: int = Field(ge=0, le=100, description="Of the whole brew.")


class BrewEnd(BaseModel):
    """The end of a brew: nothing follows."""

    event: Literal["end"]
    stage: Stage
    percent: int = Field(ge=0, le=100)
    trouble: str | None
    trouble_type: str | None


BrewEvent = TypeAliasType(
    "BrewEvent", Annotated[BrewProgress | BrewEnd, Field(discriminator="event")]
)


class OpenBrew(BaseModel):
    """How far one of your brews has come."""

    podcast_id: UUID
    stage: Stage
    done: int = Field(description="Parts of this stage that are done.")
    total: int = Field(description="Parts of this stage; 0 when it has none.")
    percent: int = Field(ge=0, le=100, description="Of the whole brew.")


class OpenBrews(BaseModel):
    """Every brew that has not ended: the first event, and whenever too much was missed."""

    event: Literal["snapshot"]
    brews: list[OpenBrew]


class PodcastProgress(OpenBrew):
    """How far a brew has come; also the first that is heard of one ordered elsewhere."""

    event: Literal["progress"]


class PodcastEnd(BaseModel):
    """An episode is ready, failed or cancelled. A retry begins with progress again."""

    event: Literal["end"]
    podcast_id: UUID
    stage: Stage
    percent: int = Field(ge=0, le=100)
    trouble: str | None
    trouble_type: str | None


class PodcastGone(BaseModel):
    """An episode was deleted."""

    event: Literal["gone"]
    podcast_id: UUID


PodcastEvent = TypeAliasType(
    "PodcastEvent",
    Annotated[OpenBrews | PodcastProgress | PodcastEnd | PodcastGone, Field(discriminator="event")],
)


class Chapter(BaseModel):
    """One chapter, as Podcasting 2.0 writes it."""

    model_config = ConfigDict(populate_by_name=True, serialize_by_alias=True)
    start_time: float = Field(alias="startTime")
    end_time: float = Field(alias="endTime")
    title: str


class Chapters(BaseModel):
    """Podcasting 2.0 chapters."""

    version: Literal["1.2.0"]
    title: str
    chapters: list[Chapter]
