"""The URLs of a feed: all on the app's own origin, all with the same token."""

from dataclasses import dataclass
from uuid import UUID

from fastapi import Request


@dataclass(frozen=True, slots=True)
class FeedUrls:
    """`origin` is `https://host`, without a trailing slash."""

    origin: str
    token: str

    @classmethod
    def from_request(cls, request: Request, token: str) -> "FeedUrls":
        """With the origin in the settings if there is one, else with the request's."""
        app_origin: str | None = request.app.state.ports.settings.app_origin
        return cls(app_origin or str(request.base_url).rstrip("/"), token)

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
        """The episode's page in the app."""
        return f"{self.origin}/dashboard/podcast/{episode}"

    def file(self, episode: UUID, extension: str) -> str:
        """`extension` is mp3, vtt, json or png."""
        return f"{self.origin}/feed/{self.token}/{episode}.{extension}"
