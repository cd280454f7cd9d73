"""A model judges sentences while they are spoken; a sentence that fails is not published."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from audiobrew.db.stages import Stage
from audiobrew.mail.newsletter import Newsletter
from audiobrew.models.usage import CallOnce, ModelResult, Usage
from audiobrew.script.script import Outcome, Segment, Sentence, Verdict
from audiobrew.script.writer import Brief, Rundown

from tests.episode.bench import open_bench
from tests.episode.fakes import TEXTS, ReadingWriter, ToneVoice

LIE = "A small museum bought the clock that a mason built by hand."


class LyingWriter(ReadingWriter):
    """Says a baker was a mason, and says so again when it rewords. Its judge waits for `heard`."""

    name = "lying-1"
    judges = True

    def __init__(self, voice: "RemoteVoice") -> None:
        super().__init__()
        self.voice = voice
        self.verdicts = 0

    async def write(
        self,
        rundown: Rundown,
        numbers: Sequence[int],
        newsletters: Sequence[Newsletter],
        brief: Brief,
        once: CallOnce,
    ) -> list[Segment]:
        segments = await super().write(rundown, numbers, newsletters, brief, once)
        return [
            replace(
                segment,
                sentences=tuple(
                    replace(one, text=LIE) if one.text == TEXTS[2] else one
                    for one in segment.sentences
                ),
            )
            for segment in segments
        ]

    async def judge(
        self,
        sentences: Sequence[Sentence],
        language: str,
        newsletters: Sequence[Newsletter],
        once: CallOnce,
    ) -> Mapping[Sentence, Verdict]:
        await asyncio.wait_for(self.voice.heard.wait(), 30)

        async def call() -> ModelResult:
            self.verdicts += 1
            return ModelResult({})

        await once("script", {"judge": [one.text for one in sentences]}, None, call)
        return {one: Verdict(Outcome.CONTRADICTED, "mason") for one in sentences}


class RemoteVoice(ToneVoice):
    """A voice that is called over the network, so that clips are made while the script is written."""

    def __init__(self) -> None:
        super().__init__()
        self.heard = asyncio.Event()

    def forecast(self, text: str, language: str) -> Usage | None:
        return Usage("tone", {"audio_out": float(len(text))})

    async def speak(self, utterance):  # type: ignore[no-untyped-def]
        if LIE in utterance.text:
            self.heard.set()
        return await super().speak(utterance)


async def test_what_was_spoken_before_its_verdict_is_spoken_again(tmp_path: Path) -> None:
    voice = RemoteVoice()
    writer = LyingWriter(voice)
    async with open_bench(tmp_path, writer, voice) as bench:
        await bench.add_mails()
        episode = await bench.brew()
        script = await bench.scripts.get(episode.id)

    spoken = [stored.sentence for part in script.segments for stored in part.sentences]
    assert episode.stage is Stage.READY
    assert [one.text for one in spoken] == list(TEXTS)
    assert [one.verdict for one in spoken] == [None, None, Verdict(Outcome.REPLACED, "mason")]
    assert [(one.text, one.found) for one in script.dropped] == [(LIE, ["mason"])]
    # The judge waited until the voice had begun: both work at once. The lie's clip is not published.
    assert voice.heard.is_set()
    assert all(stored.start is not None for part in script.segments for stored in part.sentences)
    assert any(TEXTS[2] in text for text in voice.finished)
    # The verdict is paid for once, although the plan may be made twice.
    assert writer.verdicts == 1
