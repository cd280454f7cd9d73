"""Reads feeds that listeners named."""

from datetime import timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from anyio import to_thread

from audiobrew.sources.feeds.feed_parser import FeedParser
from audiobrew.sources.feeds.problems import FeedGone, FeedNotFound, FeedRefused, NotAFeed
from audiobrew.sources.guarded_client import GuardedClient, Response
from audiobrew.sources.source import (
    Config,
    Delivery,
    MailSource,
    PasswordLost,
    ServerUnreachable,
    SourceTrouble,
)

if TYPE_CHECKING:
    from audiobrew.sources.feeds.feed import Entry, Feed

# Of a feed that is new, this many entries are read: its archive would bury the other newsletters.
FIRST_ENTRIES = 20
BATCH = 20
MAX_SEEN = 1_000
# Where newsletter platforms have their feeds, if a page does not name one.
USUAL_PATHS = ("/feed", "/rss/", "/rss.xml", "/feed.xml", "/atom.xml")


class FeedReader:
    """See `source.SourceReader`. `config` has the feed's `url`; the cursor has the validators of the last
    response, and what was seen."""

    every = timedelta(hours=1)
    secret_lost = PasswordLost

    def __init__(self, client: GuardedClient) -> None:
        self._client = client
        self._parser = FeedParser()

    async def aclose(self) -> None:
        await self._parser.aclose()

    async def find(self, address: str) -> tuple[str, "Feed"]:
        """The feed at an address, or the one that the page there names: its address and content.

        Raises NotAFeed, and what the client raises.
        """
        url = address.strip()
        if "://" not in url:
            url = f"https://{url}"
        response = check_status(await self._client.get(url))
        try:
            return response.url, await self._parser.parse(response)
        except NotAFeed:
            links = await self._parser.find_links(response)
        usual = [] if links else [urljoin(response.url, path) for path in USUAL_PATHS]
        for link in [*links[:5], *usual]:
            try:
                answer = check_status(await self._client.get(link))
                return answer.url, await self._parser.parse(answer)
            except SourceTrouble:
                continue
        raise NotAFeed

    async def look(self, source: MailSource, secret: str, delivery: Delivery) -> bool:
        """See `SourceReader.look`."""
        from audiobrew.sources.feeds.feed import entry_key

        cursor = dict(source.cursor or {})
        url = cursor.get("url") or source.config["url"]
        conditions = {
            "If-None-Match": cursor.get("etag", ""),
            "If-Modified-Since": cursor.get("modified", ""),
        }
        response = await self._client.get(
            url, {name: value for name, value in conditions.items() if value}
        )
        if response.status == HTTPStatus.NOT_MODIFIED:
            return False
        feed = await self._parser.parse(check_status(response))
        seen = dict.fromkeys(cursor.get("seen", ()))
        new = [entry for entry in feed.entries if entry_key(entry) not in seen]
        if source.cursor is None:
            seen |= dict.fromkeys(map(entry_key, new[FIRST_ENTRIES:]))
            new = new[:FIRST_ENTRIES]
        new.reverse()  # the oldest first, so that the newest is stored last
        for start in range(0, len(new), BATCH):
            batch = new[start : start + BATCH]
            seen |= dict.fromkeys(map(entry_key, batch))
            is_last = start + BATCH >= len(new)
            progress = next_cursor(response if is_last else None, cursor, seen)
            mails = await to_thread.run_sync(make_mails, feed, batch, source.config)
            await delivery.store(mails, progress, start + len(batch), len(new))
        if not new:
            await delivery.store([], next_cursor(response, cursor, seen), 0, 0)
        return False


def make_mails(feed: "Feed", entries: "list[Entry]", config: Config) -> list[bytes]:
    """`config["url"]` stays the same when a feed moves, and so does its newsletter."""
    from audiobrew.sources.feeds.feed import as_mail

    return [as_mail(feed, entry, config["url"]) for entry in entries]


def next_cursor(
    response: Response | None, cursor: dict[str, object], seen: dict[str, None]
) -> dict[str, object]:
    """Without a response: the feed is not stored to its end, so the next look must not be conditional."""
    progress: dict[str, object] = {"seen": list(seen)[-MAX_SEEN:]}
    if url := (response.moved_to if response else None) or cursor.get("url"):
        progress["url"] = url
    if response:
        progress["etag"] = response.headers.get("etag", "")[:500]
        progress["modified"] = response.headers.get("last-modified", "")[:100]
    return progress


def check_status(response: Response) -> Response:
    """Raises FeedGone, FeedNotFound, FeedRefused, ServerUnreachable."""
    if response.status == HTTPStatus.OK:
        return response
    if response.status == HTTPStatus.GONE:
        raise FeedGone
    if response.status == HTTPStatus.NOT_FOUND:
        raise FeedNotFound
    wait = response.retry_after
    problem: SourceTrouble = FeedRefused()
    if response.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        problem = ServerUnreachable("This server has a problem. AudioBrew tries again later.")
    if wait:
        problem.retry_after = timedelta(seconds=min(wait, 86_400))
    raise problem


def display_name(feed: "Feed", url: str) -> str:
    """The feed's title, or else its host."""
    return feed.title or urlsplit(url).hostname or url
