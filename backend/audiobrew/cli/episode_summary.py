"""A summary of an episode, for the terminal and as JSON."""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

from rich.console import Console
from rich.table import Table

from audiobrew.db.stages import Stage

if TYPE_CHECKING:
    from audiobrew.wiring import Ports


@dataclass(frozen=True, slots=True)
class EpisodeSummary:
    """`sourced` and `framing` count spoken sentences, `dropped` the sentences that the gate rejected.
    `seconds` and `bytes` are those of the MP3."""

    title: str
    finished: bool
    trouble: str | None
    note: str | None
    minutes_asked: int
    seconds: float
    bytes: int
    stories: tuple[str, ...]
    newsletters: tuple[str, ...]
    sourced: int
    framing: int
    dropped: int
    media: str = ""
    file: Path | None = None

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "file": str(self.file) if self.file else None}


async def summarize_episode(ports: "Ports", listener: UUID, id: UUID) -> EpisodeSummary:
    episode = await ports.episodes.get(listener, id)
    script = await ports.scripts.get(id)
    sentences = [row.sentence for segment in script.segments for row in segment.sentences]
    return EpisodeSummary(
        title=episode.title,
        finished=episode.stage is Stage.READY,
        trouble=episode.trouble,
        note=episode.note,
        minutes_asked=episode.minutes,
        seconds=episode.seconds or 0.0,
        bytes=episode.bytes or 0,
        stories=tuple(segment.title for segment in script.segments),
        newsletters=tuple(sorted({source.sender for source in script.sources})),
        sourced=sum(bool(sentence.cites) for sentence in sentences),
        framing=sum(not sentence.cites for sentence in sentences),
        dropped=len(script.dropped),
        media=episode.media or "",
        file=ports.settings.data / "media" / episode.media if episode.media else None,
    )


def show(summary: EpisodeSummary, console: Console) -> None:
    """Print the summary as a table."""
    if not summary.finished:
        console.print(f"[red]The episode could not be brewed.[/red] {summary.trouble or ''}")
        return
    table = Table(
        title=summary.title, show_header=False, title_justify="left", box=None, pad_edge=False
    )
    rows = [
        ("File", str(summary.file or "")),
        ("Length", f"{format_duration(summary.seconds)} (ordered: {summary.minutes_asked}:00)"),
        ("Size", f"{summary.bytes / 1e6:.1f} MB"),
        ("Stories", "\n".join(f"{n}. {title}" for n, title in enumerate(summary.stories, 1))),
        ("Newsletters", ", ".join(summary.newsletters)),
        (
            "Sentences",
            f"{summary.sourced} with a source, {summary.framing} framing, {summary.dropped} dropped",
        ),
        ("Note", summary.note or ""),
    ]
    for name, value in rows:
        if value:
            table.add_row(f"[dim]{name}[/dim]", value)
    console.print(table)


def format_duration(seconds: float) -> str:
    """As minutes and seconds: 302.4 becomes 5:02."""
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d}"
