"""Listeners and finished episodes, inserted as the rows that a brew leaves."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from audiobrew.account.listener_store import ListenerStore
from audiobrew.db.stages import Stage
from audiobrew.db.tables import episodes, segments, sentences, sources
from sqlalchemy.ext.asyncio import AsyncEngine

from tests.listeners import add_listener

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
BEANS, TEA = uuid4(), uuid4()


async def create_listener(engine: AsyncEngine) -> UUID:
    return await add_listener(ListenerStore(engine))


async def create_episode(engine: AsyncEngine, listener: UUID, **other: Any) -> UUID:
    """A finished episode of two stories; `other` replaces columns of its row."""
    row = _episode(listener) | other
    async with engine.begin() as database:
        await database.execute(episodes.insert().values(row))
        for table, rows in ((segments, SEGMENTS), (sentences, SENTENCES), (sources, SOURCES)):
            values = [part | {"episode_id": row["id"]} for part in rows]
            await database.execute(table.insert(), values)
    return UUID(str(row["id"]))


def _episode(listener: UUID) -> dict[str, Any]:
    id = uuid4()
    return {
        "id": id,
        "listener_id": listener,
        "title": "Tuesday brew",
        "title_chosen": False,
        "stage": Stage.READY,
        "minutes": 1,
        "hosts": 2,
        "day": NOON.date(),
        "language": "en",
        "mail_count": 2,
        "seconds": 12.5,
        "bytes": 150_000,
        "media": f"episodes/{id}.mp3",
        "attempt": 1,
        "done": 0,
        "total": 0,
        "percent": 100,
        "revision": 1,
        "request_hash": "0" * 64,
        "created_at": NOON,
        "updated_at": NOON,
        "published_at": NOON,
    }


def _sentence(number: int, segment: int, text: str, *cites: str, **other: Any) -> dict[str, Any]:
    times = {"start": number * 2.0, "end": number * 2.0 + 1.5}
    kind = "sourced" if cites else "greeting"
    values = {"number": number, "segment": segment, "speaker": "first", "kind": kind, "text": text}
    return values | {"cites": list(cites), "dropped": None} | times | other


def _source(block: str, mail: UUID, sender: str, *links: tuple[str, str]) -> dict[str, Any]:
    values = [{"text": text, "url": url} for text, url in links]
    return {
        "block_id": block,
        "mail_id": mail,
        "sender": sender,
        "subject": f"{sender} today",
        "kind": "paragraph",
        "text": "Text of the mail.",
        "links": values,
    }


SEGMENTS = [
    {"number": 0, "title": "Beans & <b>more</b>", "language": "en", "start": 0.0, "end": 6.0},
    {"number": 1, "title": "Tea", "language": "en", "start": 6.0, "end": 12.5},
]
SENTENCES = [
    _sentence(0, 0, "Good morning."),
    _sentence(1, 0, "Beans are back, says the Roast.", "b1", "b2", speaker="second"),
    _sentence(2, 0, "This was never spoken.", "b9", dropped="figure", start=None, end=None),
    _sentence(3, 1, "Tea <script>alert(1)</script> costs less.", "b3", "b1"),
]
SOURCES = [
    _source("b1", BEANS, "The Roast", ("Read", "https://roast.test/1")),
    _source(
        "b2", BEANS, "The Roast", ("Again", "https://roast.test/1"), ("2", "https://roast.test/2")
    ),
    _source("b3", TEA, "Leaf", ("Tea", "https://leaf.test/")),
    _source("b9", TEA, "Leaf"),
]
