"""A waiting task is woken at once by a change, also by one before the wait."""

import asyncio
from time import monotonic

from audiobrew.episode.notifier import EpisodeNotifier


async def test_a_waiting_task_is_woken_at_once() -> None:
    notifier = EpisodeNotifier()
    waiting = asyncio.create_task(notifier.wait(20.0))
    await asyncio.sleep(0)
    notifier.notify()

    async with asyncio.timeout(1.0):
        await waiting


async def test_a_change_before_the_wait_is_not_missed() -> None:
    notifier = EpisodeNotifier()
    notifier.notify()

    async with asyncio.timeout(1.0):
        await notifier.wait(20.0)


async def test_without_a_change_the_wait_times_out() -> None:
    notifier, began = EpisodeNotifier(), monotonic()
    notifier.notify()
    await notifier.wait(1.0)
    await notifier.wait(0.1)

    assert 0.09 <= monotonic() - began < 1.0
