"""What a model says of sentences that are not their source's own, and what becomes of those that fail.

Rules recognize many wrong sentences, a model more of them. Where the rules are in doubt because a sentence
has other words than its source, the model decides. A sentence that is rejected is written again once. If it
fails again, the nearest sentence of its source takes its place. A sentence without such a sentence, such as
a translation, is dropped, and its rejection says why.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import anyio.to_thread

from audiobrew.mail.newsletter import Newsletter
from audiobrew.models.usage import CallOnce
from audiobrew.script.gate.clauses import analyze
from audiobrew.script.gate.gate import Sources, certain, check_sentence, find_rejections
from audiobrew.script.gate.meaning import is_verbatim
from audiobrew.script.script import (
    DropReason,
    Kind,
    Outcome,
    Rejection,
    Segment,
    Sentence,
    Verdict,
)
from audiobrew.script.sentences import sentences
from audiobrew.script.writer import Brief, Writer

FAILED = (Outcome.CONTRADICTED, Outcome.NOT_IN_SOURCE)


@dataclass(frozen=True, slots=True)
class JudgedSegment:
    """A segment whose sentences have their verdicts, and the sentences that nothing could replace."""

    segment: Segment
    dropped: tuple[Rejection, ...] = ()


async def judge_segment(
    segment: Segment,
    writer: Writer,
    newsletters: Sequence[Newsletter],
    brief: Brief,
    once: CallOnce,
) -> JudgedSegment:
    """Judge a segment, reword what fails, judge that again, and replace what fails once more."""
    sources = Sources.of(newsletters, brief)
    segment = await _add_verdicts(segment, segment.sentences, writer, sources, newsletters, once)
    rejections = await anyio.to_thread.run_sync(_find_failing, segment, newsletters, brief)
    if rejections:
        reworded = await writer.reword(segment, [*rejections.values()], newsletters, brief, once)
        changed = [
            replace(new, verdict=None)
            for old, new in zip(segment.sentences, reworded.sentences, strict=True)
            if new.text != old.text
        ]
        fresh = tuple(
            replace(new, verdict=None) if new.text != old.text else old
            for old, new in zip(segment.sentences, reworded.sentences, strict=True)
        )
        segment = await _add_verdicts(
            replace(segment, sentences=fresh), changed, writer, sources, newsletters, once
        )
    return await anyio.to_thread.run_sync(replace_failing, segment, newsletters, brief)


async def _add_verdicts(
    segment: Segment,
    candidates: Sequence[Sentence],
    writer: Writer,
    sources: Sources,
    newsletters: Sequence[Newsletter],
    once: CallOnce,
) -> Segment:
    """The segment with the writer's verdicts on those candidates that are not their source's own words."""
    to_judge = [
        sentence
        for sentence in candidates
        if needs_verdict(sentence, sources)
        and certain(check_sentence(sentence, segment.language, sources)) is None
    ]
    verdicts: Mapping[Sentence, Verdict] = {}
    if to_judge:
        verdicts = await writer.judge(to_judge, segment.language, newsletters, once)
    return replace(
        segment,
        sentences=tuple(
            replace(sentence, verdict=verdicts.get(sentence, sentence.verdict))
            for sentence in segment.sentences
        ),
    )


def needs_verdict(sentence: Sentence, sources: Sources) -> bool:
    """Whether a sentence has sources but is not a sentence of theirs."""
    texts = [sources.blocks[id].text for id in sentence.cites if id in sources.blocks]
    return sentence.kind is Kind.SOURCED and bool(texts) and not is_verbatim(sentence.text, texts)


def _as_rejection(sentence: Sentence) -> Rejection:
    words = sentence.verdict.words if sentence.verdict else ""
    return Rejection(sentence, DropReason.NO_SOURCE, (words,) if words else ())


def _find_failing(
    segment: Segment, newsletters: Sequence[Newsletter], brief: Brief
) -> dict[Sentence, Rejection]:
    """The sentences that rules or model reject."""
    rejections = {
        rejection.sentence: rejection
        for rejection in find_rejections(segment, newsletters, brief)
        if rejection.sentence.kind is Kind.SOURCED
    }
    return rejections | {
        sentence: _as_rejection(sentence)
        for sentence in segment.sentences
        if sentence.verdict and sentence.verdict.outcome in FAILED
    }


def replace_failing(
    segment: Segment, newsletters: Sequence[Newsletter], brief: Brief
) -> JudgedSegment:
    """Put the nearest sentence of its source in the place of every sentence that rules or model reject."""
    sources = Sources.of(newsletters, brief)
    rejections = _find_failing(segment, newsletters, brief)
    result: list[Sentence] = []
    dropped: list[Rejection] = []
    texts = {sentence.text for sentence in segment.sentences if sentence not in rejections}
    for sentence in segment.sentences:
        rejection = rejections.get(sentence)
        if rejection is None:
            result.append(sentence)
            continue
        dropped.append(rejection)
        if text := nearest_sentence(sentence, segment.language, sources, texts):
            texts.add(text)
            verdict = Verdict(Outcome.REPLACED, " ".join(rejection.missing))
            result.append(replace(sentence, text=text, verdict=verdict))
    return JudgedSegment(replace(segment, sentences=tuple(result)), tuple(dropped))


def nearest_sentence(
    sentence: Sentence, language: str, sources: Sources, texts: set[str]
) -> str | None:
    """The sentence of the cited blocks that shares most words with this one, and that is not told yet.

    None if no block is in the language of the segment, or the gate accepts none of its sentences.
    """
    stems = analyze(sentence.text, language).stems
    candidates = [
        text
        for id in sentence.cites
        if id in sources.blocks and sources.languages[id] == language
        for text in sentences(sources.blocks[id].text)
        if text not in texts
        and check_sentence(replace(sentence, text=text), language, sources) is None
    ]
    return max(
        candidates, key=lambda text: len(stems & analyze(text, language).stems), default=None
    )
