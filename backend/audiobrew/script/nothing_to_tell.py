"""Say why there is nothing to tell in newsletters, and what the listener can do."""

from collections import Counter
from collections.abc import Sequence
from datetime import date

from audiobrew.mail.newsletter import Block, BlockKind, BlockRole, Cut, Newsletter

# Causes that are found later than in the newsletters themselves.
NOTHING_FOUND = (
    "There is nothing to tell: the model found no news in these newsletters. Choose others."
)
ALL_REJECTED = (
    "There is nothing to tell: none of the {count} sentences that were written is supported by its source."
    " Retry, or choose other newsletters."
)
INAUDIBLE = (
    "There is nothing to tell: no sentence of these newsletters can be said aloud. Choose others."
)
EVERYTHING_REMOVED = "There is nothing to tell: you removed every sentence. Order another episode."
# Subjects that are named.
MAX_SUBJECTS = 3
_CUT_NAMES = {
    Cut.SPONSOR: "advertising",
    Cut.NAVIGATION: "navigation",
    Cut.FOOTER: "footers",
    Cut.LEGAL: "legal text",
    Cut.LISTENER: "cut by you",
}
_RESTORE = "Open it and restore what you want to hear."
_OTHER = "Choose another newsletter."


def explain_nothing_to_tell(newsletters: Sequence[Newsletter]) -> str:
    """Why none of the newsletters can be told, for the first of them one by one."""
    if not newsletters:
        return "There is nothing to tell: no newsletter was chosen. Choose at least one."
    reasons = [explain_newsletter(newsletter) for newsletter in newsletters]
    described = [
        f"“{newsletter.subject or newsletter.sender}”: {reason}"
        for newsletter, (reason, _) in zip(newsletters, reasons, strict=True)
    ]
    more = len(described) - MAX_SUBJECTS
    causes = "; ".join(described[:MAX_SUBJECTS]) + (f"; and {more} more" if more > 0 else "")
    steps = dict.fromkeys(step for _, step in reasons[:MAX_SUBJECTS])
    return f"There is nothing to tell in {causes}. {' '.join(steps)}"


def explain_repeats(days: Sequence[date]) -> str:
    """Why there is nothing to tell in newsletters that repeat what was told on these days."""
    names = [f"{day:%A}, {day:%B} {day.day}" for day in sorted(set(days))]
    dates = " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))
    return (
        f"There is nothing new to tell: your episodes of {dates} told all of this. To hear it again,"
        " choose these newsletters yourself."
    )


def explain_newsletter(newsletter: Newsletter) -> tuple[str, str]:
    """Why the newsletter cannot be told, and what to do."""
    blocks, uncut = newsletter.blocks, newsletter.uncut_blocks
    if not blocks:
        return "the body is empty", "Save it again from your mail program, with its text."
    if not uncut:
        return describe_cuts(blocks), _RESTORE
    counts = describe_kinds(uncut)
    cut = len(blocks) - len(uncut)
    also = f", and {count_of(cut, 'block')} cut" if cut else ""
    return f"{counts}, no sentences{also}", _RESTORE if cut else _OTHER


def describe_cuts(blocks: Sequence[Block]) -> str:
    """What all the blocks are marked as."""
    counts = Counter(_CUT_NAMES[block.cut] for block in blocks if block.cut)
    if len(counts) == 1:
        [name] = counts
        subject = "its only block is" if len(blocks) == 1 else f"all {len(blocks)} blocks are"
        return f"{subject} {name}" if name == "cut by you" else f"{subject} marked as {name}"
    parts = [f"{count} {name}" for name, count in counts.most_common()]
    return f"all {len(blocks)} blocks are cut: {', '.join(parts)}"


def describe_kinds(blocks: Sequence[Block]) -> str:
    """How many headlines, images and other blocks there are."""
    counts = Counter(name_of(block) for block in blocks)
    return ", ".join(count_of(count, name) for name, count in counts.most_common())


def name_of(block: Block) -> str:
    if block.role is BlockRole.IMAGE:
        return "image"
    if block.kind is BlockKind.HEADING or block.role is BlockRole.LINK:
        return "headline"
    return {BlockKind.TABLE_ROW: "table row", BlockKind.LIST_ITEM: "list item"}.get(
        block.kind, "short line"
    )


def count_of(count: int, name: str) -> str:
    return f"{count} {name}" if count == 1 else f"{count} {name}s"
