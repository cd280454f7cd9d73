"""The `audiobrew` command: reads what was typed, runs it, and turns trouble into one sentence."""

import argparse
import sys
from collections.abc import Sequence
from importlib import import_module

from audiobrew import __version__
from audiobrew.ops.gc_startup import pause_gc

COMMANDS = {
    "serve": "run AudioBrew on this machine until Ctrl-C",
    "demo": "brew a first episode from the sample newsletters, then serve",
    "brew": "brew an episode from mails saved as .eml or .mbox",
    "worker": "brew what is waiting, beside a running server",
    "sign-in": "print a new link to sign in with",
    "adopt": "take over what the application before kept, and copy back",
    "migrate": "bring the database to this version's shape",
    "reseal": "after a new key in ENCRYPTION_KEYS, seal everything with it",
    "sweep": "look for audio that belongs to nobody, and delete it",
    "rollout": "move listeners between the railway and the vercel side, and back",
    "doctor": "say what is configured, what is missing, and which models end when",
    "contract": "print the OpenAPI contract, or write it to a file",
}
"""Each is a module of `audiobrew.cli` with `options` and `run`."""


def main(typed: Sequence[str] | None = None) -> int:
    """Run one command. 0 is done, 1 a failed brew, 2 a refusal in words, 130 a Ctrl-C."""
    try:
        return _run(sys.argv[1:] if typed is None else typed)
    except KeyboardInterrupt:
        print("\nStopped. The same command goes on from here.", file=sys.stderr)
        return 130


def _run(typed: Sequence[str]) -> int:
    with pause_gc():
        arguments = parser(typed).parse_args(typed)
        from audiobrew.cli.refusal import Refusal
        from audiobrew.cli.signals import ignore_closed_loop_errors
        from audiobrew.problems import Problem
        from audiobrew.settings import InvalidSettings

    ignore_closed_loop_errors()
    try:
        return int(arguments.run(arguments))
    except (Refusal, Problem, InvalidSettings) as trouble:
        print(f"audiobrew: {trouble}", file=sys.stderr)
        return 2


def parser(typed: Sequence[str]) -> argparse.ArgumentParser:
    """All commands by name; the options, and what they import, of the one that was typed."""
    top = argparse.ArgumentParser(
        prog="audiobrew", description="The newsletters in your mailbox, as a private podcast."
    )
    top.add_argument("--version", action="version", version=f"audiobrew {__version__}")
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, told in COMMANDS.items():
        command = commands.add_parser(name, help=told, description=f"{told[0].upper()}{told[1:]}.")
        if name in typed[:1]:
            module = import_module(f"audiobrew.cli.{name.replace('-', '_')}")
            module.options(command)
            command.set_defaults(run=module.run)
    return top


if __name__ == "__main__":
    sys.exit(main())
