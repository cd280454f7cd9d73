"""A second listener on a product's data, and their token: `python -m tests.second_listener FOLDER`."""

import sys
from pathlib import Path

import anyio
from audiobrew.account.listener_store import Listeners
from audiobrew.account.local import LocalIdentity
from audiobrew.db.engine import open_database

from tests.listeners import a_listener
from tests.settings_factory import place


async def token(data: Path) -> str:
    """By the product's own classes, as the terminal would sign a listener in."""
    settings = place(data=data)
    database = open_database(settings)
    listeners = Listeners(database)
    identity = LocalIdentity(listeners, settings.session_days)
    session = await identity.exchange_code(await identity.issue_code(await a_listener(listeners)))
    await database.dispose()
    return session.token


if __name__ == "__main__":
    print(anyio.run(token, Path(sys.argv[1])))
