"""Episodes: ordered, on their way, finished; each listener's own."""

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from audiobrew.account.listener_store import lock_listener
from audiobrew.db.stages import IS_OPEN, RETRIABLE, Stage
from audiobrew.db.tables import episode_mails, episodes
from audiobrew.db.tables import mails as mails_table
from audiobrew.db.timestamps import utc
from audiobrew.episode.change_log import EpisodeChanges, remember_deletion
from audiobrew.episode.episode import (
    BrewStopped,
    Episode,
    IdempotencyKeyReused,
    Order,
    Progress,
    TooManyBrews,
)
from audiobrew.episode.notifier import EpisodeNotifier
from audiobrew.inbox import coverage
from audiobrew.inbox.coverage import LeftOut, OrderedNewsletter
from audiobrew.mail.mail import MailNotFound
from audiobrew.media.deletion_queue import MAX_KEYS_PER_QUERY, Kind, request_deletion, workflow_key
from audiobrew.media.storage import episode_key
from audiobrew.models.result_cache import delete_unused_results
from audiobrew.ops import metrics
from audiobrew.problems import EpisodeNotFound
from audiobrew.script.writer import Style

FIELDS = (
    "id", "title", "stage", "minutes", "hosts", "day", "language", "mail_count", "trouble", "note",
    "seconds", "bytes", "media", "attempt", "asked_language", "quoted", "cap", "trouble_type",
    "newsletters_told",
)  # fmt: skip
NOTHING: Mapping[UUID, LeftOut] = MappingProxyType({})
NEXT = {"revision": episodes.c.revision + 1}


