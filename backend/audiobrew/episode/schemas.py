"""The schemas of episodes in the API, where an episode is called a podcast."""

from enum import StrEnum
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StrictBool, StringConstraints
from typing_extensions import TypeAliasType

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
)
from audiobrew.db.stages import Stage as Stages
from audiobrew.episode.playback_schemas import PLAYBACK_DESCRIPTION, Playback
from audiobrew.episode.preferences import preferable, without_default
from audiobrew.http.fields import Dollars, Hosts, Language, Whole
from audiobrew.http.time_zone import Zone
from audiobrew.inbox import coverage
from audiobrew.inbox.schemas import BlockLink, EarlierSentence
from audiobrew.mail.newsletter import BlockKind
from audiobrew.script.script import DropReason, Outcome, Speaker
from audiobrew.script.script import Kind as ScriptKind
from audiobrew.script.writer import HostRoles, ShowStyle, SuspectReason

Title = Annotated[
    str, StringConstraints(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]+$")
]

REVIEW_DESCRIPTION = (
    "Whether the script waits until you have read it: `awaits_review` is true then, and `POST"
    " /api/podcast/{id}/speak` goes on."
)


class Stage(StrEnum):
    """Where an episode is. The last three are final, though a failed or cancelled episode can be retried."""

    # Clients were promised these values. An episode in review is published as checking, with `awaits_review`.
    WAITING = Stages.WAITING.value
    GATHERING = Stages.GATHERING.value
    PLANNING = Stages.PLANNING.value
    WRITING = Stages.WRITING.value
    CHECKING = Stages.CHECKING.value
    SPEAKING = Stages.SPEAKING.value
    JOINING = Stages.JOINING.value
    READY = Stages.READY.value
    FAILED = Stages.FAILED.value
    CANCELLED = Stages.CANCELLED.value


class BrewRequest(BaseModel):
    """An order. Without `email_ids`, it is for every newsletter that no episode has told yet."""

    model_config = ConfigDict(extra="forbid")
    user_id: UUID | None = Field(
        default=None,
        description="Must be your own id, if you send it: the token already identifies you.",
    )
    email_ids: list[UUID] | None = Field(default=None, min_length=1, max_length=500)
    title: Title | None = Field(default=None, examples=["Tuesday brew"])
    minutes: Whole = preferable(5, "The length in minutes. `/api/config` has the limits.")
    hosts: Hosts = preferable(2)
    style: ShowStyle = preferable(ShowStyle.BRIEFING, "How the show sounds.")
    language: Language | None = preferable(
        None,
        "The language of the whole episode (ISO 639-1). If null, each mail keeps its own language.",
    )
    interests: Interests = preferable("", INTERESTS_DESCRIPTION)
    host_names: HostNames = preferable([], HOST_NAMES_DESCRIPTION)
    host_roles: HostRoles = preferable(HostRoles.SHARED, HOST_ROLES_DESCRIPTION)
    sounds: Sounds = preferable(None, SOUNDS_DESCRIPTION)
    time_zone: Zone | None = Field(
        default=None,
        description="Your time zone, which decides the day in the title. If omitted, the zone of your"
        " preferences applies, else that of your schedule.",
    )
    review: StrictBool = Field(
        default=False, description=REVIEW_DESCRIPTION, json_schema_extra=without_default
    )
    cap_usd: Dollars | None = preferable(
        None,
        "The most that the episode may cost, in US dollars: no call is made that would exceed it."
        " If null, the setting of this service applies.",
    )


class Bill(BaseModel):
    """What an episode has cost so far, with its quote and its cap."""

    quoted_usd: float | None
    cap_usd: float | None
    calls: int
    cost_usd: float = Field(description="The cost of the calls whose results are stored.")
    lost_usd: float = Field(
        description="The most that calls without a result may have cost, because they were cut off."
    )


class Brewing(BaseModel):
    """A brew that was accepted. Its id can be used at once."""

    id: UUID
    status: Literal["processing"]
    message: str


class Podcast(BaseModel):
    """One episode, without its script."""

    id: UUID
    user_id: UUID
    title: str
    status: Stage
    trouble: str | None = Field(
        description="Why the episode failed, and what to do. Null unless it failed."
    )
    trouble_type: str | None = Field(
        description="The type of the problem that made the episode fail, such as `/problems/cap-reached`."
    )
    retriable: bool = Field(description="Whether the episode can be retried.")
    awaits_review: bool = Field(
        default=False, description="Whether the script waits for you to read it."
    )
    note: str | None = Field(
        description="A remark about the finished episode, for example why it is short."
    )
    audio_url: str | None = Field(
        description="A signed URL that expires. Null until the episode is ready."
    )
    duration: int | None = Field(description="The length of the file in whole seconds.")
    seconds: float | None = Field(
        description="The length of the file in seconds, exact to the frame."
    )
    minutes: int = Field(description="The ordered length.")
    hosts: int
    style: Style
    show_style: ShowStyle = Field(description=SHOW_STYLE_DESCRIPTION)
    language: str | None
    interests: str = Field(description="As ordered; empty if there are none.")
    host_names: list[str] = Field(description=HOST_NAMES_DESCRIPTION)
    host_roles: HostRoles = Field(default=HostRoles.SHARED, description=HOST_ROLES_DESCRIPTION)
    sounds: bool | None = Field(
        default=None,
        description="Whether short sounds open and close it and separate its stories. Null if it was ordered"
        " before listeners could choose.",
    )
    source_emails: int = Field(
        description="The number of newsletters that the episode was made from."
    )
    newsletters_told: int | None = Field(
        description="How many of these newsletters the episode tells, including those that earlier episodes"
        " told completely. The others come first in the next order. Null until the episode is ready, or if it"
        " is not known."
    )
    created_at: AwareDatetime
    updated_at: AwareDatetime
    playback: Playback | None = Field(default=None, description=PLAYBACK_DESCRIPTION)


