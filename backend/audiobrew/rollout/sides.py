"""Decides which of the two sides serves a listener. The web app makes the same decision."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from audiobrew.settings import Side

BUCKETS = 10_000  # so that a percentage can have two decimals


@dataclass(frozen=True, slots=True)
class Rollout:
    """`percent` of the listeners are served by the railway side; with `kill`, the vercel side serves all."""

    percent: float
    salt: str
    kill: bool
    changed_at: datetime


def bucket(salt: str, listener: str) -> int:
    """A number from 0 to 9999, evenly distributed, that depends only on salt and listener."""
    digest = sha256(f"{salt}:{listener}".encode()).digest()
    return int.from_bytes(digest[:4], "big") % BUCKETS


def side_of(rollout: Rollout, listener: str | None) -> Side:
    """When the percentage rises, listeners on the railway side stay there. Visitors who have not signed in
    (`listener` is None) move last."""
    if rollout.kill:
        return "vercel"
    number = bucket(rollout.salt, listener) if listener else BUCKETS - 1
    return "railway" if number < round(rollout.percent * BUCKETS / 100) else "vercel"
