from datetime import date
from pathlib import Path

import av
import pytest
from audiobrew.db.stages import Stage
from audiobrew.episode.episode import NothingToBrew, Order, TooManyBrews
from audiobrew.mail.mail import MailNotFound
from audiobrew.script.order_limits import MinutesOutOfRange

from tests.episode.bench import Bench, open_bench, wait_until
from tests.episode.fakes import TEXTS, ReadingWriter, ToneVoice, make_newsletter
from tests.listeners import add_listener

LONG = [f"{text} The {place} time around it was the same." for place in "abcdefg" for text in TEXTS]


def decoded_seconds(file: Path) -> float:
    with av.open(file) as opened_file:
        frames = opened_file.decode(audio=0)
        return sum(frame.samples / frame.sample_rate for frame in frames)


async def test_newsletters_become_an_episode(bench: Bench) -> None:
    mails = await bench.add_mails([make_newsletter(1), make_newsletter(2)])

    episode = await bench.brew(mails=mails)
    script = await bench.scripts.get(episode.id)

    assert (episode.stage, episode.trouble, episode.mail_count) == (Stage.READY, None, 2)
    assert [segment.title for segment in script.segments] == ["Issue 1", "Issue 2"]
    texts = [stored.sentence.text for part in script.segments for stored in part.sentences]
    assert texts == [*TEXTS, *TEXTS]


async def test_the_duration_is_that_of_the_file(bench: Bench) -> None:
    await bench.add_mails()

    episode = await bench.brew()
    file = bench.settings.data / "media" / (episode.media or "")

    assert file.stat().st_size == episode.bytes
    assert decoded_seconds(file) == pytest.approx(episode.seconds, abs=0.06)


async def test_the_times_of_sentences_are_inside_their_chapters(bench: Bench) -> None:
    await bench.add_mails([make_newsletter(1), make_newsletter(2)])

    episode = await bench.brew()
    script = await bench.scripts.get(episode.id)

    last = 0.0
    for segment in script.segments:
        for stored in segment.sentences:
            assert stored.start is not None
            assert stored.end is not None
            assert last <= stored.start < stored.end <= (segment.end or 0) + 0.1
            last = stored.start
    assert last < (episode.seconds or 0)


async def test_progress_never_decreases(bench: Bench) -> None:
    await bench.add_mails()

    episode = await bench.order()
    seen = [progress async for progress in bench.orders.events(episode.id)]

    assert [one.percent for one in seen] == sorted(one.percent for one in seen)
    assert seen[-1].stage is Stage.READY
    assert seen[-1].percent == 100


async def test_an_episode_that_is_too_long_is_planned_again_and_reuses_clips(
    tmp_path: Path,
) -> None:
    writer, voice = ReadingWriter(), ToneVoice(speed=0.8)
    async with open_bench(tmp_path, writer, voice) as bench:
        await bench.add_mails([make_newsletter(0, LONG)])
        episode = await bench.brew()

        assert len(writer.planned) > 1
        assert episode.seconds == pytest.approx(60, rel=0.1)
        assert max(voice.called.values()) == 1


async def test_too_little_material_makes_a_short_episode_with_a_note(bench: Bench) -> None:
    await bench.add_mails()

    episode = await bench.brew(minutes=60)

    assert episode.stage is Stage.READY
    assert episode.seconds and episode.seconds < 90
    note = f"about {round(episode.seconds)} seconds"
    assert episode.note == f"Asked for 60 minutes; these newsletters hold {note}."


async def test_a_newsletter_in_an_unknown_language_is_named_in_the_note(bench: Bench) -> None:
    await bench.add_mails([make_newsletter(1), make_newsletter(2, language="tlh")])

    episode = await bench.brew()

    assert episode.stage is Stage.READY
    assert "does not speak its language: Letter 2." in (episode.note or "")
    assert episode.mail_count == 1


async def test_only_unknown_languages_fail_with_a_sentence(bench: Bench) -> None:
    await bench.add_mails([make_newsletter(1, language="tlh")])

    episode = await bench.brew()

    assert episode.stage is Stage.FAILED
    assert "language that the voice speaks" in (episode.trouble or "")


async def test_a_story_without_words_is_no_chapter(bench: Bench) -> None:
    await bench.add_mails([make_newsletter(1), make_newsletter(2, ["☕ ☕ ☕"])])

    episode = await bench.brew()

    assert episode.stage is Stage.READY
    assert len((await bench.scripts.get(episode.id)).segments) == 1


async def test_a_limited_number_of_clips_is_made_at_once(tmp_path: Path) -> None:
    voice = ToneVoice()
    voice.slow = "The"
    async with open_bench(tmp_path, voice=voice, clips_at_once=3) as bench:
        await bench.add_mails([make_newsletter(0, LONG[:12])])
        episode = await bench.order()
        await wait_until(lambda: voice.at_once == 3)
        voice.go_on.set()
        await bench.wait_until_ended(episode)

        assert len(voice.called) > voice.most_at_once == 3


async def test_a_title_of_the_listener_is_kept(bench: Bench) -> None:
    await bench.add_mails()

    with_title, without_title = (
        await bench.brew(title="Mine"),
        await bench.brew(mails=await bench.add_mails()),
    )

    assert with_title.title == "Mine"
    assert without_title.title == "What the letters say"


@pytest.mark.parametrize("minutes", [0, -1, 121, 10_000])
async def test_minutes_out_of_range_are_refused_with_the_limits(bench: Bench, minutes: int) -> None:
    await bench.add_mails()

    with pytest.raises(MinutesOutOfRange, match="1 to 120 minutes"):
        await bench.order(minutes=minutes)


async def test_newsletters_that_were_told_are_only_told_again_when_ordered(bench: Bench) -> None:
    mails = await bench.add_mails()
    await bench.brew()

    with pytest.raises(NothingToBrew, match="told in an episode already"):
        await bench.order()
    assert (await bench.brew(mails=mails)).stage is Stage.READY


async def test_without_newsletters_there_is_nothing_to_brew(bench: Bench) -> None:
    with pytest.raises(NothingToBrew, match="There is no newsletter"):
        await bench.order()

    await bench.add_mails([make_newsletter(1, bulk=False)])
    with pytest.raises(NothingToBrew):
        await bench.order()


async def test_a_mail_that_an_order_names_is_brewed_whatever_its_headers_say(bench: Bench) -> None:
    letter = await bench.add_mails([make_newsletter(1, bulk=False)])

    assert (await bench.brew(mails=letter)).stage is Stage.READY


async def test_another_listeners_mail_is_not_found(bench: Bench) -> None:
    stranger = await add_listener(bench.listeners)
    theirs = await bench.add_mails(listener=stranger)

    with pytest.raises(MailNotFound):
        await bench.order(mails=theirs)


async def test_the_number_of_open_brews_is_limited(tmp_path: Path) -> None:
    async with open_bench(tmp_path, brews=False, brews_per_listener=2) as bench:
        mails = await bench.add_mails()
        await bench.order(mails=mails)
        await bench.order(mails=mails)

        with pytest.raises(TooManyBrews):
            await bench.order(mails=mails)
        other = await add_listener(bench.listeners)
        theirs = await bench.add_mails(listener=other)
        assert await bench.orders.start(other, Order(theirs, 1, date(2026, 11, 23)))
