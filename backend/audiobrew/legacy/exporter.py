"""Episodes made here are copied to the application before: title and an address that ends, no script."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from audiobrew.db.engine import DATABASE_ERRORS

if TYPE_CHECKING:
    from audiobrew.legacy.export_store import ExportableEpisode, ExportStore
    from audiobrew.media.storage import Media

PAGE = 100


@dataclass(slots=True)
class ExportResult:
    """`missed`: their sound is not there, or their listener's account is gone."""

    copied: int = 0
    missed: int = 0


@dataclass(frozen=True, slots=True)
class Exporter:
    returned: "ExportStore"
    media: "Media"

    async def copy(self, days: int, told: Callable[[int], None]) -> ExportResult:
        """Again: only what is new, was renamed, or whose address ends in less than half of `days`."""
        now, life = datetime.now(UTC), timedelta(days=days)
        done, last = ExportResult(), None
        while page := await self.returned.left(now + life / 2, last, PAGE):
            last = page[-1].id
            for episode in page:
                copied = await self._one(episode, now + life, life)
                done.copied += copied
                done.missed += not copied
                told(1)
        return done

    async def undo(self) -> int:
        """All of it is taken away again; how many rows."""
        gone = 0
        while count := await self.returned.take_away():
            gone += count
        return gone

    async def _one(self, episode: "ExportableEpisode", until: datetime, life: timedelta) -> bool:
        try:
            url = await self.media.signed_url(episode.media, int(life.total_seconds()))
            await self.returned.put(episode, str(url), until)
        except (FileNotFoundError, *DATABASE_ERRORS):
            return False
        return True
