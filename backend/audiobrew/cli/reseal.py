"""`audiobrew reseal`: after a new key in ENCRYPTION_KEYS, everything sealed is sealed with it."""

import argparse
from typing import TYPE_CHECKING

import anyio

from audiobrew.cli.data_folder import share_data_folder
from audiobrew.cli.options import data_option, settings_of

if TYPE_CHECKING:
    from audiobrew.settings import Settings
    from audiobrew.sources.gmail.key_rotation import Resealed
    from audiobrew.sources.gmail.token_cipher import TokenCipher


def options(command: argparse.ArgumentParser) -> None:
    data_option(command)


def run(arguments: argparse.Namespace) -> int:
    from audiobrew.sources.gmail.token_cipher import TokenCipher

    settings = settings_of(arguments)
    with share_data_folder(settings.data):
        sealer = TokenCipher.of(settings)
        done = anyio.run(_reseal, settings, sealer)
    print(
        f"Sealed anew with the key {sealer.newest}: {done.anew}. No older key is needed any more."
    )
    if done.lost:
        print(f"No known key opened {done.lost}: their listeners are asked to connect Gmail again.")
    return 0


async def _reseal(settings: "Settings", sealer: "TokenCipher") -> "Resealed":
    from audiobrew.db.engine import migrate, open_database
    from audiobrew.sources.gmail.connection_store import Connections
    from audiobrew.sources.gmail.key_rotation import reseal

    await migrate(settings)
    database = open_database(settings)
    try:
        return await reseal(Connections(database), sealer)
    finally:
        await database.dispose()
