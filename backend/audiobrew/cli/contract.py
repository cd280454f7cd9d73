"""`audiobrew contract`: prints the published OpenAPI document."""

import argparse
from pathlib import Path


def options(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "file",
        nargs="?",
        type=Path,
        metavar="FILE",
        help="The file to write the document to. By default, it is printed.",
    )


def run(arguments: argparse.Namespace) -> int:
    from audiobrew.app import contract_json

    if arguments.file is None:
        print(contract_json(), end="")
    else:
        arguments.file.write_text(contract_json(), encoding="utf-8", newline="\n")
    return 0
