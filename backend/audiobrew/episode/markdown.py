"""A script as Markdown: one heading per story, who speaks, and where the story comes from."""

from collections.abc import Iterator

from audiobrew.episode.script_store import StoredScript, StoredSegment
from audiobrew.script.script import Outcome, Speaker, Verdict

NAMES = {Speaker.FIRST: "Host", Speaker.SECOND: "Second host"}
SPECIAL = str.maketrans({character: f"\\{character}" for character in r"\`*_{}[]<>#|"})


def script_markdown(script: StoredScript) -> str:
    """The script as Markdown. Text of mails is escaped, so that it cannot become markup."""
    return "\n\n".join(
        line for segment in script.segments for line in _segment_lines(script, segment)
    )


def _segment_lines(script: StoredScript, segment: StoredSegment) -> Iterator[str]:
    yield f"## {_escape(segment.title)}"
    speaker = None
    texts: list[str] = []
    for stored in segment.sentences:
        if stored.sentence.speaker is not speaker and texts:
            yield _paragraph(speaker, texts)
            texts = []
        speaker = stored.sentence.speaker
        texts.append(_escape(stored.sentence.text))
        verdict = stored.sentence.verdict
        if verdict and verdict.outcome is not Outcome.SUPPORTED:
            texts.append(f"*({_describe(verdict)})*")
    if texts:
        yield _paragraph(speaker, texts)
    cited = {block for stored in segment.sentences for block in stored.sentence.cites}
    if newsletters := dict.fromkeys(
        f"{_escape(source.sender)}, {_escape(source.subject)}"
        for source in script.sources
        if source.block_id in cited
    ):
        yield f"*Source: {'; '.join(newsletters)}*"


def _describe(verdict: Verdict) -> str:
    """A verdict in words. A sentence that its source supports needs none."""
    words = f"“{_escape(verdict.words)}”" if verdict.words else "some of it"
    if verdict.outcome is Outcome.REPLACED:
        return (
            f"Replaced by the newsletter’s own sentence, because {words} did not match the source."
        )
    return f"Checked against its source: {words} does not match."


def _paragraph(speaker: Speaker | None, texts: list[str]) -> str:
    return f"**{NAMES[speaker or Speaker.FIRST]}:** {' '.join(texts)}"


def _escape(text: str) -> str:
    return " ".join(text.split()).translate(SPECIAL)
