"""The writer that needs no model: it reads out the newsletters' own sentences.

The modules that choose them are loaded with the first brew: they read the files of all languages.
"""

from collections.abc import Mapping, Sequence

import anyio.to_thread

from audiobrew.mail.mail import MailSize
from audiobrew.mail.newsletter import Newsletter
from audiobrew.models.usage import CallOnce, Usage
from audiobrew.script.script import Rejection, Segment, Sentence, Verdict
from audiobrew.script.writer import Brief, Rundown


class ExtractiveWriter:
    """Chooses stories and sentences by rules, and adds only framing."""

    name = "extractive-6"
    translates = False
    judges = False

    def forecast(self, mails: Sequence[MailSize], brief: Brief) -> list[Usage]:
        """See `Writer.forecast`."""
        return []

    async def plan(
        self, newsletters: Sequence[Newsletter], brief: Brief, once: CallOnce
    ) -> Rundown:
        """See `Writer.plan`."""
        from audiobrew.script.extractive_segments import build_rundown

        return await anyio.to_thread.run_sync(build_rundown, tuple(newsletters), brief)

    async def write(
        self,
        rundown: Rundown,
        numbers: Sequence[int],
        newsletters: Sequence[Newsletter],
        brief: Brief,
        once: CallOnce,
    ) -> list[Segment]:
        """See `Writer.write`."""
        from audiobrew.script.extractive_segments import build_segment

        return [
            await anyio.to_thread.run_sync(
                build_segment, rundown, number, tuple(newsletters), brief
            )
            for number in numbers
        ]

    async def reword(
        self,
        segment: Segment,
        rejections: Sequence[Rejection],
        newsletters: Sequence[Newsletter],
        brief: Brief,
        once: CallOnce,
    ) -> Segment:
        """Return the segment unchanged: its sentences are the mails' own and cannot be improved."""
        return segment

    async def judge(
        self,
        sentences: Sequence[Sentence],
        language: str,
        newsletters: Sequence[Newsletter],
        once: CallOnce,
    ) -> Mapping[Sentence, Verdict]:
        """Return no verdicts: no model compares texts here."""
        return {}
