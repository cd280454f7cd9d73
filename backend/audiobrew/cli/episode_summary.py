"""What a finished episode is, measured on its file and read from its rows."""

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
    """Times in seconds. `sourced` and `framing` count spoken sentences, `dropped` those the gate refused."""

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
    spoken = [kept for segment in script.segments for kept in segment.sentences]
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
        sourced=sum(bool(kept.sentence.cites) for kept in spoken),
        framing=sum(not kept.sentence.cites for kept in spoken),
        dropped=len(script.dropped),
        media=episode.media or "",
        file=ports.settings.data / "media" / episode.media if episode.media else None,
    )


def show(facts: EpisodeSummary, console: Console) -> None:
    """A table for people."""
    if not facts.finished:
        console.print(f"[red]The episode could not be brewed.[/red] {facts.trouble or ''}")
        return
    table = Table(
        title=facts.title, show_header=False, title_justify="left", box=None, pad_edge=False
    )
    for name, value in _rows(facts):
        table.add_row(f"[dim]{name}[/dim]", value)
    console.print(table)


def _rows(facts: EpisodeSummary) -> list[tuple[str, str]]:
    rows = [
        ("File", str(facts.file or "")),
        ("Length", f"{clock(facts.seconds)} (asked for {facts.minutes_asked}:00)"),
        ("Size", f"{facts.bytes / 1e6:.1f} MB"),
        ("Stories", "\n".join(f"{n}. {title}" for n, title in enumerate(facts.stories, 1))),
        ("Newsletters", ", ".join(facts.newsletters)),
        (
            "Sentences",
            f"{facts.sourced} with a source, {facts.framing} framing, {facts.dropped} dropped",
        ),
        ("Note", facts.note or ""),
    ]
    return [(name, value) for name, value in rows if value]


def clock(seconds: float) -> str:
    """302.4 is 5:02."""
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d}"
