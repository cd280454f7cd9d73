"""New listeners."""

from uuid import UUID, uuid4

from audiobrew.account.listener_store import ListenerStore


async def add_listener(listeners: ListenerStore) -> UUID:
    """The id of a new listener. As at Supabase, the id is not chosen by AudioBrew."""
    id = uuid4()
    assert await listeners.join(id)
    return id
