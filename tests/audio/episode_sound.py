"""What FFmpeg hears in a finished episode: its level, where sentences begin, and silence between stories."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from audiobrew.audio.pcm import Interval

from tests.audio.sound import find_silences, measure_level

# Nothing above this level, in dBFS, for this many seconds is silence.
SILENCE_LEVEL, SILENCE_SECONDS = -50.0, 0.1


@dataclass(frozen=True, slots=True)
class EpisodeSound:
    """`loudness` is in LUFS, `peak` in dBTP, and the others are in seconds.

    `cue_errors` says how far from each cue speech begins, `chapter_errors` how far from the start of each
    chapter but the first its sound begins. `breaks` are the silences between stories: before each sound, and
    between the sound and the first sentence.
    """

    loudness: float
    peak: float
    cue_errors: tuple[float, ...]
    chapter_errors: tuple[float, ...]
    breaks: tuple[float, ...]

    @property
    def faults(self) -> list[str]:
        """What is not as it should be in an episode."""
        limits = {
            "loudness": -17 <= self.loudness <= -15,
            "peak": self.peak <= -1,
            "cues": max(self.cue_errors) <= 0.05,
            "chapters": max(self.chapter_errors, default=0.0) <= 0.05,
            "silence between stories": min(self.breaks, default=1.0) >= 0.3,
        }
        return [name for name, holds in limits.items() if not holds]

    def __str__(self) -> str:
        return (
            f"{self.loudness} LUFS | {self.peak} dBTP"
            f" | {len(self.cue_errors)} cues within {1000 * max(self.cue_errors):.0f} ms"
            f" | {len(self.chapter_errors)} chapters within"
            f" {1000 * max(self.chapter_errors, default=0.0):.0f} ms of their sound"
            f" | at least {min(self.breaks, default=0.0):.2f} s of silence around it"
        )


def listen_to_episode(file: Path, stories: Sequence[tuple[float, Sequence[float]]]) -> EpisodeSound:
    """`stories`: the start of each chapter, and the cues of its sentences."""
    silences = find_silences(file, SILENCE_LEVEL, SILENCE_SECONDS)
    borders = [(chapter, cues[0]) for chapter, cues in stories[1:]]
    return EpisodeSound(
        *measure_level(file),
        cue_errors=tuple(error(silences, cue) for _, cues in stories for cue in cues),
        chapter_errors=tuple(error(silences, chapter) for chapter, _ in borders),
        breaks=tuple(nearest(silences, one).seconds for border in borders for one in border),
    )


def nearest(silences: Sequence[Interval], time: float) -> Interval:
    """The silence that ends nearest to a time."""
    return min(silences, key=lambda silence: abs(silence.end - time))


def error(silences: Sequence[Interval], time: float) -> float:
    return abs(nearest(silences, time).end - time)
