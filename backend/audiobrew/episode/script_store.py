"""Stores the scripts of episodes: sentences with their sources and times, and what the gate rejected."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from audiobrew.audio.clip import Cue
from audiobrew.db.json_codec import from_json, to_json
from audiobrew.db.stages import Stage
from audiobrew.db.tables import episodes, segments, sentences, sources
from audiobrew.mail.mail import StoredMail
from audiobrew.script.earlier_episodes import EarlierSentence, HeardSentence, HeardStory
from audiobrew.script.script import (
    DropReason,
    Kind,
    Rejection,
    Script,
    Segment,
    Sentence,
    Speaker,
    Verdict,
)

# What a listener heard in so many episodes, within this time, is not told again.
REMEMBERED_EPISODES = 7
REMEMBERED_TIME = timedelta(days=14)
REMEMBERED_KINDS = (Kind.SOURCED, Kind.DIFFERENCE, Kind.BEFORE)


@dataclass(frozen=True, slots=True)
class StoredSentence:
    """A sentence that is told.

    `number` counts through the episode. `clip` is the cache key of the clip in which the sentence is heard.
    `start` and `end` are in seconds of the episode, and None until it is joined. `is_kept`: its listener
    wrote or restored it in review. `unclear`: the names and figures that a recognizer did not understand.
    """

    number: int
    segment: int
    sentence: Sentence
    clip: str | None
    start: float | None
    end: float | None
    is_kept: bool = False
    unclear: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class StoredSegment:
    number: int
    title: str
    language: str
    start: float | None
    end: float | None
    sentences: tuple[StoredSentence, ...]
    chosen_because: tuple[str, ...] = ()

    @property
    def update_of(self) -> EarlierSentence | None:
        """The sentence of an earlier episode that told the story, if this is an update of it."""
        return next((one.sentence.earlier for one in self.sentences if one.sentence.earlier), None)

    def to_segment(self) -> Segment:
        sentences = tuple(stored.sentence for stored in self.sentences)
        return Segment(self.title, self.language, sentences, self.chosen_because)


@dataclass(frozen=True, slots=True)
class StoredSource:
    """A cited block, as it was when the script was written."""

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
    """A sentence that is not told. `why` is a DropReason; `found` is what in it has no source."""

    text: str
    why: str
    found: Sequence[str]
    cites: Sequence[str]


@dataclass(frozen=True, slots=True)
class RepeatedSentence:
    """A sentence that is not told, because an earlier episode did."""

    text: str
    cites: Sequence[str]
    earlier: EarlierSentence


@dataclass(frozen=True, slots=True)
class SuspectSentence:
    """A text that is not told, because it resembles advertising or housekeeping; `reason` says which."""

    text: str
    reason: str
    cites: Sequence[str]


@dataclass(frozen=True, slots=True)
class StoredScript:
    segments: tuple[StoredSegment, ...]
    sources: tuple[StoredSource, ...]
    dropped: tuple[RejectedSentence, ...]
    # By the listener, who can restore them until the script is spoken.
    removed: tuple[StoredSentence, ...] = ()
    repeats: tuple[RepeatedSentence, ...] = ()
    suspects: tuple[SuspectSentence, ...] = ()


_LISTED_APART = (DropReason.LISTENER, DropReason.REPEAT, DropReason.SUSPECT)


class ScriptStore:
    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def save(
        self,
        episode: UUID,
        script: Script,
        dropped: Iterable[Rejection],
        mails: Iterable[StoredMail],
    ) -> None:
        """Replace the episode's script in one transaction. Sources are copied from `mails`."""
        rows = sentence_rows(episode, script)
        rows += [
            _rejected_row(episode, number, rejection)
            for number, rejection in enumerate(dropped, len(rows))
        ]
        cited = {block for row in rows for block in row["cites"]}
        async with self._engine.begin() as database:
            await _forget_deleted_episodes(database, rows)
            for table in (sentences, segments, sources):
                await database.execute(table.delete().where(table.c.episode_id == episode))
            await _insert(database, segments, segment_rows(episode, script))
            await _insert(database, sentences, rows)
            await _insert(database, sources, _source_rows(episode, mails, cited))

    async def get(self, episode: UUID) -> StoredScript:
        """The script; an empty one if none was written yet."""
        async with self._engine.connect() as database:
            segment_data = await _rows(database, segments, episode, segments.c.number)
            sentence_data = await _rows(database, sentences, episode, sentences.c.number)
            source_data = await _rows(database, sources, episode, sources.c.block_id)
        told_sentences = [_sentence(row) for row in sentence_data if row.dropped is None]
        return StoredScript(
            segments=tuple(_segment(row, told_sentences) for row in segment_data),
            sources=tuple(_source(row) for row in source_data),
            dropped=tuple(
                RejectedSentence(row.text, row.dropped, row.found, row.cites)
                for row in sentence_data
                if row.dropped and row.dropped not in _LISTED_APART
            ),
            removed=tuple(
                _sentence(row) for row in sentence_data if row.dropped == DropReason.LISTENER
            ),
            repeats=tuple(
                RepeatedSentence(row.text, row.cites, earlier)
                for row in sentence_data
                if row.dropped == DropReason.REPEAT and (earlier := _earlier(row))
            ),
            suspects=tuple(
                SuspectSentence(row.text, row.found[0], row.cites)
                for row in sentence_data
                if row.dropped == DropReason.SUSPECT
            ),
        )

    async def heard_stories(
        self, listener: UUID, episode: UUID, before: datetime
    ) -> Sequence[HeardStory]:
        """What the listener heard in the last episodes before this time, except in this one."""
        last = (
            sa.select(episodes.c.id, episodes.c.day)
            .where(
                episodes.c.listener_id == listener,
                episodes.c.id != episode,
                episodes.c.stage == Stage.READY,
                episodes.c.published_at >= before - REMEMBERED_TIME,
            )
            .order_by(episodes.c.published_at.desc(), episodes.c.id)
            .limit(REMEMBERED_EPISODES)
        )
        is_heard = sa.or_(sentences.c.start.is_not(None), sentences.c.kind == Kind.BEFORE)
        stories = []
        async with self._engine.connect() as database:
            for id, day in (await database.execute(last)).all():
                segment_data = await _rows(database, segments, id, segments.c.number)
                own = sa.and_(sentences.c.episode_id == id, sentences.c.dropped.is_(None), is_heard)
                query = sentences.select().where(own, sentences.c.kind.in_(REMEMBERED_KINDS))
                rows = (await database.execute(query.order_by(sentences.c.number))).all()
                source_data = await _rows(database, sources, id, sources.c.block_id)
                texts = {row.block_id: row.text for row in source_data}
                for segment in segment_data:
                    own_rows = [row for row in rows if row.segment == segment.number]
                    cites = dict.fromkeys(block for row in own_rows for block in row.cites)
                    if own_rows:
                        story = HeardStory(
                            episode=id,
                            day=day,
                            title=segment.title,
                            language=segment.language,
                            sentences=tuple(
                                HeardSentence(row.number, row.text) for row in own_rows
                            ),
                            sources=tuple(texts[block] for block in cites if block in texts),
                        )
                        stories.append(story)
        return stories

    async def segment(self, episode: UUID, number: int) -> StoredSegment:
        """One segment with its sentences."""
        segment = sa.and_(segments.c.episode_id == episode, segments.c.number == number)
        own = sa.and_(sentences.c.episode_id == episode, sentences.c.segment == number)
        query = sentences.select().where(own, sentences.c.dropped.is_(None))
        async with self._engine.connect() as database:
            row = (await database.execute(segments.select().where(segment))).one()
            sentence_data = await database.execute(query.order_by(sentences.c.number))
            return _segment(row, [_sentence(sentence) for sentence in sentence_data])

    async def set_clips(self, episode: UUID, clips: Mapping[int, str]) -> None:
        """Set the key of the clip in which each sentence, by number, is heard."""
        await self._update_by_number(
            episode, sentences, [{"at": n, "clip": clip} for n, clip in clips.items()]
        )

    async def set_times(
        self,
        episode: UUID,
        cues: Mapping[int, Cue],
        chapters: Sequence[Cue],
        unclear: Mapping[int, Sequence[str]],
    ) -> None:
        """Set when each sentence, by number, and each segment is heard, in seconds of the episode.

        `unclear` are the words of sentences that a recognizer did not understand.
        """
        rows = [
            {**_times(number, cue), "unclear": list(unclear.get(number, ())) or None}
            for number, cue in cues.items()
        ]
        await self._update_by_number(episode, sentences, rows)
        await self._update_by_number(
            episode, segments, [_times(*cue) for cue in enumerate(chapters)]
        )

    async def edit(
        self, episode: UUID, number: int, sentence: Sentence, *, is_removed: bool, is_kept: bool
    ) -> None:
        """Replace the text, kind and verdict of a sentence in review.

        `is_removed`: by the listener. `is_kept`: see `StoredSentence`.
        """
        own = sa.and_(sentences.c.episode_id == episode, sentences.c.number == number)
        values = {
            "text": sentence.text,
            "kind": sentence.kind,
            "verdict": to_json(sentence.verdict) if sentence.verdict else None,
            "dropped": DropReason.LISTENER if is_removed else None,
            "clip": None,
            "kept": is_kept,
        }
        async with self._engine.begin() as database:
            await database.execute(sentences.update().where(own).values(values))

    async def renumber(self, episode: UUID, script: Script, keeps: Sequence[bool]) -> None:
        """Replace the sentences that are told by those of `script`. What was dropped follows them.

        `keeps`: `StoredSentence.is_kept`, for each sentence.
        """
        async with self._engine.begin() as database:
            own = sentences.c.episode_id == episode
            rows = await _rows(database, sentences, episode, sentences.c.number)
            dropped = [dict(row._mapping) for row in rows if row.dropped]
            told_rows = sentence_rows(episode, script)
            for row, is_kept in zip(told_rows, keeps, strict=True):
                row["kept"] = is_kept
            for number, row in enumerate(dropped, len(told_rows)):
                row |= {"number": number, "segment": 0}
            await database.execute(sentences.delete().where(own))
            await database.execute(segments.delete().where(segments.c.episode_id == episode))
            await _insert(database, segments, segment_rows(episode, script))
            await _insert(database, sentences, told_rows)
            await _insert(database, sentences, dropped)

    async def leave_out(self, episode: UUID, numbers: Sequence[int]) -> None:
        """Drop these sentences, for lack of time."""
        own = sa.and_(sentences.c.episode_id == episode, sentences.c.number.in_(numbers))
        async with self._engine.begin() as database:
            await database.execute(
                sentences.update().where(own).values(dropped=DropReason.TIME, found=[], clip=None)
            )

    async def _update_by_number(
        self, episode: UUID, table: sa.Table, rows: Sequence[Mapping[str, Any]]
    ) -> None:
        """Update the rows whose number is `at`. All of `rows` have the same keys."""
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


