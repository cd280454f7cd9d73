"""Stores episodes, with their progress and their newsletters."""

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from audiobrew.account.listener_store import lock_listener
from audiobrew.account.show_fields import choose_style, stored_style
from audiobrew.db.batches import batched
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
    Review,
    TooManyBrews,
)
from audiobrew.episode.notifier import EpisodeNotifier
from audiobrew.episode.playback import PLAYBACK_CONDITIONS, PlaybackFilter, read_playback
from audiobrew.inbox import coverage
from audiobrew.inbox.coverage import LeftOut, OrderedNewsletter
from audiobrew.mail.mail import MailNotFound
from audiobrew.media.deletion_queue import MAX_KEYS_PER_QUERY, Kind, request_deletion, workflow_key
from audiobrew.media.storage import episode_key
from audiobrew.models.result_cache import delete_unused_results
from audiobrew.ops import metrics
from audiobrew.problems import EpisodeNotFound
from audiobrew.script.writer import HostRoles
from audiobrew.search.index import index_episode, index_title

FIELDS = (
    "id", "title", "stage", "minutes", "hosts", "day", "language", "mail_count", "trouble", "note",
    "seconds", "bytes", "media", "attempt", "asked_language", "quoted", "cap", "trouble_type",
    "newsletters_told", "interests", "sounds",
)  # fmt: skip
NOTHING: Mapping[UUID, LeftOut] = MappingProxyType({})
NEXT_REVISION = {"revision": episodes.c.revision + 1}


