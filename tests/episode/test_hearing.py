"""A brew with an ear: what it does not understand is stored with the sentence and published, and nothing is
made again because an ear was added."""

from pathlib import Path

from audiobrew.audio.voice import Sound, Utterance
from audiobrew.db.stages import Stage
from audiobrew.db.tables import paid, sentences
from audiobrew.episode.serializers import script as publish

from tests.episode.bench import open_bench
from tests.episode.fakes import ToneVoice, make_newsletter

TEXTS = ["The board of Harbour Bank met in Duluth on Monday.", "Nobody said a word for an hour."]


class RememberedVoice(ToneVoice):
    """Knows which sound is which text."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: dict[bytes, str] = {}

    async def speak(self, utterance: Utterance) -> Sound:
        sound = await super().speak(utterance)
        self.texts[sound.pcm] = utterance.text
        return sound


class DeafEar:
    """Hears every word but one."""

    def __init__(self, voice: RememberedVoice) -> None:
        self.voice = voice
        self.count = 0

    async def hear(self, pcm: bytes, language: str) -> str:
        self.count += 1
        return self.voice.texts[pcm].replace("Duluth", "beer")


async def test_unclear_words_are_published_with_their_sentence(tmp_path: Path) -> None:
    voice = RememberedVoice()
    async with open_bench(tmp_path, voice=voice, ear=DeafEar(voice)) as bench:
        await bench.add_mails([make_newsletter(1, TEXTS)])
        episode = await bench.brew()
        script = await bench.scripts.get(episode.id)
        stored = {
            one.sentence.text: list(one.unclear)
            for part in script.segments
            for one in part.sentences
        }
        async with bench.database.connect() as database:
            columns = (await database.execute(sentences.select())).all()

    assert episode.stage is Stage.READY
    assert stored[TEXTS[0]] == ["Duluth"]
    assert stored[TEXTS[1]] == []
    assert [row.unclear for row in columns if row.text != TEXTS[0]] == [None] * (len(columns) - 1)
    published = publish(episode, script)
    assert [
        one.unclear for part in published.segments for one in part.sentences if one.unclear
    ] == [["Duluth"]]


async def test_clips_that_exist_are_not_made_again_for_an_ear(tmp_path: Path) -> None:
    voice = RememberedVoice()
    async with open_bench(tmp_path, voice=voice) as bench:
        mails = await bench.add_mails([make_newsletter(1, TEXTS)])
        await bench.brew(mails=mails)
        async with bench.database.connect() as database:
            facts = [row.answer for row in await database.execute(paid.select()) if row.media]
    ear = DeafEar(voice)
    async with open_bench(tmp_path, voice=voice, ear=ear) as bench:
        episode = await bench.brew(mails=mails)

    assert episode.stage is Stage.READY
    assert set(voice.called.values()) == {1}
    assert ear.count == 0
    assert {tuple(fact) for fact in facts} == {("frames", "cues")}