class LeftOut(StrEnum):
    """Why an episode does not tell a newsletter."""

    # Clients were promised these values. A repeat is published as `repeat_of`.
    TIME = coverage.LeftOut.TIME.value
    LANGUAGE = coverage.LeftOut.LANGUAGE.value
    EMPTY = coverage.LeftOut.EMPTY.value
    REFUSED = coverage.LeftOut.REFUSED.value


class EpisodeNewsletter(BaseModel):
    """A newsletter that an episode was ordered from."""

    mail_id: UUID
    sender: str
    subject: str
    told: bool | None = Field(
        description="Whether at least one sentence comes from it. Null until the episode is ready."
    )
    left_out: LeftOut | None = Field(
        description="Why it is not told: `time` (there was no time left; it comes first in the next order),"
        " `language` (the voice does not speak its language), `empty` (it has nothing to tell) or"
        " `refused` (the gate dropped every sentence about it)."
    )
    repeat_of: EarlierSentence | None = Field(
        default=None,
        description="Where an earlier episode told what it says, if there is nothing new in it.",
    )


class PodcastWithScript(Podcast):
    """One episode with its script as text, its newsletters, and its bill."""

    script_markdown: str
    newsletters: list[EpisodeNewsletter] = Field(description="In the order in which they are told.")
    bill: Bill


class PodcastPatch(BaseModel):
    """Changes to an episode. Omitted fields stay unchanged."""

    model_config = ConfigDict(extra="forbid")
    title: Title | None = None
    cap_usd: Dollars | None = Field(
        default=None,
        description="The new cap, in US dollars. If null, the setting of this service applies.",
    )


class Kind(StrEnum):
    """A `sourced` sentence cites blocks. A greeting, hand-over or sign-off states no facts. `before`: from an
    imported episode of the old application, which recorded no sources."""

    # Clients were promised these values. A link of the script is published as a hand-over with `link`.
    SOURCED = ScriptKind.SOURCED.value
    GREETING = ScriptKind.GREETING.value
    HANDOVER = ScriptKind.HANDOVER.value
    SIGNOFF = ScriptKind.SIGNOFF.value
    BEFORE = ScriptKind.BEFORE.value


class SentenceVerdict(BaseModel):
    """Whether a sentence's sources support it.

    `replaced`: a model's sentence failed twice, and this one is the nearest sentence of the sources.
    """

    outcome: Outcome
    words: str = Field(description="The words that decide. Empty if the sources support all of it.")


class SpokenSentence(BaseModel):
    """One sentence: who says it, when, and which blocks it comes from."""

    id: int
    text: str
    speaker: Speaker
    kind: Kind
    link: bool = Field(
        default=False,
        description="Whether a host says it in their own words: a reaction, a question or a bridge.",
    )
    start: float | None = Field(description="In seconds of the episode. Null until it is recorded.")
    end: float | None
    cites: list[str] = Field(description="The ids of the blocks in `sources` that it cites.")
    verdict: SentenceVerdict | None = Field(
        default=None,
        description="What a model says of it beside its sources. Null if it is their own sentence, or if the "
        "episode was written without a model.",
    )
    unclear: list[str] = Field(
        default=[],
        description="The names and figures that are hard to understand, if the service listens to what it "
        "speaks.",
    )


class ScriptSegment(BaseModel):
    """One story, which is one chapter of the episode."""

    title: str
    language: str
    start: float | None
    end: float | None
    chosen_because: list[str] = Field(
        default=[], description="The words of the listener's interests that the story has."
    )
    sentences: list[SpokenSentence]
    update_of: EarlierSentence | None = Field(
        default=None,
        description="Where an earlier episode told this story, if the segment tells only what is new.",
    )


class Source(BaseModel):
    """A block that a sentence cites."""

    block_id: str
    mail_id: UUID
    sender: str
    sender_domain: str | None = Field(
        description="The domain of the address in the mail's From field: anyone can choose any sender name."
        " Null if the mail has no address, and for older episodes."
    )
    subject: str
    kind: BlockKind
    text: str
    links: list[BlockLink]


