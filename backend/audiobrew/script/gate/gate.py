"""The gate: a sentence is spoken only if the blocks that it cites support it.

The gate runs on every script, whoever wrote it. It looks up figures with their units, dates, names,
quotations, addresses and calls to action. A sentence that is not its source's own is compared further:
negations, opposites, hedges, roles and words that no source has (`meaning`), and whether a figure counts
what it counts there (`figure_context`). These are rules, not understanding. With a model, `script/judging`
asks for a verdict as well, which counts more than the rules' doubts about a sentence in free words, and less
than everything else. Names are recognized by their capital letters. In writing systems without
capitals, such as Arabic, only figures and quotations count.

A sentence in another language than its mail is a translation. Its figures must be those of the mail. It
cannot quote anybody, because nobody said these words; what is in quotation marks must be in the mail
literally. Names have other forms in other languages (Munich, EU), and some languages write every noun with
a capital, so only names that are spelled alike everywhere (OpenAI) count.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import lru_cache

from audiobrew.lang.language import language_codes
from audiobrew.lang.number_words import number_words
from audiobrew.mail.language import find_clear_language, vote
from audiobrew.mail.newsletter import Block, BlockKind, BlockRole, Newsletter
from audiobrew.script.block_languages import block_languages
from audiobrew.script.clear_notation import with_clear_notation
from audiobrew.script.column_units import with_units
from audiobrew.script.content_words import content_words
from audiobrew.script.framing import FramingNames, name_with_author, read_difference
from audiobrew.script.gate.claims import claims_in, evidence_in
from audiobrew.script.gate.figure_context import find_swapped_figure
from audiobrew.script.gate.links import missing_in_link
from audiobrew.script.gate.meaning import (
    find_difference,
    is_verbatim,
)
from audiobrew.script.gate.overlap import is_near_copy, is_unrelated, keeps_words
from audiobrew.script.gate.tokens import words_of
from audiobrew.script.gate.trends import find_changed_trend
from audiobrew.script.negative_amounts import minus_of_brackets
from audiobrew.script.newsletter_name import author_of, spoken_name
from audiobrew.script.nothing_to_tell import ALL_REJECTED
from audiobrew.script.page_references import without_page_remarks
from audiobrew.script.relative_days import name_days
from audiobrew.script.script import (
    DropReason,
    Kind,
    Outcome,
    Rejection,
    Script,
    Segment,
    Sentence,
    Speaker,
)
from audiobrew.script.sentences import sentences
from audiobrew.script.tables import with_counts
from audiobrew.script.writer import Brief, NothingToTell

# A column's name that ends in a number, before a value: `Q3 FY26 148.6`, `3.0.0 22 min`.
_NUMBERED_NAME = re.compile(
    r"(?<![\w.])([A-Z]{1,3}\d{1,4}|\d{1,3}(?:\.\d{1,3}){2,3})\s(?=[(−–+-]?[$€£]?\d)"
)
# What a story loses together with its last sourced sentence.
UNSOURCED = (Kind.HANDOVER, Kind.LINK, Kind.DIFFERENCE)
# A sentence is in another language only if it has this many words, and this share of it says so.
MIN_LANGUAGE_WORDS, MIN_LANGUAGE_SHARE = 6, 0.85


@dataclass(frozen=True, slots=True)
class CheckedScript:
    """The script without rejected sentences, and the rejections."""

    script: Script
    dropped: tuple[Rejection, ...]


@dataclass(frozen=True, slots=True)
class Sources:
    """What sentences may cite, by block id, and the names that framing may contain."""

    blocks: Mapping[str, Block]
    languages: Mapping[str, str]
    names: Mapping[str, str]  # the spoken names of the newsletters, by block id as well
    framing_names: FramingNames
    # The words of the newsletter's and its author's names, by block id.
    own_names: Mapping[str, frozenset[str]]
    # The newsletters by block id, and the day of the episode: what a mail calls yesterday was a Monday.
    newsletters: Mapping[str, Newsletter]
    day: date

    @classmethod
    def of(cls, newsletters: Sequence[Newsletter], brief: Brief) -> "Sources":
        newsletters = [with_clear_notation(newsletter) for newsletter in newsletters]
        pairs = [
            (block, languages.get(block.id, one.language))
            for one in newsletters
            for languages in [block_languages(one)]
            for block in one.blocks
        ]
        names = tuple(spoken_name(newsletter) for newsletter in newsletters)
        pairs_of_names = zip(newsletters, names, strict=True)
        return cls(
            {block.id: block for block, _ in pairs},
            {block.id: language for block, language in pairs},
            {block.id: name for newsletter, name in pairs_of_names for block in newsletter.blocks},
            FramingNames(
                brief.show,
                brief.day,
                (*names, *names_with_authors(newsletters)),
                brief.spoken_names,
            ),
            {
                block.id: own
                for one in newsletters
                for own in [own_names(one)]
                for block in one.blocks
            },
            {block.id: one for one in newsletters for block in one.blocks},
            brief.day,
        )

    def spoken_blocks(self, sentence: Sentence, blocks: Sequence[Block]) -> list[Block]:
        """The blocks as they are told, unless they hold the sentence themselves.

        They have weekdays or dates instead of `yesterday`, say nothing about their page, and rows of a table
        have the units of its head. On the mail's own day, `yesterday` may be said, but Sunday as well.
        """
        if is_verbatim(sentence.text, [block.text for block in blocks]):
            return []
        heads = [block.text for block in blocks if block.role is BlockRole.CAPTION]
        head = "".join(heads[:1])
        result = [
            replace(block, text=text)
            for block in blocks
            for day in (self.day, self.day + timedelta(days=1))
            for text in [
                spoken_text(
                    block.text,
                    head if block.kind is BlockKind.TABLE_ROW else None,
                    self.languages[block.id],
                    self.newsletters[block.id].received_at,
                    day,
                )
            ]
        ]
        return [block for block in dict.fromkeys(result) if block not in blocks]


@lru_cache(maxsize=2048)
def spoken_text(
    text: str, head: str | None, language: str, received_at: datetime, day: date
) -> str:
    """A block as it is told on a day. `head` is the head of its table, or None if it is no row of one."""
    text = name_days(text, received_at, day, language)
    if head is not None:
        text = _NUMBERED_NAME.sub(r"\1, ", text)
        return minus_of_brackets(with_counts(with_units(text, head, language), language))
    return " ".join(without_page_remarks(one, language) for one in sentences(text))


def names_with_authors(newsletters: Iterable[Newsletter]) -> Iterator[str]:
    """The names of newsletters together with their authors', in the languages of their texts."""
    for one in newsletters:
        if author := author_of(one):
            for language in sorted({one.language, *block_languages(one).values()}):
                yield name_with_author(spoken_name(one), author, language)


