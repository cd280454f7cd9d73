"""What a listener deletes or cuts while an episode is being written is told in words, and is no bug."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from audiobrew.db.stages import Stage
from audiobrew.mail.newsletter import Newsletter
from audiobrew.script.writer import Brief, CallOnce, Rundown

from tests.episode.bench import Bench, open_bench
from tests.episode.fakes import ReadingWriter, make_newsletter


class Interrupted(ReadingWriter):
    """Waits with its plan until somebody has done something."""

    def __init__(self) -> None:
        super().__init__()
        self.done, self.go_on = asyncio.Event(), asyncio.Event()

    async def plan(
        self, newsletters: Sequence[Newsletter], brief: Brief, once: CallOnce
    ) -> Rundown:
        plan = await super().plan(newsletters, brief, once)
        self.done.set()
        await self.go_on.wait()
        return plan


async def delete(bench: Bench, mail: Any) -> None:
    await bench.mails.delete(bench.listener, mail)


async def cut(bench: Bench, mail: Any) -> None:
    blocks = (await bench.mails.get(bench.listener, mail)).newsletter.blocks
    await bench.mails.change(bench.listener, mail, [], [blocks[0].id])


@pytest.mark.parametrize("change", [delete, cut])
async def test_newsletters_that_change_are_told_in_words_and_a_retry_tells_the_rest(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, change: Any
) -> None:
    writer = Interrupted()
    async with open_bench(tmp_path, writer=writer) as bench:
        mails = await bench.add_mails([make_newsletter(0), make_newsletter(1)])
        episode = await bench.order(mails=mails)
        await writer.done.wait()
        await change(bench, mails[0])
        writer.go_on.set()
        failed = await bench.wait_until_ended(episode)
        await bench.orders.retry(bench.listener, episode.id)
        ready = await bench.wait_until_ended(episode)

    assert failed.trouble
    assert "Retry it" in failed.trouble
    assert ready.stage is Stage.READY
    assert "step.crashed" not in caplog.text


@pytest.mark.parametrize("table", ["save", "leave_out"])
async def test_an_episode_that_is_deleted_while_a_step_writes_stops_in_silence(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch, table: str
) -> None:
    async with open_bench(tmp_path) as bench:
        await bench.add_mails()
        write = getattr(bench.scripts, table)

        async def after_it_was_deleted(*of: Any) -> None:
            [episode] = await bench.episodes.open(bench.listener)
            await bench.orders.delete(bench.listener, episode.id)
            await write(*of)

        monkeypatch.setattr(bench.scripts, table, after_it_was_deleted)
        episode = await bench.order()
        last = [progress async for progress in bench.orders.events(episode.id)][-1]
        await asyncio.sleep(0.5)

    assert last.stage is Stage.CANCELLED
    assert "step.crashed" not in caplog.text
