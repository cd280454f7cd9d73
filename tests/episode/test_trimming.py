"""An episode that is too long loses clips, but never what was announced without its announcement."""

import itertools
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from audiobrew.db.stages import Stage
from audiobrew.episode.script_store import StoredScript
from audiobrew.mail.newsletter import Newsletter
from audiobrew.models.usage import CallOnce
from audiobrew.script.script import Kind, Segment, Sentence, Speaker
from audiobrew.script.writer import Brief, Rundown

from tests.episode.bench import open_bench
from tests.episode.fakes import ReadingWriter, make_newsletter

TEXTS = [f"Harbour {n} {'opens ' * 50}today." for n in range(4)]


class RoundUpWriter(ReadingWriter):
    """Tells the first newsletter, and all others as one story, each after its name, whatever the minutes.

    `asks`: the first host says all names, and the second one everything else.
    """

    def __init__(self, *, asks: bool) -> None:
        super().__init__()
        self.asks = asks

    async def plan(
        self, newsletters: Sequence[Newsletter], brief: Brief, once: CallOnce
    ) -> Rundown:
        rundown = await super().plan(newsletters, replace(brief, minutes=100), once)
        first, *others = rundown.stories
        round_up = replace(
            others[0],
            newsletters=tuple(digest for story in others for digest in story.newsletters),
            blocks=tuple(block for story in others for block in story.blocks),
        )
        return replace(rundown, stories=(first, round_up))

    def _write_segment(
        self, rundown: Rundown, number: int, newsletters: Sequence[Newsletter], brief: Brief
    ) -> Segment:
        story = rundown.stories[number]
        speakers = itertools.cycle(Speaker)
        sentences = []
        speaker = next(speakers)
        for newsletter in newsletters:
            if newsletter.digest not in story.newsletters:
                continue
            sentences.append(Sentence(f"{newsletter.sender}:", speaker, Kind.HANDOVER))
            speaker = next(speakers)
            sentences += [
                Sentence(block.text, speaker, cites=(block.id,)) for block in newsletter.blocks
            ]
            if self.asks:
                speaker = next(speakers)
        return Segment(story.title, story.language, tuple(sentences))


def announced(script: StoredScript) -> list[tuple[str, str | None]]:
    """Each newsletter that is announced, and the one that is told next in the same story."""
    senders = {source.block_id: source.sender for source in script.sources}
    pairs = []
    for segment in script.segments:
        sentences = [stored.sentence for stored in segment.sentences]
        for sentence, following in itertools.zip_longest(sentences, sentences[1:]):
            if sentence.kind is Kind.HANDOVER:
                cites = following.cites if following else ()
                pairs.append((sentence.text.rstrip(":"), senders[cites[0]] if cites else None))
    return pairs


# Names in clips of their own are left out with what they announce, one newsletter after the other. A name in
# the clip of another newsletter stays, and so does what it announces.
@pytest.mark.parametrize(("asks", "count"), [(True, 2), (False, 4)])
async def test_no_announcement_is_followed_by_nothing(
    tmp_path: Path, asks: bool, count: int
) -> None:
    letters = [make_newsletter(n, [text]) for n, text in enumerate(TEXTS)]
    async with open_bench(tmp_path, writer=RoundUpWriter(asks=asks)) as bench:
        episode = await bench.brew(minutes=1, mails=await bench.add_mails(letters))
        script = await bench.scripts.get(episode.id)

        assert episode.stage is Stage.READY, episode.trouble
        pairs = announced(script)
        assert len(pairs) == count
        assert all(name == told for name, told in pairs)
        # Nothing was spoken for nothing: each clip that was made is of the first script.
        assert bench.voice.called.total() == len(bench.clips())


async def test_the_end_of_a_story_is_left_out_but_not_its_beginning(tmp_path: Path) -> None:
    letters = [make_newsletter(0, TEXTS[:1]), make_newsletter(1, TEXTS[1:])]
    async with open_bench(tmp_path, writer=RoundUpWriter(asks=False)) as bench:
        episode = await bench.brew(minutes=1, mails=await bench.add_mails(letters))
        script = await bench.scripts.get(episode.id)

    assert announced(script) == [("Letter 0", "Letter 0"), ("Letter 1", "Letter 1")]
    texts = [one.sentence.text for part in script.segments for one in part.sentences]
    assert [text for text in TEXTS if text in texts] == [TEXTS[0], TEXTS[1]]
    assert [sentence.text for sentence in script.dropped] == TEXTS[2:]
