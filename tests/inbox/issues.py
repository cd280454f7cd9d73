"""Newsletters with enough text to be recognized, for tests of copies and rules."""

from datetime import UTC, datetime, timedelta
from hashlib import sha256

from audiobrew.mail.newsletter import Block, BlockKind, Cut, Newsletter

MORNING = datetime(2026, 11, 24, 7, 30, tzinfo=UTC)
STORIES = (
    "The harbour of Aveiro opens again on Tuesday after nine weeks of repairs, says the mayor of the town.",
    "Growers in Huila report a harvest that is twelve percent larger than last year, and better prices.",
    "A small museum in Cork bought the clock that a baker built by hand during the long winter of 1962.",
)
NEXT_STORIES = (
    "The council wants trees in every street by 2030, and begins with those around the market in March.",
    "Two schools share a kitchen from autumn on, since the cook of one of them retires after forty years.",
    "Engineers measured the old bridge for a month and found that it bears more than anybody had thought.",
)
CORRECTED = (*STORIES[:2], STORIES[2].replace("1962", "1926"))


def an_issue(
    subject: str = "Harbour opens again",
    stories: tuple[str, ...] = STORIES,
    hours: float = 0,
    *,
    key: str = "roast.example",
    address: str = "hello@roast.example",
    bulk: bool = True,
    notes: tuple[str, ...] = (),
    ads: tuple[str, ...] = (),
) -> Newsletter:
    """An issue with stories, notes that are told, and advertising that is cut."""
    digest = sha256(repr((subject, stories, hours, key, notes, ads)).encode()).hexdigest()
    cuts = [(text, None) for text in (*stories, *notes)] + [(text, Cut.SPONSOR) for text in ads]
    return Newsletter(
        digest=digest,
        key=key,
        sender="The Roast",
        address=address,
        subject=subject,
        language="en",
        received_at=MORNING + timedelta(hours=hours),
        bulk=bulk,
        blocks=tuple(
            Block(f"{digest[:8]}{number:02x}", BlockKind.PARAGRAPH, text, cut=cut)
            for number, (text, cut) in enumerate(cuts)
        ),
    )
