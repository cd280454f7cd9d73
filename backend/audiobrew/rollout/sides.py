"""Which of the two sides serves a listener. The app decides the same way: `src/lib/rollout/side.ts`."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from audiobrew.settings import Side

BUCKETS = 10_000
"""A percent has two decimals."""


@dataclass(frozen=True, slots=True)
class Rollout:
    """How far the move to the railway side has come. `kill` takes everybody back to the vercel side."""

    percent: float
    salt: str
    kill: bool
    changed_at: datetime


def bucket(salt: str, listener: str) -> int:
    """The same for a listener for as long as the salt is; spread evenly over 0 to 9999."""
    digest = sha256(f"{salt}:{listener}".encode()).digest()
    return int.from_bytes(digest[:4], "big") % BUCKETS


def side_of(rollout: Rollout, listener: str | None) -> Side:
    """Whoever is served by railway stays there when the percent rises. Who has not signed in moves last."""
    if rollout.kill:
        return "vercel"
    place = bucket(rollout.salt, listener) if listener else BUCKETS - 1
    return "railway" if place < round(rollout.percent * BUCKETS / 100) else "vercel"
