"""What deliveries of providers may have in memory while they are received."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import ExitStack

import pytest
from audiobrew.sources.address.inbound import BodyMemory, Inbound, ReceiverBusy
from audiobrew.sources.address.inbound_mail import UnsignedDelivery
from audiobrew.sources.address.inbound_store import DeliveryStore
from audiobrew.sources.address.providers import Mailgun

from tests.sources.address.conftest import Post

FORM = {"content-type": "application/x-www-form-urlencoded"}


async def never() -> AsyncIterator[bytes]:
    yield b"timestamp="
    await asyncio.Event().wait()


async def at_once(body: bytes) -> AsyncIterator[bytes]:
    yield body


async def test_clients_that_send_nothing_keep_nobody_out(post: Post) -> None:
    providers = {"mailgun": Mailgun("a key of 16 bytes")}
    inbound = Inbound(post.arrivals, DeliveryStore(post.engine), providers, 1000)
    async with asyncio.TaskGroup() as group:
        waiting = [
            group.create_task(inbound.receive("mailgun", FORM, never(), "192.0.2.1"))
            for _ in range(100)
        ]
        await asyncio.sleep(0)
        with pytest.raises(UnsignedDelivery):
            await inbound.receive("mailgun", FORM, at_once(b"token=x"), "192.0.2.1")
        with pytest.raises(ReceiverBusy):
            await inbound.receive("mailgun", FORM, at_once(b"x" * 4000), "192.0.2.1")
        for task in waiting:
            task.cancel()


def test_one_network_takes_half_of_the_memory() -> None:
    memory = BodyMemory(1000)
    with ExitStack() as stack:
        first, second = (stack.enter_context(memory.open("192.0.2.1")) for _ in range(2))
        other = stack.enter_context(memory.open("192.0.2.2"))
        first(300)
        second(200)
        other(500)
        with pytest.raises(ReceiverBusy):
            second(1)

    with memory.open("192.0.2.1") as again:  # everything was given back
        again(500)
        with pytest.raises(ReceiverBusy):
            again(1)
