"""`audiobrew reseal`: after a new key in ENCRYPTION_KEYS, encrypts all refresh tokens and passwords again."""

import argparse
from typing import TYPE_CHECKING

import anyio

from audiobrew.cli.data_folder import share_data_folder
from audiobrew.cli.options import data_option, settings_of

if TYPE_CHECKING:
    from audiobrew.settings import Settings
    from audiobrew.sources.gmail.token_cipher import TokenCipher
    from audiobrew.sources.store import RotationResult


def options(command: argparse.ArgumentParser) -> None:
    data_option(command)


def run(arguments: argparse.Namespace) -> int:
    from audiobrew.sources.gmail.token_cipher import TokenCipher

    settings = settings_of(arguments)
    with share_data_folder(settings.data):
        cipher = TokenCipher.of(settings)
        result = anyio.run(_rotate_keys, settings, cipher)
    print(
        f"Encrypted again with the key {cipher.newest_key_id}: {result.reencrypted}."
        " No older key is needed any more: you can remove it from ENCRYPTION_KEYS."
    )
    if result.undecryptable:
        print(
            f"Tokens and passwords that no key in ENCRYPTION_KEYS decrypts: {result.undecryptable}. Their"
            " listeners are asked to connect Gmail again, or to enter the password."
        )
    return 0


async def _rotate_keys(settings: "Settings", cipher: "TokenCipher") -> "RotationResult":
    from audiobrew.db.engine import migrate, open_database
    from audiobrew.sources.store import SourceStore, rotate_keys

    await migrate(settings)
    database = open_database(settings)
    try:
        return await rotate_keys(SourceStore(database, cipher))
    finally:
        await database.dispose()
