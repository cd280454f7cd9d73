"""`audiobrew doctor`: what is configured, what is missing, and which models end when."""

import argparse
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import anyio
from rich.console import Console
from rich.table import Table

from audiobrew.problem import Problem
from audiobrew.terminal.data_folder import present
from audiobrew.terminal.options import data_option, settings_of

if TYPE_CHECKING:
    from audiobrew.settings import Settings

ENDS = {
    "tts-1, tts-1-hd, gpt-4o-mini-tts": date(2027, 1, 6),
    "gpt-4o, gpt-4o-mini, gpt-4.1, gpt-4.1-mini": date(2027, 1, 14),
    "whisper-1, gpt-4o-transcribe": date(2027, 2, 26),
}
"""Announced shutdown dates of OpenAI's models, as read on 2026-11-23."""


@dataclass(frozen=True, slots=True)
class Finding:
    what: str
    good: bool
    told: str


def options(command: argparse.ArgumentParser) -> None:
    data_option(command)


def run(typed: argparse.Namespace) -> int:
    settings = settings_of(typed)
    with present(settings.data):
        findings = anyio.run(examine, settings)
    console = Console()
    console.print(_table(findings))
    console.print(_model_ends())
    return 0 if all(finding.good for finding in findings) else 1


async def examine(settings: "Settings") -> list[Finding]:
    """Try each part for real."""
    return [
        Finding("Mode", True, "embedded: this machine only, no key, no account"),
        await _database(settings),
        _data_folder(settings),
        await _voice(settings),
        Finding("Writer", True, "extractive: sentences from the mails themselves, no model"),
        _web(settings),
        *_unused(),
    ]


async def _database(settings: "Settings") -> Finding:
    from audiobrew.store.database import migrate

    try:
        await migrate(settings)
    except Problem as trouble:
        return Finding("Database", False, str(trouble))
    return Finding("Database", True, f"SQLite in {settings.data}, up to date")


def _data_folder(settings: "Settings") -> Finding:
    free = os.statvfs(settings.data)
    megabytes = free.f_bavail * free.f_frsize // 2**20
    enough = megabytes >= 200
    told = f"{settings.data.absolute()}, {megabytes:,} MB free"
    return Finding("Data folder", enough, told if enough else f"{told}: an episode may not fit")


async def _voice(settings: "Settings") -> Finding:
    from audiobrew.audio.espeak import EspeakVoice
    from audiobrew.audio.voice import Utterance
    from audiobrew.script.script import Speaker

    try:
        sound = await EspeakVoice(settings.espeak_library).speak(
            Utterance(("Hello.",), Speaker.FIRST, "en")
        )
    except Problem as trouble:
        return Finding("Voice", False, str(trouble))
    return Finding("Voice", bool(sound.pcm), "espeak, installed with AudioBrew")


def _web(settings: "Settings") -> Finding:
    if (settings.web / "200.html").is_file():
        return Finding("Web app", True, f"built, in {settings.web}")
    return Finding("Web app", False, "not built yet: run `python3 noxfile.py -s demo` once")


def _unused() -> Iterator[Finding]:
    from audiobrew.settings import CLOUD

    if names := [name for name in CLOUD if os.environ.get(name)]:
        yield Finding("Production", True, f"{', '.join(names)} set, not used in embedded mode")


def _table(findings: list[Finding]) -> Table:
    table = Table(box=None, pad_edge=False, show_header=False)
    for finding in findings:
        mark = "[green]ready[/green]" if finding.good else "[red]missing[/red]"
        table.add_row(finding.what, mark, finding.told)
    return table


def _model_ends() -> Table:
    table = Table(
        title="Models whose end is announced (none is used here)", title_justify="left", box=None
    )
    table.add_column("model")
    table.add_column("ends")
    for models, end in ENDS.items():
        days = (end - date.today()).days
        table.add_row(models, f"{end} ({f'in {days} days' if days > 0 else 'ended'})")
    return table
