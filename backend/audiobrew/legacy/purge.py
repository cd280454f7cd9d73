"""Deletes from the old application what a listener deleted here, because its audio there is public."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from audiobrew.legacy.export_store import ExportStore
    from audiobrew.legacy.import_store import ImportStore
    from audiobrew.legacy.old_audio import OldAudio

BATCH_SIZE = 100


@dataclass(frozen=True, slots=True)
class Purge:
    import_store: "ImportStore"
    export_store: "ExportStore"
    old_audio: "OldAudio"

    async def run(self) -> None:
        """Delete the audio first, then the row that names it. Can be repeated. Raises MediaUnavailable."""
        for podcast in await self.import_store.to_purge(BATCH_SIZE):
            if podcast.key:
                await self.old_audio.remove(podcast.key)
            await self.import_store.purge(podcast)
        await self.export_store.undo(BATCH_SIZE, only_deleted=True)
