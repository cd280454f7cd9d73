"""A sentence beside its sources, clause by clause."""

from dataclasses import dataclass

from audiobrew.script.gate.clauses import OPPOSITION, AnalyzedText, Clause

# A clause is compared with a clause of the sources if they share this many words, or this share of them.
MIN_SHARED, MIN_SHARE = 2, 0.5


@dataclass(frozen=True, slots=True)
class Pair:
    """A clause of the sentence and a clause of the sources that is like it."""

    claim: Clause
    source: Clause
    shared: frozenset[str]


@dataclass(frozen=True, slots=True)
class Comparison:
    """A sentence and its sources."""

    claim: AnalyzedText
    sources: tuple[AnalyzedText, ...]
    language: str

    @property
    def source_stems(self) -> frozenset[str]:
        return frozenset[str]().union(*(source.stems for source in self.sources))

    def related(self, clause: Clause) -> list[Pair]:
        """The clauses of the sources that share words with a clause, names apart."""
        pairs = [
            Pair(clause, source, clause.stems & source.stems)
            for text in self.sources
            for source in text.clauses
        ]
        return [
            pair
            for pair in pairs
            if len(pair.shared - self.claim.names) >= min(MIN_SHARED, len(clause.content))
            and pair.shared - self.claim.names
        ]

    def pairs(self, clause: Clause) -> list[Pair]:
        """The clauses of the sources that are most like a clause; none if none is like it."""
        pairs = [
            Pair(clause, source, clause.stems & source.stems)
            for text in self.sources
            for source in text.clauses
            if not is_question(text, source)
        ]
        best = max((score(pair) for pair in pairs), default=0.0)
        shared = max((common_stems(pair) for pair in pairs), default=0)
        if not clause.stems or (shared < MIN_SHARED and shared < MIN_SHARE * len(clause.stems)):
            return []
        return [pair for pair in pairs if score(pair) >= best - 0.01]


def is_question(text: AnalyzedText, clause: Clause) -> bool:
    end = text.tokens[clause.end - 1].end
    return text.text[end : end + 2].lstrip()[:1] == "?"


def common_stems(pair: Pair) -> int:
    """How many stems two clauses have in common.

    A word and its opposite count as well, unless the clauses are about different figures.
    """
    numbers = frozenset(word.stem for word in pair.claim.words if word.is_number)
    if numbers and numbers.isdisjoint(pair.source.stems):
        return len(pair.shared)
    return len(without_sides(pair.claim.stems) & without_sides(pair.source.stems))


def without_sides(stems: frozenset[str]) -> frozenset[str]:
    """Stems in which an opposition stands for the words of all its sides."""
    return frozenset(
        stem.partition(".")[0] if stem.startswith(OPPOSITION) else stem for stem in stems
    )


def score(pair: Pair) -> float:
    """How alike two clauses are. Of two clauses that share as much, the shorter one is more alike."""
    return common_stems(pair) - len(pair.source.stems) / 100
