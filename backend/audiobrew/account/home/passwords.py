"""Passwords of a server of one's own: hashed with Argon2id, and rated before they are accepted."""

from functools import cache
from http import HTTPStatus

from anyio import CapacityLimiter, to_thread
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from zxcvbn import zxcvbn

from audiobrew.problems import Problem

MIN_CHARACTERS, MAX_CHARACTERS = 8, 200
# zxcvbn's time grows with the square of the length. What follows only makes a password stronger.
RATED_CHARACTERS = 40
# Of zxcvbn's scores from 0 to 4: needs more than 10^8 guesses.
MIN_SCORE = 3
# A hash takes 64 MiB and a core for a tenth of a second, so few are computed at once.
CONCURRENT_HASHES = 2


class WeakPassword(Problem):
    """This password is too easy to guess. Choose a longer one, such as four words that have nothing to do
    with each other."""

    type = "weak-password"
    status = HTTPStatus.UNPROCESSABLE_ENTITY


def check_strength(password: str, name: str) -> None:
    """Refuse a password that is short, common, or made from the account's name. Raises WeakPassword."""
    if len(password) < MIN_CHARACTERS:
        raise WeakPassword(f"A password needs at least {MIN_CHARACTERS} characters.")
    own_words = [name, *name.split(), "audiobrew"]
    rating = zxcvbn(password[:RATED_CHARACTERS], user_inputs=own_words)
    if rating["score"] < MIN_SCORE:
        warning = rating["feedback"]["warning"]
        raise WeakPassword(f"{warning} {WeakPassword()}" if warning else "")


class PasswordHashes:
    """Computes hashes in threads, a few at a time."""

    def __init__(self) -> None:
        self._hasher = PasswordHasher()
        self._limiter = CapacityLimiter(CONCURRENT_HASHES)

    async def check_strength(self, password: str, name: str) -> None:
        """See the function of this name. Raises WeakPassword."""
        await to_thread.run_sync(check_strength, password, name, limiter=self._limiter)

    async def hash(self, password: str) -> str:
        """An Argon2id hash in PHC format, with its parameters and salt."""
        return await to_thread.run_sync(self._hasher.hash, password, limiter=self._limiter)

    async def matches(self, password: str, stored: str | None) -> bool:
        """Whether the password has this hash.

        Without a hash, one that nothing matches is checked all the same, so that the time does not tell
        whether an account exists or has a password.
        """
        return await to_thread.run_sync(self._matches, password, stored, limiter=self._limiter)

    def is_outdated(self, stored: str) -> bool:
        """Whether the hash was made with other parameters than those of this version."""
        return self._hasher.check_needs_rehash(stored)

    def _matches(self, password: str, stored: str | None) -> bool:
        try:
            self._hasher.verify(stored or _unmatched_hash(self._hasher), password)
        except (VerificationError, InvalidHashError):
            return False
        return stored is not None


@cache
def _unmatched_hash(hasher: PasswordHasher) -> str:
    return hasher.hash("the account does not exist, or has no password")
