"""Brew an episode from a folder of mails, with a running AudioBrew.

    uv run --group scripts scripts/brew.py ~/newsletters --sign-in "$(audiobrew sign-in)" -o monday.mp3

The same folder with the same options is the same episode. If the script was interrupted, run it again: it
continues with the same brew, and nothing is paid for twice.
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
from audiobrew_client.models.host_roles import HOST_ROLES_VALUES
from audiobrew_client.models.show_style import SHOW_STYLE_VALUES
from audiobrew_client.types import UNSET, File
from connection import Progress, Refused, add_options, connect, ok, run
from files import download
from httpx_sse import ServerSentEvent, connect_sse

KINDS = {
    ".eml": "message/rfc822",
    ".emlx": "message/rfc822",
    ".mbox": "application/mbox",
    ".mbx": "application/mbox",
    ".zip": "application/zip",
}
STAGES = {
    "waiting": "Waiting for its turn",
    "gathering": "Reading the newsletters",
    "planning": "Choosing the stories",
    "writing": "Writing",
    "checking": "Checking every sentence",
    "speaking": "Speaking",
    "joining": "Putting it together",
}
RECONNECT_SECONDS = 2.0


def parser() -> argparse.ArgumentParser:
    arguments = argparse.ArgumentParser(
        description="Brew an episode from mails saved as .eml, .emlx, .mbox or .zip, or in a Maildir."
    )
    arguments.add_argument(
        "mails", nargs="+", type=Path, metavar="FOLDER", help="a folder or a file"
    )
    arguments.add_argument(
        "-o",
        "--output",
        type=Path,
        default=Path("episode.mp3"),
        help="the MP3 file (default: episode.mp3)",
    )
    arguments.add_argument("--minutes", type=int, default=5, help="length in minutes (default: 5)")
    arguments.add_argument(
        "--hosts", type=int, choices=(1, 2), default=2, help="number of voices (default: 2)"
    )
    arguments.add_argument("--style", choices=sorted(SHOW_STYLE_VALUES), default="briefing")
    arguments.add_argument(
        "--interests", default="", help="what you want to hear about, in your own words"
    )
    arguments.add_argument(
        "--host-name",
        dest="host_names",
        action="append",
        default=[],
        metavar="NAME",
        help="name of a host; once for each host",
    )
    arguments.add_argument(
        "--host-roles",
        choices=sorted(HOST_ROLES_VALUES),
        default=UNSET,
        help="what two hosts do; by default as in your preferences",
    )
    arguments.add_argument(
        "--language",
        help="language of the whole episode, for example de (default: that of each mail)",
    )
    arguments.add_argument("--title", help="title of the episode")
    arguments.add_argument("--cap", type=float, metavar="DOLLARS", help="maximum cost")
    arguments.add_argument(
        "--all", action="store_true", help="include mails without any sign of a newsletter"
    )
    arguments.add_argument(
        "--anew", action="store_true", help="brew a new episode even if the same one exists"
    )
    add_options(arguments)
    return arguments


def main(options: argparse.Namespace) -> None:
    files = list(mails_in(options.mails))
    if not options.output.absolute().parent.is_dir():
        raise Refused(
            f"The folder of {options.output} does not exist. Create it, or choose another with -o."
        )
    progress = Progress()
    with connect(options) as client:
        ids = upload(client, files, progress, others=options.all)
        order = order_from(options, ids)
        quote = ok(quote_podcast.sync_detailed(client=client, body=order))
        progress.clear()
        print(
            f"{quote.newsletters} newsletters, {quote.calls} calls to models, {dollars(quote.cost_usd)}."
        )
        key = f"{time.time_ns()}" if options.anew else key_of(order)
        brew = ok(brew_podcast.sync_detailed(client=client, body=order, idempotency_key=key))
        if ok(get_podcast.sync_detailed(brew.id, client=client)).status in ("failed", "cancelled"):
            ok(retry_podcast.sync_detailed(brew.id, client=client))
        follow(client, brew.id, progress)
        finish(client, brew.id, options.output, progress)


def dollars(cost: float | None) -> str:
    return "cost unknown" if cost is None else f"about ${cost:.2f}"


def mails_in(places: list[Path]) -> Iterator[Path]:
    """Every mail in the folders, sorted by name. Raises Refused if there is none."""
    count = 0
    for place in places:
        files = sorted(place.rglob("*")) if place.is_dir() else [place]
        for file in files:
            if file == place or (file.is_file() and is_mail(file)):
                count += 1
                yield file
    if not count:
        raise Refused(
            f"There is no .eml, .emlx, .mbox or .zip file in {', '.join(map(str, places))}, and no Maildir."
        )


def is_mail(file: Path) -> bool:
    """Whether a file in a folder holds mails: by its name, or because it lies in a Maildir."""
    if file.name.startswith("._") or "T" in file.name.partition(":2,")[2]:
        return False  # what macOS adds, and what is deleted in a Maildir
    in_maildir = file.parent.name in ("cur", "new") and (file.parent.parent / "cur").is_dir()
    return in_maildir or file.suffix.lower() in KINDS


def upload(
    client: AuthenticatedClient, files: list[Path], progress: Progress, others: bool
) -> list[UUID]:
    """Upload the files and return the ids of the newsletters, and with `others` of all mails.

    Files that cannot be read are skipped. A single mail counts, whatever it is.
    """
    ids: dict[UUID, None] = {}
    other_ids: list[UUID] = []
    for number, file in enumerate(files, 1):
        progress.show("Sending mails", number * 100 // len(files))
        kind = KINDS.get(file.suffix.lower(), "application/octet-stream")
        body = MailUpload(File(BytesIO(file.read_bytes()), file.name, kind))
        try:
            result: Uploaded = ok(upload_mail.sync_detailed(client=client, body=body))
        except Refused as refusal:
            progress.clear()
            print(f"Left out {file.name}: {refusal}")
            continue
        for mail in result.skipped:
            progress.clear()
            print(f"Left out {mail.name}: {mail.reason}")
        ids |= {mail.id: None for mail in result.mails if mail.newsletter or others}
        other_ids += [mail.id for mail in result.mails if not mail.newsletter]
    if not ids and len(other_ids) == 1:
        return other_ids
    if not ids:
        hint = f" Add --all to hear the {len(other_ids)} other mails." if other_ids else ""
        raise Refused(f"None of these files contains a newsletter.{hint}")
    return list(ids)


def order_from(options: argparse.Namespace, ids: list[UUID]) -> BrewRequest:
    return BrewRequest(
        email_ids=ids,
        minutes=options.minutes,
        hosts=options.hosts,
        style=options.style,
        interests=options.interests or UNSET,
        host_names=options.host_names or UNSET,
        host_roles=options.host_roles,
        language=options.language or UNSET,
        title=options.title or UNSET,
        cap_usd=options.cap or UNSET,
    )


def key_of(order: BrewRequest) -> str:
    """The idempotency key: the same order has the same key."""
    text = json.dumps(order.to_dict(), sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def follow(client: AuthenticatedClient, id: UUID, progress: Progress) -> None:
    """Show the progress until the brew has ended. Reconnects if the connection is lost."""
    last = None
    while True:
        try:
            for event in events(client, id, last):
                last = event.id or last
                data = json.loads(event.data)
                if data["event"] == "end":
                    BrewEnd.from_dict(data)
                    return progress.clear()
                state = BrewProgress.from_dict(data)
                progress.show(STAGES.get(state.stage, state.stage), state.percent)
        except httpx.TransportError:
            progress.show("Connection lost; reconnecting")
        time.sleep(RECONNECT_SECONDS)


def events(client: AuthenticatedClient, id: UUID, last: str | None) -> Iterator[ServerSentEvent]:
    """The event stream of a brew, which the generated client cannot read."""
    request: dict[str, Any] = follow_podcast._get_kwargs(id)
    if last:
        request["headers"]["last-event-id"] = last
    with connect_sse(client.get_httpx_client(), **request) as stream:
        if stream.response.is_error:
            stream.response.read()
            raise Refused(stream.response.json().get("detail", "The brew cannot be followed."))
        yield from (event for event in stream.iter_sse() if event.data)  # keep-alives have none


def finish(client: AuthenticatedClient, id: UUID, output: Path, progress: Progress) -> None:
    episode = ok(get_podcast.sync_detailed(id, client=client))
    if episode.status != "ready":
        raise Refused(episode.trouble or f"The episode was {episode.status}.")
    download(client, episode.audio_url, output, lambda percent: progress.show("Fetching", percent))
    progress.clear()
    minutes, seconds = divmod(round(episode.seconds), 60)
    print(
        f"{output}: {minutes} min {seconds:02} s, “{episode.title}”, ${episode.bill.cost_usd:.2f}."
    )
    if episode.note:
        print(episode.note)


if __name__ == "__main__":
    raise SystemExit(run(main, parser()))
