"""Export a whole library: audio, transcripts, chapters, covers, scripts with their sources, and a feed.

    uv run --group scripts scripts/export.py ~/podcast --sign-in "$(audiobrew sign-in)"

Each episode gets a folder, and `feed.xml` lists all of them. You can run the script again at any time: it
downloads only what is new, changed or incomplete.
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
    get_podcast_cover,
    get_podcast_script,
    get_podcast_transcript,
    list_podcasts,
)
from audiobrew_client.models import FeedTokenRequest, NewFeedToken, Podcast
from connection import Progress, Refused, add_options, connect, ok, run
from files import download, write

PAGE = 100
EXPORT_NAME = "AudioBrew export"
UNSAFE_CHARACTERS = re.compile(r"[^\w .,-]+")
FACTS = "episode.json"
PLAYBACK = "playback.json"
COVER = "cover.png"


def parser() -> argparse.ArgumentParser:
    arguments = argparse.ArgumentParser(
        description="Export every finished episode, with its transcript, chapters, cover and script."
    )
    arguments.add_argument(
        "library",
        type=Path,
        metavar="FOLDER",
        help="where to save it; created if it does not exist",
    )
    arguments.add_argument(
        "--published-at",
        default="",
        metavar="URL",
        help="where you will publish the folder, for the addresses in feed.xml (default: relative addresses)",
    )
    add_options(arguments)
    return arguments


def main(options: argparse.Namespace) -> None:
    options.library.mkdir(parents=True, exist_ok=True)
    progress, new_count = Progress(), 0
    with connect(options) as client:
        ready = [episode for episode in library(client) if episode.status == "ready"]
        for number, episode in enumerate(ready, 1):
            progress.show(f"Episode {number} of {len(ready)}: {episode.title}")
            new_count += export(client, episode, options.library / folder_of(episode))
        save_feed(client, ready, options.library, options.published_at)
    progress.clear()
    count = "1 episode" if len(ready) == 1 else f"{len(ready)} episodes"
    print(f"{count} in {options.library}, {new_count} fetched now.")


def library(client: AuthenticatedClient) -> Iterator[Podcast]:
    """Every episode, newest first."""
    page: list[Podcast] = ok(list_podcasts.sync_detailed(client=client, limit=PAGE))
    while page:
        yield from page
        page = ok(list_podcasts.sync_detailed(client=client, limit=PAGE, before=page[-1].id))


def folder_of(episode: Podcast) -> str:
    """The folder's name, which is always the same. The title is cleaned: it must not act as a path."""
    title = UNSAFE_CHARACTERS.sub("", episode.title).strip(" .")[:60]
    return f"{episode.created_at:%Y-%m-%d} {title} [{episode.id.hex[:8]}]"


def export(client: AuthenticatedClient, episode: Podcast, folder: Path) -> bool:
    """Export an episode, and return whether anything had to be downloaded."""
    fields = episode.to_dict() | {"audio_url": None}  # the signed address expires
    # How far it was heard changes every day, and the rest of the episode does not.
    playback = fields.pop("playback", None)
    facts = as_json(fields)
    folder.mkdir(exist_ok=True)
    if playback:
        write(folder / PLAYBACK, as_json(playback))
    if is_complete(folder, facts):
        return False
    if not episode.audio_url:
        raise Refused(f"“{episode.title}” has no audio.")
    script = ok(get_podcast_script.sync_detailed(episode.id, client=client))
    write(folder / "script.json", as_json(script.to_dict()))
    transcript = ok(get_podcast_transcript.sync_detailed(episode.id, client=client))
    write(folder / "transcript.vtt", transcript.encode())
    chapters = ok(get_podcast_chapters.sync_detailed(episode.id, client=client))
    write(folder / "chapters.json", as_json(chapters.to_dict()))
    cover = ok(get_podcast_cover.sync_detailed(episode.id, client=client))
    write(folder / COVER, cover.payload.read())
    download(client, episode.audio_url, folder / "episode.mp3")
    write(folder / FACTS, facts)
    return True


def is_complete(folder: Path, facts: bytes) -> bool:
    """The facts are written last. Libraries of earlier versions have no covers."""
    files = folder / FACTS, folder / COVER
    return all(file.is_file() for file in files) and files[0].read_bytes() == facts


def as_json(data: object) -> bytes:
    return json.dumps(data, indent=2, ensure_ascii=False).encode()


def save_feed(
    client: AuthenticatedClient, episodes: list[Podcast], library: Path, published_at: str
) -> None:
    """Save the feed, fetched with a new feed token that is then revoked: nothing in the file gives access."""
    revoke_leftover_tokens(client)
    name = FeedTokenRequest(name=EXPORT_NAME)
    token: NewFeedToken = ok(create_feed_token.sync_detailed(client=client, body=name))
    try:
        feed = ok(get_feed.sync_detailed(token.token, client=client))
        write(library / "cover.jpg", ok(get_cover.sync_detailed(client=client)).payload.read())
    finally:
        ok(revoke_feed_token.sync_detailed(token.id, client=client))
    write(library / "feed.xml", localize(feed, token, episodes, published_at).encode())


def revoke_leftover_tokens(client: AuthenticatedClient) -> None:
    """Revoke the tokens of exports that were killed before they could do so themselves."""
    for token in ok(list_feed_tokens.sync_detailed(client=client)):
        if token.name == EXPORT_NAME and not token.revoked_at:
            ok(revoke_feed_token.sync_detailed(token.id, client=client))


def localize(feed: str, token: NewFeedToken, episodes: list[Podcast], published_at: str) -> str:
    """Make the feed's addresses point to the library's files. Raises Refused if the token would remain."""
    show, base = (
        token.url.rpartition("/")[0],
        published_at.rstrip("/") + "/" if published_at else "",
    )
    for episode in episodes:
        folder = f"{base}{quote(folder_of(episode))}"
        files = {
            "mp3": "episode.mp3",
            "vtt": "transcript.vtt",
            "json": "chapters.json",
            "png": COVER,
        }
        for ending, name in files.items():
            feed = feed.replace(f"{show}/{episode.id}.{ending}", f"{folder}/{name}")
    feed = feed.replace(token.url, f"{base}feed.xml")
    feed = feed.replace(f"{show.rpartition('/')[0]}/cover.jpg", f"{base}cover.jpg")
    if token.token in feed:
        raise Refused("The feed changed while it was downloaded. Run the command again.")
    return feed


if __name__ == "__main__":
    raise SystemExit(run(main, parser()))
