"""`audiobrew reseal`: after a new key in ENCRYPTION_KEYS, everything sealed is sealed with it."""

import argparse
from typing import TYPE_CHECKING

import anyio

from audiobrew.terminal.data_folder import present
from audiobrew.terminal.options import data_option, settings_of

if TYPE_CHECKING:
    from audiobrew.inbox.resealing import Resealed
    from audiobrew.settings import Settings
    from audiobrew.store.sealing import Sealer


def options(command: argparse.ArgumentParser) -> None:
    data_option(command)


def run(typed: argparse.Namespace) -> int:
    from audiobrew.store.sealing import Sealer

    settings = settings_of(typed)
    with present(settings.data):
        sealer = Sealer.of(settings)
        done = anyio.run(_reseal, settings, sealer)
    print(
        f"Sealed anew with the key {sealer.newest}: {done.anew}. No older key is needed any more."
    )
    if done.lost:
        print(f"No known key opened {done.lost}: their listeners are asked to connect Gmail again.")
    return 0


async def _reseal(settings: "Settings", sealer: "Sealer") -> "Resealed":
    from audiobrew.inbox.resealing import reseal
    from audiobrew.store.connections import Connections
    from audiobrew.store.database import migrate, open_database

    await migrate(settings)
    database = open_database(settings)
    try:
        return await reseal(Connections(database), sealer)
    finally:
        await database.dispose()
