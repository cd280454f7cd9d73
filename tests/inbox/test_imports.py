"""Imports: a file is uploaded in parts, and read in the background, each mail once, whatever happens."""

import io
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from audiobrew.db.import_states import ImportState
from audiobrew.db.tables import imports as imports_table
from audiobrew.inbox.imports import reader as reader_module
from audiobrew.inbox.imports import uploads as uploads_module
from audiobrew.inbox.imports.mail_import import (
    ImportEnded,
    ImportNotFound,
    MailImport,
)
from audiobrew.inbox.imports.reader import ImportReader
from audiobrew.inbox.imports.store import ImportStore
from audiobrew.inbox.imports.uploads import Imports
from audiobrew.inbox.store import MailStore
from audiobrew.mail.limits import Limits
from audiobrew.mail.newsletter import Newsletter
from audiobrew.mail.parsing.parser import (
    LoadMail,
    ParserInProcess,
    ParserUnavailable,
    ParseStopped,
)
from audiobrew.media.deletion_queue import DeletionQueue
from audiobrew.media.folder import FolderMedia
from audiobrew.models.key_locks import KeyLocks
from audiobrew.ops import metrics
from sqlalchemy.ext.asyncio import AsyncEngine

from tests.inbox.test_routes import mbox
from tests.serving import a_mail

OTHER = b"From: Bob <bob@friend.example>\nSubject: Hi\n\nShall we meet in the harbour on Tuesday?\n"
PART = 500


def ended(outcome: str) -> float:
    return metrics.IMPORTS_ENDED.labels(outcome)._value.get()


class Killed(BaseException):
    """Stands for a process that is killed: nothing after it runs."""


class CountingParser:
    """Counts the mails that are parsed, and can fail on one of them."""

    def __init__(self) -> None:
        self.count = 0
        self.fail_at: int | None = None
        self.failure: BaseException = Killed()
        self._parser = ParserInProcess(Limits())

    async def parse(self, load: LoadMail) -> Newsletter:
        self.count += 1
        if self.count == self.fail_at:
            raise self.failure
        return await self._parser.parse(load)


class World:
    """Everything that an import needs, on a folder and a database."""

    def __init__(self, engine: AsyncEngine, folder: Path) -> None:
        self.engine = engine
        self.folder = folder / "media"
        self.media = FolderMedia(self.folder)
        self.deletions = DeletionQueue(engine, self.media.delete)
        self.store = ImportStore(engine, max_bytes=100_000)
        self.mails = MailStore(engine)
        self.parser = CountingParser()
        self.imports = Imports(self.store, self.media, self.deletions)

    def reader(self) -> ImportReader:
        """A reader, as a new process has it."""
        locks = KeyLocks(self.engine, 60)
        limits = Limits(mail_bytes=20_000, unpacked_bytes=200_000)
        return ImportReader(
            *(self.store, self.mails, self.media, self.deletions, locks, self.parser, limits, 1)
        )

    async def upload(self, listener: UUID, content: bytes, name: str = "in.mbox") -> UUID:
        """Begin an import and upload its file."""
        id = (await self.begin(listener, content, name)).id
        for offset in range(0, len(content), PART):
            await self.imports.add_part(listener, id, offset, content[offset : offset + PART])
        return id

    async def begin(
        self, listener: UUID, content: bytes, name: str = "in.mbox", **more: bool
    ) -> MailImport:
        keeps_others = more.get("keeps_others", False)
        return await self.imports.begin(listener, name, len(content), keeps_others=keeps_others)

    async def read(self, listener: UUID, content: bytes, name: str = "in.mbox") -> MailImport:
        """Import a whole file."""
        id = await self.upload(listener, content, name)
        await self.reader().run()
        return await self.imports.get(listener, id)

    async def subjects(self, listener: UUID) -> list[str]:
        mails = await self.mails.list(listener, 200, None)
        return sorted(mail.newsletter.subject for mail in mails)

    def parts(self) -> list[str]:
        folder = self.folder / "imports"
        return sorted(file.name for file in folder.iterdir()) if folder.is_dir() else []

    async def remaining_parts(self) -> list[str]:
        """The parts that are left when all deletions are carried out, also those that took too long."""
        await self.deletions.finish(timedelta(0))
        return self.parts()

    async def forget_claims(self) -> None:
        """What happens when the heartbeat of a killed process has ended for long enough."""
        from audiobrew.db.tables import claims

        async with self.engine.begin() as database:
            await database.execute(claims.delete())
            due = {"next_at": datetime.now(UTC) - timedelta(seconds=1)}
            await database.execute(imports_table.update().values(due))


