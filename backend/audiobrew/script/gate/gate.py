"""The gate: what is not in the blocks it cites is not spoken.

It runs on every script, whoever wrote it. It looks up figures with their currencies, names, quotations,
addresses and orders, and whether a sentence has words of its source at all; it does not understand: a
sentence turned into its opposite with the same words passes. So it is no check of facts.
Names are told by their capital letters, so in scripts without them only figures and quotations count.

A sentence in another language than its mail is a translation. Its figures must be the mail's. It quotes
nobody, because nobody said these words: what stands in quotation marks must be in the mail to the letter.
Names take other shapes in other languages (Munich, EU), and some languages give a capital to every noun,
so of names only those count that are written alike everywhere (OpenAI).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from audiobrew.mail.newsletter import Block, Newsletter
from audiobrew.script.framing import FramingNames
from audiobrew.script.gate.claims import claims_in, evidence_in
from audiobrew.script.gate.overlap import unrelated
from audiobrew.script.newsletter_name import spoken_name
from audiobrew.script.script import DropReason, Kind, Rejection, Script, Segment, Sentence
from audiobrew.script.writer import Brief, NothingToTell


@dataclass(frozen=True, slots=True)
class CheckedScript:
    """What may be spoken, and what may not."""

    script: Script
    dropped: tuple[Rejection, ...]


def check_script(script: Script, newsletters: Sequence[Newsletter], brief: Brief) -> CheckedScript:
    """Raises NothingToTell when no sourced sentence is left."""
    sources = Sources.of(newsletters, brief)
    kept: list[Segment] = []
    dropped: list[Rejection] = []
    for segment in script.segments:
        good, bad = _sift(segment, sources)
        dropped += bad
        kept.append(replace(segment, sentences=tuple(good)))
    told, silent = _told(kept)
    dropped += silent
    if not told:
        raise NothingToTell
    return CheckedScript(replace(script, segments=tuple(told)), tuple(dropped))


@dataclass(frozen=True, slots=True)
class Sources:
    """What sentences may cite, by block id, with the language each block is in; and what framing may name."""

    blocks: Mapping[str, Block]
    languages: Mapping[str, str]
    allowance: FramingNames

    @classmethod
    def of(cls, newsletters: Sequence[Newsletter], brief: Brief) -> "Sources":
        every = [(block, one.language) for one in newsletters for block in one.blocks]
        return cls(
            {block.id: block for block, _ in every},
            {block.id: language for block, language in every},
            FramingNames(brief.show, brief.day, tuple(spoken_name(one) for one in newsletters)),
        )


def rejections(
    segment: Segment, newsletters: Sequence[Newsletter], brief: Brief
) -> list[Rejection]:
    """What would be dropped of one segment."""
    return _sift(segment, Sources.of(newsletters, brief))[1]


def check_sentence(sentence: Sentence, language: str, sources: Sources) -> Rejection | None:
    """What is wrong with one sentence, if anything."""
    if sentence.kind is not Kind.SOURCED:
        fine = not sentence.cites and sources.allowance.allows(sentence, language)
        return None if fine else Rejection(sentence, DropReason.FRAMING, ())
    if not sentence.cites or any(id not in sources.blocks for id in sentence.cites):
        return Rejection(sentence, DropReason.NO_SOURCE, ())
    cited = [sources.blocks[id] for id in sentence.cites]
    if any(block.cut for block in cited):
        return Rejection(sentence, DropReason.CUT_SOURCE, ())
    own = any(sources.languages[id] == language for id in sentence.cites)
    blocks = [(block, sources.languages[block.id]) for block in cited]
    trouble = _unfounded(sentence, language, blocks, translated=not own)
    if trouble is None and own and unrelated(sentence.text, [block.text for block in cited]):
        return Rejection(sentence, DropReason.NO_SOURCE, ())
    return trouble


def _unfounded(
    sentence: Sentence, language: str, cited: list[tuple[Block, str]], *, translated: bool
) -> Rejection | None:
    stated, held = claims_in(sentence.text, language), evidence_in(cited)
    missing = (
        (DropReason.FIGURE, held.unfounded_figures(stated)),
        (DropReason.QUOTATION, held.unfounded_quotations(stated)),
        (DropReason.NAME, held.unfounded_names(stated, translated=translated)),
        (DropReason.NO_SOURCE, set() if translated else held.unfounded_orders(stated)),
    )
    for why, found in missing:
        if found:
            return Rejection(sentence, why, tuple(sorted(found)))
    return None


def _sift(segment: Segment, sources: Sources) -> tuple[list[Sentence], list[Rejection]]:
    good: list[Sentence] = []
    bad: list[Rejection] = []
    for sentence in segment.sentences:
        trouble = check_sentence(sentence, segment.language, sources)
        if trouble:
            bad.append(trouble)
        else:
            good.append(sentence)
    return good, bad


def _told(segments: Iterable[Segment]) -> tuple[list[Segment], list[Rejection]]:
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
    return told, [Rejection(sentence, DropReason.NO_SOURCE, ()) for sentence in lost]


def _tells(segment: Segment) -> bool:
    return any(sentence.kind is Kind.SOURCED for sentence in segment.sentences)
