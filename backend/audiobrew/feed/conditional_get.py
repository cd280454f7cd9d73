"""Conditional requests: whether a client already has the present version (RFC 9110, section 13)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime, parsedate_to_datetime

ENTITY_TAG = re.compile(r'(?:W/)?("[\x21\x23-\x7e\x80-\xff]*")')


@dataclass(frozen=True, slots=True)
class DocumentVersion:
    """One version of a document: its strong entity tag, and when it was modified (UTC)."""

    etag: str
    modified: datetime | None = None

    @property
    def headers(self) -> dict[str, str]:
        if self.modified is None:
            return {"ETag": self.etag}
        return {"ETag": self.etag, "Last-Modified": format_datetime(self.modified, usegmt=True)}

    def matches(self, headers: Mapping[str, str]) -> bool:
        """Whether these request headers show that the client has this version. The response is 304 then."""
        if (tags := headers.get("if-none-match")) is not None:
            return tags.strip() == "*" or self.etag in ENTITY_TAG.findall(tags)
        since = _parse_date(headers.get("if-modified-since"))
        return bool(self.modified and since and self.modified.replace(microsecond=0) <= since)

    def matches_if_range(self, if_range: str | None) -> bool:
        """False if the client has a part of another version, and therefore needs the whole document."""
        return if_range is None or if_range in (self.etag, self.headers.get("Last-Modified"))


def _parse_date(value: str | None) -> datetime | None:
    """None for an invalid date, or one without a time zone: such a condition is ignored."""
    try:
        date = parsedate_to_datetime(value) if value else None
    except ValueError:
        return None
    return date if date and date.tzinfo else None
