"""The transcript of an episode as WebVTT: one cue a sentence, naming who says it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
"""`>` as well, so that no text can hold the arrow that WebVTT writes between two times."""
SHORTEST = 0.001
"""A cue must end after it begins."""


@dataclass(frozen=True, slots=True)
class TranscriptLine:
    """One sentence as it is shown; `start` and `end` in seconds of the episode."""

    start: float
    end: float
    text: str
    speaker: str


def webvtt(sentences: Iterable[TranscriptLine]) -> str:
    """A whole WebVTT file, in the order given."""
    return "\n\n".join(["WEBVTT", *_cues(sentences)]) + "\n"


def _cues(sentences: Iterable[TranscriptLine]) -> Iterator[str]:
    for sentence in sentences:
        if text := _written(sentence.text):
            end = max(sentence.end, sentence.start + SHORTEST)
            times = f"{_clock(sentence.start)} --> {_clock(end)}"
            yield f"{times}\n<v {_written(sentence.speaker) or 'Host'}>{text}"


def _written(text: str) -> str:
    """On one line, without control characters, its markup told as text."""
    spaced = (" " if character.isspace() else character for character in text)
    plain = "".join(filter(str.isprintable, spaced))
    return " ".join(plain.split()).translate(ESCAPES)


def _clock(seconds: float) -> str:
    """3723.4 is 01:02:03.400."""
    milliseconds = max(0, round(seconds * 1000))
    minutes, milliseconds = divmod(milliseconds, 60_000)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02d}:{minutes:02d}:{milliseconds // 1000:02d}.{milliseconds % 1000:03d}"
