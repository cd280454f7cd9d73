"""The port for script writers. A writer first plans the stories and their order, then writes each story."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from http import HTTPStatus
from itertools import pairwise
from typing import Protocol

from audiobrew.mail.mail import MailSize
from audiobrew.mail.newsletter import Newsletter
from audiobrew.models.usage import CallOnce, Usage
from audiobrew.problems import Problem
from audiobrew.script.earlier_episodes import EarlierSentence, HeardStory
from audiobrew.script.host_name import other_host
from audiobrew.script.script import Difference, Rejection, Segment, Sentence, Speaker, Verdict

# Characters of text per second of audio, for languages whose pace the voice does not know.
DEFAULT_PACE = 15.0


class NothingToTell(Problem):
    """These mails contain no newsletter, or only text that is cut."""

    type = "nothing-to-tell"
    status = HTTPStatus.CONFLICT


class ShowStyle(StrEnum):
    """How a show sounds.

    In a briefing, one host tells each story. In a conversation, the hosts take turns within a story. In an
    interview, one host asks and the other one answers. A deep dive tells few stories at length.
    """

    BRIEFING = "briefing"
    CONVERSATION = "conversation"
    INTERVIEW = "interview"
    DEEP_DIVE = "deep_dive"


class HostRoles(StrEnum):
    """What two hosts do: both tell stories, or one asks and leads through the show, and the other one tells.

    With one host it has no effect.
    """

    SHARED = "shared"
    FIRST_ASKS = "first_asks"
    SECOND_ASKS = "second_asks"


@dataclass(frozen=True, slots=True)
class Breaks:
    """Seconds in which nobody speaks: at the beginning and end together, between two stories, and between
    two in different languages."""

    edges: float = 0.0
    story: float = 0.0
    language: float = 0.0

    def seconds(self, languages: Sequence[str]) -> float:
        """All breaks of an episode with stories in these languages, in this order."""
        changes = sum(one != other for one, other in pairwise(languages))
        same = max(0, len(languages) - 1) - changes
        return self.edges + same * self.story + changes * self.language


@dataclass(frozen=True, slots=True)
class Brief:
    """What the listener ordered.

    `pace` maps a language to characters of shown text per second of finished audio, as measured for the
    voice. It turns minutes, less `breaks`, into a budget of characters. `language` (ISO 639-1) is the
    language of the whole script; without it each story keeps the language of its mail. `first` holds the
    digests of newsletters that come before the others, in this order, when there is not enough time for
    all; `always_first` those of newsletters that open the show, as the listener wants it of every episode.
    `interests` is what the listener wrote about topics and level, and `host_names` are the names of the
    first and the second host; both may be empty. `host_roles` says what the two do. `memory` are
    stories of earlier episodes that these newsletters may tell again; `again` holds the digests of
    newsletters that are told all the same, because the listener ordered them once more. `is_selection`:
    the listener chose the newsletters, so one without anything new is told again, too.
    """

    minutes: int
    show: str
    day: date
    pace: dict[str, float]
    hosts: int = 2
    style: ShowStyle = ShowStyle.BRIEFING
    language: str | None = None
    first: tuple[str, ...] = ()
    interests: str = ""
    host_names: tuple[str, ...] = ()
    host_roles: HostRoles = HostRoles.SHARED
    memory: tuple[HeardStory, ...] = ()
    again: tuple[str, ...] = ()
    is_selection: bool = False
    breaks: Breaks = Breaks()
    always_first: tuple[str, ...] = ()

    @property
    def spoken_names(self) -> tuple[str, ...]:
        """The names of the hosts who speak."""
        return self.host_names[: self.hosts]

    def rank(self, digest: str) -> int:
        """The place of a newsletter when time is short: `always_first`, then `first`, then all others."""
        if digest in self.always_first:
            return 0
        return 1 + (self.first.index(digest) if digest in self.first else len(self.first))

    @property
    def asker(self) -> Speaker | None:
        """The host who asks and leads through the show, if the roles name one."""
        if self.hosts == 1 or self.host_roles is HostRoles.SHARED:
            return None
        return Speaker.FIRST if self.host_roles is HostRoles.FIRST_ASKS else Speaker.SECOND

    @property
    def teller(self) -> Speaker | None:
        """The host who tells every story, if the roles name one."""
        return other_host(self.asker) if self.asker else None


@dataclass(frozen=True, slots=True)
class Point:
    """One thing that a newsletter says, and the ids of the blocks that say it."""

    text: str
    newsletter: str  # digest
    blocks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Story:
    """One story in the rundown, told by one or more newsletters.

    `blocks` holds the ids of the blocks that it is made of, newsletter by newsletter, best first.
    `characters` is its budget, framing included. `points` is empty unless a model found them.

    The rest is from the show plan. `lead` is the host who tells it. `bridge` is a link before it, and
    `call_back` one after it; both may be empty. Stories in the round-up are told in a sentence or two.
    `essay`: whether it is told as what its author writes. `handovers`: what is said before each newsletter's
    part, where the plan words it; the first one introduces the round-up. `places`: of the newsletters'
    items, where rules chose them.

    `chosen_because` holds the words of the listener's interests that the story has.

    If an earlier episode told it, `update` is the sentence that did, and `background` has the lines that are
    not told again. `differences` are figures in which its newsletters differ.
    """

    id: str
    title: str
    language: str
    newsletters: tuple[str, ...]  # digests
    blocks: tuple[str, ...]
    characters: int
    points: tuple[Point, ...] = ()
    lead: Speaker | None = None
    bridge: str = ""
    call_back: str = ""
    round_up: bool = False
    essay: bool = False
    chosen_because: tuple[str, ...] = ()
    handovers: tuple[str, ...] = ()
    places: tuple[int, ...] = ()
    update: EarlierSentence | None = None
    background: tuple[str, ...] = ()
    differences: tuple[Difference, ...] = ()


@dataclass(frozen=True, slots=True)
class Repeat:
    """A line of a newsletter that an earlier episode told, with its blocks."""

    text: str
    blocks: tuple[str, ...]
    earlier: EarlierSentence


class SuspectReason(StrEnum):
    """What a suspect resembles."""

    ADVERTISING = "advertising"
    HOUSEKEEPING = "housekeeping"


@dataclass(frozen=True, slots=True)
class Suspect:
    """A text that is not told, its block, and what it resembles."""

    text: str
    block: str
    reason: SuspectReason


@dataclass(frozen=True, slots=True)
class Rundown:
    """The stories in order, and what is said of them at the start of the show.

    `cold_open` is said before the greeting and `teaser` after it, one sentence for each point. `empty` holds
    the digests of newsletters in which there is nothing to tell, `repeated` those in which nothing is new.
    `repeats` are the lines that are not told again. There are no stories if nothing is new at all.
    `suspects` are texts of the told newsletters that are left out, because they resemble advertising or
    housekeeping.
    """

    title: str
    language: str
    stories: tuple[Story, ...]
    empty: tuple[str, ...] = ()
    cold_open: Point | None = None
    teaser: tuple[Point, ...] = ()
    repeats: tuple[Repeat, ...] = ()
    repeated: tuple[str, ...] = ()
    suspects: tuple[Suspect, ...] = ()


class Writer(Protocol):
    """Writes scripts.

    `name` is part of the keys under which answers are cached, so it must contain the model and a version.
    `translates` says whether the writer can write in another language than the mail's, and `judges` whether
    it can say if a sentence agrees with its source.
    """

    translates: bool
    judges: bool

    @property
    def name(self) -> str: ...

    def forecast(self, mails: Sequence[MailSize], brief: Brief) -> list[Usage]:
        """The expected usage of every model call; an empty list if the script is free."""
        ...

    async def plan(
        self, newsletters: Sequence[Newsletter], brief: Brief, once: CallOnce
    ) -> Rundown:
        """Choose stories and give each its budget. What `brief.memory` holds is not told again.

        Raises NothingToTell.
        """
        ...

    async def write(
        self,
        rundown: Rundown,
        numbers: Sequence[int],
        newsletters: Sequence[Newsletter],
        brief: Brief,
        once: CallOnce,
    ) -> list[Segment]:
        """Write consecutive stories of the rundown, by their numbers from 0.

        The first story of the rundown opens the show, and the last one closes it.
        """
        ...

    async def reword(
        self,
        segment: Segment,
        rejections: Sequence[Rejection],
        newsletters: Sequence[Newsletter],
        brief: Brief,
        once: CallOnce,
    ) -> Segment:
        """Reword the rejected sentences of a segment.

        Sentences may also be left as they are; the gate then drops them.
        """
        ...

    async def judge(
        self,
        sentences: Sequence[Sentence],
        language: str,
        newsletters: Sequence[Newsletter],
        once: CallOnce,
    ) -> Mapping[Sentence, Verdict]:
        """Compare sentences in this language with the blocks that they cite.

        Sentences without a usable verdict are left out; the rules of the gate alone decide on them.
        """
        ...
