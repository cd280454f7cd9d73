"""A transcript is valid WebVTT, whatever the text contains."""

import io
import re

import pytest
import webvtt
from audiobrew.audio import transcript
from audiobrew.audio.transcript import TranscriptLine

TIME = re.compile(r"^\d{2,}:[0-5]\d:[0-5]\d\.\d{3} --> \d{2,}:[0-5]\d:[0-5]\d\.\d{3}$")
HOSTILE = [
    "Tom & Jerry <script>alert(1)</script> --> done",
    "One\n\nTwo\r\n00:00:00.000 --> 00:00:09.000\nthree",
    "\ufeffWEBVTT\u2028NOTE x",
    "</v><v Other>not me",
    "bidi \u202etxet\u202c, NUL \0, surrogate \ud800, tag\u00a0space",
    "&amp; &lt; stays as typed",
]


def parse_strictly(text: str) -> list[tuple[str, str]]:
    """Times and payload of every cue. Fails where the file breaks the standard."""
    head, *blocks = text.removesuffix("\n").split("\n\n")
    assert head == "WEBVTT"
    cues = []
    for block in blocks:
        times, *payload = block.split("\n")
        assert TIME.match(times)
        start, end = times.split(" --> ")
        assert start < end
        [line] = payload
        assert "-->" not in line
        assert not re.search(r"[\0\r\ud800-\udfff\u2028\u2029]", line)
        assert not re.search(r"&(?!amp;|lt;|gt;)", line)
        assert re.sub(r"^<v [^<>\n]+>", "", line).count("<") == 0
        cues.append((times, line))
    return cues


def test_a_line_is_a_cue_with_its_speaker() -> None:
    text = transcript.webvtt(
        [
            TranscriptLine(0.0, 1.5, "Good morning.", "Ada"),
            TranscriptLine(3723.4, 3725, "The end.", "Bo"),
        ]
    )

    assert parse_strictly(text) == [
        ("00:00:00.000 --> 00:00:01.500", "<v Ada>Good morning."),
        ("01:02:03.400 --> 01:02:05.000", "<v Bo>The end."),
    ]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_stays_inside_its_cue(text: str) -> None:
    text_of_file = transcript.webvtt(
        [TranscriptLine(0, 1, text, text), TranscriptLine(1, 2, "After.", "Bo")]
    )

    assert len(parse_strictly(text_of_file)) == 2
    assert text_of_file.encode()


@pytest.mark.parametrize("text", HOSTILE)
def test_another_parser_reads_the_same_cues(text: str) -> None:
    text_of_file = transcript.webvtt(
        [TranscriptLine(0, 1, text, "Ada"), TranscriptLine(1, 2, "After.", "Bo")]
    )
    first, second = webvtt.from_buffer(io.StringIO(text_of_file)).captions

    assert (second.start, second.end, second.text) == ("00:00:01.000", "00:00:02.000", "After.")
    assert second.voice == "Bo"
    assert first.text


def test_unusual_spaces_separate_words() -> None:
    [(_, line)] = parse_strictly(
        transcript.webvtt([TranscriptLine(0, 1, "ten\u00a0o'clock\u2028sharp\tnow", "Ada")])
    )

    assert line == "<v Ada>ten o'clock sharp now"


def test_a_cue_ends_after_it_begins() -> None:
    [(times, _)] = parse_strictly(transcript.webvtt([TranscriptLine(2.0, 2.0, "Blink.", "Ada")]))

    assert times == "00:00:02.000 --> 00:00:02.001"


def test_a_line_without_visible_text_is_left_out() -> None:
    assert parse_strictly(transcript.webvtt([TranscriptLine(0, 1, "\u200b\0", "Ada")])) == []
