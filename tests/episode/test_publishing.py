"""The number of calls to storage and to the engine. On a remote storage, each call costs time."""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from audiobrew.db.stages import Stage
from audiobrew.episode import engine as dbos
from audiobrew.episode.publishing import CLIPS_IN_MEMORY
from audiobrew.mail.newsletter import Newsletter
from audiobrew.media.folder import FolderMedia
from audiobrew.media.storage import StoredObject
from audiobrew.models.usage import CallOnce
from audiobrew.script.writer import Brief, Rundown
from dbos import DBOS

from tests.episode.bench import open_bench, wait_until
from tests.episode.fakes import ReadingWriter, make_newsletter

CLIPS = 56
TEXTS = [
    f"Harbour number {n} opens again on Tuesday after {n} weeks of repairs." for n in range(CLIPS)
]


class Counting(FolderMedia):
    """Counts its calls, and how many clips are being read at once."""

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        self.calls: Counter[str] = Counter()
        self.at_once = self.most_at_once = 0
        self.loses: Callable[[], Path] | None = None  # a file that is lost once any is read

    async def get(self, key: str) -> bytes:
        self.calls["get"] += 1
        if self.loses:
            self.loses().unlink()
            self.loses = None
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        await asyncio.sleep(0.05)
        self.at_once -= 1
        return await super().get(key)

    async def stat(self, key: str) -> StoredObject | None:
        self.calls["stat"] += 1
        return await super().stat(key)

    async def put(self, key: str, file: Path) -> None:
        self.calls["put"] += 1
        await super().put(key, file)

    async def put_bytes(self, key: str, content: bytes) -> None:
        self.calls["put_bytes"] += 1
        await super().put_bytes(key, content)

    async def delete(self, key: str) -> None:
        self.calls["delete"] += 1
        await super().delete(key)


async def test_publishing_reads_each_clip_from_storage_once(tmp_path: Path) -> None:
    media = Counting(tmp_path / "media")
    # A step that waits too long for a connection is tried again, which would count.
    async with open_bench(tmp_path, media=media, busy_seconds=60) as bench:
        mails = await bench.add_mails([make_newsletter(texts=TEXTS)])
        episode = await bench.brew(minutes=5, mails=mails)
        first, media.calls = media.calls, Counter()
        again = await bench.brew(minutes=5, mails=mails)

    assert (episode.stage, again.stage) == (Stage.READY, Stage.READY)
    assert first == {"put_bytes": CLIPS, "get": CLIPS, "put": 1}
    assert media.calls == {"stat": CLIPS, "get": CLIPS, "put": 1}
    assert 1 < media.most_at_once <= CLIPS_IN_MEMORY


class UnlimitedWriter(ReadingWriter):
    """Reads everything, whatever the minutes."""

    async def plan(
        self, newsletters: Sequence[Newsletter], brief: Brief, call_once: CallOnce
    ) -> Rundown:
        return await super().plan(newsletters, replace(brief, minutes=100), call_once)


async def test_a_script_that_is_too_long_is_trimmed_to_clips_that_were_made(
    tmp_path: Path,
) -> None:
    """The sentences that remain, divided into utterances again, would give other clips."""
    sizes = [45, 162, 129, 214, 121, 46, 217, 142, 75, 177, 75, 115, 173, 246, 205, 235, 243, 217]
    sizes += [54, 206]
    texts = [f"Harbour {n} {'opens ' * (size // 6)}today." for n, size in enumerate(sizes)]
    async with open_bench(tmp_path, writer=UnlimitedWriter()) as bench:
        mails = await bench.add_mails([make_newsletter(texts=texts)])
        for minutes in (1, 2, 3):
            episode = await bench.brew(minutes=minutes, mails=mails, hosts=1)
            script = await bench.scripts.get(episode.id)

            assert (episode.stage, episode.note) == (Stage.READY, None)
            assert 0.6 < (episode.seconds or 0) / (60 * minutes) < 1.04
            dropped = [sentence.text for sentence in script.dropped]
            first = texts.index(dropped[0])
            # The middle is left out, never the beginning and the end.
            assert dropped == texts[first : first + len(dropped)]
            assert texts[0] not in dropped and texts[-1] not in dropped
        assert bench.voice.called.total() == len(bench.clips())


