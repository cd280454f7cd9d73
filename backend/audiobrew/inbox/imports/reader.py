"""Reads imports in the background: each in turns, and where the last turn ended.

A listener's lock (see `models/key_locks.py`) keeps two processes from reading the same import. The mails of a
batch and the place after them are stored in one transaction, so that no mail is counted or stored twice, and
a process that is killed loses one batch at most.
"""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from hashlib import sha256
from time import monotonic
from uuid import UUID

import structlog
from anyio import CancelScope, to_thread

from audiobrew.db.engine import DATABASE_ERRORS, TRANSIENT_ERRORS, DatabaseFull
from audiobrew.db.import_states import ImportState
from audiobrew.inbox.imports.mail_import import MailImport, SkipReason
from audiobrew.inbox.imports.part_file import PartFile, PartMissing
from audiobrew.inbox.imports.store import ImportStore, end_within, save_progress
from audiobrew.inbox.imports.uploads import KEYS_AT_ONCE
from audiobrew.inbox.mail_files import FileMail, find_mails_from, parse_mail
from audiobrew.inbox.rules import ListenerRule, find_mark, list_rules
from audiobrew.inbox.store import MailStore
from audiobrew.mail.limits import UNPACKED_FACTOR, Limits
from audiobrew.mail.mail import InboxFull
from audiobrew.mail.newsletter import Newsletter
from audiobrew.mail.parsing.parser import MailParser, ParseStopped
from audiobrew.mail.source_mail import MailTooLarge, UnreadableMail
from audiobrew.media.deletion_queue import DeletionQueue, Kind
from audiobrew.media.storage import Media
from audiobrew.models.key_locks import KeyLock, KeyLockLost, KeyLocks
from audiobrew.ops import metrics
from audiobrew.ops.calls import gather_all
from audiobrew.problems import Problem, SignInNeeded

# Between two looks for files that another process has received. Their listeners wait for them.
LOOK_SECONDS = 2.0
# Imports that one process reads at a time, of different listeners.
AT_ONCE = 2
# After this time an import leaves the next turn to those that wait.
TURN_SECONDS, RUN_SECONDS = 30.0, 300.0
# A batch is stored after this time, with this many mails, or with as many blocks as one mail may have.
BATCH_SECONDS, BATCH_MAILS, BATCH_BLOCKS = 2.0, 100, 20_000
# Turns in a row that end abnormally, for example because the process dies, before the import fails.
MAX_ATTEMPTS = 3
# Mails that take too much time or memory, before the import fails.
MAX_STOPPED_MAILS = 20
RETRY_AFTER = timedelta(seconds=30)
# The reasons for skipped mails that are shown, each with the names of the first mails.
MAX_REASONS, MAX_NAMES = 20, 3
# Senders that are counted.
MAX_SENDERS = 2_000
TOO_SLOW = (
    "Too many mails in this file take too much time or memory to read. What was read until then is in your"
    " inbox."
)
UNREADABLE = "AudioBrew cannot read this file. Save it again with your mail program, or split it."
NO_MAILS = "There is no mail in this file."
OTHER_REASON = "Another reason."
log = structlog.get_logger()


class ImportStopped(Exception):
    """The import is not to be read any more: its listener stopped it."""