@pytest.fixture
def world(engine: AsyncEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setattr(uploads_module, "PART_BYTES", PART)
    monkeypatch.setattr(reader_module, "BATCH_SECONDS", 0.0)
    return World(engine, tmp_path)


def newsletters(count: int, first: int = 1) -> list[bytes]:
    return [a_mail(f"Issue {number:03}") for number in range(first, first + count)]


def zipped(**members: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return file.getvalue()


async def test_an_mbox_is_read_completely_and_then_deleted(world: World, ada: UUID) -> None:
    content = mbox(*newsletters(5), OTHER, b"X-Nothing: here")

    done = await world.read(ada, content)

    assert done.state is ImportState.DONE
    assert (done.received, done.position) == (done.bytes, done.bytes)
    assert (done.counts.mails, done.counts.newsletters, done.counts.added) == (7, 5, 5)
    assert (done.counts.others, done.counts.skipped, done.sender_count) == (1, 1, 1)
    assert done.reasons[0].names == ["in.mbox, mail 7"]
    assert await world.subjects(ada) == [f"Issue {number:03}" for number in range(1, 6)]
    assert await world.remaining_parts() == []
    again = await world.read(ada, content)
    assert (again.counts.newsletters, again.counts.added) == (5, 0)


async def test_other_mails_are_stored_if_the_import_includes_them(world: World, ada: UUID) -> None:
    id = (await world.begin(ada, OTHER, "a.eml", keeps_others=True)).id
    await world.imports.add_part(ada, id, 0, OTHER)
    await world.reader().run()

    assert await world.subjects(ada) == ["Hi"]


@pytest.mark.parametrize("kind", ["mbox", "zip", "zipped_mbox"])
@pytest.mark.parametrize("fail_at", range(1, 10, 2))
async def test_a_killed_import_goes_on_and_reads_no_mail_twice(
    world: World, ada: UUID, kind: str, fail_at: int
) -> None:
    content = {
        "mbox": lambda: mbox(*newsletters(9)),
        "zip": lambda: zipped(
            **{f"{number}.eml": mail for number, mail in enumerate(newsletters(9))}
        ),
        "zipped_mbox": lambda: zipped(
            a_mbox=mbox(*newsletters(4)), b_mbox=mbox(*newsletters(5, first=5))
        ),
    }[kind]()
    id = await world.upload(ada, content, f"in.{kind}")
    world.parser.fail_at = fail_at
    with pytest.raises(Killed):
        await world.reader().run()
    await world.forget_claims()
    await world.reader().run()

    done = await world.imports.get(ada, id)
    assert done.state is ImportState.DONE
    assert (done.counts.mails, done.counts.newsletters, done.counts.added) == (9, 9, 9)
    assert len(await world.subjects(ada)) == 9
    assert world.parser.count == 10  # the mail on which the process was killed, once more


async def test_a_kill_after_the_last_mail_ends_the_import(world: World, ada: UUID) -> None:
    id = await world.upload(ada, mbox(*newsletters(3)))
    reader = world.reader()
    save = reader._save

    async def save_and_die(*arguments: Any, ends: bool = False) -> None:
        if ends:
            raise Killed
        await save(*arguments)

    reader._save = save_and_die  # type: ignore[method-assign]
    with pytest.raises(Killed):
        await reader.run()
    await world.forget_claims()
    await world.reader().run()

    done = await world.imports.get(ada, id)
    assert (done.state, done.counts.mails, done.counts.added) == (ImportState.DONE, 3, 3)


async def test_a_stopped_import_keeps_what_it_added_and_its_file_is_deleted(
    world: World, ada: UUID
) -> None:
    id = await world.upload(ada, mbox(*newsletters(6)))
    cancelled_before, failed_before = ended("cancelled"), ended("failed")

    async def stop_at_the_third(load: LoadMail) -> Newsletter:
        world.parser.count += 1
        if world.parser.count == 3:
            await world.imports.cancel(ada, id)
        return await ParserInProcess(Limits()).parse(load)

    world.parser.parse = stop_at_the_third  # type: ignore[method-assign]
    await world.reader().run()

    stopped = await world.imports.get(ada, id)
    assert (stopped.state, stopped.counts.added) == (ImportState.CANCELLED, 2)
    assert ended("cancelled") == cancelled_before + 1
    assert ended("failed") == failed_before
    assert len(await world.subjects(ada)) == 2
    assert await world.remaining_parts() == []
    with pytest.raises(ImportEnded):
        await world.imports.cancel(ada, id)


async def test_a_deleted_import_leaves_nothing(world: World, ada: UUID, bob: UUID) -> None:
    content = mbox(*newsletters(4))
    id = (await world.begin(ada, content)).id
    await world.imports.add_part(ada, id, 0, content[:PART])
    with pytest.raises(ImportNotFound):
        await world.imports.delete(bob, id)
    assert len(world.parts()) == 1
    await world.imports.delete(ada, id)

    assert await world.remaining_parts() == []
    assert await world.imports.list(ada) == []


def bomb() -> bytes:
    return zipped(
        a_mbox=b"From a@b.example Mon Nov 23 07:30:00 2026\nSubject: x\n\n" + b"0" * 2**23
    )


def encrypted() -> bytes:
    content = bytearray(zipped(a_eml=a_mail()))
    content[content.rindex(b"PK\x01\x02") + 8] |= 1
    return bytes(content)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (bomb, "unpacks to"),
        (encrypted, "has a password"),
        (lambda: b"PK\x03\x04" + b"nothing" * 200, "damaged"),
        (lambda: zipped(a=b"\x00picture"), "no .eml"),
        (lambda: b"\x00" * 3_000, "not a mail"),
    ],
    ids=["bomb", "encrypted", "damaged", "empty", "none"],
)
async def test_a_bad_file_fails_with_a_sentence(
    world: World, ada: UUID, make: Callable[[], bytes], words: str
) -> None:
    failed = await world.read(ada, make(), "in.zip")

    assert failed.state is ImportState.FAILED
    assert words in str(failed.trouble)
    assert await world.remaining_parts() == []


