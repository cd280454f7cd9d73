"""Listeners who have used every feature, and a search for traces of them."""

import asyncio
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import UUID

from audiobrew.db.source_tables import consents
from audiobrew.db.stages import ENDED
from audiobrew.episode.episode import Episode, Order
from audiobrew.episode.schedule import Cadence, Schedule
from audiobrew.inbox.imports.mail_import import PART_BYTES
from audiobrew.inbox.upload import read_upload
from audiobrew.mail.limits import Limits
from audiobrew.models.charges import Allowance, Charges, Reservation
from audiobrew.models.key_locks import KeyLocks
from audiobrew.models.usage import Usage
from audiobrew.script.writer import ShowStyle
from audiobrew.settings import Settings
from audiobrew.sources.gmail.connection import Connection
from audiobrew.sources.gmail.connection_store import Connections
from audiobrew.sources.gmail.token_cipher import EncryptedSecret
from audiobrew.wiring import Ports

MAIL = """\
From: The {name} Post <post@{name}.example>
To: reader@{name}.example
Subject: Beans for {name}
Date: Mon, 23 Nov 2026 07:30:00 +0000
List-Id: The {name} Post <post.{name}.example>
Content-Type: text/plain; charset=utf-8

The {name} harbour opened on Tuesday, says the mayor of the town, who had waited for years.

The harvest of {name} grew by 12 percent this year, the growers' union reports in its bulletin.

A bridge of {name} is closed for repairs until the spring, the town's engineers decided on Monday.
"""


@dataclass(frozen=True)
class UserData:
    """A listener, and a word that all their data contains."""

    id: UUID
    word: str

    def traces(self) -> tuple[bytes, ...]:
        return (self.word.encode(), str(self.id).encode(), self.id.hex.encode(), self.id.bytes)


async def create_user_data(ports: Ports, id: UUID, word: str) -> UserData:
    """Create mails, a rule, a word, a finished, a deleted and a running episode, a feed, a schedule, a
    mailbox, a paid call and a file that is uploaded."""
    raw, limits = MAIL.format(name=word).encode(), Limits.of(ports.settings)
    keep = partial(ports.mails.add, id)
    [mail], _ = await read_upload(ports.parser, BytesIO(raw), "a.eml", limits, keep)
    changes: dict[str, Any] = {"restore": [], "cut": [], "is_newsletter": True}
    await ports.mails.change(id, mail.id, **changes)
    await ports.pronunciations.put(id, word, f"{word} {word}")
    order = Order((mail.id,), 1, date(2026, 11, 23), hosts=1, interests=word)
    finished = await brew(ports, id, order)
    await ports.orders.delete(id, (await brew(ports, id, order)).id)
    await ports.feed_tokens.make(id, f"{word}'s phone")
    schedule = Schedule(
        Cadence.DAILY, None, time(6, 30), "UTC", 1, 1, ShowStyle.BRIEFING, None, word
    )
    await ports.schedules.put(id, schedule, datetime(2027, 1, 1, tzinfo=UTC))
    await ports.accounts.change_preferences(id, {"zone": "Europe/Madrid", "interests": word})
    await add_connection(ports, id, word)
    await add_import(ports, id, raw, word)
    await add_charge(ports, id, await ports.orders.start(id, order), word)
    assert finished.media
    return UserData(id, word)


async def brew(ports: Ports, id: UUID, order: Order) -> "object":
    episode = await ports.orders.start(id, order)
    async with asyncio.timeout(180):
        async for progress in ports.orders.events(episode.id):
            last = progress
    assert last.stage in ENDED
    assert last.trouble is None
    return await ports.episodes.get(id, episode.id)


async def add_import(ports: Ports, id: UUID, content: bytes, word: str) -> None:
    """A file that is half uploaded."""
    bytes_ = PART_BYTES + len(content)
    mail_import = await ports.imports.begin(id, f"{word}.mbox", bytes_, keeps_others=False)
    await ports.imports.add_part(id, mail_import.id, 0, content.ljust(PART_BYTES))


async def add_connection(ports: Ports, id: UUID, word: str) -> None:
    now = datetime.now(UTC)
    token = EncryptedSecret(word.encode(), "k")
    connection = Connection(id, f"{word}@gmail.example", token, (), now)
    await Connections(ports.database).save(connection)
    consent = {"state_hash": word, "sealed": b"x", "key_id": "k", "expires_at": now}
    async with ports.database.begin() as database:
        await database.execute(consents.insert().values(consent | {"listener_id": id}))


async def add_charge(ports: Ports, id: UUID, episode: Episode, word: str) -> None:
    """A running paid call: its key is locked, and its cost is reserved and counted for the day."""
    assert await KeyLocks(ports.database, 60).acquire(id, word)
    call = Allowance(Usage("m", {"text_in": 1}), 100)
    reserved = await Charges(ports.database).reserve(id, episode.id, word, lambda _: call)
    assert isinstance(reserved, Reservation)


def traces_in_files(folder: Path, user: UserData) -> list[str]:
    """The files of the folder that contain a trace of this listener, with the trace."""
    return [
        f"{file.relative_to(folder)}: {trace!r}"
        for file in folder.rglob("*")
        if file.is_file()
        for trace in user.traces()
        if trace in file.read_bytes() or trace.decode("latin-1") in file.name
    ]


def settings_on(folder: Path) -> Settings:
    return Settings(data=folder, voice="espeak", lease_beat_seconds=0.2)


def media_files(folder: Path) -> Iterator[Path]:
    with suppress(FileNotFoundError):
        yield from (file for file in (folder / "media").rglob("*.mp3") if file.is_file())
