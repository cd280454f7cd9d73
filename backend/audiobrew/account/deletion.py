"""The deletion of an account, in steps that can each be repeated after an interruption."""

from collections.abc import Awaitable, Callable, Iterable
from typing import Protocol
from uuid import UUID

import structlog

from audiobrew.account.identity import Identity
from audiobrew.account.store import AccountStore
from audiobrew.db.batches import batched
from audiobrew.db.engine import DATABASE_ERRORS
from audiobrew.media.deletion_queue import DeletionQueue
from audiobrew.problems import Problem

BATCH_SIZE = 50  # keys that are deleted at once
Step = Callable[[UUID], Awaitable[None]]
log = structlog.get_logger()


class Brews(Protocol):
    async def stop_all(self, listener: UUID) -> None:
        """Cancel every unfinished brew of this listener."""
        ...


class Mailbox(Protocol):
    async def disconnect(self, listener: UUID) -> object:
        """Revoke the consent at the mailbox's provider, and delete the connection here."""
        ...


class ExternalData(Protocol):
    """A listener's data outside our own tables and storage."""

    async def delete(self, listener: UUID) -> None:
        """Deleting what does not exist is not an error. Raises Problem."""
        ...


class AccountDeletion:
    """Deletes accounts.

    `external_data` is deleted last: the old application's data, then the user at Supabase.
    """

    def __init__(
        self,
        store: AccountStore,
        identity: Identity,
        deletions: DeletionQueue,
        brews: Brews,
        mailbox: Mailbox | None,
        external_data: Iterable[ExternalData],
    ) -> None:
        self._store = store
        self._identity = identity
        self._deletions = deletions
        self._brews = brews
        self._mailbox = mailbox
        self._external_data = tuple(external_data)

    async def begin(self, listener: UUID) -> None:
        """Start a deletion, which cannot be undone: the listener's tokens, brews and feeds stop working.

        A background job deletes the rest; see `resume_all`.
        """
        for step in self.steps()[:3]:
            await step(listener)

    def steps(self) -> list[Step]:
        """All steps in order. Each step deletes only what no later step needs."""
        return [
            self.lock_out,
            self._brews.stop_all,
            self._store.revoke_feed_tokens,
            self.disconnect_mailbox,
            self.delete_data,
            *(data.delete for data in self._external_data),
            self._store.finish_deletion,
        ]

    async def resume_all(self) -> None:
        """Continue every unfinished deletion. One that fails is tried again on the next call.

        A background job calls this every few seconds.
        """
        for listener in await self._store.being_deleted():
            try:
                await self.finish(listener)
            except (*DATABASE_ERRORS, Problem, OSError) as error:
                log.warning("deletion.waits", error=type(error).__name__)
        await self._store.delete_expired_tombstones()

    async def finish(self, listener: UUID) -> None:
        """Run every step again. Steps that were finished before find nothing to do."""
        for step in self.steps():
            await step(listener)

    async def lock_out(self, listener: UUID) -> None:
        """Reject the listener's tokens: at once in this process, within seconds in other processes."""
        await self._store.begin_deletion(listener)
        self._identity.lock_out(listener)

    async def disconnect_mailbox(self, listener: UUID) -> None:
        """An unreachable Google does not stop the deletion: the encrypted token goes with our rows."""
        if self._mailbox is None:
            return
        try:
            await self._mailbox.disconnect(listener)
        except Problem as error:
            log.warning("deletion.google", error=type(error).__name__)

    async def delete_data(self, listener: UUID) -> None:
        """Delete the rows and queue the files for deletion; delete as many files as possible at once."""
        for kind, keys in (await self._store.delete_rows(listener)).items():
            for batch in batched(keys, BATCH_SIZE):
                if not await self._deletions.try_now(kind, batch):
                    break
