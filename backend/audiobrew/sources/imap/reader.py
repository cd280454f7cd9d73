"""Reads a folder of a mailbox over IMAP: what is new first, then back into the past.

The folder is opened for reading alone and mails are peeked at, so nothing changes in it.
"""

from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from typing import Self

from audiobrew.sources.imap.connection import (
    BATCH_BYTES,
    LiteralTooLarge,
    Mailbox,
    MailServers,
    MailServerTrouble,
    Security,
)
from audiobrew.sources.source import Cursor, Delivery, MailSource, PasswordLost

# UIDs that are listed at a time, and mails that are fetched and stored together.
WINDOW = 5_000
BATCH_MAILS = 25
SIZES = 500  # sizes that one request asks for
# Failures in a row after which mails are fetched one by one, and after which one that fails is left out.
FAILURES_UNTIL_CAREFUL, FAILURES_UNTIL_SKIPPED = 3, 5


@dataclass(frozen=True, slots=True)
class Place:
    """All mails from `low` up to, not including, `high` were looked at, under this UIDVALIDITY.

    `total`: how many mails the folder had when the look into the past began; `position` of them were seen.
    `careful`: the next mails are fetched one by one, because one of them is larger than announced.
    """

    validity: int
    low: int
    high: int
    position: int = 0
    total: int = 0
    careful: bool = False

    @classmethod
    def of(cls, cursor: Cursor | None, validity: int, following: int) -> Self:
        """The place in a folder whose mails have other UIDs than before is its beginning: all are looked at
        again, and those that are stored already are recognized."""
        if cursor and cursor.get("validity") == validity and cursor["high"] <= following:
            return cls(**cursor)
        return cls(validity, following, following)


class ImapReader:
    """See `source.SourceReader`. `config` has `host`, `port`, `security`, `user` and `folder`; `certificate`
    is the fingerprint of the only one that is trusted, if the listener chose one."""

    every = timedelta(minutes=15)
    secret_lost = PasswordLost

    def __init__(self, servers: MailServers, max_mail_bytes: int) -> None:
        self._servers = servers
        self._max_mail_bytes = max_mail_bytes

    async def look(self, source: MailSource, secret: str, delivery: Delivery) -> bool:
        """See `SourceReader.look`."""
        config = source.config
        async with self._servers.connect(
            config["host"],
            config["port"],
            Security(config["security"]),
            config["user"],
            secret,
            config.get("certificate"),
        ) as mailbox:
            validity, following, count = await mailbox.open(config["folder"])
            look = _Look(mailbox, delivery, self._max_mail_bytes, source.failures)
            place = Place.of(source.cursor, validity, following)
            place, has_more = await look.read_new(place, following)
            if not has_more:
                has_more = await look.read_back(replace(place, total=place.total or count))
            return has_more


class _Look:
    """One turn on an open mailbox.

    A mail that ends the connection each time, or is larger than announced, must not stop the source for
    ever: after some failures mails are fetched one by one, and then that one is left out.
    """

    def __init__(
        self, mailbox: Mailbox, delivery: Delivery, max_mail_bytes: int, failures: int
    ) -> None:
        self._mailbox = mailbox
        self._delivery = delivery
        self._max_mail_bytes = max_mail_bytes
        self._failures = failures

    async def read_new(self, place: Place, following: int) -> tuple[Place, bool]:
        """Read what arrived since the last look, the oldest first."""
        while place.high < following:
            end = min(following, place.high + WINDOW)
            uids = await self._mailbox.list(place.high, end - 1)
            async for batch, mails in self._fetch_all(uids, place):
                if mails is None and len(batch) > 1:
                    place = replace(place, careful=True)
                else:
                    place = replace(place, high=batch[-1] + 1, careful=False)
                await self._store(mails, place)
                if self._delivery.is_over or mails is None:
                    return place, True
            place = replace(place, high=end)
            if self._delivery.is_over and place.high < following:
                await self._store([], place)
                return place, True
        return place, False

    async def read_back(self, place: Place) -> bool:
        """Read what was there before, the newest first. Returns whether something is left."""
        while place.low > 1:
            start = max(1, place.low - WINDOW)
            uids = await self._mailbox.list(start, place.low - 1)
            place = replace(place, total=max(place.total, place.position + len(uids)))
            async for batch, mails in self._fetch_all(uids[::-1], place):
                if mails is None and len(batch) > 1:
                    place = replace(place, careful=True)
                else:
                    position = place.position + len(batch)
                    place = replace(place, low=batch[-1], position=position, careful=False)
                await self._store(mails, place)
                if self._delivery.is_over or mails is None:
                    return True
            place = replace(place, low=start)
            if self._delivery.is_over and place.low > 1:
                await self._store([], place)
                return True
        await self._store([], replace(place, low=1, position=0, total=0))
        return False

    async def _fetch_all(
        self, uids: Sequence[int], place: Place
    ) -> AsyncIterator[tuple[Sequence[int], list[bytes] | None]]:
        """Batches of mails, in this order. None for one that the connection did not survive: it is the last.
        Mails that are too large are left out.

        Raises MailServerTrouble.
        """
        sizes: dict[int, int] = {}
        for first in range(0, len(uids), SIZES):
            sizes |= await self._mailbox.sizes(uids[first : first + SIZES])
        single = place.careful or self._failures >= FAILURES_UNTIL_CAREFUL
        for batch in batches(uids, sizes, 1 if single else BATCH_MAILS):
            small = [uid for uid in batch if sizes.get(uid, 0) <= self._max_mail_bytes]
            try:
                fetched = await self._mailbox.fetch(small) if small else {}
            except LiteralTooLarge:
                yield batch, None
                return
            except MailServerTrouble:
                if len(batch) > 1 or self._failures < FAILURES_UNTIL_SKIPPED:
                    raise
                yield batch, None
                return
            yield batch, [fetched[uid] for uid in small if uid in fetched]

    async def _store(self, mails: list[bytes] | None, place: Place) -> None:
        await self._delivery.store(mails or [], asdict(place), place.position, place.total)


def batches(uids: Sequence[int], sizes: dict[int, int], max_mails: int) -> Iterator[Sequence[int]]:
    """Consecutive mails that are fetched together: up to `max_mails`, and `BATCH_BYTES`."""
    batch: list[int] = []
    size = 0
    for uid in uids:
        if batch and (len(batch) == max_mails or size + sizes.get(uid, 0) > BATCH_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(uid)
        size += sizes.get(uid, 0)
    if batch:
        yield batch
