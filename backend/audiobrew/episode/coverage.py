"""Which of its ordered newsletters a finished episode covers, and what its note says about the others."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from audiobrew.episode.script_store import StoredScript
from audiobrew.inbox.coverage import MAX_REFUSALS, LeftOut, OrderedNewsletter
from audiobrew.script.script import DropReason


@dataclass(frozen=True, slots=True)
class Coverage:
    """`covered`: mails of which at least one sentence is heard. `left_out`: the reason for each other mail.

    `total`: the number of newsletters in a language that the voice speaks. `waiting`: the number of those
    that come first in the next order. `empty` and `repeated`: the senders of newsletters with nothing to
    tell, and of those in which earlier episodes told everything.
    """

    covered: frozenset[UUID]
    left_out: Mapping[UUID, LeftOut]
    total: int
    waiting: int
    empty: tuple[str, ...]
    repeated: tuple[str, ...] = ()

    def note(self) -> str | None:
        """A sentence for the listener. None if every newsletter is covered."""
        sentences = []
        repeats = sum(reason is LeftOut.REPEAT for reason in self.left_out.values())
        count = len(self.covered) + repeats
        uncovered = self.total - count
        if uncovered > 0:
            sentence = f"Told {count} of {self.total} newsletters"
            sentences.append(f"{sentence}{_next_time(self.waiting, uncovered)}.")
        if self.empty:
            sentences.append(f"Nothing to tell in: {', '.join(self.empty)}.")
        if self.repeated:
            sentences.append(f"Told in earlier episodes: {', '.join(self.repeated)}.")
        return " ".join(sentences) or None


def compute_coverage(
    script: StoredScript,
    audible: Collection[int],
    newsletters: Sequence[OrderedNewsletter],
    waiting: Mapping[UUID, int],
) -> Coverage:
    """Compute the coverage of a finished script.

    `audible` are the numbers of the sentences that are heard. `waiting` are the newsletters that no episode
    has told yet, each with the number of episodes whose gate refused everything of it.
    """
    mails = {source.block_id: source.mail_id for source in script.sources}
    sentences = [sentence for segment in script.segments for sentence in segment.sentences]
    covered = _cited_mails(
        mails, (one.sentence.cites for one in sentences if one.number in audible)
    )
    # Mails with a sentence that passed the gate but is not heard, for lack of time or because it is silent.
    unheard = _cited_mails(
        mails, (one.cites for one in script.dropped if one.why == DropReason.TIME)
    )
    unheard |= _cited_mails(mails, (one.sentence.cites for one in sentences))
    refused = _cited_mails(mails, (one.cites for one in script.dropped)) - unheard
    left_out = {
        one.mail: one.left_out or (LeftOut.REFUSED if one.mail in refused else LeftOut.TIME)
        for one in newsletters
        if one.mail not in covered
    }
    empty = {
        one.mail: one.sender
        for one in newsletters
        if _cannot_be_told(left_out.get(one.mail), waiting.get(one.mail, 0))
    }
    repeated = {one.sender for one in newsletters if left_out.get(one.mail) is LeftOut.REPEAT}
    unspeakable = [one for one in newsletters if left_out.get(one.mail) is LeftOut.LANGUAGE]
    return Coverage(
        covered=frozenset(covered),
        left_out=left_out,
        total=len({one.mail for one in newsletters} | covered) - len(unspeakable),
        waiting=sum(mail in left_out and mail not in empty for mail in waiting),
        empty=tuple(sorted(set(empty.values()))),
        repeated=tuple(sorted(repeated)),
    )


def _cannot_be_told(reason: LeftOut | None, refusals: int) -> bool:
    is_last_refusal = reason is LeftOut.REFUSED and refusals + 1 >= MAX_REFUSALS
    return reason is LeftOut.EMPTY or is_last_refusal


def _cited_mails(mails: Mapping[str, UUID], cites: Iterable[Iterable[str]]) -> set[UUID]:
    return {mails[block] for blocks in cites for block in blocks if block in mails}


def _next_time(waiting: int, uncovered: int) -> str:
    """What happens to the newsletters that were not told."""
    if not waiting:
        return ""
    if waiting == uncovered:
        return (
            "; the other comes first next time"
            if uncovered == 1
            else "; the others come first next time"
        )
    return f"; {waiting} of the others {'comes' if waiting == 1 else 'come'} first next time"
