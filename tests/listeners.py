"""Listeners as they come: with an id of their own, which somebody else gave them."""

from uuid import UUID, uuid4

from audiobrew.account.listener_store import Listeners


async def add_listener(listeners: Listeners) -> UUID:
    """A new one."""
    id = uuid4()
    assert await listeners.join(id)
    return id
