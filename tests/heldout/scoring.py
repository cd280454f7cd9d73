"""How well the held-out mails are cut, chosen and told, as numbers."""

import json
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from audiobrew.audio.espeak import EspeakVoice
from audiobrew.mail.limits import Limits
from audiobrew.mail.newsletter import Block, Newsletter
from audiobrew.mail.reader import read_mail
from audiobrew.script.extractive import ExtractiveWriter
from audiobrew.script.gate.gate import check_script
from audiobrew.script.script import Script
from audiobrew.script.writer import Brief, Rundown

from tests.script.no_cache import no_cache

MAILS = Path(__file__).parent / "mails"


@dataclass
class Score:
    """Counts, and in `notes` each mistake by name."""

    cut_right: int = 0
    cut_wrong: int = 0
    cut_missed: int = 0
    hidden_leaks: int = 0
    language_wrong: int = 0
    boilerplate_spoken: int = 0
    newsletters_silent: int = 0
    main_told: int = 0
    main_all: int = 0
    pairs_merged: int = 0
    pairs_apart: int = 0
    gate_drops: int = 0
    notes: list[str] = field(default_factory=list)

    @property
    def recall(self) -> float:
        return self.cut_right / (self.cut_right + self.cut_missed)

    @property
    def precision(self) -> float:
        return self.cut_right / (self.cut_right + self.cut_wrong)


@dataclass
class Sample:
    name: str
    newsletter: Newsletter
    labels: dict[str, Any]

    def found(self, beginning: str) -> list[Block]:
        return [one for one in self.newsletter.blocks if one.text.startswith(beginning)]

    def labelled(self, block: Block, label: str) -> bool:
        return any(block.text.startswith(one) for one in self.labels[label])


def samples() -> list[Sample]:
    return [
        Sample(
            path.stem,
            read_mail(path.read_bytes(), limits=Limits()),
            json.loads(path.with_suffix(".json").read_text("utf-8")),
        )
        for path in sorted(MAILS.glob("*.eml"))
    ]


def score_cutting(sample: Sample, score: Score) -> None:
    """A labelled block that the reader no longer has counts as cut."""
    for label in ("cut", "told"):
        for beginning in sample.labels[label]:
            blocks = sample.found(beginning)
            told = any(one.cut is None for one in blocks)
            _count(score, label == "cut", told, f"{sample.name}: {beginning!r}")
    everything = " ".join(one.text for one in sample.newsletter.blocks)
    score.hidden_leaks += sum(one in everything for one in sample.labels["hidden"])
    if sample.newsletter.language != sample.labels["language"]:
        score.language_wrong += 1


def _count(score: Score, should_cut: bool, told: bool, what: str) -> None:
    if should_cut and told:
        score.cut_missed += 1
        score.notes.append(f"left in: {what}")
    elif should_cut:
        score.cut_right += 1
    elif not told:
        score.cut_wrong += 1
        score.notes.append(f"wrongly cut: {what}")


def score_telling(all_samples: list[Sample], script: Script, score: Score) -> None:
    sentences = [one for segment in script.segments for one in segment.sentences]
    cited = {block for one in sentences for block in one.cites}
    spoken = " ".join(one.text for one in sentences)
    for sample in all_samples:
        blocks = {one.id: one for one in sample.newsletter.blocks}
        for one in sentences:
            if any(i in blocks and sample.labelled(blocks[i], "cut") for i in one.cites):
                score.boilerplate_spoken += 1
                score.notes.append(f"boilerplate spoken: {sample.name}: {one.text!r}")
        if not cited & blocks.keys():
            score.newsletters_silent += 1
            score.notes.append(f"silent: {sample.name}")
        missing = [one for one in sample.labels["main"] if one not in spoken]
        score.main_all += len(sample.labels["main"])
        score.main_told += len(sample.labels["main"]) - len(missing)
        score.notes += [f"main point not told: {sample.name}: {one!r}" for one in missing]


def score_pairs(all_samples: list[Sample], rundown: Rundown, score: Score) -> None:
    by_name = {one.name: one for one in all_samples}
    pairs = json.loads((MAILS / "pairs.json").read_text("utf-8"))
    for kind in ("same", "apart"):
        for ends in pairs[kind]:
            ids = [{one.id for one in by_name[name].found(text)} for name, text in ends]
            together = any(all(set(story.blocks) & one for one in ids) for story in rundown.stories)
            score.pairs_merged += kind == "same" and together
            score.pairs_apart += kind == "apart" and not together
            if together != (kind == "same"):
                score.notes.append(f"{kind} pair failed: {ends}")


async def measure() -> tuple[Score, Script]:
    all_samples, score = samples(), Score()
    for sample in all_samples:
        score_cutting(sample, score)
    newsletters = [one.newsletter for one in all_samples]
    pace = {one.language: EspeakVoice().pace(one.language) for one in newsletters}
    brief = Brief(minutes=5, show="AudioBrew", day=date(2026, 11, 23), pace=pace, hosts=2)
    writer = ExtractiveWriter()
    rundown = await writer.plan(newsletters, brief, no_cache)
    numbers = range(len(rundown.stories))
    segments = await writer.write(rundown, numbers, newsletters, brief, no_cache)
    checked = check_script(
        Script(rundown.title, rundown.language, tuple(segments)), newsletters, brief
    )
    score.gate_drops = len(checked.dropped)
    score.notes += [
        f"gate: {one.reason} {one.missing} {one.sentence.text!r}" for one in checked.dropped
    ]
    score_telling(all_samples, checked.script, score)
    score_pairs(all_samples, rundown, score)
    return score, checked.script