async def test_the_same_words_twice_in_a_row_are_one_clip_that_is_heard_twice(
    tmp_path: Path,
) -> None:
    text = f"The harbour {'opens ' * 90}today."
    async with open_bench(tmp_path, writer=UnlimitedWriter()) as bench:
        mails = await bench.add_mails([make_newsletter(texts=[text, text, text])])
        episode = await bench.brew(minutes=2, mails=mails, hosts=1)
        [segment] = (await bench.scripts.get(episode.id)).segments

        assert len(bench.clips()) == 1
        times = [sentence.start or 0 for sentence in segment.sentences]
        assert times[2] - times[1] == pytest.approx(times[1] - times[0], abs=0.1)
        assert times[1] - times[0] > 30


async def test_a_retry_makes_a_lost_clip_again(tmp_path: Path) -> None:
    media = Counting(tmp_path / "media")
    async with open_bench(tmp_path, media=media) as bench:
        await bench.add_mails([make_newsletter(texts=TEXTS[:6])])
        episode = await bench.order(minutes=1)
        media.loses = lambda: bench.clips()[-1]
        failed = await bench.wait_until_ended(episode)
        await bench.orders.retry(bench.listener, episode.id)
        ready = await bench.wait_until_ended(episode)

    assert failed.trouble
    assert "Retry" in failed.trouble
    assert ready.stage is Stage.READY
    assert media.calls["put_bytes"] == 7


class Slow(FolderMedia):
    """A storage whose uploads of episodes wait for `go_on`."""

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        self.begun, self.go_on, self.ended = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def put(self, key: str, file: Path) -> None:
        self.begun.set()
        await self.go_on.wait()
        await super().put(key, file)
        self.ended.set()


@pytest.mark.parametrize("end", ["delete", "cancel"])
async def test_an_episode_that_ends_during_its_upload_leaves_no_file(
    tmp_path: Path, end: str
) -> None:
    """The file is deleted at once, not by the sweep an hour later."""
    media = Slow(tmp_path / "media")
    async with open_bench(tmp_path, media=media) as bench:
        await bench.add_mails()
        episode = await bench.order()
        await media.begun.wait()
        await getattr(bench.orders, end)(bench.listener, episode.id)
        media.go_on.set()
        await media.ended.wait()
        await wait_until(lambda: not list(tmp_path.glob("media/episodes/**/*.mp3")))


@contextmanager
def counted(call_counts: Counter[str]) -> Iterator[None]:
    """Count the calls to the engine within this block."""
    names = [name for name in dir(DBOS) if name.endswith("_async")]
    with pytest.MonkeyPatch.context() as patched:
        for name in names:
            patched.setattr(DBOS, name, counting(name, getattr(DBOS, name), call_counts))
        yield


def counting(name: str, call: Any, call_counts: Counter[str]) -> Any:
    async def passed_on(*arguments: Any, **more: Any) -> Any:
        call_counts[name] += 1
        return await call(*arguments, **more)

    return passed_on


async def test_running_brews_are_not_enqueued_again(tmp_path: Path) -> None:
    """The engine is not even queried, because the row of a running brew changes."""
    call_counts: Counter[str] = Counter()
    async with open_bench(tmp_path, brews=False) as bench:
        await bench.add_mails()
        for _ in range(8):
            await bench.order()
        with counted(call_counts):
            await bench.orders.recover_stalled()
            fresh = dict(call_counts)
            await bench.orders.recover_stalled(older_than=timedelta(0))

    assert fresh == {}
    assert call_counts == {"list_workflows_async": 1}


async def test_an_order_that_was_never_enqueued_is_enqueued_later(tmp_path: Path) -> None:
    async with open_bench(tmp_path) as bench:
        await bench.add_mails()
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(dbos, "enqueue", lost)  # a process died between the row and the queue
            episode = await bench.order()
        await bench.orders.recover_stalled(older_than=timedelta(0))
        ready = await bench.wait_until_ended(episode)

    assert ready.stage is Stage.READY


async def lost(*_: object) -> None:
    return


async def test_deleting_an_episode_makes_one_call_to_the_engine(tmp_path: Path) -> None:
    call_counts: Counter[str] = Counter()
    async with open_bench(tmp_path) as bench:
        mails = await bench.add_mails()
        episodes = [await bench.brew(mails=mails) for _ in range(3)]
        with counted(call_counts):
            await bench.orders.delete(bench.listener, episodes[0].id)
        workflow_ids = {id async for page in dbos.list_workflow_ids() for id in page}

    assert call_counts == {"delete_workflows_async": 1}
    assert workflow_ids == {f"{episode.id}.1" for episode in episodes[1:]}