class Episodes:
    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self.notifier = EpisodeNotifier()
        self.changes = EpisodeChanges(engine)

    async def ordered(self, listener: UUID, asked: str, key: str) -> Episode | None:
        """The episode ordered before under this key. Raises IdempotencyKeyReused."""
        own = sa.and_(episodes.c.listener_id == listener, episodes.c.idempotency_key == key)
        async with self._engine.connect() as database:
            row = (await database.execute(episodes.select().where(own))).one_or_none()
        if row is not None and row.request_hash != asked:
            raise IdempotencyKeyReused
        return _episode(row) if row is not None else None

    async def order(
        self,
        listener: UUID,
        order: Order,
        title: str,
        asked: str,
        key: str | None,
        limit: int | None = None,
    ) -> Episode:
        """The new row, or the one ordered before under the same key.

        Raises IdempotencyKeyReused, TooManyBrews when `limit` are open already, MailNotFound when a mail
        was deleted meanwhile.
        """
        row = _ordered(listener, order, title, asked, key)
        mails = [
            {"episode_id": row["id"], "mail_id": mail, "number": number}
            for number, mail in enumerate(order.mails)
        ]
        try:
            async with self._engine.begin() as database:
                await lock_listener(database, listener)
                if not key or not await _is_ordered(database, listener, key):
                    await _leave_room(database, listener, limit)
                await _hold_mails(database, listener, order.mails)
                await database.execute(episodes.insert().values(row))
                await database.execute(episode_mails.insert(), mails)
        except sa.exc.IntegrityError:
            if key and (before := await self.ordered(listener, asked, key)):
                return before
            raise
        self.notifier.notify()
        return await self.get(listener, row["id"])

    async def list(self, listener: UUID, limit: int, before: UUID | None) -> list[Episode]:
        """Newest first; `before` is the last id seen."""
        chosen = episodes.select().where(episodes.c.listener_id == listener)
        if before:
            seen = sa.select(episodes.c.created_at, episodes.c.id).where(
                episodes.c.id == before, episodes.c.listener_id == listener
            )
            place = sa.tuple_(episodes.c.created_at, episodes.c.id)
            chosen = chosen.where(place < seen.scalar_subquery())
        newest = (episodes.c.created_at.desc(), episodes.c.id.desc())
        async with self._engine.connect() as database:
            rows = await database.execute(chosen.order_by(*newest).limit(limit))
            return [_episode(row) for row in rows]

    async def get(self, listener: UUID, id: UUID) -> Episode:
        """Raises EpisodeNotFound."""
        return await self._one(episodes.c.id == id, episodes.c.listener_id == listener)

    async def get_unscoped(self, id: UUID) -> Episode:
        """Whoever's it is: for the brew itself. Raises EpisodeNotFound."""
        return await self._one(episodes.c.id == id)

    async def mails(self, id: UUID) -> Sequence[UUID]:
        chosen = (
            sa.select(episode_mails.c.mail_id)
            .where(episode_mails.c.episode_id == id)
            .order_by(episode_mails.c.number)
        )
        async with self._engine.connect() as database:
            return (await database.execute(chosen)).scalars().all()

    async def open(
        self, listener: UUID | None = None, unchanged_for: timedelta = timedelta(0)
    ) -> Sequence[Episode]:
        """Everything that has not ended, oldest first."""
        chosen = episodes.select().where(IS_OPEN).order_by(episodes.c.created_at)
        if listener:
            chosen = chosen.where(episodes.c.listener_id == listener)
        if unchanged_for:
            chosen = chosen.where(episodes.c.updated_at <= datetime.now(UTC) - unchanged_for)
        async with self._engine.connect() as database:
            return [_episode(row) for row in await database.execute(chosen)]

    async def existing(self, ids: Collection[UUID]) -> set[UUID]:
        """Those of these that are there, whoever's they are."""
        wanted, found = list(ids), set[UUID]()
        async with self._engine.connect() as database:
            for first in range(0, len(wanted), MAX_KEYS_PER_QUERY):
                some = episodes.c.id.in_(wanted[first : first + MAX_KEYS_PER_QUERY])
                chosen = sa.select(episodes.c.id).where(some)
                found |= set((await database.execute(chosen)).scalars())
        return found

    async def progress(self, id: UUID) -> Progress:
        """Raises EpisodeNotFound."""
        names = ("revision", "stage", "done", "total", "percent", "trouble", "trouble_type")
        chosen = sa.select(*(episodes.c[name] for name in names)).where(episodes.c.id == id)
        async with self._engine.connect() as database:
            row = (await database.execute(chosen)).one_or_none()
        if row is None:
            raise EpisodeNotFound
        return Progress(
            row.revision,
            Stage(row.stage),
            row.done,
            row.total,
            row.percent,
            row.trouble,
            row.trouble_type,
        )

    async def advance(self, id: UUID, stage: Stage, total: int, percent: int) -> None:
        """The next stage begins. Raises BrewStopped when the listener ended the brew meanwhile."""
        ahead = _at_least(percent)
        values: dict[str, Any] = {
            "stage": stage,
            "done": 0,
            "total": total,
            "percent": ahead,
            **NEXT,
        }
        if not await self._change(sa.and_(episodes.c.id == id, IS_OPEN), values):
            raise BrewStopped
        self.notifier.notify()

    async def count(self, id: UUID, percent: float) -> None:
        """One more part of this stage is done; the brew is at least `percent` along."""
        values: dict[str, Any] = {
            "done": episodes.c.done + 1,
            "percent": _at_least(int(percent)),
            **NEXT,
        }
        await self._change(sa.and_(episodes.c.id == id, IS_OPEN), values)

    async def further(self, id: UUID, points: int, most: int) -> None:
        """The brew is so many percent further along, up to `most`."""
        percent = sa.case(
            (episodes.c.percent > most, episodes.c.percent),
            (episodes.c.percent + points > most, most),
            else_=episodes.c.percent + points,
        )
        await self._change(sa.and_(episodes.c.id == id, IS_OPEN), {"percent": percent, **NEXT})

    async def note(self, id: UUID, **values: Any) -> None:
        """Keep facts of a brew on its way: pace, note, language, title, …"""
        await self._change(sa.and_(episodes.c.id == id, IS_OPEN), values)

    async def newsletters(self, id: UUID) -> Sequence[OrderedNewsletter]:
        """What the episode was ordered from, in the order of telling."""
        async with self._engine.connect() as database:
            return await coverage.list_ordered_newsletters(database, id)

    async def waiting(self, id: UUID) -> dict[UUID, int]:
        """See `coverage.waiting`."""
        async with self._engine.connect() as database:
            return await coverage.refusals_of_new_mails(database, id)

    async def first(self, id: UUID) -> Sequence[UUID]:
        """See `coverage.first`."""
        async with self._engine.connect() as database:
            return await coverage.mails_to_put_first(database, id)

    async def leave_out(self, id: UUID, left_out: Mapping[UUID, LeftOut]) -> None:
        """These newsletters cannot be told."""
        async with self._engine.begin() as database:
            await coverage.record_omissions(database, id, left_out)

    async def end(
        self,
        id: UUID,
        stage: Stage,
        trouble: str | None = None,
        trouble_type: str | None = None,
        told: Collection[UUID] | None = None,
        left_out: Mapping[UUID, LeftOut] = NOTHING,
        **facts: Any,
    ) -> bool:
        """With what is known of it now, in one transaction. Answers whether it was this call that ended it.

        `told` are the newsletters that a finished episode tells; `left_out` says why not the others. What an
        attempt that is not ready may have put into storage is to be deleted.
        """
        now = datetime.now(UTC)
        problem = {"trouble": trouble, "trouble_type": trouble_type}
        values: dict[str, Any] = {"stage": stage, **problem, **facts, **NEXT, "updated_at": now}
        if stage is Stage.READY:
            values |= {"percent": 100, "published_at": now}
        if told is not None:
            values["newsletters_told"] = len(told)
        still_open = sa.and_(episodes.c.id == id, IS_OPEN)
        async with self._engine.begin() as database:
            change = episodes.update().where(still_open).values(values)
            change = change.returning(episodes.c.attempt)
            attempt = (await database.execute(change)).scalar_one_or_none()
            if attempt is None:
                return False
            if told is not None:
                await coverage.record_coverage(database, id, told, left_out)
            if stage is not Stage.READY:
                await request_deletion(database, Kind.MEDIA, [episode_key(id, attempt)])
        metrics.EPISODES_ENDED.labels(stage).inc()
        self.notifier.notify()
        return True

    async def reopen(self, listener: UUID, id: UUID, limit: int | None = None) -> bool:
        """For another attempt; what is finished stays so. What was ordered elsewhere cannot be.

        Raises TooManyBrews when `limit` are open already.
        """
        again = episodes.c.stage.in_(RETRIABLE)
        here = episodes.c.request_hash != ""
        own = sa.and_(episodes.c.id == id, episodes.c.listener_id == listener, again, here)
        fresh: dict[str, Any] = {
            "stage": Stage.WAITING,
            "trouble": None,
            "trouble_type": None,
            "done": 0,
            "total": 0,
            "percent": 0,
        }
        again_from = {**fresh, "attempt": episodes.c.attempt + 1, **NEXT}
        again_from["updated_at"] = datetime.now(UTC)
        async with self._engine.begin() as database:
            await lock_listener(database, listener)
            opened = bool(
                (await database.execute(episodes.update().where(own).values(again_from))).rowcount
            )
            if opened and limit is not None:  # this one is counted, too
                await _leave_room(database, listener, limit + 1)
        if opened:
            self.notifier.notify()
        return opened

    async def rename(self, listener: UUID, id: UUID, title: str) -> None:
        """Raises EpisodeNotFound."""
        await self._change_own(listener, id, {"title": title, "title_chosen": True})

    async def set_cap(self, listener: UUID, id: UUID, cap: int | None) -> None:
        """In millionths of a dollar; None: no limit. Raises EpisodeNotFound."""
        await self._change_own(listener, id, {"cap": cap})

    async def _change_own(self, listener: UUID, id: UUID, values: dict[str, Any]) -> None:
        own = sa.and_(episodes.c.id == id, episodes.c.listener_id == listener)
        if not await self._change(own, values):
            raise EpisodeNotFound

    async def delete(self, listener: UUID, id: UUID) -> Mapping[Kind, Sequence[str]]:
        """With what was made for it alone.

        What it has elsewhere is written down to be deleted in the same transaction, and returned.
        """
        own = sa.and_(episodes.c.id == id, episodes.c.listener_id == listener)
        async with self._engine.begin() as database:
            hold = episodes.update().where(own).values(attempt=episodes.c.attempt)
            held = await database.execute(hold.returning(episodes.c.media, episodes.c.attempt))
            row = held.one_or_none()
            if row is None:
                return {}
            media = [*filter(None, {row.media, episode_key(id, row.attempt)})]
            media += await delete_unused_results(database, id)
            elsewhere = {Kind.MEDIA: media, Kind.WORKFLOW: [workflow_key(id, row.attempt)]}
            for kind, keys in elsewhere.items():
                await request_deletion(database, kind, keys)
            await database.execute(episodes.delete().where(own))
            await remember_deletion(database, listener, id, datetime.now(UTC))
        self.notifier.notify()
        return elsewhere

    async def _one(self, *where: Any) -> Episode:
        async with self._engine.connect() as database:
            row = (await database.execute(episodes.select().where(*where))).one_or_none()
        if row is None:
            raise EpisodeNotFound
        return _episode(row)

    async def _change(self, where: Any, values: dict[str, Any]) -> bool:
        stamped = {"updated_at": datetime.now(UTC)} | values
        async with self._engine.begin() as database:
            done = await database.execute(episodes.update().where(where).values(stamped))
        return bool(done.rowcount)