class ImportReader:
    def __init__(
        self,
        store: ImportStore,
        mails: MailStore,
        media: Media,
        deletions: DeletionQueue,
        locks: KeyLocks,
        parser: MailParser,
        limits: Limits,
        concurrency: int,
    ) -> None:
        """`concurrency`: how many mails of an import are parsed at a time."""
        self._store = store
        self._mails = mails
        self._media = media
        self._deletions = deletions
        self._locks = locks
        self._parser = parser
        self._limits = limits
        self._concurrency = concurrency

    async def run(self) -> None:
        """Read the imports that wait, until none is left, or for `RUN_SECONDS`."""
        await gather_all(self._work() for _ in range(AT_ONCE))

    async def _work(self) -> None:
        end = monotonic() + RUN_SECONDS
        while monotonic() < end and await self._take_any_turn():
            pass

    async def _take_any_turn(self) -> bool:
        """Read on in one import. Returns False if none waits that no other process reads."""
        for listener in await self._store.list_candidates():
            if lock := await self._locks.acquire(listener, f"import-{listener}"):
                try:
                    if mail_import := await self._store.begin_turn(listener):
                        await self._take_turn(mail_import, lock)
                        return True
                finally:
                    with CancelScope(shield=True), suppress(Problem, *DATABASE_ERRORS):
                        await self._locks.release(lock)
        return False

    async def _take_turn(self, mail_import: MailImport, lock: KeyLock) -> None:
        """One turn. An import that fails does not stop others, and is tried again if that may help."""
        id = mail_import.id
        if mail_import.attempts > MAX_ATTEMPTS:
            await self._end(id, ImportState.FAILED, UNREADABLE)
            return
        try:
            await self._read(mail_import, lock)
            await self._store.end_turn(id)
        except (ImportStopped, KeyLockLost, SignInNeeded):
            return
        except (InboxFull, PartMissing, DatabaseFull) as problem:
            await self._end(id, ImportState.FAILED, str(problem))
        except (Problem, *TRANSIENT_ERRORS) as problem:
            log.warning("import.waits", error=type(problem).__name__)
            await self._store.end_turn(id, RETRY_AFTER)
        except Exception as error:
            log.error("import.crashed", exc_info=error)
            await self._store.postpone(id, RETRY_AFTER)
        except BaseException:  # this process stops, which is not the import's fault
            with CancelScope(shield=True), suppress(Problem, *DATABASE_ERRORS):
                await self._store.end_turn(id)
            raise

    async def _read(self, mail_import: MailImport, lock: KeyLock) -> None:
        """Read until the turn or the file ends. Raises ImportStopped, InboxFull, and other problems."""
        async with self._store.engine.connect() as database:
            rules = await list_rules(database, mail_import.listener)
        batch = ImportBatch(mail_import, rules, await self._store.list_senders(mail_import.id))
        mails = find_mails_from(
            PartFile(self._media, mail_import),
            mail_import.name,
            self._limits.mail_bytes,
            max(self._limits.unpacked_bytes, UNPACKED_FACTOR * mail_import.bytes),
            mail_import.place,
        )
        begun_at, turn_end = monotonic(), None
        save_at = begun_at + BATCH_SECONDS
        while group := await to_thread.run_sync(take, mails, self._concurrency):
            if turn_end is None:
                # A mailbox in a .zip was unpacked up to its place first: at most half of a turn.
                now = monotonic()
                turn_end = now + max(TURN_SECONDS, now - begun_at)
            outcomes = await gather_all(self._parse(mail) for mail in group)
            for mail, outcome in zip(group, outcomes, strict=True):
                batch.add(mail, outcome)
            if batch.counts.stopped > MAX_STOPPED_MAILS:
                await self._save(batch, lock)
                await self._end(mail_import.id, ImportState.FAILED, TOO_SLOW)
                return
            if batch.is_full or monotonic() > save_at:
                await self._save(batch, lock)
                save_at = monotonic() + BATCH_SECONDS
                if monotonic() > turn_end:
                    return
        await self._save(batch, lock, ends=True)

    async def _parse(self, mail: FileMail) -> "Newsletter | Skip | None":
        """The newsletter, or why there is none; None for a gap. Raises ParserUnavailable."""
        if mail.is_gap:
            return None
        try:
            return await parse_mail(self._parser, mail, self._limits.mail_bytes)
        except (UnreadableMail, MailTooLarge) as problem:
            return Skip(str(problem), isinstance(problem, ParseStopped))

    async def _save(self, batch: "ImportBatch", lock: KeyLock, *, ends: bool = False) -> None:
        """Store the mails of the batch and the progress, together. Raises ImportStopped, InboxFull."""
        keys: Sequence[str] = ()
        prepared = await self._mails.prepare(batch.mail_import.listener, batch.newsletters)
        async with self._store.engine.begin() as database:
            # The listener's row is locked first, as when an account is deleted.
            batch.counts.added += await self._mails.insert(
                database, batch.mail_import.listener, prepared
            )
            await self._locks.renew_within(database, lock)
            position = batch.mail_import.bytes if ends else batch.position
            progress = (position, batch.place, batch.counts, batch.reasons, batch.senders)
            if not await save_progress(database, batch.mail_import.id, *progress):
                raise ImportStopped
            if ends:
                state, trouble = batch.outcome
                keys = await end_within(database, batch.mail_import.id, state, trouble)
        batch.newsletters.clear()
        if ends:
            await self._record_end(batch.outcome[0], keys)

    async def _end(self, id: UUID, state: ImportState, trouble: str) -> None:
        await self._record_end(state, await self._store.end(id, state, trouble))

    async def _record_end(self, state: ImportState, keys: Sequence[str]) -> None:
        """Delete the first parts of the file now; a background job deletes the others."""
        if not keys:  # it was stopped meanwhile
            return
        log.info("import.ended", outcome=state)
        metrics.IMPORTS_ENDED.labels(state).inc()
        await self._deletions.try_now(Kind.MEDIA, keys[:KEYS_AT_ONCE])


