"""Copies episodes made in AudioBrew to the old application: title and an address that expires, no script."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from audiobrew.db.engine import DATABASE_ERRORS

if TYPE_CHECKING:
    from audiobrew.legacy.export_store import ExportStore
    from audiobrew.media.storage import Media

PAGE_SIZE = 100


@dataclass(slots=True)
class ExportResult:
    """`skipped`: the audio is missing, or the listener's account was deleted."""

    exported: int = 0
    skipped: int = 0


@dataclass(frozen=True, slots=True)
class Exporter:
    store: "ExportStore"
    media: "Media"

    async def run(self, days: int, progress: Callable[[int], None]) -> ExportResult:
        """Export episodes whose addresses live for `days`. `progress` is called with 1 for each.

        Run again, it exports only what is new, was renamed, or expires in less than half of `days`.
        """
        lifetime = timedelta(days=days)
        now = datetime.now(UTC)
        result, last = ExportResult(), None
        while page := await self.store.exportable(now + lifetime / 2, last, PAGE_SIZE):
            last = page[-1].id
            for episode in page:
                try:
                    seconds = int(lifetime.total_seconds())
                    url = await self.media.signed_url(episode.media, seconds)
                    await self.store.export(episode, str(url), now + lifetime)
                    result.exported += 1
                except (FileNotFoundError, *DATABASE_ERRORS):
                    result.skipped += 1
                progress(1)
        return result

    async def undo(self) -> int:
        """Delete every exported row from the old application; returns how many."""
        deleted = 0
        while count := await self.store.undo():
            deleted += count
        return deleted
