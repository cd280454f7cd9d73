"""Sounds between stories are a choice of the listener, and a brew keeps the choice that it began with."""

from pathlib import Path

import pytest
import sqlalchemy as sa
from audiobrew.audio.mp3 import FRAME_SECONDS
from audiobrew.audio.pauses import Pauses
from audiobrew.db.stages import Stage
from audiobrew.db.tables import episodes
from audiobrew.episode.episode import Episode

from tests.episode.bench import Bench, open_bench
from tests.episode.fakes import ToneVoice


async def has_opening(bench: Bench, episode: Episode) -> bool:
    """Whether nothing is said while the opening sound would be heard."""
    script = await bench.scripts.get(episode.id)
    starts = [
        one.start for part in script.segments for one in part.sentences if one.start is not None
    ]
    return min(starts) >= Pauses.of(True).opening.frames * FRAME_SECONDS


@pytest.mark.parametrize("setting", [True, False])
async def test_an_order_decides_and_without_it_the_setting(tmp_path: Path, setting: bool) -> None:
    async with open_bench(tmp_path, sounds=setting) as bench:
        mails = await bench.add_mails()
        for ordered in (None, True, False):
            episode = await bench.brew(mails=mails, sounds=ordered)
            expected = setting if ordered is None else ordered

            assert episode.sounds is expected
            assert await has_opening(bench, episode) is expected


async def test_the_clips_are_the_same_with_sounds_and_without(tmp_path: Path) -> None:
    voice = ToneVoice()
    async with open_bench(tmp_path, voice=voice) as bench:
        mails = await bench.add_mails()
        await bench.brew(mails=mails, sounds=True)
        calls = sum(voice.called.values())
        await bench.brew(mails=mails, sounds=False)

    assert sum(voice.called.values()) == calls > 0


async def test_a_brew_keeps_its_choice_when_the_setting_changes(tmp_path: Path) -> None:
    async with open_bench(tmp_path, sounds=False) as bench:
        mails = await bench.add_mails()
        episode = await bench.order(mails=mails, review=True)
        await bench.wait_for_stage(episode, Stage.REVIEW)
    async with open_bench(tmp_path, sounds=True) as bench:
        await bench.orders.approve(bench.listener, episode.id)
        episode = await bench.wait_until_ended(episode)

        assert episode.sounds is False
        assert not await has_opening(bench, episode)


async def test_an_episode_of_an_earlier_version_is_as_the_service_is_set(tmp_path: Path) -> None:
    async with open_bench(tmp_path, sounds=False) as bench:
        episode = await bench.order(mails=await bench.add_mails(), review=True)
        await bench.wait_for_stage(episode, Stage.REVIEW)
        async with bench.database.begin() as database:
            await database.execute(sa.update(episodes).values(sounds=None))
        await bench.orders.approve(bench.listener, episode.id)
        episode = await bench.wait_until_ended(episode)

        assert episode.sounds is None
        assert not await has_opening(bench, episode)
