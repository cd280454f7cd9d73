"""Who waits for an episode is woken by its change, and not by another's."""

import asyncio
from time import monotonic
from uuid import uuid4

from audiobrew.store.news import News

LONG = 20.0


async def test_all_who_wait_are_woken_at_once() -> None:
    news, id = News(), uuid4()
    waiting = [asyncio.create_task(news.wait(id, LONG)) for _ in range(2)]
    await asyncio.sleep(0)
    news.tell(id)

    async with asyncio.timeout(1.0):
        await asyncio.gather(*waiting)


async def test_nobody_is_woken_by_another_episode() -> None:
    news, began = News(), monotonic()
    waiting = asyncio.create_task(news.wait(uuid4(), 0.1))
    await asyncio.sleep(0)
    news.tell(uuid4())
    await waiting

    assert monotonic() - began >= 0.09


async def test_nothing_is_left_of_those_who_went() -> None:
    news, id = News(), uuid4()
    await news.wait(id, 0.01)
    news.tell(id)

    assert not news._awaited
