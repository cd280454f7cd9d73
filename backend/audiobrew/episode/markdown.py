"""A script as text: one heading a story, who speaks, and where each story comes from."""

from collections.abc import Iterator

from audiobrew.episode.script_store import StoredScript, StoredSegment
from audiobrew.script.script import Speaker

NAMES = {Speaker.FIRST: "Host", Speaker.SECOND: "Second host"}
SPECIAL = str.maketrans({character: f"\\{character}" for character in r"\`*_{}[]<>#|"})


def script_markdown(script: StoredScript) -> str:
    """Text of mails is escaped: it stays text in whatever shows this."""
    return "\n\n".join(line for segment in script.segments for line in _segment(script, segment))


def _segment(script: StoredScript, segment: StoredSegment) -> Iterator[str]:
    yield f"## {_plain(segment.title)}"
    speaker = None
    said: list[str] = []
    for kept in segment.sentences:
        if kept.sentence.speaker is not speaker and said:
            yield _turn(speaker, said)
            said = []
        speaker = kept.sentence.speaker
        said.append(_plain(kept.sentence.text))
    if said:
        yield _turn(speaker, said)
    cited = {block for kept in segment.sentences for block in kept.sentence.cites}
    if told_by := dict.fromkeys(
        f"{_plain(source.sender)}, {_plain(source.subject)}"
        for source in script.sources
        if source.block_id in cited
    ):
        yield f"*Source: {'; '.join(told_by)}*"


def _turn(speaker: Speaker | None, said: list[str]) -> str:
    return f"**{NAMES[speaker or Speaker.FIRST]}:** {' '.join(said)}"


def _plain(text: str) -> str:
    return " ".join(text.split()).translate(SPECIAL)
