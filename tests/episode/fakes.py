"""A writer and a voice that implement their ports, count their calls, and fail on request."""

import asyncio
import hashlib
import math
import re
from array import array
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime

from audiobrew.audio.voice import Cast, ClipFailed, Sound, Utterance, WordTime
from audiobrew.mail.mail import MailSize
from audiobrew.mail.newsletter import Block, BlockKind, Newsletter
from audiobrew.models.usage import CallOnce, Usage
from audiobrew.script.script import Rejection, Segment, Sentence, Speaker
from audiobrew.script.writer import Brief, NothingToTell, Rundown, Story

RATE, CHARACTERS_A_SECOND = 24_000, 15.0
TEXTS = (
    "The harbour opens again on Tuesday after nine weeks of repairs.",
    "Growers report a harvest that is twelve percent larger than last year.",
    "A small museum bought the clock that a baker built by hand.",
)


def make_newsletter(
    number: int = 0, texts: Sequence[str] = TEXTS, language: str = "en", bulk: bool = True
) -> Newsletter:
    digest = hashlib.sha256(f"{number} {language} {texts}".encode()).hexdigest()
    return Newsletter(
        digest=digest,
        key=f"letter-{number}.example",
        sender=f"Letter {number}",
        address=f"hello@letter-{number}.example",
        subject=f"Issue {number}",
        language=language,
        received_at=datetime(2026, 11, 23, 7, number % 60, tzinfo=UTC),
        bulk=bulk,
        blocks=tuple(
            Block(f"{digest[:12]}-{place}", BlockKind.PARAGRAPH, text)
            for place, text in enumerate(texts)
        ),
    )


class ReadingWriter:
    """Reads every block aloud, with one story for each newsletter, until the minutes are full."""

    name = "reading-1"

    translates = False
    judges = False

    def __init__(self) -> None:
        self.planned: list[Brief] = []
        self.written = 0
        self.crash: Exception | None = None

    async def plan(
        self, newsletters: Sequence[Newsletter], brief: Brief, once: CallOnce
    ) -> Rundown:
        self.planned.append(brief)
        if self.crash:
            raise self.crash
        room = brief.minutes * 60 * min(brief.pace.values())
        stories = []
        for one in newsletters:
            blocks = []
            for block in one.uncut_blocks:
                if room >= len(block.text):
                    blocks.append(block.id)
                    room -= len(block.text)
            if blocks:
                stories.append(_story(one, blocks))
        if not stories:
            raise NothingToTell
        return Rundown("What the letters say", stories[0].language, tuple(stories))

    def forecast(self, mails: Sequence[MailSize], brief: Brief) -> list[Usage]:
        return []

    async def reword(
        self,
        segment: Segment,
        wrong: Sequence[Rejection],
        newsletters: Sequence[Newsletter],
        brief: Brief,
        once: CallOnce,
    ) -> Segment:
        return segment

    async def write(
        self,
        rundown: Rundown,
        numbers: Sequence[int],
        newsletters: Sequence[Newsletter],
        brief: Brief,
        once: CallOnce,
    ) -> list[Segment]:
        return [self._write_segment(rundown, number, newsletters, brief) for number in numbers]

    def _write_segment(
        self, rundown: Rundown, number: int, newsletters: Sequence[Newsletter], brief: Brief
    ) -> Segment:
        self.written += 1
        story = rundown.stories[number]
        texts = {block.id: block.text for one in newsletters for block in one.uncut_blocks}
        speakers = list(Speaker)
        stories = tuple(
            Sentence(texts[id], speakers[place % brief.hosts], cites=(id,))
            for place, id in enumerate(story.blocks)
        )
        return Segment(story.title, story.language, stories)


def _story(newsletter: Newsletter, blocks: list[str]) -> Story:
    return Story(
        id=newsletter.digest[:8],
        title=newsletter.subject,
        language=newsletter.language,
        newsletters=(newsletter.digest,),
        blocks=tuple(blocks),
        characters=0,
    )


class ToneVoice:
    """Makes a tone as long as the text would take. A text that contains `refuses` fails; one that contains
    `slow` waits for `go_on`."""

    name = "tone-1"

    def __init__(self, languages: Sequence[str] = ("en",), speed: float = 1.0) -> None:
        self.languages = languages
        self.speed = speed
        self.called: Counter[str] = Counter()
        self.finished: Counter[str] = Counter()
        self.refuses: str | None = None
        self.slow: str | None = None
        self.go_on = asyncio.Event()
        self.at_once = self.most_at_once = 0

    def speaks(self, language: str) -> bool:
        return language in self.languages

    def pace(self, language: str) -> float:
        return CHARACTERS_A_SECOND

    def speech_pace(self, language: str) -> float:
        return CHARACTERS_A_SECOND

    def cast(self, language: str) -> Cast:
        return Cast("high tone", "low tone")

    def forecast(self, text: str, language: str) -> Usage | None:
        return None

    async def speak(self, utterance: Utterance) -> Sound:
        self.called[utterance.text] += 1
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            await asyncio.sleep(0.01)
            if self.slow and self.slow in utterance.text:
                await self.go_on.wait()
            if self.refuses and self.refuses in utterance.text:
                raise ClipFailed
        finally:
            self.at_once -= 1
        self.finished[utterance.text] += 1
        return _tone(utterance.text, CHARACTERS_A_SECOND * self.speed)


def _tone(text: str, pace: float) -> Sound:
    samples = int(len(text) / pace * RATE)
    wave = [int(9000 * math.sin(n * 2 * math.pi * 220 / RATE)) for n in range(RATE // 20)]
    pcm = array("h", (wave * (samples // len(wave) + 1))[:samples]).tobytes()
    words = (WordTime(w.start() / pace, w.start(), len(w[0])) for w in re.finditer(r"\S+", text))
    return Sound(pcm, tuple(words))
