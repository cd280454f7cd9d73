"""An engine whose stop is cancelled leaves its process able to start the next one."""

import asyncio
from pathlib import Path

import pytest
from audiobrew.db.stages import Stage
from audiobrew.episode import engine
from audiobrew.episode.brew import ProcessContext

from tests.episode.bench import open_bench


async def brew_one(data: Path) -> None:
    async with open_bench(data) as bench:
        await bench.add_mails()
        assert (await bench.brew()).stage is Stage.READY


async def test_an_engine_starts_after_one_whose_stop_was_cancelled(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def hang(*_: object) -> None:
        stopping.set()
        await asyncio.sleep(600)

    async def run() -> None:
        async with open_bench(tmp_path):
            pass

    stopping = asyncio.Event()
    with monkeypatch.context() as patch:
        patch.setattr(engine, "_stop", hang)
        task = asyncio.create_task(run())
        await stopping.wait()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    assert task.cancelled()
    assert ProcessContext.current is None
    await brew_one(tmp_path)
