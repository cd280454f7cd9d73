"""Limits on wrong passwords, for each account and for each address.

They are kept in this process's memory: an attacker can neither read nor reset them.
"""

from collections import OrderedDict
from collections.abc import Callable, Mapping
from http import HTTPStatus
from math import ceil
from time import monotonic

from audiobrew.http.rate_limit import TokenBuckets
from audiobrew.problems import Problem

# Wrong passwords at once, and how many more an hour: about 1,000 guesses a day for an account, which no
# password that `check_strength` accepts can be found with.
ATTEMPTS = 10
ATTEMPTS_PER_MINUTE = ATTEMPTS / 15
ADDRESS_ATTEMPTS = 30
ADDRESS_ATTEMPTS_PER_MINUTE = ADDRESS_ATTEMPTS / 15
MAX_FAMILIAR = 10_000


class TooManyGuesses(Problem):
    """Too many wrong passwords. Wait some minutes, or sign in with a passkey."""

    type = "too-many-guesses"
    status = HTTPStatus.TOO_MANY_REQUESTS

    def __init__(self, detail: str = "", seconds: float = 60.0) -> None:
        minutes = ceil(seconds / 60)
        wait = "a minute" if minutes <= 1 else f"{minutes} minutes"
        super().__init__(
            detail or f"Too many wrong passwords. Wait {wait}, or sign in with a passkey."
        )
        self.headers: Mapping[str, str] = {"Retry-After": str(ceil(seconds))}


class GuessLimits:
    """A guess counts before it is checked, so that concurrent guesses count as well.

    A stranger's wrong passwords must not lock the account's owner out: an address from which somebody has
    signed in to the account has a limit of its own there.
    """

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._accounts = TokenBuckets(ATTEMPTS_PER_MINUTE, clock=clock, size=ATTEMPTS)
        self._addresses = TokenBuckets(
            ADDRESS_ATTEMPTS_PER_MINUTE, clock=clock, size=ADDRESS_ATTEMPTS
        )
        self._familiar: OrderedDict[str, None] = OrderedDict()

    def count(self, account: str, address: str) -> None:
        """Raises TooManyGuesses."""
        own = self._account_key(account, address)
        seconds = max(self._accounts.seconds_to_wait(own), self._addresses.seconds_to_wait(address))
        if seconds:
            raise TooManyGuesses(seconds=seconds)
        self._accounts.take(own, 1)
        self._addresses.take(address, 1)

    def record_success(self, account: str, address: str) -> None:
        """Give the guess back: it was none."""
        self._accounts.take(self._account_key(account, address), -1)
        self._addresses.take(address, -1)
        key = f"{account}\n{address}"
        self._familiar[key] = None
        self._familiar.move_to_end(key)
        if len(self._familiar) > MAX_FAMILIAR:
            self._familiar.popitem(last=False)

    def _account_key(self, account: str, address: str) -> str:
        """The bucket that counts: the account's, or that of the account from a familiar address."""
        own = f"{account}\n{address}"
        return own if own in self._familiar else account
