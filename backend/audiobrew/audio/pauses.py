"""What is heard between two clips: silence, and with `chimes` also a short sound."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from audiobrew.audio.chimes import Chime
from audiobrew.audio.mp3 import FRAME_SECONDS
from audiobrew.lang.language_tag import base_code
from audiobrew.script.script import Speaker
from audiobrew.script.writer import Breaks


@dataclass(frozen=True, slots=True)
class Place:
    """Where a clip is heard: the number of its chapter (from 0, without gaps), the chapter's language (BCP
    47), and who speaks."""

    chapter: int
    language: str
    speaker: Speaker


@dataclass(frozen=True, slots=True)
class Pause:
    """Frames of silence, then a sound, then frames of silence."""

    before: int
    chime: Chime | None = None
    after: int = 0

    @property
    def frames(self) -> int:
        return self.before + (self.chime.frames if self.chime else 0) + self.after


# A clip has 0.42 s of silence of its own, its margins included. So sentences are 0.45 s apart, hosts 0.9 s,
# and stories 1.8 s, with a sound as well as without; where the language changes, the sound is longer.
SAME_SPEAKER, OTHER_SPEAKER = Pause(1), Pause(20)


@dataclass(frozen=True, slots=True)
class Pauses:
    """The pauses of an episode. `opening` is before the first clip and `closing` after the last one."""

    opening: Pause
    story: Pause
    language: Pause
    closing: Pause

    @classmethod
    def of(cls, chimes: bool) -> "Pauses":
        return WITH_CHIMES if chimes else WITHOUT_CHIMES

    def before(self, place: Place, previous: Place | None) -> Pause:
        """What precedes a clip."""
        if previous is None:
            return self.opening
        if place.chapter == previous.chapter:
            return SAME_SPEAKER if place.speaker is previous.speaker else OTHER_SPEAKER
        is_same = base_code(place.language) == base_code(previous.language)
        return self.story if is_same else self.language

    def seconds(self, places: Iterable[tuple[int, Place]]) -> float:
        """The length of an episode, from each clip's frames and place."""
        return sum(self._frames(places)) * FRAME_SECONDS

    def _frames(self, places: Iterable[tuple[int, Place]]) -> Iterator[int]:
        previous = None
        for count, place in places:
            yield self.before(place, previous).frames + count
            previous = place
        yield self.closing.frames

    @property
    def breaks(self) -> Breaks:
        return Breaks(
            edges=(self.opening.frames + self.closing.frames) * FRAME_SECONDS,
            story=self.story.frames * FRAME_SECONDS,
            language=self.language.frames * FRAME_SECONDS,
        )


WITHOUT_CHIMES = Pauses(Pause(9), Pause(57), Pause(57), Pause(42))
WITH_CHIMES = Pauses(
    opening=Pause(0, Chime.OPENING, 10),
    story=Pause(5, Chime.STORY, 10),
    language=Pause(8, Chime.LANGUAGE, 14),
    closing=Pause(14, Chime.CLOSING, 8),
)
