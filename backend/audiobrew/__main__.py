"""The `audiobrew` command: parses the arguments, runs a command, and prints its errors as one sentence."""

import argparse
import sys
from collections.abc import Sequence
from importlib import import_module

from audiobrew import __version__
from audiobrew.cli.signals import hold_interrupt, ignore_closed_loop_errors
from audiobrew.ops.gc_startup import pause_gc

# Each command is a module of `audiobrew.cli` with the functions `options` and `run`.
COMMANDS = {
    "serve": "Run AudioBrew on this machine until you press Ctrl-C.",
    "demo": "Brew a first episode from the sample newsletters, then run AudioBrew.",
    "brew": "Brew an episode from emails that are saved as .eml or .mbox files.",
    "worker": "Brew queued episodes, beside a running server.",
    "sign-in": "Print a new link to sign in with.",
    "owner": "Print a link for the owner of a server of your own.",
    "adopt": "Import the old application's data, or copy episodes back to it.",
    "backup": "Copy all data into one file, also while a server runs.",
    "restore": "Put a backup into an empty data folder.",
    "migrate": "Migrate the database to this version.",
    "reseal": "Encrypt all refresh tokens and passwords with the newest key of ENCRYPTION_KEYS.",
    "sweep": "Find stored audio that no episode uses, and delete it.",
    "rollout": "Show or change which listeners the railway side serves.",
    "doctor": "Check what is configured, what is missing, and when models end.",
    "contract": "Print the OpenAPI contract, or write it to a file.",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status.

    0 is success, 1 a failed brew, 2 an error that is printed as a sentence, 130 an interruption by Ctrl-C.
    """
    try:
        return run_command(sys.argv[1:] if arguments is None else arguments)
    except KeyboardInterrupt:
        print("\nStopped. Run the same command again to continue.", file=sys.stderr)
        return 130


def run_command(arguments: Sequence[str]) -> int:
    with pause_gc(), hold_interrupt():
        options = create_parser(arguments).parse_args(arguments)
        from audiobrew.cli.refusal import Refusal
        from audiobrew.problems import Problem
        from audiobrew.settings import InvalidSettings

    ignore_closed_loop_errors()
    try:
        return int(options.run(options))
    except (Refusal, Problem, InvalidSettings) as error:
        print(f"audiobrew: {error}", file=sys.stderr)
        return 2


def create_parser(arguments: Sequence[str]) -> argparse.ArgumentParser:
    """The parser of all commands. Only the module of the given command is imported, and its options added."""
    parser = argparse.ArgumentParser(
        prog="audiobrew",
        description="AudioBrew turns the newsletters in your mailbox into a private podcast.",
    )
    parser.add_argument("--version", action="version", version=f"audiobrew {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, summary in COMMANDS.items():
        command = commands.add_parser(name, help=summary, description=summary)
        if name in arguments[:1]:
            module = import_module(f"audiobrew.cli.{name.replace('-', '_')}")
            module.options(command)
            command.set_defaults(run=module.run)
    return parser


if __name__ == "__main__":
    sys.exit(main())
