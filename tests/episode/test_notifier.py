"""Who waits is woken by a change at once, also by one that came before the wait."""

import asyncio
from time import monotonic

from audiobrew.episode.notifier import EpisodeNotifier


async def test_who_waits_is_woken_at_once() -> None:
    notifier = EpisodeNotifier()
    waiting = asyncio.create_task(notifier.wait(20.0))
    await asyncio.sleep(0)
    notifier.notify()

    async with asyncio.timeout(1.0):
        await waiting


async def test_what_was_told_before_is_not_missed() -> None:
    notifier = EpisodeNotifier()
    notifier.notify()

    async with asyncio.timeout(1.0):
        await notifier.wait(20.0)


async def test_without_news_the_wait_ends_by_itself() -> None:
    notifier, began = EpisodeNotifier(), monotonic()
    notifier.notify()
    await notifier.wait(1.0)
    await notifier.wait(0.1)

    assert 0.09 <= monotonic() - began < 1.0