class EpisodeStore:
    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self.notifier = EpisodeNotifier()
        self.changes = EpisodeChanges(engine)

    async def find_by_key(self, listener: UUID, request_hash: str, key: str) -> Episode | None:
        """The episode with this idempotency key.

        Raises IdempotencyKeyReused if it was another order, one with another `request_hash`.
        """
        own = sa.and_(episodes.c.listener_id == listener, episodes.c.idempotency_key == key)
        async with self._engine.connect() as database:
            row = (await database.execute(episodes.select().where(own))).one_or_none()
        if row is not None and row.request_hash != request_hash:
            raise IdempotencyKeyReused
        return read_episode(row) if row is not None else None

    async def order(
        self,
        listener: UUID,
        order: Order,
        title: str,
        request_hash: str,
        key: str | None,
        limit: int | None = None,
    ) -> Episode:
        """Insert an episode, or return the one with the same idempotency key.

        `title` is used if the order has none. Raises IdempotencyKeyReused, TooManyBrews if `limit` episodes
        are open already, and MailNotFound if a mail was deleted meanwhile.
        """
        row = _new_row(listener, order, title, request_hash, key)
        mails = [
            {"episode_id": row["id"], "mail_id": mail, "number": number}
            for number, mail in enumerate(order.mails)
        ]
        try:
            async with self._engine.begin() as database:
                await lock_listener(database, listener)
                if not key or not await _has_key(database, listener, key):
                    await _check_limit(database, listener, limit)
                await _lock_mails(database, listener, order.mails)
                await database.execute(episodes.insert().values(row))
                await database.execute(episode_mails.insert(), mails)
        except sa.exc.IntegrityError:
            if key and (earlier := await self.find_by_key(listener, request_hash, key)):
                return earlier
            raise
        self.notifier.notify()
        return await self.get(listener, row["id"])

    async def list(
        self,
        listener: UUID,
        limit: int,
        before: UUID | None,
        playback: PlaybackFilter | None = None,
    ) -> list[Episode]:
        """A listener's episodes, newest first; only those older than episode `before`."""
        query = episodes.select().where(episodes.c.listener_id == listener)
        if playback:
            query = query.where(PLAYBACK_CONDITIONS[playback])
        if before:
            cursor = sa.select(episodes.c.created_at, episodes.c.id).where(
                episodes.c.id == before, episodes.c.listener_id == listener
            )
            place = sa.tuple_(episodes.c.created_at, episodes.c.id)
            query = query.where(place < cursor.scalar_subquery())
        newest = (episodes.c.created_at.desc(), episodes.c.id.desc())
        async with self._engine.connect() as database:
            rows = await database.execute(query.order_by(*newest).limit(limit))
            return [read_episode(row) for row in rows]

    async def get(self, listener: UUID, id: UUID) -> Episode:
        """Raises EpisodeNotFound."""
        return await self._one(episodes.c.id == id, episodes.c.listener_id == listener)

    async def get_unscoped(self, id: UUID) -> Episode:
        """An episode of any listener: only for code that does not act for one. Raises EpisodeNotFound."""
        return await self._one(episodes.c.id == id)

    async def mails(self, id: UUID) -> Sequence[UUID]:
        """The ids of the ordered mails, in order."""
        query = (
            sa.select(episode_mails.c.mail_id)
            .where(episode_mails.c.episode_id == id)
            .order_by(episode_mails.c.number)
        )
        async with self._engine.connect() as database:
            return (await database.execute(query)).scalars().all()

    async def open(
        self, listener: UUID | None = None, unchanged_for: timedelta = timedelta(0)
    ) -> Sequence[Episode]:
        """The episodes that have not ended, oldest first."""
        query = episodes.select().where(IS_OPEN).order_by(episodes.c.created_at)
        if listener:
            query = query.where(episodes.c.listener_id == listener)
        if unchanged_for:
            query = query.where(episodes.c.updated_at <= datetime.now(UTC) - unchanged_for)
        async with self._engine.connect() as database:
            return [read_episode(row) for row in await database.execute(query)]

    async def existing(self, ids: Collection[UUID]) -> set[UUID]:
        """The ids among these that exist, of any listener."""
        all_ids, existing = list(ids), set[UUID]()
        async with self._engine.connect() as database:
            for batch in batched(all_ids, MAX_KEYS_PER_QUERY):
                query = sa.select(episodes.c.id).where(episodes.c.id.in_(batch))
                existing |= set((await database.execute(query)).scalars())
        return existing

    async def progress(self, id: UUID) -> Progress:
        """Raises EpisodeNotFound."""
        names = ("revision", "stage", "done", "total", "percent", "trouble", "trouble_type")
        query = sa.select(*(episodes.c[name] for name in names)).where(episodes.c.id == id)
        async with self._engine.connect() as database:
            row = (await database.execute(query)).one_or_none()
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
        """Begin the next stage. Raises BrewStopped if the episode was ended meanwhile."""
        values: dict[str, Any] = {
            "stage": stage,
            "done": 0,
            "total": total,
            "percent": _at_least(percent),
            **NEXT_REVISION,
        }
        if not await self._change(sa.and_(episodes.c.id == id, IS_OPEN), values):
            raise BrewStopped
        self.notifier.notify()

    async def pause(self, id: UUID) -> None:
        """Let the script wait for the listener. Raises BrewStopped if the episode was ended meanwhile."""
        values = {"stage": Stage.REVIEW, "done": 0, "total": 0, **NEXT_REVISION}
        if not await self._change(sa.and_(episodes.c.id == id, IS_OPEN), values):
            raise BrewStopped
        self.notifier.notify()

    async def count(self, id: UUID, percent: float) -> None:
        """Count one more part of this stage as done. Progress is at least `percent` from now on."""
        values: dict[str, Any] = {
            "done": episodes.c.done + 1,
            "percent": _at_least(int(percent)),
            **NEXT_REVISION,
        }
        await self._change(sa.and_(episodes.c.id == id, IS_OPEN), values)

    async def add_progress(self, id: UUID, points: int, most: int) -> None:
        """Add percentage points to the progress, up to `most` percent."""
        percent = sa.case(
            (episodes.c.percent > most, episodes.c.percent),
            (episodes.c.percent + points > most, most),
            else_=episodes.c.percent + points,
        )
        await self._change(
            sa.and_(episodes.c.id == id, IS_OPEN), {"percent": percent, **NEXT_REVISION}
        )

    async def update_open(self, id: UUID, **values: Any) -> None:
        """Set columns of an episode that has not ended, such as its note, language or title."""
        await self._change(sa.and_(episodes.c.id == id, IS_OPEN), values)

    async def newsletters(self, id: UUID) -> Sequence[OrderedNewsletter]:
        """The newsletters that the episode was ordered from, in the order in which it tells them."""
        async with self._engine.connect() as database:
            return await coverage.list_ordered_newsletters(database, id)

    async def waiting(self, id: UUID) -> dict[UUID, int]:
        """The newsletters that no episode has told, each with the number of refusals by the gate."""
        async with self._engine.connect() as database:
            return await coverage.refusals_of_new_mails(database, id)

    async def first(self, id: UUID) -> Sequence[UUID]:
        """The mails of this episode that should come first; see `coverage.mails_to_put_first`."""
        async with self._engine.connect() as database:
            return await coverage.mails_to_put_first(database, id)

    async def ordered_again(self, id: UUID) -> Sequence[UUID]:
        """The mails of this episode that its order named again; see `coverage.list_mails_ordered_again`."""
        async with self._engine.connect() as database:
            return await coverage.list_mails_ordered_again(database, id)

    async def leave_out(self, id: UUID, left_out: Mapping[UUID, LeftOut]) -> None:
        """Record why these newsletters cannot be told."""
        async with self._engine.begin() as database:
            await coverage.record_omissions(database, id, left_out)

    async def end(
        self,
        id: UUID,
        stage: Stage,
        trouble: str | None = None,
        trouble_type: str | None = None,
        covered: Collection[UUID] | None = None,
        left_out: Mapping[UUID, LeftOut] = NOTHING,
        **facts: Any,
    ) -> bool:
        """End an open episode, in one transaction. Returns False if it had ended already.

        `covered` are the newsletters that a finished episode tells; `left_out` says why it does not tell the
        others. Repeats count as told. `facts` are further columns. If the episode is not ready, the file that
        its attempt may have stored is deleted.
        """
        now = datetime.now(UTC)
        problem = {"trouble": trouble, "trouble_type": trouble_type}
        values: dict[str, Any] = {
            "stage": stage,
            **problem,
            **facts,
            **NEXT_REVISION,
            "updated_at": now,
        }
        if stage is Stage.READY:
            values |= {"percent": 100, "published_at": now}
        if covered is not None:
            repeats = sum(reason is LeftOut.REPEAT for reason in left_out.values())
            values["newsletters_told"] = len(covered) + repeats
        still_open = sa.and_(episodes.c.id == id, sa.or_(IS_OPEN, episodes.c.stage == Stage.REVIEW))
        async with self._engine.begin() as database:
            change = episodes.update().where(still_open).values(values)
            change = change.returning(episodes.c.attempt)
            attempt = (await database.execute(change)).scalar_one_or_none()
            if attempt is None:
                return False
            if covered is not None:
                await coverage.record_coverage(database, id, covered, left_out)
            if stage is not Stage.READY:
                await request_deletion(database, Kind.MEDIA, [episode_key(id, attempt)])
            else:
                await index_episode(database, id)
        metrics.EPISODES_ENDED.labels(stage).inc()
        self.notifier.notify()
        return True

    async def reopen(self, listener: UUID, id: UUID, limit: int | None = None) -> bool:
        """Open a failed or cancelled episode for another attempt. Returns False if that is not possible.

        Imported episodes, which have no request hash, cannot be retried. Raises TooManyBrews if `limit`
        episodes are open already.
        """
        retriable = sa.and_(episodes.c.stage.in_(RETRIABLE), episodes.c.request_hash != "")
        return await self._open_again(listener, id, retriable, limit)

    async def approve(self, listener: UUID, id: UUID, limit: int | None = None) -> bool:
        """Open an episode in review for the attempt that speaks it. Returns False if it is not in review.

        Raises TooManyBrews if `limit` episodes are open already.
        """
        in_review = episodes.c.stage == Stage.REVIEW
        return await self._open_again(listener, id, in_review, limit, review=Review.APPROVED)

    async def _open_again(
        self, listener: UUID, id: UUID, condition: Any, limit: int | None, **more: Any
    ) -> bool:
        own = sa.and_(episodes.c.id == id, episodes.c.listener_id == listener, condition)
        reset: dict[str, Any] = {
            "stage": Stage.WAITING,
            "trouble": None,
            "trouble_type": None,
            "done": 0,
            "total": 0,
            "percent": 0,
        }
        values = {**reset, **more, "attempt": episodes.c.attempt + 1, **NEXT_REVISION}
        values["updated_at"] = datetime.now(UTC)
        async with self._engine.begin() as database:
            await lock_listener(database, listener)
            update = await database.execute(episodes.update().where(own).values(values))
            is_open = bool(update.rowcount)
            if is_open and limit is not None:
                await _check_limit(database, listener, limit + 1)  # this episode counts, too
        if is_open:
            self.notifier.notify()
        return is_open

    async def rename(self, listener: UUID, id: UUID, title: str) -> None:
        """Raises EpisodeNotFound."""
        own = sa.and_(episodes.c.id == id, episodes.c.listener_id == listener)
        now = datetime.now(UTC)
        values = {"title": title, "title_chosen": True, "updated_at": now}
        async with self._engine.begin() as database:
            if not (await database.execute(episodes.update().where(own).values(values))).rowcount:
                raise EpisodeNotFound
            await index_title(database, id, title)

    async def set_cap(self, listener: UUID, id: UUID, cap: int | None) -> None:
        """In millionths of a dollar; None: no limit. Raises EpisodeNotFound."""
        own = sa.and_(episodes.c.id == id, episodes.c.listener_id == listener)
        if not await self._change(own, {"cap": cap}):
            raise EpisodeNotFound

    async def delete(self, listener: UUID, id: UUID) -> Mapping[Kind, Sequence[str]]:
        """Delete an episode, and the results that only it uses.

        What it has outside the database is queued for deletion in the same transaction, and returned: keys,
        by kind. Empty if there is no such episode.
        """
        own = sa.and_(episodes.c.id == id, episodes.c.listener_id == listener)
        async with self._engine.begin() as database:
            lock = episodes.update().where(own).values(attempt=episodes.c.attempt)
            lock = lock.returning(episodes.c.media, episodes.c.attempt)
            row = (await database.execute(lock)).one_or_none()
            if row is None:
                return {}
            media = [*filter(None, {row.media, episode_key(id, row.attempt)})]
            media += await delete_unused_results(database, id)
            external = {Kind.MEDIA: media, Kind.WORKFLOW: [workflow_key(id, row.attempt)]}
            for kind, keys in external.items():
                await request_deletion(database, kind, keys)
            await coverage.offer_repeats_again(database, id)
            await database.execute(episodes.delete().where(own))
            await remember_deletion(database, listener, id, datetime.now(UTC))
        self.notifier.notify()
        return external

    async def _one(self, *where: Any) -> Episode:
        async with self._engine.connect() as database:
            row = (await database.execute(episodes.select().where(*where))).one_or_none()
        if row is None:
            raise EpisodeNotFound
        return read_episode(row)

    async def _change(self, where: Any, values: dict[str, Any]) -> bool:
        values = {"updated_at": datetime.now(UTC)} | values
        async with self._engine.begin() as database:
            result = await database.execute(episodes.update().where(where).values(values))
        return bool(result.rowcount)


