"""Score what a writer tells of a folder of labelled mails, by the length of the episode.

    python scripts/score_script.py FOLDER... [--language en] [--minutes 5 10 15 20 30] [--text] [--model URL]

The writer is the extractive one; with `--model`, that of the OpenAI-compatible server at the URL, which is
asked with the key of OPENAI_API_KEY, or `sk-stand-in`.
The folders have `NAME.eml` files with `NAME.labels.json` beside them (see tests/mail/labelled), or with
`NAME.json` (see tests/heldout). All mails are one order. A fact of the first kind is a block of content that
holds figures, and it is told if one of them is spoken with this newsletter as its source. A fact of the
second kind is one of the phrases under `main`.
"""

import argparse
import asyncio
import json
import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from audiobrew.audio.espeak import EspeakVoice
from audiobrew.lang.language import language_or_default
from audiobrew.mail.limits import Limits
from audiobrew.mail.newsletter import Newsletter
from audiobrew.mail.reader import read_mail
from audiobrew.models.openai_client import OpenAICalls
from audiobrew.models.usage import Call, CallOnce, Usage
from audiobrew.script.extractive import ExtractiveWriter
from audiobrew.script.gate.gate import check_script
from audiobrew.script.openai.writer import OpenAIWriter
from audiobrew.script.script import Script
from audiobrew.script.writer import DEFAULT_PACE, Brief, Writer
from labels import comparable

MODEL = "gpt-6-luna"

FIGURE = re.compile(r"\d[\d.,:]*\d|\d")
# Characters of a label that must be in one spoken sentence for the label to count as spoken, and the reverse.
MIN_BOILERPLATE = 20
COLUMNS = "minutes told facts leads silent boilerplate dropped framing filled"


@dataclass(frozen=True)
class Sample:
    """A mail and what it holds: facts are alternatives, any of which tells the fact."""

    newsletter: Newsletter
    facts: tuple[tuple[str, ...], ...]
    leads: tuple[str, ...]
    boilerplate: tuple[str, ...]


def read_sample(path: Path) -> Sample:
    newsletter = read_mail(path.read_bytes(), limits=Limits())
    labels_file = path.with_suffix(".labels.json")
    if not labels_file.exists():
        labels = json.loads(path.with_suffix(".json").read_text("utf-8"))
        facts = tuple((phrase,) for phrase in labels["main"])
        return Sample(newsletter, facts, (), tuple(labels["cut"]))
    blocks = json.loads(labels_file.read_text("utf-8"))["blocks"]
    content = [block for block in blocks if block["label"].startswith("told")]
    figures = (tuple(FIGURE.findall(block["text"])) for block in content)
    return Sample(
        newsletter,
        tuple(found for found in figures if found),
        tuple(block["text"] for block in content if block["label"] == "told*"),
        tuple(block["text"] for block in blocks if block["label"].startswith("cut")),
    )


async def write_script(
    newsletters: list[Newsletter], brief: Brief, model: str | None
) -> tuple[Script, int]:
    """The script that passes the gate, and how many sentences do not."""

    async def once(
        kind: str, question: Mapping[str, Any], expected: Usage | None, call: Call
    ) -> dict[str, Any]:
        return (await call()).facts

    calls = OpenAICalls(os.environ.get("OPENAI_API_KEY", "sk-stand-in"), model, 8, 60)
    writer = OpenAIWriter(calls, MODEL) if model else ExtractiveWriter()
    try:
        return await write_checked_script(writer, newsletters, brief, once)
    finally:
        await calls.aclose()


async def write_checked_script(
    writer: Writer, newsletters: list[Newsletter], brief: Brief, once: CallOnce
) -> tuple[Script, int]:
    rundown = await writer.plan(newsletters, brief, once)
    numbers = range(len(rundown.stories))
    segments = await writer.write(rundown, numbers, newsletters, brief, once)
    script = Script(rundown.title, rundown.language, tuple(segments))
    result = check_script(script, newsletters, brief)
    return result.script, len(result.dropped)


def pace_of(language: str) -> float:
    voices = language_or_default(language).voices
    return EspeakVoice().pace(language) if voices.espeak else voices.openai_pace or DEFAULT_PACE


def score(
    samples: list[Sample], minutes: int, show_text: bool, model: str | None
) -> dict[str, object]:
    newsletters = [sample.newsletter for sample in samples]
    pace = {one.language: pace_of(one.language) for one in newsletters}
    brief = Brief(minutes=minutes, show="AudioBrew", day=date(2026, 11, 23), pace=pace)
    script, dropped = asyncio.run(write_script(newsletters, brief, model))
    sentences = [
        (segment.language, one) for segment in script.segments for one in segment.sentences
    ]
    if show_text:
        print(*(describe(script)), sep="\n")
    facts = leads = all_leads = boilerplate = silent = 0
    for sample in samples:
        ids = {block.id for block in sample.newsletter.blocks}
        texts = [one.text for _, one in sentences if ids.intersection(one.cites)]
        spoken = " ".join(texts)
        figures = set(FIGURE.findall(spoken))
        facts += sum(
            any(form in figures or (not form[0].isdigit() and form in spoken) for form in forms)
            if forms[0][0].isdigit() and len(forms[0].split()) == 1
            else any(form in spoken for form in forms)
            for forms in sample.facts
        )
        heard = [comparable(text) for text in texts]
        all_leads += bool(sample.leads)
        leads += any(text in comparable(lead) for lead in sample.leads for text in heard if text)
        cuts = [
            cut for text in sample.boilerplate if len(cut := comparable(text)) >= MIN_BOILERPLATE
        ]
        boilerplate += sum(any(cut in text for text in heard) for cut in cuts)
        silent += not texts
    seconds = sum(
        (len(one.text) + 1) / pace.get(language, DEFAULT_PACE) for language, one in sentences
    )
    return {
        "minutes": minutes,
        "told": f"{sum(bool(one.cites) for _, one in sentences)} sentences",
        "facts": f"{facts}/{sum(len(sample.facts) for sample in samples)}",
        "leads": f"{leads}/{all_leads}",
        "silent": silent,
        "boilerplate": boilerplate,
        "dropped": dropped,
        "framing": f"{sum(len(one.text) for _, one in sentences if not one.cites)} characters",
        "filled": f"{seconds / minutes / 60:.0%}",
    }


def describe(script: Script) -> Iterable[str]:
    yield f"# {script.title}"
    for segment in script.segments:
        yield f"## {segment.title} ({segment.language})"
        yield from (f"{one.speaker}: {one.text}" for one in segment.sentences)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    arguments.add_argument("folders", nargs="+", type=Path)
    arguments.add_argument("--language", help="only mails in this language")
    arguments.add_argument("--minutes", nargs="+", type=int, default=[5, 10, 15, 20, 30])
    arguments.add_argument("--model", metavar="URL", help="the writer's server")
    arguments.add_argument("--text", action="store_true", help="print the scripts")
    options = arguments.parse_args()
    samples = [
        read_sample(path) for folder in options.folders for path in sorted(folder.glob("*.eml"))
    ]
    samples = [one for one in samples if options.language in (None, one.newsletter.language)]
    print(f"{len(samples)} newsletters", COLUMNS.replace(" ", "\t"), sep="\n")
    for minutes in options.minutes:
        row = score(samples, minutes, options.text, options.model)
        print(*(row[column] for column in COLUMNS.split()), sep="\t")


if __name__ == "__main__":
    main()