def own_names(newsletter: Newsletter) -> frozenset[str]:
    """The words of a newsletter's name, of its sender and of its bylines. Every sentence may contain them."""
    bylines = [block.text for block in newsletter.blocks if block.role is BlockRole.BYLINE]
    texts = [spoken_name(newsletter), newsletter.sender, *bylines]
    return frozenset(word for text in texts for word in words_of(text))


def check_script(script: Script, newsletters: Sequence[Newsletter], brief: Brief) -> CheckedScript:
    """Remove every sentence that its sources do not support.

    Raises NothingToTell when no sourced sentence is left.
    """
    sources = Sources.of(newsletters, brief)
    segments: list[Segment] = []
    rejections: list[Rejection] = []
    previous: list[str] = []
    for segment in script.segments:
        sentences, segment_rejections = check_segment(segment, sources, previous)
        previous += [sentence.text for sentence in sentences if sentence.kind is Kind.SOURCED]
        rejections += segment_rejections
        segments.append(replace(segment, sentences=tuple(sentences)))
    segments, handovers = remove_empty_segments(segments)
    rejections += handovers
    if not segments:
        raise NothingToTell(ALL_REJECTED.format(count=len(rejections)))
    return CheckedScript(replace(script, segments=tuple(segments)), tuple(rejections))


def find_rejections(
    segment: Segment, newsletters: Sequence[Newsletter], brief: Brief
) -> list[Rejection]:
    """The sentences of one segment that the gate would drop."""
    return check_segment(segment, Sources.of(newsletters, brief))[1]