async def _is_ordered(database: AsyncConnection, listener: UUID, key: str) -> bool:
    own = sa.and_(episodes.c.listener_id == listener, episodes.c.idempotency_key == key)
    return (await database.execute(sa.select(episodes.c.id).where(own))).first() is not None


async def _leave_room(database: AsyncConnection, listener: UUID, limit: int | None) -> None:
    """Raises TooManyBrews. What the caller writes is undone with it."""
    count = sa.select(sa.func.count()).where(IS_OPEN, episodes.c.listener_id == listener)
    if limit is not None and (await database.execute(count)).scalar_one() >= limit:
        raise TooManyBrews


async def _hold_mails(database: AsyncConnection, listener: UUID, ids: Sequence[UUID]) -> None:
    """Until this transaction ends nobody deletes them. Raises MailNotFound."""
    own = sa.and_(mails_table.c.listener_id == listener, mails_table.c.id.in_(ids))
    held = sa.select(mails_table.c.id).where(own).with_for_update(read=True, key_share=True)
    if len((await database.execute(held)).all()) < len(ids):
        raise MailNotFound


def _at_least(percent: int) -> Any:
    """Progress never goes back, not even when a brew is planned again."""
    return sa.case((episodes.c.percent > percent, episodes.c.percent), else_=percent)


def _ordered(
    listener: UUID, order: Order, title: str, asked: str, key: str | None
) -> dict[str, Any]:
    now = datetime.now(UTC)
    return {
        "id": uuid4(),
        "listener_id": listener,
        "title": order.title or title,
        "title_chosen": order.title is not None,
        "stage": Stage.WAITING,
        "minutes": order.minutes,
        "hosts": order.hosts,
        "style": order.style,
        "asked_language": order.language,
        "quoted": order.quoted,
        "cap": order.cap,
        "day": order.day,
        "mail_count": len(order.mails),
        "attempt": 1,
        "done": 0,
        "total": 0,
        "percent": 0,
        "revision": 1,
        "idempotency_key": key,
        "request_hash": asked,
        "created_at": now,
        "updated_at": now,
    }


def _episode(row: Any) -> Episode:
    values = row._mapping
    return Episode(
        **{name: values[name] for name in FIELDS}
        | {"stage": Stage(row.stage), "style": Style(row.style)},
        listener=row.listener_id,
        title_chosen=row.title_chosen,
        ordered_here=row.request_hash != "",
        created_at=utc(row.created_at),
        updated_at=utc(row.updated_at),
        published_at=row.published_at and utc(row.published_at),
    )