async def test_names_in_a_zip_are_no_paths(world: World, ada: UUID, tmp_path: Path) -> None:
    done = await world.read(
        ada, zipped(**{"../../../evil.eml": a_mail(), "/etc/x.eml": a_mail("B")})
    )

    assert done.counts.added == 2
    assert not list(tmp_path.rglob("*.eml"))


async def test_a_full_inbox_ends_an_import(world: World, ada: UUID) -> None:
    world.mails.max_mails = 3
    failed = await world.read(ada, mbox(*newsletters(6)))

    assert (failed.state, failed.counts.added) == (ImportState.FAILED, 3)
    assert "inbox is full" in str(failed.trouble)


async def test_a_file_that_kills_every_process_is_given_up(world: World, ada: UUID) -> None:
    id = await world.upload(ada, mbox(*newsletters(3)))
    for _ in range(reader_module.MAX_ATTEMPTS):
        world.parser.fail_at = world.parser.count + 1
        world.parser.failure = ValueError("a bug")
        await world.reader().run()
        await world.forget_claims()
    assert (await world.imports.get(ada, id)).state is ImportState.READING
    await world.reader().run()

    failed = await world.imports.get(ada, id)
    assert (failed.state, failed.trouble) == (ImportState.FAILED, reader_module.UNREADABLE)


