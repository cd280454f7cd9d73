"""Parses an old script, which is Markdown, into segments and sentences."""

import re
from collections.abc import Iterator

from audiobrew.mail.language import detect_language
from audiobrew.mail.mime.headers import Headers
from audiobrew.script.script import Kind, Script, Segment, Sentence, Speaker
from audiobrew.script.sentences import sentences

HEADING = re.compile(r"#{1,6}\s++(.*)")
LABEL = re.compile(
    r"\s*+[*_]{0,2}\[?(?:host|speaker|narrator)\s*+([12ab]?)\]?\s*+:\s*+[*_]{0,2}\s*+", re.I
)
RULE = re.compile(r"\s*+([-*_])(\s*+\1){2,}+\s*+$")
# Markdown marks, and what replaces them.
MARKS = (
    (
        re.compile(r"!?\[([^\]]{0,500}+)\]\([^)\s]{0,2000}+\)"),
        r"\1",  # a link or a picture becomes its text
    ),
    (re.compile(r"(\*{1,3}|_{2,3}|~~|`{1,4})(?=\S)(.{1,1000}?)(?<=\S)\1"), r"\2"),
    (re.compile(r"^\s*(?:[-*+>]|\d{1,3}[.)])\s+"), ""),
)
MAX_TITLE_CHARACTERS = 200
SECOND_SPEAKER_LABELS = {"2", "b"}


def parse_script(title: str, markdown: str) -> Script:
    """Only Markdown marks are lost. A script without headings is one segment with the episode's title."""
    language = detect_language([markdown], Headers(iter(()))) if markdown.strip() else "en"
    segments = [
        Segment(heading[:MAX_TITLE_CHARACTERS], language, tuple(parse_sentences(paragraphs)))
        for heading, paragraphs in split_sections(title, markdown)
    ]
    return Script(title, language, tuple(segment for segment in segments if segment.sentences))


def split_sections(title: str, markdown: str) -> Iterator[tuple[str, list[str]]]:
    """Each heading with the paragraphs below it."""
    heading, paragraphs = title, [""]
    for line in markdown.replace("\0", "").splitlines():
        if match := HEADING.match(line.strip()):
            yield heading, paragraphs
            heading, paragraphs = strip_marks(match[1].rstrip("#").rstrip()) or title, [""]
        elif not line.strip() or RULE.match(line):
            paragraphs.append("")
        elif LABEL.match(line) or MARKS[2][0].match(line):
            paragraphs.append(line)
        else:
            paragraphs[-1] = f"{paragraphs[-1]} {line}".strip()
    yield heading, paragraphs


def parse_sentences(paragraphs: list[str]) -> Iterator[Sentence]:
    speaker = Speaker.FIRST
    for paragraph in paragraphs:
        if label := LABEL.match(paragraph):
            second = label[1].lower() in SECOND_SPEAKER_LABELS
            speaker = Speaker.SECOND if second else Speaker.FIRST
            paragraph = paragraph[label.end() :]
        for text in sentences(strip_marks(paragraph)):
            yield Sentence(text, speaker, Kind.BEFORE)


def strip_marks(text: str) -> str:
    for mark, replacement in MARKS:
        text = mark.sub(replacement, text)
    return " ".join(text.split())
