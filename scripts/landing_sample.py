"""Brew the sample episode of the landing page: `python3 noxfile.py -s landing_sample`.

The English sample newsletters, the writer without a model and the natural voices, through the product itself.
The audio goes to frontend-client/static/, and the script with its sources into the page.
"""

import json
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import anyio
from audiobrew.cli.brewing import brew_and_follow
from audiobrew.cli.refusal import Refusal
from audiobrew.db.stages import Stage
from audiobrew.episode.episode import Order
from audiobrew.episode.serializers import script as serialize_script
from audiobrew.inbox.samples import SampleMailbox
from audiobrew.settings import load_settings
from audiobrew.wiring import connect
from rich.console import Console

WEB = Path(__file__).parents[1] / "frontend-client"
AUDIO = WEB / "static" / "sample-episode.mp3"
SCRIPT = WEB / "src" / "routes" / "sample_episode.json"
MINUTES = 3
# What the page needs of a sentence and of a source.
SENTENCE_FIELDS = ("id", "text", "speaker", "kind", "link", "start", "end", "cites")
SOURCE_FIELDS = ("block_id", "sender", "subject", "text")


async def brew(folder: Path, console: Console) -> None:
    settings = load_settings(data=folder, voice="natural", mode="embedded")
    async with connect(settings, alone=True) as ports:
        listener = await ports.listeners.local()
        samples = [
            mail for mail in SampleMailbox().newsletters() if mail.bulk and mail.language == "en"
        ]
        mails = await ports.mails.add(listener, samples)
        day = datetime.now(UTC).date()
        order = Order(
            mails=tuple(mail.id for mail in mails),
            minutes=MINUTES,
            day=day,
            host_names=("Ada", "Ben"),
        )
        summary = await brew_and_follow(ports, order, "landing-sample", console)
        [episode] = await ports.episodes.list(listener, 1, None)
        if not summary.finished or episode.stage is not Stage.READY or not episode.media:
            raise Refusal(f"The episode was not brewed: {episode.trouble}")
        AUDIO.write_bytes(await ports.media.get(episode.media))
        stored = await ports.scripts.get(episode.id)
        script = serialize_script(episode, stored).model_dump(mode="json")
    sample = {
        "title": episode.title,
        "seconds": episode.seconds,
        "hosts": list(episode.host_names),
        "segments": [
            {
                **{name: segment[name] for name in ("title", "language", "start", "end")},
                "sentences": [
                    {name: sentence[name] for name in SENTENCE_FIELDS}
                    for sentence in segment["sentences"]
                ],
            }
            for segment in script["segments"]
        ],
        "sources": [{name: source[name] for name in SOURCE_FIELDS} for source in script["sources"]],
    }
    SCRIPT.write_text(json.dumps(sample, ensure_ascii=False, indent="\t") + "\n", encoding="utf-8")
    console.print(f"{AUDIO.name}: {AUDIO.stat().st_size:,} bytes, {episode.seconds:.0f} seconds.")


def main() -> int:
    try:
        with tempfile.TemporaryDirectory() as folder:
            anyio.run(brew, Path(folder), Console())
    except Refusal as refusal:
        print(refusal, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
