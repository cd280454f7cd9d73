"""What a listener deletes here goes from the application before as well: its sound there is public."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from audiobrew.store.adopted import Adopted
    from audiobrew.store.old_audio import OldAudio
    from audiobrew.store.returned import Returned

AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class Forgetting:
    adopted: "Adopted"
    returned: "Returned"
    old_audio: "OldAudio"

    async def forget_deleted(self) -> None:
        """Sound first, then the row that says where it is; may be done twice. Raises MediaAway."""
        for one in await self.adopted.deleted(AT_ONCE):
            if one.key:
                await self.old_audio.remove(one.key)
            await self.adopted.forget(one)
        await self.returned.take_away(AT_ONCE, only_deleted=True)
