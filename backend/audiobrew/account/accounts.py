"""What listeners can do with their accounts, for the routes and the background jobs."""

from typing import Any
from uuid import UUID

from audiobrew.account.deletion import Deletion
from audiobrew.account.store import Account, AccountStore
from audiobrew.problems import SignInNeeded


class Accounts:
    def __init__(self, store: AccountStore, deletion: Deletion) -> None:
        self._store = store
        self._deletion = deletion

    async def get(self, listener: UUID) -> Account:
        """Raises SignInNeeded if the listener was deleted a moment ago."""
        account = await self._store.get(listener)
        if account is None:
            raise SignInNeeded
        return account

    async def change_preferences(self, listener: UUID, changes: dict[str, Any]) -> None:
        """See `AccountStore.change_preferences`."""
        await self._store.change_preferences(listener, changes)

    async def delete(self, listener: UUID) -> None:
        """Lock the listener out for good. A background job deletes the rest, see `resume_deletions`."""
        await self._deletion.begin(listener)

    async def resume_deletions(self) -> None:
        """Continue every unfinished deletion. A background job calls this every few seconds."""
        await self._deletion.resume_deletions()
