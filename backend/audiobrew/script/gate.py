"""The gate: what is not in the blocks it cites is not spoken.

It runs on every script, whoever wrote it. It looks up figures, names and quotations; it does not
understand: a sentence turned into its opposite with the same words passes. So it is no check of facts.
Names are told by their capital letters, so in scripts without them only figures and quotations count.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from audiobrew.inbox.newsletter import Block, Newsletter
from audiobrew.script.anchors import anchors, ground
from audiobrew.script.framing import Allowance
from audiobrew.script.script import Dropped, Kind, Script, Segment, Sentence, Why
from audiobrew.script.writer import Brief, NothingToTell


@dataclass(frozen=True, slots=True)
class Checked:
    """What may be spoken, and what may not."""

    script: Script
    dropped: tuple[Dropped, ...]


def check(script: Script, newsletters: Sequence[Newsletter], brief: Brief) -> Checked:
    """Raises NothingToTell when no sourced sentence is left."""
    blocks = {block.id: block for newsletter in newsletters for block in newsletter.blocks}
    allowance = Allowance(brief.show, brief.day, tuple(one.sender for one in newsletters))
    kept: list[Segment] = []
    dropped: list[Dropped] = []
    for segment in script.segments:
        good, bad = _sift(segment, blocks, allowance)
        dropped += bad
        kept.append(replace(segment, sentences=tuple(good)))
    told, silent = _told(kept)
    dropped += silent
    if not told:
        raise NothingToTell
    return Checked(replace(script, segments=tuple(told)), tuple(dropped))


def wrong(
    sentence: Sentence, language: str, blocks: Mapping[str, Block], allowance: Allowance
) -> Dropped | None:
    """What is wrong with one sentence, if anything."""
    if sentence.kind is not Kind.SOURCED:
        fine = not sentence.cites and allowance.covers(sentence, language)
        return None if fine else Dropped(sentence, Why.FRAMING, ())
    if not sentence.cites or any(id not in blocks for id in sentence.cites):
        return Dropped(sentence, Why.NO_SOURCE, ())
    cited = [blocks[id] for id in sentence.cites]
    if any(block.cut for block in cited):
        return Dropped(sentence, Why.CUT_SOURCE, ())
    return _unfounded(sentence, [block.text for block in cited])


def _unfounded(sentence: Sentence, cited: list[str]) -> Dropped | None:
    stated, held = anchors(sentence.text), ground(cited)
    missing = (
        (Why.FIGURE, stated.figures - held.figures),
        (Why.QUOTATION, {quotation for quotation in stated.quotations if held.lacks(quotation)}),
        (Why.NAME, stated.names - held.words),
    )
    for why, found in missing:
        if found:
            return Dropped(sentence, why, tuple(sorted(found)))
    return None


def _sift(
    segment: Segment, blocks: Mapping[str, Block], allowance: Allowance
) -> tuple[list[Sentence], list[Dropped]]:
    good: list[Sentence] = []
    bad: list[Dropped] = []
    for sentence in segment.sentences:
        trouble = wrong(sentence, segment.language, blocks, allowance)
        if trouble:
            bad.append(trouble)
        else:
            good.append(sentence)
    return good, bad


def _told(segments: Iterable[Segment]) -> tuple[list[Segment], list[Dropped]]:
    """Segments that still tell something; of the others, the greeting and the sign-off move on."""
    everything = list(segments)
    told = [segment for segment in everything if _tells(segment)]
    silent = [
        sentence for segment in everything if not _tells(segment) for sentence in segment.sentences
    ]
    if told:
        greetings = tuple(one for one in silent if one.kind is Kind.GREETING)
        signoffs = tuple(one for one in silent if one.kind is Kind.SIGNOFF)
        told[0] = replace(told[0], sentences=greetings + told[0].sentences)
        told[-1] = replace(told[-1], sentences=told[-1].sentences + signoffs)
    lost = [one for one in silent if one.kind is Kind.HANDOVER]
    return told, [Dropped(sentence, Why.NO_SOURCE, ()) for sentence in lost]


def _tells(segment: Segment) -> bool:
    return any(sentence.kind is Kind.SOURCED for sentence in segment.sentences)
