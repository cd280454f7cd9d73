"""The transcript of an episode as WebVTT: one cue per sentence, with its speaker.

See https://www.w3.org/TR/webvtt1/.
"""

from collections.abc import Iterable
from dataclasses import dataclass

# `>` is escaped as well, so that no text can contain `-->`, which separates two times.
ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
# Seconds. A cue must end after it begins.
MIN_CUE = 0.001


@dataclass(frozen=True, slots=True)
class TranscriptLine:
    """One sentence as it is shown. `start` and `end` are seconds of the episode."""

    start: float
    end: float
    text: str
    speaker: str


def webvtt(lines: Iterable[TranscriptLine]) -> str:
    """A whole WebVTT file. Lines without text are left out."""
    cues = []
    for line in lines:
        if text := escape(line.text):
            end = max(line.end, line.start + MIN_CUE)
            speaker = escape(line.speaker) or "Host"
            cues.append(f"{timestamp(line.start)} --> {timestamp(end)}\n<v {speaker}>{text}")
    return "\n\n".join(["WEBVTT", *cues]) + "\n"


def escape(text: str) -> str:
    """The text on one line, without control characters, and with its markup escaped."""
    characters = (" " if character.isspace() else character for character in text)
    return " ".join("".join(filter(str.isprintable, characters)).split()).translate(ESCAPES)


def timestamp(seconds: float) -> str:
    """3723.4 is 01:02:03.400."""
    milliseconds = max(0, round(seconds * 1000))
    minutes, milliseconds = divmod(milliseconds, 60_000)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02d}:{minutes:02d}:{milliseconds // 1000:02d}.{milliseconds % 1000:03d}"