async def test_mails_that_take_too_long_end_an_import(
    world: World, ada: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reader_module, "MAX_STOPPED_MAILS", 1)

    async def stop(load: LoadMail) -> Newsletter:
        raise ParseStopped

    world.parser.parse = stop  # type: ignore[method-assign]
    failed = await world.read(ada, mbox(*newsletters(5)))

    assert (failed.state, failed.trouble) == (ImportState.FAILED, reader_module.TOO_SLOW)
    assert failed.counts.mails == 2


async def test_an_import_waits_while_the_parser_is_unavailable(world: World, ada: UUID) -> None:
    world.parser.fail_at, world.parser.failure = 2, ParserUnavailable()
    waiting = await world.read(ada, mbox(*newsletters(3)))
    assert (waiting.state, waiting.counts.mails, waiting.attempts) == (ImportState.READING, 1, 0)
    await world.forget_claims()
    await world.reader().run()

    done = await world.imports.get(ada, waiting.id)
    assert (done.state, done.counts.added) == (ImportState.DONE, 3)


async def test_a_missing_part_ends_an_import(world: World, ada: UUID) -> None:
    id = await world.upload(ada, mbox(*newsletters(4)))
    (world.folder / "imports" / world.parts()[1]).unlink()
    await world.reader().run()

    failed = await world.imports.get(ada, id)
    assert failed.state is ImportState.FAILED
    assert "gone" in str(failed.trouble)


async def test_a_failure_of_the_storage_is_not_the_files(
    world: World, ada: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A .zip file would count as damaged."""
    content = zipped(**{"in.mbox": mbox(*newsletters(3))})
    id = await world.upload(ada, content, "in.zip")

    async def fail(key: str) -> bytes:
        raise PermissionError(key)

    with monkeypatch.context() as patch:
        patch.setattr(world.media, "get", fail)
        await world.reader().run()
    assert (await world.imports.get(ada, id)).state is ImportState.READING
    assert world.parts()
    await world.forget_claims()
    await world.reader().run()

    assert (await world.imports.get(ada, id)).counts.added == 3


async def test_an_import_follows_the_marks_of_senders(world: World, ada: UUID) -> None:
    [mail] = await world.mails.add(ada, [await ParserInProcess(Limits()).parse(lambda: OTHER)])
    await world.mails.change(ada, mail.id, [], [], is_newsletter=True)
    done = await world.read(ada, mbox(OTHER.replace(b"Hi", b"Again")))

    assert (done.counts.newsletters, done.counts.others) == (1, 0)
    assert await world.subjects(ada) == ["Again", "Hi"]


async def test_the_state_of_an_import_does_not_load_its_senders(world: World, ada: UUID) -> None:
    id = await world.upload(ada, mbox(*newsletters(3)))
    senders = [f"{number:016x}" for number in range(2_000)]
    async with world.engine.begin() as database:
        await database.execute(imports_table.update().values(senders=senders))
    loaded = []
    sa.event.listen(
        world.engine.sync_engine,
        "before_cursor_execute",
        lambda connection, cursor, statement, *rest: loaded.append(statement),
    )
    one = await world.imports.get(ada, id)
    [listed] = await world.imports.list(ada)

    assert (one.sender_count, listed.sender_count) == (2_000, 2_000)
    plain = [text.replace("json_array_length(imports.senders)", "") for text in loaded]
    assert not any("senders" in text.partition("FROM")[0] for text in plain)
    await world.reader().run()
    assert (await world.imports.get(ada, id)).sender_count == 2_000
