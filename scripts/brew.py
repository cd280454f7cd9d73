"""Brew an episode from a folder of mails, by a running AudioBrew.

    uv run --group scripts scripts/brew.py ~/newsletters --sign-in "$(audiobrew sign-in)" -o monday.mp3

The same folder with the same choices is the same episode: a script that was cut off is run again,
and goes on where it was. Nothing is paid for twice.
"""

import argparse
import hashlib
import json
import time
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
from audiobrew_client import AuthenticatedClient
from audiobrew_client.api.mail import upload_mail
from audiobrew_client.api.podcast import (
    brew_podcast,
    follow_podcast,
    get_podcast,
    quote_podcast,
    retry_podcast,
)
from audiobrew_client.models import BrewEnd, BrewProgress, BrewRequest, MailUpload, Uploaded
from audiobrew_client.types import UNSET, File
from connection import Progress, Refused, connected, ok, options, run
from downloading import download
from httpx_sse import ServerSentEvent, connect_sse

KINDS = {".eml": "message/rfc822", ".mbox": "application/mbox"}
STAGES = {
    "waiting": "Waiting for its turn",
    "gathering": "Reading the newsletters",
    "planning": "Choosing the stories",
    "writing": "Writing",
    "checking": "Checking every sentence",
    "speaking": "Speaking",
    "joining": "Putting it together",
}
AGAIN_SECONDS = 2.0


def parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(description="Brew an episode from mails saved as .eml or .mbox.")
    made.add_argument("mails", nargs="+", type=Path, metavar="FOLDER", help="a folder, or a file")
    made.add_argument(
        "-o", "--output", type=Path, default=Path("episode.mp3"), help="the MP3 (episode.mp3)"
    )
    made.add_argument("--minutes", type=int, default=5, help="how long it should be (5)")
    made.add_argument("--hosts", type=int, choices=(1, 2), default=2, help="how many voices (2)")
    made.add_argument("--style", choices=("briefing", "conversation"), default="briefing")
    made.add_argument(
        "--language", help="of the whole episode, as in: de; default: each mail's own"
    )
    made.add_argument("--title", help="what it is called")
    made.add_argument("--cap", type=float, metavar="DOLLARS", help="what it may cost at most")
    made.add_argument(
        "--anew", action="store_true", help="another episode, though this one was brewed"
    )
    options(made)
    return made


def main(typed: argparse.Namespace) -> None:
    files = list(mails_in(typed.mails))
    if not typed.output.absolute().parent.is_dir():
        raise Refused(
            f"The folder of {typed.output} does not exist. Make it, or choose another with -o."
        )
    progress = Progress()
    with connected(typed) as client:
        ids = sent(client, files, progress)
        order = ordered(typed, ids)
        quote = ok(quote_podcast.sync_detailed(client=client, body=order))
        progress.done()
        print(
            f"{quote.newsletters} newsletters, {quote.calls} calls to models, {dollars(quote.cost_usd)}."
        )
        key = f"{time.time_ns()}" if typed.anew else key_of(order)
        begun = ok(brew_podcast.sync_detailed(client=client, body=order, idempotency_key=key))
        if ok(get_podcast.sync_detailed(begun.id, client=client)).status in ("failed", "cancelled"):
            ok(retry_podcast.sync_detailed(begun.id, client=client))
        follow(client, begun.id, progress)
        finish(client, begun.id, typed.output, progress)


def dollars(cost: float | None) -> str:
    return "at a price that nobody knows" if cost is None else f"about ${cost:.2f}"


def mails_in(places: list[Path]) -> Iterator[Path]:
    """Every mail under the folders, in the order of their names. Raises Refused when there is none."""
    found = 0
    for place in places:
        files = sorted(place.rglob("*")) if place.is_dir() else [place]
        for file in files:
            if file.suffix.lower() in KINDS or file == place:
                found += 1
                yield file
    if not found:
        raise Refused(f"There is no .eml or .mbox file in {', '.join(map(str, places))}.")


def sent(client: AuthenticatedClient, files: list[Path], progress: Progress) -> list[UUID]:
    """The ids of the newsletters. What cannot be read is named and left out."""
    ids: dict[UUID, None] = {}
    for number, file in enumerate(files, 1):
        progress.say("Sending mails", number * 100 // len(files))
        kind = KINDS.get(file.suffix.lower(), "application/octet-stream")
        upload = MailUpload(File(BytesIO(file.read_bytes()), file.name, kind))
        try:
            came: Uploaded = ok(upload_mail.sync_detailed(client=client, body=upload))
        except Refused as refused:
            progress.done()
            print(f"Left out {file.name}: {refused}")
            continue
        for skipped in came.skipped:
            progress.done()
            print(f"Left out {skipped.name}: {skipped.reason}")
        ids |= {mail.id: None for mail in came.mails if mail.newsletter}
    if not ids:
        raise Refused("None of these files holds a newsletter.")
    return list(ids)


def ordered(typed: argparse.Namespace, ids: list[UUID]) -> BrewRequest:
    return BrewRequest(
        email_ids=ids,
        minutes=typed.minutes,
        hosts=typed.hosts,
        style=typed.style,
        language=typed.language or UNSET,
        title=typed.title or UNSET,
        cap_usd=typed.cap or UNSET,
    )


def key_of(order: BrewRequest) -> str:
    told = json.dumps(order.to_dict(), sort_keys=True)
    return hashlib.sha256(told.encode()).hexdigest()


def follow(client: AuthenticatedClient, id: UUID, progress: Progress) -> None:
    """Until the brew has ended, whatever becomes of the connection meanwhile."""
    last = None
    while True:
        try:
            for event in events(client, id, last):
                last = event.id or last
                told = json.loads(event.data)
                if told["event"] == "end":
                    BrewEnd.from_dict(told)
                    return progress.done()
                state = BrewProgress.from_dict(told)
                progress.say(STAGES.get(state.stage, state.stage), state.percent)
        except httpx.TransportError:
            progress.say("The connection was lost; asking again")
        time.sleep(AGAIN_SECONDS)


def events(client: AuthenticatedClient, id: UUID, last: str | None) -> Iterator[ServerSentEvent]:
    """The stream of a brew: the one answer that the generated client does not read."""
    asked: dict[str, Any] = follow_podcast._get_kwargs(id)
    if last:
        asked["headers"]["last-event-id"] = last
    with connect_sse(client.get_httpx_client(), **asked) as stream:
        if stream.response.is_error:
            stream.response.read()
            raise Refused(stream.response.json().get("detail", "The brew cannot be followed."))
        yield from (event for event in stream.iter_sse() if event.data)  # keep-alives have none


def finish(client: AuthenticatedClient, id: UUID, output: Path, progress: Progress) -> None:
    episode = ok(get_podcast.sync_detailed(id, client=client))
    if episode.status != "ready":
        raise Refused(episode.trouble or f"The episode was {episode.status}.")
    download(client, episode.audio_url, output, lambda percent: progress.say("Fetching", percent))
    progress.done()
    minutes, seconds = divmod(round(episode.seconds), 60)
    print(
        f"{output}: {minutes} min {seconds:02} s, “{episode.title}”, ${episode.bill.cost_usd:.2f}."
    )
    if episode.note:
        print(episode.note)


if __name__ == "__main__":
    raise SystemExit(run(main, parser()))