def check_segment(
    segment: Segment, sources: Sources, previous: Sequence[str] = ()
) -> tuple[list[Sentence], list[Rejection]]:
    """The sentences that pass the gate, and the others. `previous` are the sourced texts before them."""
    sentences: list[Sentence] = []
    rejections: list[Rejection] = []
    title = supported_title(segment.title, segment.sentences, segment.language, sources)
    around = [one.text for one in segment.sentences if one.kind is Kind.SOURCED] + list(previous)
    for sentence in segment.sentences:
        if sentence.kind is Kind.LINK:
            missing = missing_in_link(
                sentence.text, around, segment.language, sources.framing_names.hosts
            )
            rejection = (
                Rejection(sentence, DropReason.FRAMING, tuple(missing))
                if missing or sentence.cites
                else None
            )
        else:
            rejection = check_sentence(sentence, segment.language, sources, title)
        if rejection:
            rejections.append(rejection)
        else:
            sentences.append(sentence)
    return sentences, rejections


def supported_title(
    title: str, sentences: Sequence[Sentence], language: str, sources: Sources
) -> str:
    """The title of a story if it may be said: if its sentences' blocks support it, else an empty text."""
    cites = tuple(dict.fromkeys(block for sentence in sentences for block in sentence.cites))
    sentence = Sentence(title, Speaker.FIRST, cites=cites)
    is_cut = title.endswith("…") or not any(map(str.isalpha, title))
    return "" if is_cut or check_sentence(sentence, language, sources) else title


def check_sentence(
    sentence: Sentence, language: str, sources: Sources, title: str = ""
) -> Rejection | None:
    """The rejection of one sentence, or None when it may be spoken. `title`: see `FramingNames.allows`."""
    if sentence.kind is Kind.DIFFERENCE:
        return check_difference(sentence, language, sources)
    if sentence.kind is not Kind.SOURCED:
        return check_framing(sentence, language, sources, title)
    return check_sourced(sentence, language, sources)


def check_framing(
    sentence: Sentence, language: str, sources: Sources, title: str
) -> Rejection | None:
    allowed = not sentence.cites and sources.framing_names.allows(sentence, language, title)
    return None if allowed else Rejection(sentence, DropReason.FRAMING, ())


def check_sourced(sentence: Sentence, language: str, sources: Sources) -> Rejection | None:
    """Like `check_sentence`, for a sentence that cites blocks."""
    if not sentence.cites or any(id not in sources.blocks for id in sentence.cites):
        return Rejection(sentence, DropReason.NO_SOURCE, ())
    blocks = [sources.blocks[id] for id in sentence.cites]
    if any(block.cut for block in blocks):
        return Rejection(sentence, DropReason.CUT_SOURCE, ())
    blocks += sources.spoken_blocks(sentence, blocks)
    translated = all(sources.languages[id] != language for id in sentence.cites)
    claims = claims_in(sentence.text, language)
    evidence = evidence_in((block, sources.languages[block.id]) for block in blocks)
    own_names = frozenset[str]().union(*(sources.own_names[id] for id in sentence.cites))
    figures = evidence.missing_figures(claims, translated=translated)
    years = frozenset(sources.newsletters[id].received_at.year for id in sentence.cites)
    names = evidence.missing_names(claims, translated=translated, allowed=own_names)
    may_follow = figures and not is_near_copy(sentence.text, [block.text for block in blocks])
    derived = evidence.derived_figures(claims, years) if may_follow else set[str]()
    # What is missing, and which of it is doubtful.
    checks = (
        (DropReason.FIGURE, figures, derived),
        (DropReason.QUOTATION, evidence.missing_quotations(claims), set[str]()),
        (DropReason.NAME, names, claims.weak_names if names else set[str]()),
        (
            DropReason.NO_SOURCE,
            set[str]() if translated else evidence.missing_calls_to_action(claims),
            set[str](),
        ),
    )
    rejections = [
        Rejection(sentence, reason, tuple(sorted(missing)), doubtful=missing <= doubts)
        for reason, missing, doubts in checks
        if missing
    ]
    is_supported = bool(sentence.verdict and sentence.verdict.outcome is Outcome.SUPPORTED)
    for rejection in sorted(rejections, key=lambda one: one.doubtful):
        if not (is_supported and rejection.doubtful):
            return rejection
    texts = [block.text for block in blocks]
    if is_verbatim(sentence.text, texts):
        return None
    if other := other_language(sentence.text, language):
        return Rejection(sentence, DropReason.NO_SOURCE, (other,))
    if translated:
        return None
    texts = [block.text for block in blocks if sources.languages[block.id] == language]
    if is_supported:
        return certain(check_meaning(sentence, texts, language))
    shares_figure = not claims.figures.isdisjoint(evidence.figures)
    if not shares_figure and is_unrelated(sentence.text, texts):
        return Rejection(sentence, DropReason.NO_SOURCE, (), doubtful=True)
    return check_meaning(sentence, texts, language)


