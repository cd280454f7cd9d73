"""The addresses of a feed: all on the app's own origin, all under the same token."""

from dataclasses import dataclass
from uuid import UUID

from fastapi import Request


@dataclass(frozen=True, slots=True)
class Address:
    """`origin` is `https://host`, without a slash at its end."""

    origin: str
    token: str

    @classmethod
    def asked(cls, request: Request, token: str) -> "Address":
        """On the app's own origin where it is known; else the address as the app came to it."""
        known: str | None = request.app.state.ports.settings.app_url
        return cls(known or str(request.base_url).rstrip("/"), token)

    @property
    def feed(self) -> str:
        return f"{self.origin}/feed/{self.token}/rss.xml"

    @property
    def cover(self) -> str:
        return f"{self.origin}/feed/cover.jpg"

    @property
    def home(self) -> str:
        return f"{self.origin}/dashboard"

    def page(self, episode: UUID) -> str:
        """Where the listener reads along, signed in."""
        return f"{self.origin}/dashboard/podcast/{episode}"

    def file(self, episode: UUID, ending: str) -> str:
        """`ending` is mp3, vtt or json."""
        return f"{self.origin}/feed/{self.token}/{episode}.{ending}"
