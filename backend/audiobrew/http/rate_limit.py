"""How many requests one listener, and one address that is not signed in, may send a minute.

The limits belong to this process and live in its memory: with several processes a client has several times
as many. They keep one client from taking everybody's time; what costs money has limits in the database.
"""

from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from http import HTTPStatus
from math import ceil
from time import monotonic
from uuid import UUID

from starlette.datastructures import Headers
from starlette.types import Scope

from audiobrew.http.client_address import client_network
from audiobrew.problems import Problem
from audiobrew.settings import Settings

# Load balancers ask these from few addresses and often; they cost nothing.
UNLIMITED = ("/health", "/ready", "/metrics")
# A code that is right must be taken whatever others tried; wrong ones are limited where they are checked.
SIGN_IN = ("/api/session", "/api/session/browser")
# What an answer of 4xx to somebody who is not signed in counts: guessing is slower than reading.
FAILED = 5.0
MOST_BUCKETS = 100_000
MOST_KNOWN = 10_000


class TooManyRequests(Problem):
    """Too many requests in a short time. Wait as long as `Retry-After` says, then go on."""

    type = "too-many-requests"
    status = HTTPStatus.TOO_MANY_REQUESTS

    def __init__(self, detail: str = "", seconds: float = 1.0) -> None:
        super().__init__(detail)
        self.headers: Mapping[str, str] = {"Retry-After": str(max(1, ceil(seconds)))}


class TokenBuckets:
    """A bucket for each key: full at first, refilled evenly, `per_minute` tokens large; 0 is no limit.

    Only the `most` keys that were used last are kept, so that a million addresses take no more memory.
    """

    def __init__(
        self, per_minute: float, most: int = MOST_BUCKETS, clock: Callable[[], float] = monotonic
    ) -> None:
        self._size = float(per_minute)
        self._rate = per_minute / 60
        self._most = most
        self._clock = clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._buckets)

    def seconds_to_wait(self, key: str) -> float:
        """Until there is a token again."""
        if not self._size:
            return 0.0
        return max(0.0, 1.0 - self._level(key)) / self._rate

    def take(self, key: str, tokens: float) -> None:
        """Fewer than none are counted as none; a negative number gives some back."""
        if not self._size:
            return
        level = min(self._size, max(0.0, self._level(key) - tokens))
        self._buckets[key] = (level, self._clock())
        self._buckets.move_to_end(key)
        if len(self._buckets) > self._most:
            self._buckets.popitem(last=False)

    def _level(self, key: str) -> float:
        level, at = self._buckets.get(key, (self._size, 0.0))
        return min(self._size, level + (self._clock() - at) * self._rate)


class KnownCredentials:
    """Hashes of the credentials that opened something lately: who has one is not a stranger, wherever
    it is. Bounded like the buckets."""

    def __init__(self, most: int = MOST_KNOWN) -> None:
        self._most = most
        self._known: OrderedDict[bytes, None] = OrderedDict()

    def add(self, credential: str) -> None:
        if not credential:
            return
        key = sha256(credential.encode()).digest()
        self._known[key] = None
        self._known.move_to_end(key)
        if len(self._known) > self._most:
            self._known.popitem(last=False)

    def discard(self, credential: str) -> None:
        self._known.pop(sha256(credential.encode()).digest(), None)

    def __contains__(self, credential: str) -> bool:
        return bool(credential) and sha256(credential.encode()).digest() in self._known


@dataclass(frozen=True, slots=True)
class RateLimits:
    listeners: TokenBuckets
    addresses: TokenBuckets
    known: KnownCredentials = field(default_factory=KnownCredentials)

    @classmethod
    def of(cls, settings: Settings) -> "RateLimits":
        return cls(
            TokenBuckets(settings.requests_per_minute_per_listener),
            TokenBuckets(settings.requests_per_minute_per_address),
        )

    def count_listener(self, listener: UUID) -> None:
        """Raises TooManyRequests."""
        key = str(listener)
        if seconds := self.listeners.seconds_to_wait(key):
            raise TooManyRequests(seconds=seconds)
        self.listeners.take(key, 1)

    def visit(self, scope: Scope, settings: Settings) -> "Visit":
        address = client_network(scope, settings.proxies, settings.client_address_header)
        exempt = scope["path"] in UNLIMITED or (
            scope["path"] in SIGN_IN and not settings.production
        )
        return Visit(self, scope, address, _credential(scope), exempt)


@dataclass(frozen=True, slots=True)
class Visit:
    """One request, counted against its address unless it turns out to be a listener's or a podcast app's."""

    limits: RateLimits
    scope: Scope
    address: str
    credential: str
    exempt: bool

    def refused(self) -> TooManyRequests | None:
        """The token is taken before the answer, so that many at once count, too."""
        if self.exempt or self.credential in self.limits.known:
            return None
        if seconds := self.limits.addresses.seconds_to_wait(self.address):
            return TooManyRequests(seconds=seconds)
        self.limits.addresses.take(self.address, 1)
        return None

    def answered(self, status: int) -> None:
        state = self.scope.get("state", {})
        failed = status >= HTTPStatus.BAD_REQUEST
        if state.get("access") or (state.get("opened_feed") and not failed):
            if self.credential not in self.limits.known and not self.exempt:
                self.limits.addresses.take(self.address, -1)
            self.limits.known.add(self.credential)
            return
        if failed:  # it was revoked, or has ended
            self.limits.known.discard(self.credential)
        if failed and not self.exempt and status != HTTPStatus.TOO_MANY_REQUESTS:
            self.limits.addresses.take(self.address, FAILED - 1)


def _credential(scope: Scope) -> str:
    """What this request would be let in by: a token, a cookie, or the secret part of a feed's address.

    A feed's address alone opens a feed, so what else is sent with it becomes no known credential.
    """
    if scope["path"].startswith("/feed/"):
        return f"feed {scope['path'].split('/')[2]}"
    headers = Headers(scope=scope)
    if token := headers.get("authorization"):
        return f"token {token}"
    cookie = headers.get("cookie")
    return f"cookie {cookie}" if cookie else ""
