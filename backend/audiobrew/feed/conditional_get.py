"""Whether a podcast app already has what it asks for (RFC 9110, 13)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime, parsedate_to_datetime

ENTITY_TAG = re.compile(r'(?:W/)?("[\x21\x23-\x7e\x80-\xff]*")')


@dataclass(frozen=True, slots=True)
class Version:
    """One state of a document: a strong entity tag, and when it became so (UTC)."""

    etag: str
    modified: datetime | None = None

    @property
    def headers(self) -> dict[str, str]:
        if self.modified is None:
            return {"ETag": self.etag}
        return {"ETag": self.etag, "Last-Modified": format_datetime(self.modified, usegmt=True)}

    def is_held(self, asked: Mapping[str, str]) -> bool:
        """True when the app holds this version: the answer is 304."""
        if (tags := asked.get("if-none-match")) is not None:
            return tags.strip() == "*" or self.etag in ENTITY_TAG.findall(tags)
        since = _moment(asked.get("if-modified-since"))
        return bool(self.modified and since and self.modified.replace(microsecond=0) <= since)

    def may_continue(self, if_range: str | None) -> bool:
        """False when the app holds a part of another version: it needs the whole anew."""
        return if_range is None or if_range in (self.etag, self.headers.get("Last-Modified"))


def _moment(told: str | None) -> datetime | None:
    """None also for what is no date, or one without its zone: such a condition is ignored."""
    try:
        moment = parsedate_to_datetime(told) if told else None
    except ValueError:
        return None
    return moment if moment and moment.tzinfo else None
