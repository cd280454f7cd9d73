"""Receives mails that providers deliver over HTTP."""

from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from hashlib import sha256
from http import HTTPStatus
from types import MappingProxyType

from audiobrew.http.body_limit import FORM_BYTES
from audiobrew.mail.mail import InboxFull
from audiobrew.mail.source_mail import MailTooLarge, UnreadableMail
from audiobrew.ops import metrics
from audiobrew.problems import Problem
from audiobrew.settings import Settings
from audiobrew.sources.address.arrivals import Arrivals, UnknownAddress
from audiobrew.sources.address.inbound_mail import (
    InboundMail,
    InboundProvider,
    RepeatedDelivery,
    UnknownProvider,
)
from audiobrew.sources.address.inbound_store import DeliveryStore
from audiobrew.sources.source import MailSource

# What all deliveries that one process receives may have in memory: as much as this many of the largest.
LARGEST_AT_ONCE = 8


# JSON and forms may take three bytes for one of a mail.
BYTES_PER_BYTE = 3


class ReceiverBusy(Problem):
    """Too many emails arrive at once. Deliver this one again later."""

    type = "receiver-busy"
    status = HTTPStatus.SERVICE_UNAVAILABLE
    headers = MappingProxyType({"Retry-After": "60"})


def delivery_limit(settings: Settings) -> int:
    """The bytes of one delivery."""
    return BYTES_PER_BYTE * settings.mail_bytes + FORM_BYTES


class BodyMemory:
    """The bytes of all bodies that are being received. Half of them are for one network, because who sends a
    body is often known only when all of it is there."""

    def __init__(self, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._used: Counter[str] = Counter()  # by network

    @contextmanager
    def open(self, network: str) -> Iterator[Callable[[int], None]]:
        """Yields what takes memory for one body, and raises ReceiverBusy; all of it is given back at the
        end."""
        size = 0

        def take(count: int) -> None:
            nonlocal size
            size += count
            self._used[network] += count
            own, all_ = self._used[network], self._used.total()
            if own > self._max_bytes // 2 or all_ > self._max_bytes:
                raise ReceiverBusy

        try:
            yield take
        finally:
            self._used[network] -= size
            if not self._used[network]:
                del self._used[network]


class Inbound:
    """`providers` by the name in their address: those whose secret is set. `max_body_bytes`: of one
    delivery."""

    def __init__(
        self,
        arrivals: Arrivals | None,
        deliveries: DeliveryStore,
        providers: Mapping[str, InboundProvider],
        max_body_bytes: int,
    ) -> None:
        self._arrivals = arrivals
        self._deliveries = deliveries
        self.providers = providers
        self._memory = BodyMemory(LARGEST_AT_ONCE * max_body_bytes)

    async def receive(
        self,
        name: str,
        headers: Mapping[str, str],
        body: AsyncIterator[bytes],
        network: str,
    ) -> str:
        """Receive a mail from a client in this network.

        Returns what became of it: `stored`, or why it never will be, so that the provider does not deliver it
        again.

        Raises UnknownProvider, UnsignedDelivery, RepeatedDelivery, MalformedDelivery, ReceiverBusy,
        ParserUnavailable.
        """
        provider = self.providers.get(name)
        if provider is None or self._arrivals is None:
            raise UnknownProvider
        try:
            provider.check_head(headers)
            with self._memory.open(network) as take:
                mail = await provider.read(headers, await read_all(body, take))
                outcome = await self._deliver(self._arrivals, name, mail) if mail else "nothing"
        except Problem as problem:
            waits = problem.status >= HTTPStatus.INTERNAL_SERVER_ERROR
            metrics.ARRIVALS.labels(name, "delayed" if waits else "refused").inc()
            raise
        metrics.ARRIVALS.labels(name, outcome).inc()
        return outcome

    async def _deliver(self, arrivals: Arrivals, name: str, mail: InboundMail) -> str:
        # Somebody who saw a signature that covers neither mail nor recipients cannot use it for others.
        digest = sha256("\n".join(mail.recipients).encode() + b"\n\n" + mail.raw).hexdigest()
        id = sha256(f"{name}\n{mail.id or digest}".encode()).hexdigest()
        earlier = await self._deliveries.claim(id, digest)
        if earlier.digest != digest:
            raise RepeatedDelivery
        if earlier.is_over:
            return "repeated"
        sources: dict[object, MailSource] = {}
        for address in mail.recipients:
            with suppress(UnknownAddress):
                source = await arrivals.find(address)
                sources[source.id] = source
        outcome = "stored"
        try:
            await arrivals.deliver(list(sources.values()), mail.raw)
        except UnknownAddress:
            outcome = "unknown"
        except InboxFull:
            outcome = "full"
        except (UnreadableMail, MailTooLarge):
            outcome = "unreadable"
        await self._deliveries.finish(id)
        return outcome


async def read_all(body: AsyncIterator[bytes], take: Callable[[int], None]) -> bytes:
    """A body, for which memory is taken while it arrives."""
    chunks = []
    async for chunk in body:
        take(len(chunk))
        chunks.append(chunk)
    return b"".join(chunks)
