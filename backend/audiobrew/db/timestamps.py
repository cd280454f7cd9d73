"""Timestamps that are read from the database."""

from datetime import UTC, datetime


def utc(timestamp: datetime) -> datetime:
    """With the UTC time zone, which SQLite does not store. All stored timestamps are UTC."""
    return timestamp.replace(tzinfo=UTC) if timestamp.tzinfo is None else timestamp.astimezone(UTC)
