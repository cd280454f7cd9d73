"""Limits on the requests per minute of each listener, and of each address that is not signed in.

They are kept in this process's memory, so with several processes a client may send several times as many.
Their purpose is that no client takes up the service alone; whatever costs money is limited in the database.
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

# Load balancers request these often and from few addresses; they cost nothing.
UNLIMITED_PATHS = ("/health", "/ready", "/metrics")
# A correct code must be accepted whatever others tried; wrong codes are limited where they are checked.
SIGN_IN_PATHS = ("/api/session", "/api/session/browser")
# A failed request of a client that is not signed in counts as this many, so that guessing is slower than
# reading.
FAILURE_TOKENS = 5.0
MAX_BUCKETS = 100_000
MAX_CREDENTIALS = 10_000


class TooManyRequests(Problem):
    """Too many requests in a short time. Wait for the seconds in `Retry-After`, then try again."""

    type = "too-many-requests"
    status = HTTPStatus.TOO_MANY_REQUESTS

    def __init__(self, detail: str = "", seconds: float = 1.0) -> None:
        super().__init__(detail)
        self.headers: Mapping[str, str] = {"Retry-After": str(max(1, ceil(seconds)))}


class TokenBuckets:
    """One token bucket per key: full at first, refilled evenly, `per_minute` tokens large unless `size` says
    otherwise; 0 is no limit.

    Only the `max_buckets` most recently used keys are kept, so that a million addresses take no more memory.
    """

    def __init__(
        self,
        per_minute: float,
        max_buckets: int = MAX_BUCKETS,
        clock: Callable[[], float] = monotonic,
        size: float | None = None,
    ) -> None:
        self._size = float(per_minute if size is None else size)
        self._rate = per_minute / 60
        self._max_buckets = max_buckets
        self._clock = clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._buckets)

    def seconds_to_wait(self, key: str) -> float:
        """0 if there is a token now."""
        if not self._size:
            return 0.0
        return max(0.0, 1.0 - self._level(key)) / self._rate

    def take(self, key: str, tokens: float) -> None:
        """A bucket never goes below zero or above its size; a negative number gives tokens back."""
        if not self._size:
            return
        level = min(self._size, max(0.0, self._level(key) - tokens))
        self._buckets[key] = (level, self._clock())
        self._buckets.move_to_end(key)
        if len(self._buckets) > self._max_buckets:
            self._buckets.popitem(last=False)

    def _level(self, key: str) -> float:
        level, updated_at = self._buckets.get(key, (self._size, 0.0))
        return min(self._size, level + (self._clock() - updated_at) * self._rate)


class KnownCredentials:
    """Hashes of credentials that were accepted lately. Requests with one do not count against their address.

    Only the `max_credentials` most recently used ones are kept.
    """

    def __init__(self, max_credentials: int = MAX_CREDENTIALS) -> None:
        self._max_credentials = max_credentials
        self._hashes: OrderedDict[bytes, None] = OrderedDict()

    def add(self, credential: str) -> None:
        if not credential:
            return
        key = sha256(credential.encode()).digest()
        self._hashes[key] = None
        self._hashes.move_to_end(key)
        if len(self._hashes) > self._max_credentials:
            self._hashes.popitem(last=False)

    def discard(self, credential: str) -> None:
        self._hashes.pop(sha256(credential.encode()).digest(), None)

    def __contains__(self, credential: str) -> bool:
        return bool(credential) and sha256(credential.encode()).digest() in self._hashes


@dataclass(frozen=True, slots=True)
class RateLimits:
    """The limits of this process."""

    listeners: TokenBuckets
    addresses: TokenBuckets
    known_credentials: KnownCredentials = field(default_factory=KnownCredentials)

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

    def quota_for(self, scope: Scope, settings: Settings) -> "RequestQuota":
        address = client_network(scope, settings.proxies, settings.client_address_header)
        exempt = scope["path"] in UNLIMITED_PATHS or (
            scope["path"] in SIGN_IN_PATHS and not settings.production
        )
        return RequestQuota(self, scope, address, request_credential(scope), exempt)


@dataclass(frozen=True, slots=True)
class RequestQuota:
    """Counts one request against its address, unless it turns out to be a listener's or a podcast app's."""

    limits: RateLimits
    scope: Scope
    address: str
    credential: str
    exempt: bool

    def check(self) -> TooManyRequests | None:
        """Take a token, or return the problem to respond with if there is none.

        Doing so before the request is processed counts concurrent requests as well.
        """
        if self.exempt or self.credential in self.limits.known_credentials:
            return None
        if seconds := self.limits.addresses.seconds_to_wait(self.address):
            return TooManyRequests(seconds=seconds)
        self.limits.addresses.take(self.address, 1)
        return None

    def record_response(self, status: int) -> None:
        """Give the token back if the credential was accepted; take more if the request failed."""
        state = self.scope.get("state", {})
        failed = status >= HTTPStatus.BAD_REQUEST
        if state.get("access") or (state.get("opened_feed") and not failed):
            if self.credential not in self.limits.known_credentials and not self.exempt:
                self.limits.addresses.take(self.address, -1)
            self.limits.known_credentials.add(self.credential)
            return
        if failed:  # the credential has been revoked or has expired
            self.limits.known_credentials.discard(self.credential)
        if failed and not self.exempt and status != HTTPStatus.TOO_MANY_REQUESTS:
            self.limits.addresses.take(self.address, FAILURE_TOKENS - 1)


def request_credential(scope: Scope) -> str:
    """The credential of a request: a token, a cookie, or the secret part of a feed's address.

    A feed is opened by its address alone, so a token or cookie that is sent with it is ignored.
    """
    if scope["path"].startswith("/feed/"):
        return f"feed {scope['path'].split('/')[2]}"
    headers = Headers(scope=scope)
    if token := headers.get("authorization"):
        return f"token {token}"
    cookie = headers.get("cookie")
    return f"cookie {cookie}" if cookie else ""