async def _has_key(database: AsyncConnection, listener: UUID, key: str) -> bool:
    own = sa.and_(episodes.c.listener_id == listener, episodes.c.idempotency_key == key)
    return (await database.execute(sa.select(episodes.c.id).where(own))).first() is not None


async def _check_limit(database: AsyncConnection, listener: UUID, limit: int | None) -> None:
    """Raises TooManyBrews, which also rolls back the caller's transaction."""
    count = sa.select(sa.func.count()).where(IS_OPEN, episodes.c.listener_id == listener)
    if limit is not None and (await database.execute(count)).scalar_one() >= limit:
        raise TooManyBrews


async def _lock_mails(database: AsyncConnection, listener: UUID, ids: Sequence[UUID]) -> None:
    """Lock these mails against deletion until the transaction ends. Raises MailNotFound."""
    own = sa.and_(mails_table.c.listener_id == listener, mails_table.c.id.in_(ids))
    locked = sa.select(mails_table.c.id).where(own).with_for_update(read=True, key_share=True)
    if len((await database.execute(locked)).all()) < len(ids):
        raise MailNotFound


def _at_least(percent: int) -> Any:
    """The larger of this and the present progress: it never goes back, even if a brew is planned again."""
    return sa.case((episodes.c.percent > percent, episodes.c.percent), else_=percent)


def _new_row(
    listener: UUID, order: Order, title: str, request_hash: str, key: str | None
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
        **stored_style(order.style),
        "asked_language": order.language,
        "interests": order.interests,
        "host_names": list(order.host_names),
        "host_roles": order.host_roles.value,
        "sounds": order.sounds,
        "review": Review.ORDERED if order.review else None,
        "mails_chosen": order.mails_chosen,
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
        "request_hash": request_hash,
        "created_at": now,
        "updated_at": now,
    }


def read_episode(row: Any) -> Episode:
    values = row._mapping
    return Episode(
        **{name: values[name] for name in FIELDS}
        | {"stage": Stage(row.stage), "style": choose_style(row.style, row.show_style)},
        host_names=tuple(row.host_names),
        host_roles=HostRoles(row.host_roles),
        review=row.review and Review(row.review),
        mails_chosen=row.mails_chosen,
        listener=row.listener_id,
        title_chosen=row.title_chosen,
        ordered_here=row.request_hash != "",
        created_at=utc(row.created_at),
        updated_at=utc(row.updated_at),
        published_at=row.published_at and utc(row.published_at),
        playback=read_playback(row),
    )