async def _forget_deleted_episodes(
    database: AsyncConnection, rows: Iterable[dict[str, Any]]
) -> None:
    """Remove references to earlier episodes that were deleted meanwhile, and lock the others."""
    ids = {row["earlier_episode"] for row in rows} - {None}
    if ids:
        query = sa.select(episodes.c.id).where(episodes.c.id.in_(ids))
        locked = query.with_for_update(read=True, key_share=True)
        existing = set((await database.execute(locked)).scalars())
        for row in rows:
            if row["earlier_episode"] not in existing:
                row["earlier_episode"] = None


async def _insert(database: AsyncConnection, table: sa.Table, rows: list[dict[str, Any]]) -> None:
    if rows:
        await database.execute(table.insert(), rows)


async def _rows(
    database: AsyncConnection, table: sa.Table, episode: UUID, order: Any
) -> Sequence[sa.Row[Any]]:
    query = table.select().where(table.c.episode_id == episode).order_by(order)
    return (await database.execute(query)).all()


def sentence_rows(episode: UUID, script: Script) -> list[dict[str, Any]]:
    """The rows of all sentences of a script."""
    numbered = [(n, s) for n, segment in enumerate(script.segments) for s in segment.sentences]
    return [_sentence_row(episode, number, *pair) for number, pair in enumerate(numbered)]


