"""Creates a second listener in a data folder and prints their token: `python -m tests.second_listener
FOLDER`."""

import sys
from pathlib import Path

import anyio
from audiobrew.account.listener_store import ListenerStore
from audiobrew.account.local import LocalIdentity
from audiobrew.db.engine import open_database

from tests.listeners import add_listener
from tests.settings_factory import make_settings


async def create_token(data: Path) -> str:
    """Sign a new listener in, as the terminal does."""
    settings = make_settings(data=data)
    database = open_database(settings)
    listeners = ListenerStore(database)
    identity = LocalIdentity(listeners, settings.session_days)
    session = await identity.exchange_code(await identity.issue_code(await add_listener(listeners)))
    await database.dispose()
    return session.token


if __name__ == "__main__":
    print(anyio.run(create_token, Path(sys.argv[1])))
