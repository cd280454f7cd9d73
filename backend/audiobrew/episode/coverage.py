"""What a finished episode told of the newsletters that it was ordered from, and what it says of the rest."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from audiobrew.episode.script_store import StoredScript
from audiobrew.inbox.coverage import MAX_REFUSALS, LeftOut, OrderedNewsletter
from audiobrew.script.script import DropReason


@dataclass(frozen=True, slots=True)
class Coverage:
    """`waiting` are the newsletters that come first in the next order."""

    told: frozenset[UUID]
    left_out: Mapping[UUID, LeftOut]
    total: int
    waiting: int
    empty: tuple[str, ...]

    def note(self) -> str | None:
        """In words, when not every newsletter was told."""
        sentences = []
        untold = self.total - len(self.told)
        if untold > 0:
            told = f"Told {len(self.told)} of {self.total} newsletters"
            sentences.append(f"{told}{_coming(self.waiting, untold)}.")
        if self.empty:
            sentences.append(f"Nothing to tell in: {', '.join(self.empty)}.")
        return " ".join(sentences) or None


def coverage(
    script: StoredScript,
    spoken: Collection[int],
    newsletters: Sequence[OrderedNewsletter],
    waiting: Mapping[UUID, int],
) -> Coverage:
    """`spoken` are the numbers of the sentences that are heard. `waiting` are the newsletters that no
    episode has told yet, with the number of episodes that could say nothing of each."""
    mails = {source.block_id: source.mail_id for source in script.sources}
    kept = [kept for segment in script.segments for kept in segment.sentences]
    told = _mails(mails, (one.sentence.cites for one in kept if one.number in spoken))
    late = _mails(mails, (one.cites for one in script.dropped if one.why == DropReason.TIME))
    late |= _mails(mails, (one.sentence.cites for one in kept))
    refused = _mails(mails, (one.cites for one in script.dropped)) - late
    left_out = {
        one.mail: one.left_out or (LeftOut.REFUSED if one.mail in refused else LeftOut.TIME)
        for one in newsletters
        if one.mail not in told
    }
    empty = {
        one.mail: one.sender
        for one in newsletters
        if _can_not_be_told(left_out.get(one.mail), waiting.get(one.mail, 0))
    }
    silent = [one for one in newsletters if left_out.get(one.mail) is LeftOut.LANGUAGE]
    return Coverage(
        told=frozenset(told),
        left_out=left_out,
        total=len({one.mail for one in newsletters} | told) - len(silent),
        waiting=sum(one in left_out and one not in empty for one in waiting),
        empty=tuple(sorted(set(empty.values()))),
    )


def _can_not_be_told(why: LeftOut | None, refusals: int) -> bool:
    last = why is LeftOut.REFUSED and refusals + 1 >= MAX_REFUSALS
    return why is LeftOut.EMPTY or last


def _mails(mails: Mapping[str, UUID], cited: Iterable[Iterable[str]]) -> set[UUID]:
    return {mails[block] for cites in cited for block in cites if block in mails}


def _coming(waiting: int, untold: int) -> str:
    """What becomes of the newsletters that were not told."""
    if not waiting:
        return ""
    if waiting == untold:
        return (
            "; the other comes first next time"
            if untold == 1
            else "; the others come first next time"
        )
    return f"; {waiting} of the others {'comes' if waiting == 1 else 'come'} first next time"