def take(mails: Iterator[FileMail], count: int) -> list[FileMail]:
    """The next mails, up to a gap; none at the end of the file."""
    group: list[FileMail] = []
    for mail in mails:
        group.append(mail)
        if mail.is_gap or len(group) == count:
            break
    return group


@dataclass(frozen=True, slots=True)
class Skip:
    """Why a mail is skipped. `takes_too_much`: time or memory."""

    reason: str
    takes_too_much: bool


class ImportBatch:
    """Mails that are read and not stored yet, and what was found since the import began."""

    def __init__(
        self, mail_import: MailImport, rules: Sequence[ListenerRule], senders: Sequence[str]
    ) -> None:
        """`rules` are the listener's: they may have marked a sender as a newsletter, or as none.

        `senders` are the hashes of those that earlier turns found.
        """
        self.mail_import = mail_import
        self._rules = rules
        self.position, self.place = mail_import.position, mail_import.place
        self.counts = replace(mail_import.counts)
        self.newsletters: list[Newsletter] = []
        self._reasons = {reason.reason: reason for reason in mail_import.reasons}
        self._senders = dict.fromkeys(senders)

    @property
    def is_full(self) -> bool:
        blocks = sum(len(newsletter.blocks) for newsletter in self.newsletters)
        return len(self.newsletters) >= BATCH_MAILS or blocks >= BATCH_BLOCKS

    @property
    def reasons(self) -> list[SkipReason]:
        return list(self._reasons.values())

    @property
    def senders(self) -> list[str]:
        return list(self._senders)

    @property
    def outcome(self) -> tuple[ImportState, str | None]:
        """How an import ends that is read to its end: it fails if no mail in it could be read."""
        if self.counts.newsletters or self.counts.others:
            return ImportState.DONE, None
        return ImportState.FAILED, next(iter(self._reasons), NO_MAILS)

    def add(self, mail: FileMail, outcome: Newsletter | Skip | None) -> None:
        """`outcome` is what was read; None for a gap."""
        self.position, self.place = max(self.position, mail.position), mail.next
        if outcome is None:
            return
        self.counts.mails += 1
        if isinstance(outcome, Skip):
            self.counts.skipped += 1
            self.counts.stopped += outcome.takes_too_much
            self._skip(mail.name, outcome.reason)
            return
        mark = find_mark(outcome, self._rules)
        is_newsletter = outcome.bulk if mark is None else mark
        if is_newsletter:
            self.counts.newsletters += 1
            if len(self._senders) < MAX_SENDERS:
                self._senders[sha256(outcome.key.encode()).hexdigest()[:16]] = None
        else:
            self.counts.others += 1
        if is_newsletter or self.mail_import.keeps_others:
            self.newsletters.append(outcome)

    def _skip(self, name: str, text: str) -> None:
        if text not in self._reasons and len(self._reasons) >= MAX_REASONS:
            text = OTHER_REASON
        reason = self._reasons.get(text, SkipReason(text, 0, ()))
        names = (*reason.names, name)[:MAX_NAMES]
        self._reasons[text] = SkipReason(text, reason.count + 1, names)
