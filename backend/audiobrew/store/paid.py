"""What was made once is never made again: answers kept under the hash of what was asked."""

import asyncio
import hashlib
import json
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4
from weakref import WeakValueDictionary

import sqlalchemy as sa
import structlog
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from audiobrew.episode.episode import EpisodeNotFound
from audiobrew.paying import Answer, Clearance, clearance
from audiobrew.store.charges import Settlement
from audiobrew.store.claims import Claim, ClaimLost, Claims
from audiobrew.store.database import UNANSWERED
from audiobrew.store.dialect import insert
from audiobrew.store.media import Media
from audiobrew.store.pending_deletions import MOST_KEYS, DeletionQueue, Kind, request_deletion
from audiobrew.store.tables import episodes, paid, paid_uses
from audiobrew.store.workload import IS_OPEN

# How often who waits for another's claim looks again: each time half as long again.
FIRST_LOOK_SECONDS, LONGEST_LOOK_SECONDS = 0.05, 1.0
LEASE_SECONDS = 30.0
# How long the claim to an answer that could not be stored is renewed; the tries of a step end sooner.
RETRY_SECONDS = 300.0
# Answers in memory: clips of a quarter of a megabyte at most.
MOST_UNKEPT = 100
FORGOTTEN_AT_ONCE = 500
MOST_EPISODES = 100
log = structlog.get_logger()


# What else is to be written once an answer is finished, all of it in one transaction.
Settle = Callable[[Answer], Settlement]
# Called with an answer that came after another process had taken the claim over: paid for, and not stored.
Waste = Callable[[Answer], Awaitable[None]]