class Why(StrEnum):
    """Why a sentence is not told: the gate dropped it for this reason, or there was no time left."""

    # The name that the contract publishes for `DropReason`.
    FIGURE = DropReason.FIGURE.value
    NAME = DropReason.NAME.value
    QUOTATION = DropReason.QUOTATION.value
    NO_SOURCE = DropReason.NO_SOURCE.value
    CUT_SOURCE = DropReason.CUT_SOURCE.value
    FRAMING = DropReason.FRAMING.value
    TIME = DropReason.TIME.value


class DroppedSentence(BaseModel):
    """A sentence that is not told, and the parts of it that have no source."""

    text: str
    why: Why
    found: list[str]
    cites: list[str]


class RemovedSentence(BaseModel):
    """A sentence that the listener removed, and the number of its segment, from 0."""

    id: int
    segment: int
    text: str


class ScriptReview(BaseModel):
    """How long a script in review is, and what it will cost to speak it."""

    seconds: float
    cost_usd: float | None = Field(description="Null if the price of the voice is not known.")


class SentencePatch(BaseModel):
    """A change to one sentence of a script in review. Omitted fields stay unchanged."""

    model_config = ConfigDict(extra="forbid")
    text: Annotated[
        str | None,
        Field(
            min_length=1,
            max_length=1000,
            pattern=r"\S",
            description="The new text. It is refused if the sources of the sentence do not say so.",
        ),
    ] = None
    removed: StrictBool | None = Field(
        default=None, description="Whether the sentence is left out."
    )


class RepeatedSentence(BaseModel):
    """What is not told, because an earlier episode told it."""

    text: str
    cites: list[str]
    repeat_of: EarlierSentence


class SuspectSentence(BaseModel):
    """A text of a newsletter that is not told, because it resembles `advertising` or `housekeeping`: what a
    newsletter sells, or says of itself."""

    text: str
    cites: list[str]
    resembles: SuspectReason


class EpisodeScript(BaseModel):
    """The sentences of an episode, their sources, and the sentences that were dropped."""

    episode_id: UUID
    language: str | None
    segments: list[ScriptSegment]
    sources: list[Source]
    dropped: list[DroppedSentence]
    removed: list[RemovedSentence] = Field(
        default_factory=list, description="The sentences that you removed from the script."
    )
    review: ScriptReview | None = Field(
        default=None, description="The present length and cost of a script that waits for you."
    )
    repeats: list[RepeatedSentence] = Field(
        default=[], description="Sentences of the newsletters that earlier episodes told."
    )
    suspects: list[SuspectSentence] = Field(
        default=[],
        description="What resembles advertising or housekeeping. To hear such blocks in later episodes, send"
        " them as `restore` to `PATCH /api/mail/{id}`.",
    )


SECONDS_LEFT_DESCRIPTION = (
    "About how many seconds the brew still takes, measured from the clips that it has finished since this"
    " stream began. It is known in the stage `speaking`, after two clips, and null otherwise."
)


class BrewProgress(BaseModel):
    """The progress of a brew."""

    event: Literal["progress"]
    stage: Stage
    done: int = Field(description="The number of parts of this stage that are done.")
    total: int = Field(description="The number of parts of this stage. 0 if it has no parts.")
    percent: int = Field(ge=0, le=100, description="The progress of the whole brew.")
    awaits_review: bool = Field(
        default=False, description="Whether the script waits for you to read it."
    )
    seconds_left: int | None = Field(default=None, ge=0, description=SECONDS_LEFT_DESCRIPTION)


class BrewEnd(BaseModel):
    """The end of a brew. It is the last event."""

    event: Literal["end"]
    stage: Stage
    percent: int = Field(ge=0, le=100)
    trouble: str | None
    trouble_type: str | None


BrewEvent = TypeAliasType(
    "BrewEvent", Annotated[BrewProgress | BrewEnd, Field(discriminator="event")]
)


class OpenBrew(BaseModel):
    """The progress of one of your brews."""

    podcast_id: UUID
    stage: Stage
    done: int = Field(description="The number of parts of this stage that are done.")
    total: int = Field(description="The number of parts of this stage. 0 if it has no parts.")
    percent: int = Field(ge=0, le=100, description="The progress of the whole brew.")
    awaits_review: bool = Field(
        default=False, description="Whether the script waits for you to read it."
    )
    seconds_left: int | None = Field(default=None, ge=0, description=SECONDS_LEFT_DESCRIPTION)


class OpenBrews(BaseModel):
    """Every brew that has not ended. It is the first event, and comes again after many missed events."""

    event: Literal["snapshot"]
    brews: list[OpenBrew]


class PodcastProgress(OpenBrew):
    """The progress of a brew. For a brew that was ordered by another client, it is the first event."""

    event: Literal["progress"]


class PodcastEnd(BaseModel):
    """An episode is ready, failed or cancelled. A retry sends progress again."""

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
    """One chapter in the format of Podcasting 2.0."""

    model_config = ConfigDict(populate_by_name=True, serialize_by_alias=True)
    start_time: float = Field(alias="startTime")
    end_time: float = Field(alias="endTime")
    title: str


class Chapters(BaseModel):
    """The chapters in the format of Podcasting 2.0."""

    version: Literal["1.2.0"]
    title: str
    chapters: list[Chapter]
