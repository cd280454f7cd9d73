"""What a listener may do with their account, and who goes on with a deletion that was interrupted."""

from typing import Any
from uuid import UUID

from audiobrew.account.deletion import Deletion
from audiobrew.account.store import Account, AccountStore
from audiobrew.problems import SignInNeeded


class Accounts:
    def __init__(self, kept: AccountStore, deletion: Deletion) -> None:
        self._kept = kept
        self._deletion = deletion

    async def get(self, listener: UUID) -> Account:
        """Raises SignInNeeded for one who was deleted just now."""
        account = await self._kept.get(listener)
        if account is None:
            raise SignInNeeded
        return account

    async def prefer(self, listener: UUID, changed: dict[str, Any]) -> None:
        """See `AccountStore.prefer`."""
        await self._kept.prefer(listener, changed)

    async def delete(self, listener: UUID) -> None:
        """Shut this listener out, for good; what is left of them goes with the next round."""
        await self._deletion.begin(listener)

    async def resume_deletions(self) -> None:
        """Go on with every deletion that is not done. To be called every minute or so."""
        await self._deletion.resume_deletions()
