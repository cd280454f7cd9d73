import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from audiobrew.db.stages import Stage
from audiobrew.episode.episode import BrewFailed, NotRetriable
from audiobrew.media.folder import FolderMedia
from audiobrew.media.storage import DiskFull
from audiobrew.ops.logging import drop_error_message
from structlog.testing import capture_logs

from tests.episode.bench import Bench, open_bench
from tests.episode.fakes import ReadingWriter, ToneVoice, make_newsletter
from tests.settings_factory import hold_write_lock, sqlite_only

SECRET = "the pelican keeps its umbrella"


class FullFolder(FolderMedia):
    """A folder on a disk that takes clips, but no episode while it is full."""

    full = True

    async def put(self, key: str, file: Path) -> None:
        if self.full:
            raise DiskFull
        await super().put(key, file)


@contextmanager
def a_full_disk_at(folder: Path) -> Iterator[None]:
    mount = ["mount", "-t", "tmpfs", "-o", "size=64k", "none", str(folder)]
    if subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("this system does not let us mount a small disk")
    try:
        yield
    finally:
        subprocess.run(["umount", str(folder)], check=True)


async def test_a_failed_clip_fails_the_episode_and_a_retry_makes_only_what_is_missing(
    tmp_path: Path,
) -> None:
    voice = ToneVoice()
    voice.refuses = "harvest"
    async with open_bench(tmp_path, voice=voice) as bench:
        await bench.add_mails()
        failed = await bench.brew()
        clip_count = len(bench.clips())
        voice.refuses = None
        await bench.orders.retry(bench.listener, failed.id)
        retried = await bench.wait_until_ended(failed)

    assert failed.stage is Stage.FAILED
    assert "gave no usable sound" in (failed.trouble or "")
    assert clip_count == len(voice.called) - 1 > 0
    assert (retried.stage, retried.trouble, retried.attempt) == (Stage.READY, None, 2)
    assert max(voice.finished.values()) == 1


async def test_a_ready_episode_cannot_be_retried(bench: Bench) -> None:
    await bench.add_mails()
    episode = await bench.brew()

    with pytest.raises(NotRetriable):
        await bench.orders.retry(bench.listener, episode.id)


async def test_a_full_disk_while_joining_is_reported_and_a_retry_succeeds(bench: Bench) -> None:
    await bench.add_mails()
    with a_full_disk_at(bench.settings.data / "joining"):
        failed = await bench.brew()
        remaining_files = list((bench.settings.data / "joining").iterdir())
    called = bench.voice.called.copy()
    await bench.orders.retry(bench.listener, failed.id)
    retried = await bench.wait_until_ended(failed)

    assert failed.stage is Stage.FAILED
    assert "Free some disk space, then retry" in (failed.trouble or "")
    assert not remaining_files
    assert retried.stage is Stage.READY
    assert bench.voice.called == called


async def test_a_full_disk_while_storing_is_reported_and_a_retry_succeeds(tmp_path: Path) -> None:
    folder = FullFolder(tmp_path / "media")
    async with open_bench(tmp_path, media=folder) as bench:
        await bench.add_mails()
        failed = await bench.brew()
        folder.full = False
        await bench.orders.retry(bench.listener, failed.id)
        retried = await bench.wait_until_ended(failed)

    assert failed.stage is Stage.FAILED
    assert "no disk space left" in (failed.trouble or "")
    assert failed.media is None
    assert retried.stage is Stage.READY


@sqlite_only
async def test_a_busy_database_is_waited_for(bench: Bench) -> None:
    await bench.add_mails()
    bench.voice.slow = "harvest"
    episode = await bench.order()
    await bench.wait_for_stage(episode, Stage.SPEAKING)
    async with hold_write_lock(bench.settings):
        bench.voice.go_on.set()
        await bench.sleep(1.5)  # longer than one try may take
    ready = await bench.wait_until_ended(episode)

    assert (ready.stage, ready.trouble) == (Stage.READY, None)
    assert max(bench.voice.finished.values()) == 1  # the answer waited too


async def test_a_bug_fails_with_one_sentence_and_its_message_is_not_logged(tmp_path: Path) -> None:
    writer = ReadingWriter()
    writer.crash = KeyError(SECRET)
    with capture_logs(processors=[drop_error_message]) as logged:
        async with open_bench(tmp_path, writer) as bench:
            await bench.add_mails()
            episode = await bench.brew()
    [crash] = [line for line in logged if line["event"] == "step.crashed"]

    assert (episode.stage, episode.trouble) == (Stage.FAILED, str(BrewFailed()))
    assert len(writer.planned) == 1
    assert crash["error"] == "KeyError"
    assert "fakes.py" in crash["frames"][-1]
    assert SECRET not in str(logged)


async def test_an_order_whose_newsletters_were_deleted_fails_with_a_sentence(
    tmp_path: Path,
) -> None:
    async with open_bench(tmp_path, brews=False) as bench:
        mails = await bench.add_mails([make_newsletter(1)])
        episode = await bench.order()
        await bench.mails.delete(bench.listener, mails[0])
    async with open_bench(tmp_path) as bench:
        ended = await bench.wait_until_ended(episode)

    assert ended.stage is Stage.FAILED
    assert ended.trouble == "The newsletters of this episode were deleted. Order another one."


@sqlite_only
async def test_a_database_that_stays_busy_fails_the_brew_with_a_sentence(tmp_path: Path) -> None:
    async with open_bench(tmp_path, busy_seconds=0.05) as bench:
        await bench.add_mails()
        bench.voice.slow = "harvest"
        episode = await bench.order()
        await bench.wait_for_stage(episode, Stage.SPEAKING)
        async with hold_write_lock(bench.settings):
            bench.voice.go_on.set()
            await bench.sleep(17)  # a step gives up after 7 s, and so would telling it
        failed = await bench.wait_until_ended(episode)

    assert failed.stage is Stage.FAILED
    assert "The database is busy" in (failed.trouble or "")
