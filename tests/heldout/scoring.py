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

    def blocks_with(self, beginning: str) -> list[Block]:
        return [block for block in self.newsletter.blocks if block.text.startswith(beginning)]

    def has_label(self, block: Block, label: str) -> bool:
        return any(block.text.startswith(beginning) for beginning in self.labels[label])


def read_samples() -> list[Sample]:
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
            is_told = any(block.cut is None for block in sample.blocks_with(beginning))
            count_decision(score, label == "cut", is_told, f"{sample.name}: {beginning!r}")
    whole_text = " ".join(block.text for block in sample.newsletter.blocks)
    score.hidden_leaks += sum(hidden in whole_text for hidden in sample.labels["hidden"])
    if sample.newsletter.language != sample.labels["language"]:
        score.language_wrong += 1


def count_decision(score: Score, should_cut: bool, is_told: bool, block: str) -> None:
    if should_cut and is_told:
        score.cut_missed += 1
        score.notes.append(f"left in: {block}")
    elif should_cut:
        score.cut_right += 1
    elif not is_told:
        score.cut_wrong += 1
        score.notes.append(f"wrongly cut: {block}")


def score_telling(samples: list[Sample], script: Script, score: Score) -> None:
    sentences = [sentence for segment in script.segments for sentence in segment.sentences]
    cited_ids = {id for sentence in sentences for id in sentence.cites}
    script_text = " ".join(sentence.text for sentence in sentences)
    for sample in samples:
        blocks = {block.id: block for block in sample.newsletter.blocks}
        for sentence in sentences:
            if any(id in blocks and sample.has_label(blocks[id], "cut") for id in sentence.cites):
                score.boilerplate_spoken += 1
                score.notes.append(f"boilerplate spoken: {sample.name}: {sentence.text!r}")
        if not cited_ids & blocks.keys():
            score.newsletters_silent += 1
            score.notes.append(f"silent: {sample.name}")
        missing = [point for point in sample.labels["main"] if point not in script_text]
        score.main_all += len(sample.labels["main"])
        score.main_told += len(sample.labels["main"]) - len(missing)
        score.notes += [f"main point not told: {sample.name}: {point!r}" for point in missing]


def score_pairs(samples: list[Sample], rundown: Rundown, score: Score) -> None:
    samples_by_name = {sample.name: sample for sample in samples}
    pairs = json.loads((MAILS / "pairs.json").read_text("utf-8"))
    for kind in ("same", "apart"):
        for pair in pairs[kind]:
            block_ids = [
                {block.id for block in samples_by_name[name].blocks_with(beginning)}
                for name, beginning in pair
            ]
            is_one_story = any(
                all(set(story.blocks) & ids for ids in block_ids) for story in rundown.stories
            )
            score.pairs_merged += kind == "same" and is_one_story
            score.pairs_apart += kind == "apart" and not is_one_story
            if is_one_story != (kind == "same"):
                score.notes.append(f"{kind} pair failed: {pair}")


async def measure() -> tuple[Score, Script]:
    samples, score = read_samples(), Score()
    for sample in samples:
        score_cutting(sample, score)
    newsletters = [sample.newsletter for sample in samples]
    pace = {
        newsletter.language: EspeakVoice().pace(newsletter.language) for newsletter in newsletters
    }
    brief = Brief(minutes=5, show="AudioBrew", day=date(2026, 11, 23), pace=pace, hosts=2)
    writer = ExtractiveWriter()
    rundown = await writer.plan(newsletters, brief, no_cache)
    numbers = range(len(rundown.stories))
    segments = await writer.write(rundown, numbers, newsletters, brief, no_cache)
    result = check_script(
        Script(rundown.title, rundown.language, tuple(segments)), newsletters, brief
    )
    score.gate_drops = len(result.dropped)
    score.notes += [
        f"gate: {rejection.reason} {rejection.missing} {rejection.sentence.text!r}"
        for rejection in result.dropped
    ]
    score_telling(samples, result.script, score)
    score_pairs(samples, rundown, score)
    return score, result.script
