"""A word that is said in another way costs only the clips that have it."""

from audiobrew.db.stages import Stage
from audiobrew.episode.pronunciations import PronunciationStore

from tests.episode.bench import Bench


async def test_only_clips_with_the_word_are_made_again(bench: Bench) -> None:
    mails = await bench.add_mails()
    first = await bench.brew(mails=mails)
    before = dict(bench.voice.called)
    word = next(iter(before)).split()[0].strip(",.:")
    await PronunciationStore(bench.database).put(bench.listener, word, "Tarantella")
    second = await bench.brew(mails=mails)
    after = dict(bench.voice.called)

    assert (first.stage, second.stage) == (Stage.READY, Stage.READY)
    assert all(after[text] == before[text] for text in before)
    new = after.keys() - before.keys()
    assert new
    assert all("Tarantella" in text for text in new)
    assert len(new) < len(before)
