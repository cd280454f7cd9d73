"""Parses feeds and pages in a process that can be killed, so that a hostile one costs only itself."""

import json
import sys
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from anyio import to_thread

from audiobrew.ops.on_demand_process import CannotStart, OnDemandProcess
from audiobrew.sources.feeds.problems import FeedUnreadable, NotAFeed
from audiobrew.sources.guarded_client import Response
from audiobrew.sources.source import SourceTrouble

if TYPE_CHECKING:
    from audiobrew.sources.feeds.feed import Feed

PROGRAM = "from audiobrew.sources.feeds.process import serve; serve()"
PARSE_SECONDS = 20.0
MAX_ANSWER_BYTES = 64 * 2**20


@dataclass(eq=False)
class FeedParser:
    """Feeds are parsed one at a time."""

    process: OnDemandProcess = field(
        default_factory=lambda: OnDemandProcess((sys.executable, "-P", "-c", PROGRAM))
    )

    async def parse(self, response: Response) -> "Feed":
        """Raises NotAFeed, FeedUnreadable, SourceTrouble."""
        answer = await self._ask("feed", response)
        if answer["feed"] is None:
            raise NotAFeed
        return await to_thread.run_sync(decode_feed, answer["feed"])

    async def find_links(self, response: Response) -> list[str]:
        """The feeds that a page names. Raises FeedUnreadable, SourceTrouble."""
        return list((await self._ask("links", response))["links"])

    async def aclose(self) -> None:
        await self.process.aclose()

    async def _ask(self, wants: str, response: Response) -> dict[str, Any]:
        content_type = response.headers.get("content-type", "")
        head = {"wants": wants, "headers": {"content-type": content_type}, "url": response.url}
        request = json.dumps(head).encode() + b"\n" + response.body
        try:
            frame = await self.process.ask(request, PARSE_SECONDS, MAX_ANSWER_BYTES)
        except CannotStart as error:
            raise SourceTrouble(
                "AudioBrew cannot read feeds right now. It tries again later."
            ) from error
        except (TimeoutError, OSError, EOFError, ValueError) as error:
            raise FeedUnreadable from error
        content: dict[str, Any] = await to_thread.run_sync(decode, frame)
        return content


def decode(frame: bytes) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(frame.decode("utf-8", "surrogatepass"))
    return content


def decode_feed(content: dict[str, Any]) -> "Feed":
    from audiobrew.sources.feeds.feed import Entry, Feed

    entries = []
    for entry in content["entries"]:
        time = entry["published_at"]
        entries.append(Entry(**{**entry, "published_at": time and datetime.fromisoformat(time)}))
    return Feed(content["title"], tuple(entries))
