"""`audiobrew rollout`: how many listeners the railway side serves, and every way back."""

import argparse
import json
from typing import TYPE_CHECKING

import anyio
from rich.console import Console
from rich.table import Table

from audiobrew.cli.data_folder import share_data_folder
from audiobrew.cli.options import data_option, log_trouble_only, settings_of
from audiobrew.rollout.sides import BUCKETS, Rollout, side_of

if TYPE_CHECKING:
    from audiobrew.rollout.store import Rollouts
    from audiobrew.settings import Settings

ACTS = {
    "show": "how far it has come",
    "set": "have the railway side serve so many percent of the listeners",
    "kill": "have the vercel side serve everybody, at once",
    "resume": "take the kill back: the percent holds again",
    "end": "there is one side only: nobody has a choice",
}
SOON = "Open pages follow within a minute."


def options(command: argparse.ArgumentParser) -> None:
    shared = argparse.ArgumentParser(add_help=False)
    data_option(shared)
    shared.add_argument("--json", action="store_true", help="print the facts as JSON")
    acts = command.add_subparsers(dest="act", required=True, metavar="ACT")
    made = {name: acts.add_parser(name, help=told, parents=[shared]) for name, told in ACTS.items()}
    made["set"].add_argument("percent", type=_percent, help="0 to 100, with two decimals at most")
    made["show"].add_argument("--listener", metavar="ID", help="say which side serves this one")


def _percent(told: str) -> float:
    try:
        percent = float(told.removesuffix("%"))
    except ValueError:
        percent = -1.0
    if not 0 <= percent <= 100 or (percent * BUCKETS / 100) % 1 > 1e-6:
        raise argparse.ArgumentTypeError(f"{told} is no percent: 0 to 100, two decimals at most")
    return percent


def run(arguments: argparse.Namespace) -> int:
    settings = settings_of(arguments)
    log_trouble_only()
    with share_data_folder(settings.data):
        found = anyio.run(_act, settings, arguments)
    _tell(found, getattr(arguments, "listener", None), as_json=arguments.json)
    return 0


async def _act(settings: "Settings", arguments: argparse.Namespace) -> Rollout | None:
    """Raises NoRollout, DatabaseBusy, DatabaseUnavailable."""
    from audiobrew.db.engine import migrate, open_database
    from audiobrew.rollout.store import Rollouts

    await migrate(settings)
    database = open_database(settings)
    try:
        return await _change(Rollouts(database), arguments)
    finally:
        await database.dispose()


async def _change(rollouts: "Rollouts", arguments: argparse.Namespace) -> Rollout | None:
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


def _tell(found: Rollout | None, listener: str | None, *, as_json: bool) -> None:
    side = side_of(found, listener) if found and listener else None
    if as_json:
        print(json.dumps(_facts(found) | ({"listener_side": side} if side else {})))
        return
    if found is None:
        print("No rollout: there is one side, and nobody has a choice.")
        return
    console = Console()
    console.print(_table(found))
    if side:
        console.print(f"This listener is served by {side}.")
    console.print(_in_words(found), soft_wrap=True)


def _facts(found: Rollout | None) -> dict[str, object]:
    if found is None:
        return {"begun": False}
    return {
        "begun": True,
        "percent": found.percent,
        "kill": found.kill,
        "salt": found.salt,
        "changed_at": found.changed_at.isoformat(),
    }


def _table(found: Rollout) -> Table:
    railway = 0.0 if found.kill else found.percent
    table = Table(box=None, pad_edge=False)
    table.add_column("side")
    table.add_column("listeners", justify="right")
    table.add_row("railway", f"{railway:g} %")
    table.add_row("vercel", f"{100 - railway:g} %")
    return table


def _in_words(found: Rollout) -> str:
    changed = f"Last changed {found.changed_at:%Y-%m-%d %H:%M:%S} UTC. {SOON}"
    if found.kill:
        back = f"`audiobrew rollout resume` goes back to {found.percent:g} %."
        return f"The kill switch is on: the vercel side serves everybody. {back} {changed}"
    return changed
