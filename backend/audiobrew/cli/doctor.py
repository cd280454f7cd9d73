"""`audiobrew doctor`: what is configured, what is missing, and which models end when."""

import argparse
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import anyio
from rich.console import Console
from rich.table import Table

from audiobrew.cli.data_folder import share_data_folder
from audiobrew.cli.options import data_option, settings_of
from audiobrew.http.readiness import DOCTOR_TIMEOUT_SECONDS, CheckResult, State, data_folder_result
from audiobrew.models.deprecations import shutdowns
from audiobrew.problems import Problem
from audiobrew.settings import REQUIRED_IN_PRODUCTION, InvalidSettings, encryption_keys

if TYPE_CHECKING:
    from audiobrew.ops.metrics import Workload
    from audiobrew.settings import Settings

MARKS = {
    State.READY: "[green]ready[/green]",
    State.WARNING: "[yellow]look[/yellow]",
    State.MISSING: "[red]missing[/red]",
}


def options(command: argparse.ArgumentParser) -> None:
    data_option(command)


def run(arguments: argparse.Namespace) -> int:
    try:
        settings = settings_of(arguments)
    except InvalidSettings as refused:
        return _incomplete(refused)
    with share_data_folder(settings.data):
        findings = anyio.run(examine, settings)
    console = Console()
    console.print(_table(findings))
    console.print(_model_ends())
    return 1 if any(finding.state is State.MISSING for finding in findings) else 0


def _incomplete(refused: InvalidSettings) -> int:
    """Production that lacks something: each setting, whether it is there, and where it is found."""
    console, set_here = Console(), {name for name in os.environ if os.environ[name]}
    also = {
        "SUPABASE_SECRET_KEY": "SUPABASE_SERVICE_KEY",
        "SUPABASE_PUBLISHABLE_KEY": "SUPABASE_ANON_KEY",
    }
    console.print(
        _table(
            [
                CheckResult(name, State.READY, "set")
                if set_here & {name, also.get(name, name)}
                else CheckResult(name, State.MISSING, where)
                for name, where in REQUIRED_IN_PRODUCTION.items()
            ]
        )
    )
    console.print(f"\nProduction does not start like this: {refused}", soft_wrap=True, markup=False)
    return 2


async def examine(settings: "Settings") -> list[CheckResult]:
    """Try each part for real, and change nothing that others see: a folder of one's own is made ready."""
    from audiobrew.db.engine import check_connection, migrate

    mode = CheckResult("mode", State.READY, _mode(settings))
    try:
        await (check_connection(settings) if settings.database_url else migrate(settings))
    except Problem as trouble:
        return [mode, data_folder_result(settings), _no_database(settings, trouble), _web(settings)]
    own = (_sealing(settings), _requests(settings), _spending(settings), _web(settings))
    return [mode, *await _parts(settings), *own, *_unused(settings)]


def _no_database(settings: "Settings", trouble: Problem) -> CheckResult:
    kind = "Postgres, by DATABASE_URL" if settings.database_url else f"SQLite in {settings.data}"
    return CheckResult("database", State.MISSING, f"{kind}: {trouble}")


async def _parts(settings: "Settings") -> list[CheckResult]:
    from audiobrew.wiring import open_ports

    async with open_ports(settings) as ports:
        findings = await ports.health_checks.run(ports, DOCTOR_TIMEOUT_SECONDS)
        return [*findings, _deletions(settings, await ports.workloads.now())]


def _deletions(settings: "Settings", workload: "Workload | None") -> CheckResult:
    """Whether what was deleted is gone from storage, too, and who looks for the rest."""
    if workload and workload.overdue:
        told = f"{workload.overdue} refused so far: they are tried again; see `media` above"
        return CheckResult("deletions", State.WARNING, told)
    if not settings.sweep_hours:
        told = "AUDIOBREW_SWEEP_HOURS=0: run `audiobrew sweep` yourself now and then"
        return CheckResult("deletions", State.WARNING, told)
    told = f"none refused; audio of nobody is looked for every {settings.sweep_hours:g} hours"
    return CheckResult("deletions", State.READY, told)


def _mode(settings: "Settings") -> str:
    if settings.production:
        return "production: listeners sign in through Supabase"
    return "embedded: this machine only, one listener"


def _sealing(settings: "Settings") -> CheckResult:
    if settings.encryption_keys:
        count = len(encryption_keys(settings))
        return CheckResult("encryption", State.READY, f"{count} own keys for refresh tokens")
    if settings.production:
        told = (
            "ENCRYPTION_KEYS is not set: refresh tokens are sealed with a key made from Supabase's"
        )
        return CheckResult("encryption", State.WARNING, told)
    return CheckResult("encryption", State.READY, "a key of this machine")


def _requests(settings: "Settings") -> CheckResult:
    """How many requests are answered, and by what a client is known where its address counts."""
    limits = {
        "listener": settings.requests_per_minute_per_listener,
        "address": settings.requests_per_minute_per_address,
    }
    numbers = [f"{number:,} a minute for each {who}" for who, number in limits.items() if number]
    missing = [f"no limit for each {who}" for who, number in limits.items() if not number]
    told = f"{', '.join([*numbers, *missing])}; {_known_by(settings)}"
    return CheckResult("requests", State.WARNING if missing else State.READY, told)


def _known_by(settings: "Settings") -> str:
    if settings.client_address_header:
        return f"addresses from {settings.client_address_header}"
    if not settings.proxies:
        return "addresses as connections show them"
    return f"addresses from X-Forwarded-For, behind {settings.proxies} trusted proxies"


def _spending(settings: "Settings") -> CheckResult:
    if settings.daily_cap_usd is not None:
        told = f"at most ${settings.daily_cap_usd:g} for each listener and day (UTC)"
        return CheckResult("spending", State.READY, told)
    told = "no limit for a listener's day: AUDIOBREW_DAILY_CAP_USD sets one"
    return CheckResult("spending", State.READY, told)


def _web(settings: "Settings") -> CheckResult:
    if (settings.web / "200.html").is_file():
        return CheckResult("web app", State.READY, f"built, in {settings.web}")
    if settings.production:
        return CheckResult("web app", State.READY, "not served here: Vercel serves it")
    told = "not built yet: run `python3 noxfile.py -s demo` once"
    return CheckResult("web app", State.WARNING, told)


def _unused(settings: "Settings") -> Iterator[CheckResult]:
    from audiobrew.settings import CLOUD_VARIABLES

    names = [name for name in CLOUD_VARIABLES if os.environ.get(name)]
    if names and not settings.production:
        told = f"{', '.join(names)} set; AUDIOBREW_MODE=embedded keeps this machine to itself"
        yield CheckResult("production", State.READY, told)


def _table(findings: list[CheckResult]) -> Table:
    table = Table(box=None, pad_edge=False, show_header=False)
    for finding in findings:
        table.add_row(finding.name, MARKS[finding.state], finding.detail)
    return table


def _model_ends() -> Table:
    table = Table(title="Models whose end is announced", title_justify="left", box=None)
    table.add_column("model")
    table.add_column("ends")
    for model, end in shutdowns().items():
        days = (end - datetime.now(UTC).date()).days
        table.add_row(model, f"{end} ({f'in {days} days' if days > 0 else 'ended'})")
    return table
