"""What a listener can do with imports: begin one, upload its file in parts, stop it, delete it."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

from audiobrew.db.import_states import OPEN_IMPORTS, ImportState
from audiobrew.inbox.imports.mail_import import (
    PART_BYTES,
    ImportEnded,
    ImportNotFound,
    ImportTooLarge,
    MailImport,
    PartMisplaced,
)
from audiobrew.inbox.imports.store import ImportStore
from audiobrew.media.deletion_queue import DeletionQueue, Kind
from audiobrew.media.storage import Media, part_key
from audiobrew.ops import metrics

# An import without progress for this time is ended, and its file deleted.
ABANDONED_AFTER = timedelta(days=1)
# What an import has found is shown for this time.
REMEMBERED_FOR = timedelta(days=30)
NOT_UPLOADED = "The file was not uploaded completely within a day. Choose it again to start anew."
NOT_READ = "The file was not read within a day, and is deleted. Upload it again."
# Deletions that a request waits for.
KEYS_AT_ONCE = 50


class Imports:
    def __init__(self, store: ImportStore, media: Media, deletions: DeletionQueue) -> None:
        self._store = store
        self._media = media
        self._deletions = deletions
        # Set when a file is complete, so that this process reads it at once; others notice it later.
        self.wake = asyncio.Event()

    async def begin(
        self,
        listener: UUID,
        name: str,
        bytes_: int,
        content_hash: str | None = None,
        *,
        keeps_others: bool,
    ) -> MailImport:
        """Raises ImportTooLarge, ImportsFull."""
        if bytes_ > self._store.max_bytes:
            raise ImportTooLarge(
                f"This file has {bytes_ / 2**20:,.0f} MB; AudioBrew imports up to"
                f" {self._store.max_bytes / 2**20:,.0f} MB. Split it, and import one part after another."
            )
        return await self._store.add(
            listener, name, bytes_, PART_BYTES, content_hash, keeps_others=keeps_others
        )

    async def list(self, listener: UUID) -> Sequence[MailImport]:
        return await self._store.list(listener)

    async def get(self, listener: UUID, id: UUID) -> MailImport:
        """Raises ImportNotFound."""
        return await self._store.get(listener, id)

    async def add_part(self, listener: UUID, id: UUID, offset: int, part: bytes) -> MailImport:
        """Store the next part of a file. A part that was received already is ignored.

        Raises ImportNotFound, ImportEnded, PartMisplaced, and what the storage raises.
        """
        mail_import = await self._store.get(listener, id)
        if part and offset + len(part) <= mail_import.received:
            return mail_import
        if mail_import.state not in OPEN_IMPORTS:
            raise ImportEnded
        expected = mail_import.next_part_bytes
        if offset != mail_import.received or len(part) != expected:
            raise PartMisplaced(
                f"The next part begins at byte {mail_import.received} and has {expected} bytes."
            )
        key = part_key(id, mail_import.received // mail_import.part_bytes)
        await self._media.put_bytes(key, part)
        if not await self._store.add_part(mail_import):
            await self._discard_late_part(listener, id, key)
        elif mail_import.received + len(part) == mail_import.bytes:
            self.wake.set()
        return await self._store.get(listener, id)

    async def _discard_late_part(self, listener: UUID, id: UUID, key: str) -> None:
        """Delete a part whose import ended while it was stored. Raises ImportEnded, ImportNotFound.

        Does nothing if another request stored the same part.
        """
        try:
            if (await self._store.get(listener, id)).state in OPEN_IMPORTS:
                return
            raise ImportEnded
        except (ImportEnded, ImportNotFound):
            await self._deletions.add(Kind.MEDIA, [key])
            await self._delete_parts([key])
            raise

    async def cancel(self, listener: UUID, id: UUID) -> MailImport:
        """Stop an import. Mails that it has added stay. Raises ImportNotFound, ImportEnded."""
        if (await self._store.get(listener, id)).state not in OPEN_IMPORTS:
            raise ImportEnded
        if not await self._end(id, ImportState.CANCELLED):
            raise ImportEnded
        return await self._store.get(listener, id)

    async def delete(self, listener: UUID, id: UUID) -> None:
        """Delete an import; if it has not ended, it is stopped. Raises ImportNotFound."""
        await self._delete_parts(await self._store.delete(listener, id))

    async def clean_up(self) -> None:
        """End imports without progress, and forget old ones."""
        since = datetime.now(UTC) - ABANDONED_AFTER
        for id, state in await self._store.list_abandoned(since):
            trouble = NOT_UPLOADED if state is ImportState.UPLOADING else NOT_READ
            # It may have gone on since it was listed.
            await self._end(id, ImportState.FAILED, trouble, unchanged_since=since)
        await self._store.delete_ended(REMEMBERED_FOR)

    async def _end(
        self,
        id: UUID,
        state: ImportState,
        trouble: str | None = None,
        unchanged_since: datetime | None = None,
    ) -> bool:
        """Returns False if it has ended before, or was not ended; see `ImportStore.end`."""
        keys = await self._store.end(id, state, trouble, unchanged_since)
        if keys:
            metrics.IMPORTS_ENDED.labels(state).inc()
        await self._delete_parts(keys)
        return bool(keys)

    async def _delete_parts(self, keys: Sequence[str]) -> None:
        """Delete some parts at once; a background job deletes the others."""
        if keys:
            await self._deletions.try_now(Kind.MEDIA, keys[:KEYS_AT_ONCE])