def segment_rows(episode: UUID, script: Script) -> list[dict[str, Any]]:
    return [
        {
            "episode_id": episode,
            "number": n,
            "title": part.title,
            "language": part.language,
            "chosen_because": list(part.chosen_because),
        }
        for n, part in enumerate(script.segments)
    ]


def _sentence_row(episode: UUID, number: int, segment: int, sentence: Sentence) -> dict[str, Any]:
    return {
        "episode_id": episode,
        "number": number,
        "segment": segment,
        "speaker": sentence.speaker,
        "kind": sentence.kind,
        "text": sentence.text,
        "cites": list(sentence.cites),
        "verdict": to_json(sentence.verdict) if sentence.verdict else None,
        "dropped": None,
        "found": None,
        **_earlier_columns(sentence.earlier),
    }


def _rejected_row(episode: UUID, number: int, rejection: Rejection) -> dict[str, Any]:
    row = _sentence_row(episode, number, 0, rejection.sentence)
    reason = {"dropped": rejection.reason, "found": list(rejection.missing)}
    return row | reason | _earlier_columns(rejection.earlier)


def _earlier_columns(earlier: EarlierSentence | None) -> dict[str, Any]:
    return {
        "earlier_episode": earlier.episode if earlier else None,
        "earlier_number": earlier.number if earlier else None,
        "earlier_day": earlier.day if earlier else None,
    }


