"""An old script, written as Markdown, becomes segments and sentences that say where they are from."""

import re
from collections.abc import Iterator

from audiobrew.mail.language import language_of
from audiobrew.mail.mime.headers import Headers
from audiobrew.script.script import Kind, Script, Segment, Sentence, Speaker
from audiobrew.script.sentences import sentences

HEADING = re.compile(r"#{1,6}\s++(.*)")
LABEL = re.compile(
    r"\s*+[*_]{0,2}\[?(?:host|speaker|narrator)\s*+([12ab]?)\]?\s*+:\s*+[*_]{0,2}\s*+", re.I
)
RULE = re.compile(r"\s*+([-*_])(\s*+\1){2,}+\s*+$")
MARKS = (
    (
        re.compile(r"!?\[([^\]]{0,500}+)\]\([^)\s]{0,2000}+\)"),
        r"\1",
    ),  # a link or a picture: its words
    (re.compile(r"(\*{1,3}|_{2,3}|~~|`{1,4})(?=\S)(.{1,1000}?)(?<=\S)\1"), r"\2"),
    (re.compile(r"^\s*(?:[-*+>]|\d{1,3}[.)])\s+"), ""),
)
LONGEST_TITLE = 200
SECONDS = {"2", "b"}


def script_of(title: str, markdown: str) -> Script:
    """Nothing is lost but marks; a script without headings is one segment, named like its episode."""
    language = language_of(markdown, Headers(iter(()))) if markdown.strip() else "en"
    parts = [
        Segment(heading[:LONGEST_TITLE], language, tuple(_sentences(paragraphs)))
        for heading, paragraphs in _sections(title, markdown)
    ]
    return Script(title, language, tuple(part for part in parts if part.sentences))


def _sections(title: str, markdown: str) -> Iterator[tuple[str, list[str]]]:
    heading, held = title, [""]
    for line in markdown.replace("\0", "").splitlines():
        if found := HEADING.match(line.strip()):
            yield heading, held
            heading, held = _plain(found[1].rstrip("#").rstrip()) or title, [""]
        elif not line.strip() or RULE.match(line):
            held.append("")
        elif LABEL.match(line) or MARKS[2][0].match(line):
            held.append(line)
        else:
            held[-1] = f"{held[-1]} {line}".strip()
    yield heading, held


def _sentences(paragraphs: list[str]) -> Iterator[Sentence]:
    speaker = Speaker.FIRST
    for paragraph in paragraphs:
        if named := LABEL.match(paragraph):
            speaker = Speaker.SECOND if named[1].lower() in SECONDS else Speaker.FIRST
            paragraph = paragraph[named.end() :]
        for text in sentences(_plain(paragraph)):
            yield Sentence(text, speaker, Kind.BEFORE)


def _plain(text: str) -> str:
    for mark, kept in MARKS:
        text = mark.sub(kept, text)
    return " ".join(text.split())
