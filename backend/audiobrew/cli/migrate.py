"""`audiobrew migrate`: runs the migrations that the database lacks."""

import argparse

import anyio

from audiobrew.cli.data_folder import share_data_folder
from audiobrew.cli.options import data_option, settings_of


def options(command: argparse.ArgumentParser) -> None:
    data_option(command)


def run(arguments: argparse.Namespace) -> int:
    from audiobrew.db.engine import migrate

    settings = settings_of(arguments)
    with share_data_folder(settings.data):
        anyio.run(migrate, settings)
    where = "at DATABASE_URL" if settings.database_url else f"in {settings.data}"
    print(f"The database {where} is up to date.")
    return 0