def _earlier(row: Any) -> EarlierSentence | None:
    if row.earlier_day is None:
        return None
    return EarlierSentence(row.earlier_episode, row.earlier_number, row.earlier_day)


def _source_rows(
    episode: UUID, mails: Iterable[StoredMail], cited: set[str]
) -> list[dict[str, Any]]:
    return [
        {
            "episode_id": episode,
            "block_id": block.id,
            "mail_id": mail.id,
            "sender": mail.newsletter.sender,
            "sender_domain": mail.newsletter.sender_domain or None,
            "subject": mail.newsletter.subject,
            "kind": block.kind,
            "text": block.text,
            "links": [{"text": link.text, "url": link.url} for link in block.links],
        }
        for mail in mails
        for block in mail.newsletter.blocks
        if block.id in cited
    ]


def _times(number: int, cue: Cue) -> dict[str, Any]:
    return {"at": number, "start": cue.start, "end": cue.end}


def _sentence(row: Any) -> StoredSentence:
    kind, speaker = Kind(row.kind), Speaker(row.speaker)
    verdict = from_json(Verdict, row.verdict) if row.verdict else None
    sentence = Sentence(row.text, speaker, kind, tuple(row.cites), _earlier(row), verdict)
    return StoredSentence(
        row.number,
        row.segment,
        sentence,
        row.clip,
        row.start,
        row._mapping["end"],
        row.kept,
        tuple(row.unclear or ()),
    )


def _segment(row: Any, told_sentences: Iterable[StoredSentence]) -> StoredSegment:
    own = tuple(sentence for sentence in told_sentences if sentence.segment == row.number)
    return StoredSegment(
        row.number,
        row.title,
        row.language,
        row.start,
        row._mapping["end"],
        own,
        tuple(row.chosen_because),
    )


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
