"""Tasks with the same key take turns; tasks with different keys do not wait for each other."""

import asyncio
import gc

from audiobrew.ops.task_locks import TaskLocks


async def test_tasks_wait_for_their_own_key_only() -> None:
    locks = TaskLocks[str]()
    async with locks.get("a"):
        assert locks.get("a").locked()
        assert not locks.get("b").locked()

        waiting = asyncio.create_task(locks.get("a").acquire())
        await asyncio.sleep(0)

        assert not waiting.done()
    await waiting


async def test_a_lock_that_nobody_holds_is_removed() -> None:
    locks = TaskLocks[str]()
    async with locks.get("a"):
        pass
    gc.collect()

    assert not locks._locks
