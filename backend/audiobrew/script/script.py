"""The script of an episode: segments of sentences, each sentence with its sources."""

from dataclasses import dataclass
from enum import StrEnum

from audiobrew.script.earlier_episodes import EarlierSentence


class Kind(StrEnum):
    """A `sourced` sentence cites blocks. A `difference` does, too: it says in which figure two newsletters
    differ. A greeting, hand-over or sign-off states no facts, nor does a `link`, which is a host's short
    reaction, question or bridge. `before`: from an imported episode of the old application, which recorded no
    sources."""

    SOURCED = "sourced"
    DIFFERENCE = "difference"
    LINK = "link"
    GREETING = "greeting"
    HANDOVER = "handover"
    SIGNOFF = "signoff"
    BEFORE = "before"


class Speaker(StrEnum):
    """The two hosts; a one-host episode has only the first."""

    FIRST = "first"
    SECOND = "second"


class Outcome(StrEnum):
    """What a model says of a sentence beside its source. `replaced`: the sentence failed twice, and this
    one is its source's own."""

    SUPPORTED = "supported"
    CONTRADICTED = "contradicted"
    NOT_IN_SOURCE = "not_in_source"
    REPLACED = "replaced"


@dataclass(frozen=True, slots=True)
class Verdict:
    """`words` are those that decide: of the sentence, or of the sentence that was replaced."""

    outcome: Outcome
    words: str = ""


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence as it is shown and checked. `cites` holds block ids.

    `earlier` is in the hand-over to an update: the sentence that told the story before.
    `verdict` is None where no model was asked, because the sentence is the source's own or none is used.
    """

    text: str
    speaker: Speaker
    kind: Kind = Kind.SOURCED
    cites: tuple[str, ...] = ()
    earlier: EarlierSentence | None = None
    verdict: Verdict | None = None


@dataclass(frozen=True, slots=True)
class Count:
    """A figure as a newsletter says it, such as `40` or `$3 million`, and the block that says it."""

    newsletter: str  # digest
    block: str
    text: str


@dataclass(frozen=True, slots=True)
class Difference:
    """Two newsletters that say different figures of the same thing."""

    one: Count
    other: Count


@dataclass(frozen=True, slots=True)
class Segment:
    """One story, written in one language. It is one chapter of the episode.

    `chosen_because` holds the words of the listener's interests that the story has.
    """

    title: str
    language: str
    sentences: tuple[Sentence, ...]
    chosen_because: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Script:
    """All segments of an episode, in order."""

    title: str
    language: str
    segments: tuple[Segment, ...]


class DropReason(StrEnum):
    """Why a sentence is not spoken: the gate rejected it, the episode has no time for it (`time`), the
    listener removed it, an earlier episode told it (`repeat`), or it resembles advertising or housekeeping
    (`suspect`)."""

    FIGURE = "figure"
    NAME = "name"
    QUOTATION = "quotation"
    NO_SOURCE = "no_source"
    CUT_SOURCE = "cut_source"
    FRAMING = "framing"
    TIME = "time"
    LISTENER = "listener"
    REPEAT = "repeat"
    SUSPECT = "suspect"


@dataclass(frozen=True, slots=True)
class Rejection:
    """A sentence that is not spoken, and what its source does not contain.

    `earlier` is the sentence that told it in an earlier episode, if that is the reason.
    `doubtful`: the rules compare words, and the sentence has so many of its own that they may be wrong. A
    model that supports it overrules them.
    """

    sentence: Sentence
    reason: DropReason
    missing: tuple[str, ...]
    earlier: EarlierSentence | None = None
    doubtful: bool = False
