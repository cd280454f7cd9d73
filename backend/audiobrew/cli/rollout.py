"""`audiobrew rollout`: shows and changes how many listeners the railway side serves."""

import argparse
import json
from typing import TYPE_CHECKING

import anyio
from rich.console import Console
from rich.table import Table

from audiobrew.cli.data_folder import share_data_folder
from audiobrew.cli.options import data_option, log_warnings, settings_of
from audiobrew.rollout.sides import BUCKETS, Rollout, side_of

if TYPE_CHECKING:
    from audiobrew.settings import Settings

ACTIONS = {
    "show": "Show how many listeners each side serves.",
    "set": "Let the railway side serve this percentage of the listeners.",
    "kill": "Let the vercel side serve all listeners at once. The percentage is kept.",
    "resume": "Undo kill, so that the percentage applies again.",
    "end": "End the rollout: one side serves all listeners.",
}
SOON = "Open pages follow within a minute."


def options(command: argparse.ArgumentParser) -> None:
    shared = argparse.ArgumentParser(add_help=False)
    data_option(shared)
    shared.add_argument(
        "--json", action="store_true", help="Print the state of the rollout as JSON."
    )
    subparsers = command.add_subparsers(dest="act", required=True, metavar="ACT")
    parsers = {
        name: subparsers.add_parser(name, help=description, parents=[shared])
        for name, description in ACTIONS.items()
    }
    parsers["set"].add_argument(
        "percent", type=parse_percent, help="A number from 0 to 100 with at most two decimals."
    )
    parsers["show"].add_argument(
        "--listener", metavar="ID", help="Also show which side serves this listener."
    )


def parse_percent(text: str) -> float:
    try:
        percent = float(text.removesuffix("%"))
    except ValueError:
        percent = -1.0
    if not 0 <= percent <= 100 or (percent * BUCKETS / 100) % 1 > 1e-6:
        raise argparse.ArgumentTypeError(
            f"{text} is not a percentage. Use a number from 0 to 100 with at most two decimals."
        )
    return percent


def run(arguments: argparse.Namespace) -> int:
    settings = settings_of(arguments)
    log_warnings()
    with share_data_folder(settings.data):
        rollout = anyio.run(run_action, settings, arguments)
    listener = getattr(arguments, "listener", None)
    side = side_of(rollout, listener) if rollout and listener else None
    if arguments.json:
        print(json.dumps(as_json(rollout) | ({"listener_side": side} if side else {})))
    elif rollout is None:
        print(
            "There is no rollout: one side serves all listeners. `audiobrew rollout set` starts one."
        )
    else:
        print_rollout(rollout, side)
    return 0


async def run_action(settings: "Settings", arguments: argparse.Namespace) -> Rollout | None:
    """Run the action, and return the rollout afterwards. Raises NoRollout, DatabaseBusy,
    DatabaseUnavailable."""
    from audiobrew.db.engine import migrate, open_database
    from audiobrew.rollout.store import Rollouts

    await migrate(settings)
    database = open_database(settings)
    try:
        rollouts = Rollouts(database)
        match arguments.act:
            case "set":
                return await rollouts.set(arguments.percent)
            case "kill":
                return await rollouts.kill()
            case "resume":
                return await rollouts.resume()
            case "end":
                await rollouts.end()
        return await rollouts.read()
    finally:
        await database.dispose()


def as_json(rollout: Rollout | None) -> dict[str, object]:
    if rollout is None:
        return {"begun": False}
    return {
        "begun": True,
        "percent": rollout.percent,
        "kill": rollout.kill,
        "salt": rollout.salt,
        "changed_at": rollout.changed_at.isoformat(),
    }


def print_rollout(rollout: Rollout, side: str | None) -> None:
    """`side`: the side that serves the listener of --listener."""
    console = Console()
    railway = 0.0 if rollout.kill else rollout.percent
    table = Table(box=None, pad_edge=False)
    table.add_column("side")
    table.add_column("listeners", justify="right")
    table.add_row("railway", f"{railway:g} %")
    table.add_row("vercel", f"{100 - railway:g} %")
    console.print(table)
    if side:
        console.print(f"This listener is served by {side}.")
    message = f"Last changed {rollout.changed_at:%Y-%m-%d %H:%M:%S} UTC. {SOON}"
    if rollout.kill:
        back = f"`audiobrew rollout resume` goes back to {rollout.percent:g} %."
        message = f"The kill switch is on: the vercel side serves all listeners. {back} {message}"
    console.print(message, soft_wrap=True)
