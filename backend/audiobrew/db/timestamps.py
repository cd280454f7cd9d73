"""Times as they come out of a database."""

from datetime import UTC, datetime


def utc(moment: datetime) -> datetime:
    """With its zone, which SQLite forgets: every kept moment is UTC."""
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
