"""What a listener deletes here goes from the application before as well: its sound there is public."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from audiobrew.legacy.export_store import ExportStore
    from audiobrew.legacy.import_store import ImportStore
    from audiobrew.legacy.old_audio import OldAudio

AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class Purge:
    adopted: "ImportStore"
    returned: "ExportStore"
    old_audio: "OldAudio"

    async def forget_deleted(self) -> None:
        """Sound first, then the row that says where it is; may be done twice. Raises MediaUnavailable."""
        for one in await self.adopted.deleted(AT_ONCE):
            if one.key:
                await self.old_audio.remove(one.key)
            await self.adopted.forget(one)
        await self.returned.take_away(AT_ONCE, only_deleted=True)