def certain(rejection: Rejection | None) -> Rejection | None:
    """The rejection, unless it is doubtful."""
    return None if rejection and rejection.doubtful else rejection


def check_meaning(sentence: Sentence, texts: Sequence[str], language: str) -> Rejection | None:
    """The rejection of a sentence that says something else than texts in its language, or None.

    It is doubtful if the words are the writer's: rules that compare words do not understand them.
    """
    reason, difference = difference_of(sentence.text, tuple(texts), language)
    if not difference:
        return None
    is_free = not keeps_words(sentence.text, texts)
    return Rejection(sentence, reason, (difference,), doubtful=is_free)


@lru_cache(maxsize=2048)
def difference_of(text: str, sources: tuple[str, ...], language: str) -> tuple[DropReason, str]:
    """What a text says differently than its sources, empty if nothing, and why that rejects it.

    A brew asks several times: when it plans, writes, judges and checks.
    """
    figure = find_swapped_figure(text, sources, language) or find_changed_trend(
        text, sources, language
    )
    if figure:
        return DropReason.FIGURE, figure
    return DropReason.NO_SOURCE, find_difference(text, sources, language) or ""


def check_difference(sentence: Sentence, language: str, sources: Sources) -> Rejection | None:
    """Like `check_sentence`, for a sentence that says in which figure two newsletters differ.

    It is a form with the names of the newsletters of the two blocks that it cites, and each figure is checked
    against its own block.
    """
    if len(sentence.cites) != 2 or any(id not in sources.blocks for id in sentence.cites):
        return Rejection(sentence, DropReason.NO_SOURCE, ())
    blocks = [sources.blocks[id] for id in sentence.cites]
    if any(block.cut for block in blocks):
        return Rejection(sentence, DropReason.CUT_SOURCE, ())
    first, second = (sources.names[id] for id in sentence.cites)
    figures = read_difference(sentence.text, language, first, second)
    if figures is None or first == second:
        return Rejection(sentence, DropReason.FRAMING, ())
    missing: set[str] = set()
    for block, text in zip(blocks, figures, strict=True):
        claims = claims_in(text, language)
        evidence = evidence_in([(block, sources.languages[block.id])])
        missing |= evidence.missing_figures(claims) if claims.figures else {text}
        missing |= set(content_words(text)) - evidence.words - number_words(language).keys()
    return Rejection(sentence, DropReason.FIGURE, tuple(sorted(missing))) if missing else None


@lru_cache(maxsize=2048)
def other_language(text: str, language: str) -> str | None:
    """The language of a sentence that is clearly in another one than it should be."""
    if len(text.split()) < MIN_LANGUAGE_WORDS:
        return None
    votes = vote(text)
    other = find_clear_language(votes, len(text), MIN_LANGUAGE_SHARE)
    is_related = votes.get(language, 0.0) > 0 or other not in language_codes()
    return None if is_related else other


def remove_empty_segments(segments: Iterable[Segment]) -> tuple[list[Segment], list[Rejection]]:
    """Remove segments without a sourced sentence, and return their hand-overs as rejections.

    Their greeting and sign-off move to the first and the last segment that is left.
    """
    full: list[Segment] = []
    orphans: list[Sentence] = []
    for segment in segments:
        if any(sentence.kind is Kind.SOURCED for sentence in segment.sentences):
            full.append(segment)
        else:
            orphans += segment.sentences
    if full:
        greetings = tuple(one for one in orphans if one.kind is Kind.GREETING)
        signoffs = tuple(one for one in orphans if one.kind is Kind.SIGNOFF)
        full[0] = replace(full[0], sentences=greetings + full[0].sentences)
        full[-1] = replace(full[-1], sentences=full[-1].sentences + signoffs)
    handovers = [one for one in orphans if one.kind in UNSOURCED]
    return full, [Rejection(sentence, DropReason.NO_SOURCE, ()) for sentence in handovers]