def key_of(listener: UUID, kind: str, **asked: Any) -> str:
    """sha256 of everything that shapes the answer; the listener too, so that nothing crosses listeners."""
    told = json.dumps([str(listener), kind, asked], sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(told.encode()).hexdigest()


def media_key(key: str, suffix: str = "") -> str:
    """Where a clip's bytes are. A clip that is made again has a `suffix` of its own, because a paused
    process may still write to the place of the earlier one."""
    return f"clips/{key[:2]}{suffix}/{key}.mp3"


@dataclass(frozen=True, slots=True)
class Recorded:
    """The facts of an answer, and the key of its bytes in storage, where it has some."""

    facts: dict[str, Any]
    media: str | None


class PaidOnce:
    """An answer with bytes is finished once they are in place: its row alone counts for nothing.

    So the row comes first. The other way round, a process killed between the two would leave a
    finished clip that nobody knows of, and that is made again.
    """

    def __init__(
        self, engine: AsyncEngine, media: Media, claim_seconds: float = LEASE_SECONDS
    ) -> None:
        self._engine = engine
        self.claims = Claims(engine, claim_seconds)
        self._media = media
        self._deletions = DeletionQueue(engine, media.delete)
        self._making: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._unkept: dict[str, tuple[Answer, Claim | None]] = {}
        self._in_place: dict[UUID, set[str]] = {}  # by episode: storage need not be asked again

    async def facts(self, key: str, episode: UUID | None = None) -> dict[str, Any] | None:
        """What is known under this key, if it was made. Storage is asked once an episode."""
        chosen = sa.select(paid.c.answer, paid.c.media).where(paid.c.key == key)
        async with self._engine.connect() as database:
            row = (await database.execute(chosen)).one_or_none()
        if row is None:
            return None
        if row.media and key not in self._in_place.get(episode or UUID(int=0), ()):
            if not await self._media.stat(row.media):
                return None
            self._note_in_place(key, episode)
        answer: dict[str, Any] = row.answer
        return answer

    def look_again(self, episode: UUID) -> None:
        """Something of this episode turned out to be lost: storage is asked anew."""
        self._in_place.pop(episode, None)

    def _note_in_place(self, key: str, episode: UUID | None) -> None:
        if episode is not None:
            self._in_place.setdefault(episode, set()).add(key)
            while len(self._in_place) > MOST_EPISODES:
                del self._in_place[next(iter(self._in_place))]

    async def recorded(self, keys: Iterable[str]) -> dict[str, Recorded]:
        """Each of these that was made, by key, without a look at storage."""
        keys, found = list(dict.fromkeys(keys)), dict[str, Recorded]()
        async with self._engine.connect() as database:
            for first in range(0, len(keys), MOST_KEYS):
                chosen = sa.select(paid.c.key, paid.c.answer, paid.c.media).where(
                    paid.c.key.in_(keys[first : first + MOST_KEYS])
                )
                rows = await database.execute(chosen)
                found |= {row.key: Recorded(row.answer, row.media) for row in rows}
        return found

    async def get_or_make(
        self,
        listener: UUID,
        kind: str,
        key: str,
        make: Callable[[], Awaitable[Answer]],
        settle: Settle | None = None,
        episode: UUID | None = None,
        *,
        claimed: bool = True,
        waste: Waste | None = None,
    ) -> dict[str, Any]:
        """The kept facts, or those of one call to `make`, even when two processes ask at the same moment.

        They are deleted with the last episode that they went into, `episode` among them.

        With `claimed` the key is claimed in the database while `make` is at work; who comes second waits
        for the answer. Without, two processes may both make it: for what costs nothing.

        What `settle` says is written when the answer is finished: with its row, or after its bytes.

        An answer that cannot be kept (a busy database, a full disk) is not thrown away: who asks again
        in this process tries to keep it again, and `make` is not called.
        """
        purchase = _Purchase(listener, kind, key, make, settle, episode, waste)
        async with self._making.setdefault(key, asyncio.Lock()):
            return await (self._buy(purchase) if claimed else self._make_free(purchase))

    async def _make_free(self, purchase: "_Purchase") -> dict[str, Any]:
        answer, _ = self._unkept.get(purchase.key, (None, None))
        known = await self._known(purchase.key, purchase.episode)
        if known is not None and answer is None:
            return known
        return await self._make_and_keep(purchase, None, answer)

    async def _buy(self, purchase: "_Purchase") -> dict[str, Any]:
        key, look = purchase.key, FIRST_LOOK_SECONDS
        answer, claim = self._unkept.get(key, (None, None))
        try:
            while True:
                known = await self._known(key, purchase.episode)
                if known is not None and answer is None:
                    await self._give_back(claim)
                    return known
                if claim is None:
                    claim = await self._take(purchase.listener, key)
                    if claim is None:  # another one is at it
                        await asyncio.sleep(look)
                        look = min(LONGEST_LOOK_SECONDS, look * 1.5)
                    elif answer is None:
                        continue  # it may have been finished between the look and the claim
                if claim is not None:
                    try:
                        return await self._make_and_keep(purchase, claim, answer)
                    except ClaimLost:
                        claim = answer = None
        except BaseException:
            if key not in self._unkept:  # nothing that was paid for waits under this claim
                await self._give_back(claim)
            raise

    async def _known(self, key: str, episode: UUID | None) -> dict[str, Any] | None:
        """The kept facts, which the episode uses from now on."""
        known = await self.facts(key, episode)
        if known is not None and not await self._use(key, episode):
            return None  # it was deleted just now
        return known

    async def _take(self, listener: UUID, key: str) -> Claim | None:
        try:
            return await self.claims.take(listener, key)
        except sa.exc.IntegrityError:  # the listener was deleted
            raise EpisodeNotFound from None

    async def _make_and_keep(
        self, purchase: "_Purchase", claim: Claim | None, answer: Answer | None
    ) -> dict[str, Any]:
        """Raises ClaimLost when another process took over: before a call, or before its answer is kept."""
        if answer is None:
            answer = await self._made(purchase, claim)
        self._hold(purchase.key, answer, claim)
        try:
            known = await self._keep(purchase, answer, claim)
        except ClaimLost:
            self._unkept.pop(purchase.key, None)
            if purchase.waste:
                await purchase.waste(answer)
            raise
        except sa.exc.IntegrityError:  # their episode, or they themselves, were deleted
            self._unkept.pop(purchase.key, None)
            await self._give_back(claim)
            raise EpisodeNotFound from None
        except (OSError, *UNANSWERED):  # the step is tried again: until then nobody else buys it
            if claim:
                self.claims.let_expire(claim, RETRY_SECONDS)
            raise
        except BaseException:
            # Kept at the next try in this process. If none comes, the claim ends with its lease.
            if claim:
                self.claims.let_expire(claim)
            raise
        self._unkept.pop(purchase.key, None)
        await self._give_back(claim)
        return known

    async def _made(self, purchase: "_Purchase", claim: Claim | None) -> Answer:
        if claim is None:
            return await purchase.make()
        claims = self.claims
        checks = Clearance(lambda: claims.renew(claim), lambda: claims.hold(claim))
        before = clearance.set(checks)
        try:
            return await purchase.make()
        except BaseException:
            await self._give_back(claim)
            raise
        finally:
            clearance.reset(before)

    async def _give_back(self, claim: Claim | None) -> None:
        """A claim that cannot be released now ends with its lease."""
        if claim is None:
            return
        try:
            await self.claims.release(claim)
        except UNANSWERED:
            log.warning("claim.not_released")

    async def forget(self, older_than: timedelta) -> None:
        """Drop what nobody will ask for again; its bytes go as soon as storage lets them.

        A brew may need what it began with, however old: until it has ended, its listener's answers stay.
        """
        at_work = sa.exists().where(episodes.c.listener_id == paid.c.listener_id, IS_OPEN)
        old = sa.and_(paid.c.created_at < datetime.now(UTC) - older_than, ~at_work)
        some = sa.select(paid.c.key).where(old).limit(FORGOTTEN_AT_ONCE)
        while True:
            async with self._engine.begin() as database:
                gone = paid.delete().where(paid.c.key.in_(some)).returning(paid.c.media)
                media = (await database.execute(gone)).scalars().all()
                await request_deletion(database, Kind.MEDIA, filter(None, media))
            if len(media) < FORGOTTEN_AT_ONCE:
                return

    async def _use(self, key: str, episode: UUID | None) -> bool:
        """The episode uses what is kept under this key. False when it is no longer kept."""
        if episode is None:
            return True
        use = {"episode_id": episode, "key": key}
        same = (paid_uses.c.episode_id == episode) & (paid_uses.c.key == key)
        async with self._engine.connect() as database:
            if (await database.execute(sa.select(paid_uses.c.key).where(same))).one_or_none():
                return True
        try:
            async with self._engine.begin() as database:
                await database.execute(
                    insert(database, paid_uses).values(use).on_conflict_do_nothing()
                )
        except sa.exc.IntegrityError:
            return False
        return True

    def _hold(self, key: str, answer: Answer, claim: Claim | None) -> None:
        """Until it is kept; the oldest are let go, so that a full disk does not fill the memory too."""
        self._unkept[key] = (answer, claim)
        while len(self._unkept) > MOST_UNKEPT:
            _, lost = self._unkept.pop(next(iter(self._unkept)))
            if lost:
                self.claims.let_expire(lost)

    async def _keep(
        self, purchase: "_Purchase", answer: Answer, claim: Claim | None
    ) -> dict[str, Any]:
        """Raises ClaimLost, and then nothing is written."""
        key, episode = purchase.key, purchase.episode
        settlement = purchase.settle(answer) if purchase.settle else ()
        async with self._engine.begin() as database:
            if claim is not None:
                await self.claims.renew_within(database, claim)
            media = None
            if answer.content is not None:
                media = await _free_media_key(database, key) if claim else media_key(key)
            made = {"answer": answer.facts, "media": media, "created_at": datetime.now(UTC)}
            row = {"key": key, "listener_id": purchase.listener, "kind": purchase.kind} | made
            new = insert(database, paid).values(row)
            await database.execute(new.on_conflict_do_update(index_elements=["key"], set_=made))
            if episode is not None:
                use = insert(database, paid_uses).values(episode_id=episode, key=key)
                await database.execute(use.on_conflict_do_nothing())
            if media is None:
                await _execute(database, settlement)
        if answer.content is not None and media:
            await self._put(key, media, answer.content, claim)
            async with self._engine.begin() as database:
                await _execute(database, settlement)
            self._note_in_place(key, episode)
        return answer.facts

    async def _put(
        self,
        key: str,
        media: str,
        content: bytes,
        claim: Claim | None,
    ) -> None:
        await self._deletions.withdraw(media)
        if claim is not None:
            await self.claims.hold(claim)
        await self._media.put_bytes(media, content)
        await self._check_needed(key, media)

    async def _check_needed(self, key: str, media: str) -> None:
        """Deletes a clip whose row was deleted, or made anew, while it was put in place.

        Raises ClaimLost when another process made it anew.
        """
        recorded = (await self.recorded([key])).get(key)
        if recorded is not None and recorded.media == media:
            return
        await self._deletions.add(Kind.MEDIA, [media])
        await self._deletions.try_now(Kind.MEDIA, [media])
        if recorded is not None:
            raise ClaimLost


@dataclass(frozen=True, slots=True)
class _Purchase:
    """What is asked for, and what is done with its answer."""

    listener: UUID
    kind: str
    key: str
    make: Callable[[], Awaitable[Answer]]
    settle: Settle | None
    episode: UUID | None
    waste: Waste | None


async def delete_unused_answers(database: AsyncConnection, episode: UUID) -> Sequence[str]:
    """In the transaction that deletes an episode: what went into no other one goes with it. Returns the
    keys of bytes that nobody needs any more.

    The rows are locked before it is decided: an episode that begins to use one meanwhile either counts, or
    finds it gone.
    """
    other = paid_uses.alias()
    elsewhere = sa.exists().where(other.c.key == paid_uses.c.key, other.c.episode_id != episode)
    own = sa.select(paid_uses.c.key).where(paid_uses.c.episode_id == episode)
    await database.execute(
        sa.select(paid.c.key).where(paid.c.key.in_(own)).order_by(paid.c.key).with_for_update()
    )
    gone = paid.delete().where(paid.c.key.in_(own.where(~elsewhere))).returning(paid.c.media)
    return [media for media in (await database.execute(gone)).scalars() if media]


async def _free_media_key(database: AsyncConnection, key: str) -> str:
    """A place that no other process writes to. The bytes of an earlier clip under this key are deleted."""
    chosen = sa.select(paid.c.media).where(paid.c.key == key)
    before = (await database.execute(chosen)).scalar_one_or_none()
    if before is None:
        return media_key(key)
    await request_deletion(database, Kind.MEDIA, [before])
    return media_key(key, f"-{uuid4().hex[:8]}")


async def _execute(database: AsyncConnection, statements: Settlement) -> None:
    for statement in statements:
        await database.execute(statement)
