"""Print sign-in codes: `python -m tests.web.sign_in_links FOLDER own|second COUNT`."""

import sys
from datetime import timedelta
from pathlib import Path

import anyio
from audiobrew.account import local
from audiobrew.account.listener_store import ListenerStore
from audiobrew.account.local import LocalIdentity
from audiobrew.db.engine import open_database

from tests.listeners import add_listener
from tests.settings_factory import make_settings


async def issue_codes(data: Path, second: bool, count: int) -> list[str]:
    """Issue codes for one listener; they are valid for two hours, as long as a browser run may take."""
    local.CODE_LIFETIME = timedelta(hours=2)
    settings = make_settings(data=data)
    database = open_database(settings)
    listeners = ListenerStore(database)
    identity = LocalIdentity(listeners, settings.session_days)
    listener = await (add_listener(listeners) if second else listeners.local())
    codes = [await identity.issue_code(listener) for _ in range(count)]
    await database.dispose()
    return codes


if __name__ == "__main__":
    print(
        "\n".join(
            anyio.run(issue_codes, Path(sys.argv[1]), sys.argv[2] == "second", int(sys.argv[3]))
        )
    )
