"""The transcript of an episode as WebVTT: one cue a sentence, naming who says it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

LINE_BREAKS = str.maketrans(dict.fromkeys("\r\n\v\f\x1c\x1d\x1e\x85\u2028\u2029", " "))
ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
"""`>` as well, so that no text can hold the arrow that WebVTT writes between two times."""


@dataclass(frozen=True, slots=True)
class Heard:
    """One sentence as it is shown; `start` and `end` in seconds of the episode."""

    start: float
    end: float
    text: str
    speaker: str


def webvtt(sentences: Iterable[Heard]) -> str:
    """A whole WebVTT file, in the order given."""
    return "\n\n".join(["WEBVTT", *_cues(sentences)]) + "\n"


def _cues(sentences: Iterable[Heard]) -> Iterator[str]:
    for sentence in sentences:
        if text := _written(sentence.text):
            times = f"{_clock(sentence.start)} --> {_clock(sentence.end)}"
            yield f"{times}\n<v {_written(sentence.speaker) or 'Host'}>{text}"


def _written(text: str) -> str:
    """On one line, without control characters, its markup told as text."""
    plain = "".join(c for c in text.translate(LINE_BREAKS) if c.isprintable() or c == "\u200d")
    return " ".join(plain.split()).translate(ESCAPES)


def _clock(seconds: float) -> str:
    """3723.4 is 01:02:03.400."""
    milliseconds = max(0, round(seconds * 1000))
    minutes, milliseconds = divmod(milliseconds, 60_000)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02d}:{minutes:02d}:{milliseconds // 1000:02d}.{milliseconds % 1000:03d}"
