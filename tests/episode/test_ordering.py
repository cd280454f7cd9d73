import asyncio
from collections import Counter
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx2
import pytest
import sqlalchemy as sa
from audiobrew.db.stages import Stage
from audiobrew.episode.episode import Episode, IdempotencyKeyReused
from audiobrew.problems import EpisodeNotFound

from tests.episode.bench import Bench, open_bench
from tests.episode.fakes import make_newsletter
from tests.listeners import add_listener
from tests.serving import a_mail


async def test_the_same_order_under_the_same_key_is_the_same_episode(bench: Bench) -> None:
    mails = await bench.add_mails()

    first = await bench.order(mails=mails, key="once")
    again = await bench.order(mails=mails, key="once")
    await bench.wait_until_ended(first)

    assert again.id == first.id
    assert len(await bench.episodes.list(bench.listener, 50, None)) == 1
    assert (await bench.order(mails=mails, key="once")).stage is Stage.READY


async def test_another_order_under_the_same_key_is_refused(bench: Bench) -> None:
    mails = await bench.add_mails()
    await bench.order(mails=mails, key="once")

    with pytest.raises(IdempotencyKeyReused):
        await bench.order(mails=mails, key="once", minutes=2)


async def test_two_orders_at_the_same_moment_under_one_key_are_one_episode(bench: Bench) -> None:
    mails = await bench.add_mails()

    both = await asyncio.gather(*(bench.order(mails=mails, key="once") for _ in range(2)))
    await bench.wait_until_ended(both[0])

    assert both[0].id == both[1].id
    assert bench.voice.called
    assert max(bench.voice.called.values()) == 1


async def test_two_episodes_of_the_same_mails_at_once_share_every_clip(bench: Bench) -> None:
    mails = await bench.add_mails()

    both = await asyncio.gather(*(bench.order(mails=mails) for _ in range(2)))
    ready = [await bench.wait_until_ended(episode) for episode in both]

    assert [episode.stage for episode in ready] == [Stage.READY, Stage.READY]
    assert max(bench.voice.called.values()) == 1


async def test_concurrent_orders_of_one_listener_wait_outside_of_the_database(
    tmp_path: Path,
) -> None:
    """In the database they would hold all connections while they wait for one row."""
    async with open_bench(tmp_path / "data", brews=False, brews_per_listener=60) as bench:
        other = await add_listener(bench.listeners)
        mails, theirs = await bench.add_mails(), await bench.add_mails(listener=other)
        order_in_database = bench.episodes.order
        in_database: Counter[UUID] = Counter()
        most: Counter[UUID] = Counter()
        others_order_is_in = asyncio.Event()

        async def order(listener: UUID, *more: Any) -> Episode:
            in_database[listener] += 1
            most[listener] = max(most[listener], in_database[listener])
            if listener == other:
                others_order_is_in.set()
            else:
                await others_order_is_in.wait()
            episode = await order_in_database(listener, *more)
            in_database[listener] -= 1
            return episode

        bench.orders._episodes.order = order  # type: ignore[method-assign]
        async with asyncio.timeout(120):
            await asyncio.gather(
                *(bench.order(mails=mails) for _ in range(50)),
                bench.orders.start(other, bench.make_order(theirs)),
            )
        order_count = len(await bench.episodes.list(bench.listener, 200, None))

    assert order_count == 50
    assert most == {bench.listener: 1, other: 1}


async def test_finished_clips_are_not_shared_between_listeners(bench: Bench) -> None:
    await bench.add_mails()
    await bench.brew()
    other = await add_listener(bench.listeners)
    theirs = await bench.add_mails(listener=other)

    episode = await bench.orders.start(other, bench.make_order(theirs))
    await _ended(bench, episode.id)

    assert set(bench.voice.called.values()) == {2}


async def test_an_order_without_mails_leaves_out_told_newsletters(bench: Bench) -> None:
    await bench.add_mails([make_newsletter(1)])
    await bench.brew()
    [fresh] = await bench.add_mails([make_newsletter(2)])

    episode = await bench.order()

    assert list(await bench.episodes.mails(episode.id)) == [fresh]


async def test_an_episode_of_another_listener_cannot_be_changed(bench: Bench) -> None:
    await bench.add_mails()
    episode = await bench.brew()
    stranger = await add_listener(bench.listeners)

    for change in (bench.orders.cancel, bench.orders.retry, bench.orders.delete):
        with pytest.raises(EpisodeNotFound):
            await change(stranger, episode.id)
        with pytest.raises(EpisodeNotFound):
            await change(bench.listener, uuid4())


async def test_events_continue_after_the_given_revision(bench: Bench) -> None:
    await bench.add_mails()
    episode = await bench.order()
    everything = [progress async for progress in bench.orders.events(episode.id)]

    seen = everything[0].revision
    rest = [progress async for progress in bench.orders.events(episode.id, seen)]
    late = [progress async for progress in bench.orders.events(episode.id, 2**40)]

    assert [one.revision for one in everything] == sorted({one.revision for one in everything})
    assert [one.stage for one in rest] == [Stage.READY]
    assert late == rest == everything[-1:]


async def test_a_process_without_brews_accepts_orders_for_other_processes(tmp_path: Path) -> None:
    async with open_bench(tmp_path, brews=False) as bench:
        await bench.add_mails()
        episode = await bench.order()
        await asyncio.sleep(0.6)
        waiting = await bench.episodes.get(bench.listener, episode.id)
    async with open_bench(tmp_path) as bench:
        ready = await bench.wait_until_ended(episode)

    assert waiting.stage is Stage.WAITING
    assert ready.stage is Stage.READY


async def _ended(bench: Bench, id: object) -> None:
    async for _ in bench.orders.events(id):  # type: ignore[arg-type]
        pass


def test_an_order_is_accepted_even_if_it_cannot_be_enqueued(
    owner: httpx2.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def full(*_: object) -> None:
        raise sa.exc.OperationalError("insert", None, OSError("database or disk is full"))

    upload = {"file": ("a.eml", a_mail("An order on a full disk"), "message/rfc822")}
    mail = owner.post("/api/mail", files=upload).json()["mails"][0]["id"]
    monkeypatch.setattr("audiobrew.episode.engine.enqueue", full)
    answer = owner.post("/api/podcast/generate", json={"email_ids": [mail], "minutes": 1})

    assert answer.status_code == 202
