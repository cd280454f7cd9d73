"""An account and everything of it goes: step by step, each of them repeatable, whatever comes between."""

from collections.abc import Awaitable, Callable, Iterable
from typing import Protocol
from uuid import UUID

import structlog

from audiobrew.account.identity import Identity
from audiobrew.account.store import AccountStore
from audiobrew.db.engine import DATABASE_ERRORS
from audiobrew.media.deletion_queue import DeletionQueue
from audiobrew.problems import Problem

AT_ONCE = 50
Step = Callable[[UUID], Awaitable[None]]
log = structlog.get_logger()


class Brews(Protocol):
    async def stop_all(self, listener: UUID) -> None:
        """Cancel every brew of this listener's that has not ended."""
        ...


class Mailbox(Protocol):
    async def disconnect(self, listener: UUID) -> object:
        """Take the consent back at Google, and forget it here."""
        ...


class ExternalData(Protocol):
    """What is kept of a listener outside of our tables and media."""

    async def delete(self, listener: UUID) -> None:
        """Deleting what is not there is no error. Raises Problem."""
        ...


class Deletion:
    """`elsewhere` are the last steps: the application before, and the user at Supabase."""

    def __init__(
        self,
        kept: AccountStore,
        identity: Identity,
        deletions: DeletionQueue,
        brews: Brews,
        mailbox: Mailbox | None,
        elsewhere: Iterable[ExternalData],
    ) -> None:
        self._kept = kept
        self._identity = identity
        self._deletions = deletions
        self._brews = brews
        self._mailbox = mailbox
        self._elsewhere = tuple(elsewhere)

    async def begin(self, listener: UUID) -> None:
        """From here there is no way back: no token, no feed and no brew of theirs works any more."""
        for step in self.steps()[:3]:
            await step(listener)

    def steps(self) -> list[Step]:
        """In this order. What the steps after need to know is deleted by the last that needs it."""
        return [
            self.shut_out,
            self._brews.stop_all,
            self._kept.close_feeds,
            self.leave_google,
            self.erase,
            *(place.delete for place in self._elsewhere),
            self._kept.gone,
        ]

    async def resume_deletions(self) -> None:
        """Go on with every deletion that is not done; one that meets trouble is tried again next time."""
        for listener in await self._kept.leaving():
            try:
                await self.finish(listener)
            except (*DATABASE_ERRORS, Problem, OSError) as error:
                log.warning("deletion.waits", error=type(error).__name__)
        await self._kept.forget_tombstones()

    async def finish(self, listener: UUID) -> None:
        """Every step again: those that were done find nothing to do."""
        for step in self.steps():
            await step(listener)

    async def shut_out(self, listener: UUID) -> None:
        """A token of theirs opens nothing any more: here at once, in other processes within seconds."""
        await self._kept.leave(listener)
        self._identity.shut_out(listener)

    async def leave_google(self, listener: UUID) -> None:
        """A Google that does not answer holds nobody here: what is sealed is deleted with our rows."""
        if self._mailbox is None:
            return
        try:
            await self._mailbox.disconnect(listener)
        except Problem as error:
            log.warning("deletion.google", error=type(error).__name__)

    async def erase(self, listener: UUID) -> None:
        """Their rows go, and what they have elsewhere is written down to go; what can goes at once."""
        for kind, keys in (await self._kept.erase(listener)).items():
            for first in range(0, len(keys), AT_ONCE):
                if not await self._deletions.try_now(kind, keys[first : first + AT_ONCE]):
                    break
