"""Take a whole library home: audio, transcripts, chapters, scripts with their sources, and a feed.

    uv run --group scripts scripts/export.py ~/podcast --sign-in "$(audiobrew sign-in)"

A folder for each episode, and `feed.xml` that names them all. Run it again at any time: what is there
and unchanged is not fetched again, and what was cut off is completed.
"""

import argparse
import json
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

from audiobrew_client import AuthenticatedClient
from audiobrew_client.api.feed import (
    create_feed_token,
    get_cover,
    get_feed,
    list_feed_tokens,
    revoke_feed_token,
)
from audiobrew_client.api.podcast import (
    get_podcast_chapters,
    get_podcast_script,
    get_podcast_transcript,
    list_podcasts,
)
from audiobrew_client.models import FeedTokenRequest, NewFeedToken, Podcast
from connection import Progress, Refused, connected, ok, options, run
from downloading import download, write

PAGE = 100
WAY_IN = "AudioBrew export"
UNFIT = re.compile(r"[^\w .,-]+")
FACTS = "episode.json"
"""Written last: where it is, and tells the same update, the folder is whole."""


def parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(
        description="Take every finished episode home, with all that belongs to it."
    )
    made.add_argument(
        "library", type=Path, metavar="FOLDER", help="where it goes; made if it is not there"
    )
    made.add_argument(
        "--published-at",
        default="",
        metavar="URL",
        help="where you will publish the folder, for the addresses in feed.xml; default: relative ones",
    )
    options(made)
    return made


def main(typed: argparse.Namespace) -> None:
    typed.library.mkdir(parents=True, exist_ok=True)
    progress, fetched = Progress(), 0
    with connected(typed) as client:
        ready = [one for one in library(client) if one.status == "ready"]
        for number, episode in enumerate(ready, 1):
            progress.say(f"Episode {number} of {len(ready)}: {episode.title}")
            fetched += export(client, episode, typed.library / folder_of(episode))
        save_feed(client, ready, typed.library, typed.published_at)
    progress.done()
    count = "1 episode" if len(ready) == 1 else f"{len(ready)} episodes"
    print(f"{count} in {typed.library}, {fetched} fetched now.")


def library(client: AuthenticatedClient) -> Iterator[Podcast]:
    """Every episode, newest first."""
    page: list[Podcast] = ok(list_podcasts.sync_detailed(client=client, limit=PAGE))
    while page:
        yield from page
        page = ok(list_podcasts.sync_detailed(client=client, limit=PAGE, before=page[-1].id))


def folder_of(episode: Podcast) -> str:
    """The same name however often it is asked for; a title is data, never a path."""
    title = UNFIT.sub("", episode.title).strip(" .")[:60]
    return f"{episode.created_at:%Y-%m-%d} {title} [{episode.id.hex[:8]}]"


def export(client: AuthenticatedClient, episode: Podcast, folder: Path) -> bool:
    """True when something was fetched."""
    facts = episode.to_dict() | {"audio_url": None}  # signed, and dead tomorrow
    told = json.dumps(facts, indent=2, ensure_ascii=False).encode()
    if (folder / FACTS).is_file() and (folder / FACTS).read_bytes() == told:
        return False
    folder.mkdir(exist_ok=True)
    if not episode.audio_url:
        raise Refused(f"“{episode.title}” has no audio.")
    script = ok(get_podcast_script.sync_detailed(episode.id, client=client))
    write(folder / "script.json", as_json(script.to_dict()))
    transcript = ok(get_podcast_transcript.sync_detailed(episode.id, client=client))
    write(folder / "transcript.vtt", transcript.encode())
    chapters = ok(get_podcast_chapters.sync_detailed(episode.id, client=client))
    write(folder / "chapters.json", as_json(chapters.to_dict()))
    download(client, episode.audio_url, folder / "episode.mp3")
    write(folder / FACTS, told)
    return True


def as_json(told: object) -> bytes:
    return json.dumps(told, indent=2, ensure_ascii=False).encode()


def save_feed(
    client: AuthenticatedClient, episodes: list[Podcast], library: Path, published_at: str
) -> None:
    """By a feed token of its own, which is revoked again: nothing in the file opens the show."""
    revoke_left_over(client)
    name = FeedTokenRequest(name=WAY_IN)
    token: NewFeedToken = ok(create_feed_token.sync_detailed(client=client, body=name))
    try:
        feed = ok(get_feed.sync_detailed(token.token, client=client))
        write(library / "cover.jpg", ok(get_cover.sync_detailed(client=client)).payload.read())
    finally:
        ok(revoke_feed_token.sync_detailed(token.id, client=client))
    write(library / "feed.xml", at_home(feed, token, episodes, published_at).encode())


def revoke_left_over(client: AuthenticatedClient) -> None:
    """The tokens of exports that were killed before they could revoke their own."""
    for token in ok(list_feed_tokens.sync_detailed(client=client)):
        if token.name == WAY_IN and not token.revoked_at:
            ok(revoke_feed_token.sync_detailed(token.id, client=client))


def at_home(feed: str, token: NewFeedToken, episodes: list[Podcast], published_at: str) -> str:
    """The feed with the library's own files. Raises Refused rather than keep the token."""
    show, base = (
        token.url.rpartition("/")[0],
        published_at.rstrip("/") + "/" if published_at else "",
    )
    for episode in episodes:
        folder = f"{base}{quote(folder_of(episode))}"
        files = {"mp3": "episode.mp3", "vtt": "transcript.vtt", "json": "chapters.json"}
        for ending, name in files.items():
            feed = feed.replace(f"{show}/{episode.id}.{ending}", f"{folder}/{name}")
    feed = feed.replace(token.url, f"{base}feed.xml")
    feed = feed.replace(f"{show.rpartition('/')[0]}/cover.jpg", f"{base}cover.jpg")
    if token.token in feed:
        raise Refused("The feed changed while it was fetched. Run this again.")
    return feed


if __name__ == "__main__":
    raise SystemExit(run(main, parser()))
