"""The script of an episode: sentences with their sources and times, and what the gate refused."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from audiobrew.audio.clip import Cue
from audiobrew.db.tables import segments, sentences, sources
from audiobrew.mail.mail import StoredMail
from audiobrew.script.newsletter_name import sender_domain
from audiobrew.script.script import DropReason, Kind, Rejection, Script, Segment, Sentence, Speaker


@dataclass(frozen=True, slots=True)
class StoredSentence:
    """`number` counts through the episode; `clip` is the paid-once key of the audio it is heard in."""

    number: int
    segment: int
    sentence: Sentence
    clip: str | None
    start: float | None
    end: float | None


@dataclass(frozen=True, slots=True)
class StoredSegment:
    number: int
    title: str
    language: str
    start: float | None
    end: float | None
    sentences: tuple[StoredSentence, ...]

    def told(self) -> Segment:
        return Segment(self.title, self.language, tuple(kept.sentence for kept in self.sentences))


@dataclass(frozen=True, slots=True)
class StoredSource:
    block_id: str
    mail_id: UUID
    sender: str
    sender_domain: str | None
    subject: str
    kind: str
    text: str
    links: Sequence[Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class RejectedSentence:
    text: str
    why: str
    found: Sequence[str]
    cites: Sequence[str]


@dataclass(frozen=True, slots=True)
class StoredScript:
    segments: tuple[StoredSegment, ...]
    sources: tuple[StoredSource, ...]
    dropped: tuple[RejectedSentence, ...]


class Scripts:
    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def keep(
        self,
        episode: UUID,
        script: Script,
        dropped: Iterable[Rejection],
        mails: Iterable[StoredMail],
    ) -> None:
        """In place of what was there: all of it, or none."""
        rows = sentence_rows(episode, script)
        rows += [_refused(episode, number, lost) for number, lost in enumerate(dropped, len(rows))]
        cited = {block for row in rows for block in row["cites"]}
        async with self._engine.begin() as database:
            for table in (sentences, segments, sources):
                await database.execute(table.delete().where(table.c.episode_id == episode))
            await _insert(database, segments, segment_rows(episode, script))
            await _insert(database, sentences, rows)
            await _insert(database, sources, _sources(episode, mails, cited))

    async def get(self, episode: UUID) -> StoredScript:
        async with self._engine.connect() as database:
            parts = await _rows(database, segments, episode, segments.c.number)
            said = await _rows(database, sentences, episode, sentences.c.number)
            cited = await _rows(database, sources, episode, sources.c.block_id)
        spoken = [_kept(row) for row in said if row.dropped is None]
        return StoredScript(
            segments=tuple(_segment(row, spoken) for row in parts),
            sources=tuple(_source(row) for row in cited),
            dropped=tuple(
                RejectedSentence(row.text, row.dropped, row.found, row.cites)
                for row in said
                if row.dropped
            ),
        )

    async def segment(self, episode: UUID, number: int) -> StoredSegment:
        """One segment alone: what a clip is made from."""
        one = sa.and_(segments.c.episode_id == episode, segments.c.number == number)
        own = sa.and_(sentences.c.episode_id == episode, sentences.c.segment == number)
        chosen = sentences.select().where(own, sentences.c.dropped.is_(None))
        async with self._engine.connect() as database:
            row = (await database.execute(segments.select().where(one))).one()
            said = (await database.execute(chosen.order_by(sentences.c.number))).all()
        return _segment(row, [_kept(sentence) for sentence in said])

    async def heard_in(self, episode: UUID, clips: Mapping[int, str]) -> None:
        """Which clip each sentence, by number, is heard in."""
        await self._set(episode, sentences, [{"at": n, "clip": clip} for n, clip in clips.items()])

    async def timed(
        self, episode: UUID, spoken: Mapping[int, Cue], chapters: Sequence[Cue]
    ) -> None:
        """When each sentence and each segment is heard, in seconds of the episode."""
        await self._set(episode, sentences, [_timed(n, cue) for n, cue in spoken.items()])
        await self._set(episode, segments, [_timed(n, cue) for n, cue in enumerate(chapters)])

    async def leave_out(self, episode: UUID, numbers: Sequence[int]) -> None:
        """These sentences are not told, for want of time."""
        place = sa.and_(sentences.c.episode_id == episode, sentences.c.number.in_(numbers))
        async with self._engine.begin() as database:
            await database.execute(
                sentences.update().where(place).values(dropped=DropReason.TIME, found=[], clip=None)
            )

    async def _set(self, episode: UUID, table: sa.Table, rows: Sequence[Mapping[str, Any]]) -> None:
        if not rows:
            return
        names = [name for name in rows[0] if name != "at"]
        place = sa.and_(table.c.episode_id == episode, table.c.number == sa.bindparam("at"))
        change = (
            table.update()
            .where(place)
            .values({name: sa.bindparam(f"new_{name}") for name in names})
        )
        values = [{"at": row["at"]} | {f"new_{name}": row[name] for name in names} for row in rows]
        async with self._engine.begin() as database:
            await database.execute(change, values)


async def _insert(database: AsyncConnection, table: sa.Table, rows: list[dict[str, Any]]) -> None:
    if rows:
        await database.execute(table.insert(), rows)


async def _rows(
    database: AsyncConnection, table: sa.Table, episode: UUID, order: Any
) -> Sequence[sa.Row[Any]]:
    chosen = table.select().where(table.c.episode_id == episode).order_by(order)
    return (await database.execute(chosen)).all()


def sentence_rows(episode: UUID, script: Script) -> list[dict[str, Any]]:
    """Every sentence that is told."""
    spoken = [(n, s) for n, segment in enumerate(script.segments) for s in segment.sentences]
    return [_sentence(episode, number, *told) for number, told in enumerate(spoken)]


def segment_rows(episode: UUID, script: Script) -> list[dict[str, Any]]:
    return [
        {"episode_id": episode, "number": n, "title": part.title, "language": part.language}
        for n, part in enumerate(script.segments)
    ]


def _sentence(episode: UUID, number: int, segment: int, told: Sentence) -> dict[str, Any]:
    return {
        "episode_id": episode,
        "number": number,
        "segment": segment,
        "speaker": told.speaker,
        "kind": told.kind,
        "text": told.text,
        "cites": list(told.cites),
        "dropped": None,
        "found": None,
    }


def _refused(episode: UUID, number: int, lost: Rejection) -> dict[str, Any]:
    row = _sentence(episode, number, 0, lost.sentence)
    return row | {"dropped": lost.reason, "found": list(lost.missing)}


def _sources(episode: UUID, mails: Iterable[StoredMail], cited: set[str]) -> list[dict[str, Any]]:
    return [
        {
            "episode_id": episode,
            "block_id": block.id,
            "mail_id": mail.id,
            "sender": mail.newsletter.sender,
            "sender_domain": sender_domain(mail.newsletter) or None,
            "subject": mail.newsletter.subject,
            "kind": block.kind,
            "text": block.text,
            "links": [{"text": link.text, "url": link.url} for link in block.links],
        }
        for mail in mails
        for block in mail.newsletter.blocks
        if block.id in cited
    ]


def _timed(number: int, cue: Cue) -> dict[str, Any]:
    return {"at": number, "start": cue.start, "end": cue.end}


def _kept(row: Any) -> StoredSentence:
    told = Sentence(row.text, Speaker(row.speaker), Kind(row.kind), tuple(row.cites))
    return StoredSentence(row.number, row.segment, told, row.clip, row.start, row._mapping["end"])


def _segment(row: Any, spoken: Iterable[StoredSentence]) -> StoredSegment:
    own = tuple(sentence for sentence in spoken if sentence.segment == row.number)
    return StoredSegment(row.number, row.title, row.language, row.start, row._mapping["end"], own)


def _source(row: Any) -> StoredSource:
    return StoredSource(
        row.block_id,
        row.mail_id,
        row.sender,
        row.sender_domain,
        row.subject,
        row.kind,
        row.text,
        row.links,
    )
