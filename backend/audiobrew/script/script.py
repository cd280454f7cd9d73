"""What is said: stories in order, sentence by sentence, each with its source."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """Sourced sentences cite blocks; framing states nothing. `before`: from the application before
    AudioBrew, which kept no sources, so none can be shown."""

    SOURCED = "sourced"
    GREETING = "greeting"
    HANDOVER = "handover"
    SIGNOFF = "signoff"
    BEFORE = "before"


class Speaker(StrEnum):
    """The two hosts; a one-host episode has only the first."""

    FIRST = "first"
    SECOND = "second"


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence as it is shown and checked. `cites` holds block ids."""

    text: str
    speaker: Speaker
    kind: Kind = Kind.SOURCED
    cites: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Segment:
    """One story, told. Spoken in one language; one chapter of the episode."""

    title: str
    language: str
    sentences: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class Script:
    title: str
    language: str
    segments: tuple[Segment, ...]


class DropReason(StrEnum):
    """Why a sentence is not told: what the gate found wrong with it, or that the minutes are full."""

    FIGURE = "figure"
    NAME = "name"
    QUOTATION = "quotation"
    NO_SOURCE = "no_source"
    CUT_SOURCE = "cut_source"
    FRAMING = "framing"
    TIME = "time"


@dataclass(frozen=True, slots=True)
class Rejection:
    """A sentence that is not spoken, and what in it had no source."""

    sentence: Sentence
    reason: DropReason
    missing: tuple[str, ...]
