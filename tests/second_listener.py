"""Print a new listener's token for a running product: `python -m tests.second_listener DATA`."""

import asyncio
import sys
from pathlib import Path

from audiobrew.account.local import LocalIdentity
from audiobrew.settings import Settings
from audiobrew.store.database import open_database
from audiobrew.store.listeners import Listeners


async def token(data: Path) -> str:
    engine = open_database(Settings(data=data))
    listeners = Listeners(engine)
    identity = LocalIdentity(listeners, session_days=1)
    session = await identity.trade(await identity.issue_code(await listeners.add()))
    await engine.dispose()
    return session.token


if __name__ == "__main__":
    print(asyncio.run(token(Path(sys.argv[1]))))
