"""`audiobrew migrate`: the database in the shape that this version needs."""

import argparse

import anyio

from audiobrew.cli.data_folder import present
from audiobrew.cli.options import data_option, settings_of


def options(command: argparse.ArgumentParser) -> None:
    data_option(command)


def run(typed: argparse.Namespace) -> int:
    from audiobrew.db.engine import migrate

    settings = settings_of(typed)
    with present(settings.data):
        anyio.run(migrate, settings)
    print(f"The database in {settings.data} is up to date.")
    return 0
